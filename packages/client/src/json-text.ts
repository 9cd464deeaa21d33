import { AuditClientError } from './client-error.ts';

/** What the server takes: deeper ones are refused there. */
const MAX_DEPTH = 64;
/** Longer integers can't be read by the Python that auditors check with. */
const MAX_INTEGER_DIGITS = 4300;

const HOLD_THEIRS_ELSEWHERE = [Map, Set, Promise] as const;

/**
 * Compact JSON as JSON.stringify writes it, with two differences: a BigInt is an exact integer, and what JSON can't say
 * (a number that is not finite, half a surrogate pair, a Map) is refused instead of being changed.
 *
 * @param place names the value in refusals
 * @throws {AuditClientError} `event_invalid`
 */
export function jsonText(value: object, place: string): string {
  return textOf(value, place, 1) ?? 'null';
}

/** Undefined for what JSON.stringify leaves out: undefined, functions, symbols. */
function textOf(value: unknown, place: string, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return stringText(value, place);
    case 'number':
      if (!Number.isFinite(value)) throw invalid(place, 'is not a finite number; send it as a string or null');
      return JSON.stringify(value);
    case 'bigint':
      return integerText(value, place);
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectText(value, place, depth);
    case 'undefined':
    case 'function':
    case 'symbol':
  }
  return undefined;
}

function objectText(value: object, place: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) throw invalid(place, `is nested deeper than ${MAX_DEPTH} levels, or holds itself`);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return textOf(toJSON.call(value) as unknown, place, depth + 1);
  // JSON.stringify writes {} for what they hold.
  for (const kind of HOLD_THEIRS_ELSEWHERE) {
    if (value instanceof kind) throw invalid(place, `is a ${kind.name}; make an object or a list of it`);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => textOf(item, `${place}[${index}]`, depth + 1) ?? 'null').join(',')}]`;
  }
  const members: string[] = [];
  for (const [name, member] of Object.entries(value)) {
    const text = textOf(member, `${place}.${name}`, depth + 1);
    if (text !== undefined) members.push(`${stringText(name, `a name in ${place}`)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

function stringText(value: string, place: string): string {
  if (!value.isWellFormed())
    throw invalid(place, 'holds half a surrogate pair, which has no UTF-8 form; repair the text');
  return JSON.stringify(value);
}

function integerText(value: bigint, place: string): string {
  const text = String(value);
  if (text.length > MAX_INTEGER_DIGITS) throw invalid(place, `has more than ${MAX_INTEGER_DIGITS} digits`);
  return text;
}

function invalid(place: string, what: string): AuditClientError {
  return new AuditClientError('event_invalid', `${place.toWellFormed()} ${what}.`);
}
