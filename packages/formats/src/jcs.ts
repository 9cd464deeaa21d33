import { FormatError } from './format-error.ts';
import { jsonString } from './json-string.ts';
import { append, builtText, type TextBuilder } from './text-builder.ts';

/** A packet is flat by nature; a reader in another language has room for this much everywhere. */
const MAX_DEPTH = 64;

/**
 * A value as canonical JSON after RFC 8785: the one text that every reader of the value prints again.
 *
 * Stricter than the RFC in one thing: an integer beyond 2^53 - 1 is refused, since readers with exact integers and
 * readers with doubles would print it differently. Whatever plain JSON doesn't have is refused and never left out:
 * undefined, functions, dates, maps, class instances, NaN.
 *
 * Format: docs/formats/evidence-packet.md. Vectors: vectors/valid/jcs/.
 *
 * @throws FormatError `jcs_value`, `json_number_range`, `json_lone_surrogate`, `json_depth`
 */
export function formatJcs(value: unknown): string {
  return writeJcs(value, safeNumber);
}

/** Levels above a service of a packet's evidence or a control: what lies below is written in one step. */
const STEPPED_DEPTH = 3;

/** The same text in pieces, so that a long one keeps nobody else waiting and needn't be in memory as a whole. */
export function* formatJcsInSteps(value: unknown, depth = 0): Generator<string, void> {
  if (depth === STEPPED_DEPTH || typeof value !== 'object' || value === null) {
    const builder: TextBuilder = { tail: '', flat: [] };
    writeValue(builder, value, safeNumber, depth);
    yield builtText(builder);
  } else if (Array.isArray(value)) {
    yield '[';
    for (let i = 0; i < value.length; i++) {
      if (i > 0) yield ',';
      yield* formatJcsInSteps(value[i], depth + 1);
    }
    yield ']';
  } else {
    yield '{';
    let separator = '';
    for (const name of membersOf(value)) {
      yield `${separator}${jsonString(name)}:`;
      separator = ',';
      yield* formatJcsInSteps((value as Record<string, unknown>)[name], depth + 1);
    }
    yield '}';
  }
}

/** With the RFC's own numbers, if `number` is jcsNumber. For formatJcs and the RFC's vectors. */
export function writeJcs(value: unknown, number: (value: number) => string): string {
  const builder: TextBuilder = { tail: '', flat: [] };
  writeValue(builder, value, number, 0);
  return builtText(builder);
}

/** RFC 8785, section 3.2.2.3: ECMAScript's shortest form, in which minus zero is zero. */
export function jcsNumber(value: number): string {
  if (!Number.isFinite(value)) throw new FormatError('json_number_range', 'JSON has no NaN and no infinity.');
  return String(value);
}

function safeNumber(value: number): string {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new FormatError(
      'json_number_range',
      'A whole number beyond 2^53 - 1 has no exact form; write it as a string.',
    );
  }
  return jcsNumber(value);
}

function writeValue(out: TextBuilder, value: unknown, number: (value: number) => string, depth: number): void {
  if (typeof value === 'string') append(out, jsonString(value));
  else if (typeof value === 'number') append(out, number(value));
  else if (typeof value === 'boolean') append(out, value ? 'true' : 'false');
  else if (value === null) append(out, 'null');
  else if (typeof value === 'object') {
    if (depth === MAX_DEPTH) {
      throw new FormatError('json_depth', `Arrays and objects may be nested ${MAX_DEPTH} deep and no deeper.`);
    }
    if (Array.isArray(value)) writeArray(out, value, number, depth + 1);
    else writeObject(out, value, number, depth + 1);
  } else failValue();
}

function writeArray(
  out: TextBuilder,
  items: readonly unknown[],
  number: (value: number) => string,
  depth: number,
): void {
  append(out, '[');
  // By index: an item that is missing must be met, and refused.
  for (let i = 0; i < items.length; i++) {
    if (i > 0) append(out, ',');
    writeValue(out, items[i], number, depth);
  }
  append(out, ']');
}

function writeObject(out: TextBuilder, object: object, number: (value: number) => string, depth: number): void {
  append(out, '{');
  let separator = '';
  for (const name of membersOf(object)) {
    append(out, `${separator}${jsonString(name)}:`);
    separator = ',';
    writeValue(out, (object as Record<string, unknown>)[name], number, depth);
  }
  append(out, '}');
}

function membersOf(object: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null) failValue();
  // Without a comparator sort() compares UTF-16 code units, which is the RFC's order.
  return Object.keys(object).sort();
}

function failValue(): never {
  throw new FormatError(
    'jcs_value',
    'Only null, booleans, numbers, strings, arrays and plain objects have a JSON form.',
  );
}
