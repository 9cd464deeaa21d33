import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  DIGIT_0,
  DIGIT_9,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  MINUS,
  NONE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-characters.ts';
import { readCanonical } from './canonical-json.ts';
import { checkDepth, failSyntax, skipSpace, skipWord, type Cursor } from './json-cursor.ts';
import { failNumberRange, readString, skipNumber } from './json-tokens.ts';
import { checkName } from './member-names.ts';

/**
 * A JSON object kept as its canonical text, because its bytes get signed: no JavaScript value can hold it. Numbers
 * lose digits and the difference of `1` and `1.0`, and integer-like keys move to the front.
 *
 * Only this package makes one, so `text` is canonical. Format: docs/formats/exact-json.md
 */
export class ExactJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonValue = null | boolean | number | string | ExactJson | JsonValue[] | { [name: string]: JsonValue };

export interface ExactJsonOptions {
  /** Levels of arrays and objects, 1 to 1,000; an exact member's own levels are counted afresh. 64 unless given. */
  readonly maxDepth?: number;
  /** Every object that is the value of a member of this name comes back as ExactJson, at any level. */
  readonly exactMember?: string;
  /**
   * `text` is UTF-8, each byte a character, as Latin-1 would read it; the caller has seen that it is well-formed. To decode
   * only the strings that need it is much faster than to decode all of a long text first. Offsets are then in bytes.
   */
  readonly isUtf8?: boolean;
}

const DEFAULT_MAX_DEPTH = 64;
const CHARACTERS_A_STEP = 50_000;
const MOST_GUESSED = 16;
// The reader recurses once a level; a thousand frames are far from any engine's limit.
const HIGHEST_MAX_DEPTH = 1000;

/**
 * Reads JSON as RFC 8259 has it and no more, from a sender who is not trusted, in one pass.
 *
 * Beyond the grammar it refuses what two readers could understand differently, and what Python's `json` could not read
 * back and print to the same bytes: duplicate names, lone surrogates, numbers outside a double, integers of more than
 * 4,300 digits. Integers outside exact members are rounded to a double as JSON.parse does. `__proto__` is a name like
 * any other. Strings may share memory with `text`, so a short one kept for long keeps all of it.
 *
 * @throws FormatError one of the `json_` codes, with the offset
 * @throws RangeError for a `maxDepth` that is not allowed
 */
export function parseExactJson(text: string, options: ExactJsonOptions = {}): JsonValue {
  const cursor = cursorAt(text, options.maxDepth, options.isUtf8);
  const value = readValue(cursor, options.exactMember, skipSpace(cursor), 1);
  if (skipSpace(cursor) !== NONE) failSyntax(cursor);
  return value;
}

/**
 * As parseExactJson, in steps: between two of them whoever reads a long text can let others have their turn. A step is
 * some fifty thousand characters of an array that is a member of the outermost object, or all of anything else.
 */
export function* exactJsonSteps(text: string, options: ExactJsonOptions = {}): Generator<undefined, JsonValue> {
  const cursor = cursorAt(text, options.maxDepth, options.isUtf8);
  const code = skipSpace(cursor);
  const value =
    code === OPEN_OBJECT
      ? yield* outermostSteps(cursor, options.exactMember)
      : readValue(cursor, options.exactMember, code, 1);
  if (skipSpace(cursor) !== NONE) failSyntax(cursor);
  return value;
}

/** The canonical text of one JSON text of any kind, under the rules of parseExactJson's exact members. */
export function canonicalJson(text: string, options: { readonly maxDepth?: number } = {}): string {
  const cursor = cursorAt(text, options.maxDepth);
  if (skipSpace(cursor) === NONE) failSyntax(cursor);
  const canonical = readCanonical(cursor);
  if (skipSpace(cursor) !== NONE) failSyntax(cursor);
  return canonical;
}

function cursorAt(text: string, maxDepth = DEFAULT_MAX_DEPTH, isUtf8 = false): Cursor {
  if (!Number.isInteger(maxDepth) || maxDepth < 1 || maxDepth > HIGHEST_MAX_DEPTH) {
    throw new RangeError(`maxDepth must be an integer from 1 to ${HIGHEST_MAX_DEPTH}.`);
  }
  return { text, maxDepth, pos: 0, names: [], nameCount: 0, isUtf8, shapes: [] };
}

function readValue(cursor: Cursor, exactMember: string | undefined, code: number, depth: number): JsonValue {
  if (code === QUOTE) return readString(cursor);
  if (code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9)) return readNumber(cursor);
  if (code === OPEN_OBJECT) return readObject(cursor, exactMember, depth);
  if (code === OPEN_ARRAY) return readArray(cursor, exactMember, depth);
  if (code === LOWER_T) return skipWord(cursor, 'true', true);
  if (code === LOWER_F) return skipWord(cursor, 'false', false);
  if (code === LOWER_N) return skipWord(cursor, 'null', null);
  return failSyntax(cursor);
}

function readNumber(cursor: Cursor): number {
  const start = cursor.pos;
  skipNumber(cursor);
  const value = Number(cursor.text.slice(start, cursor.pos));
  if (!Number.isFinite(value)) failNumberRange(start);
  return value;
}

function readArray(cursor: Cursor, exactMember: string | undefined, depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  for (let code = openArray(cursor, depth); code !== CLOSE_ARRAY; code = nextItem(cursor)) {
    items.push(readValue(cursor, exactMember, code, depth + 1));
  }
  cursor.pos++;
  return items;
}

function* arraySteps(cursor: Cursor, exactMember: string | undefined): Generator<undefined, JsonValue[]> {
  const items: JsonValue[] = [];
  let end = cursor.pos + CHARACTERS_A_STEP;
  for (let code = openArray(cursor, 2); code !== CLOSE_ARRAY; code = nextItem(cursor)) {
    if (cursor.pos > end) {
      yield;
      end = cursor.pos + CHARACTERS_A_STEP;
    }
    items.push(readValue(cursor, exactMember, code, 3));
  }
  cursor.pos++;
  return items;
}

/** Moves into an array. @returns the first character of an item, or the closing bracket */
function openArray(cursor: Cursor, depth: number): number {
  checkDepth(cursor, depth);
  cursor.pos++;
  return skipSpace(cursor);
}

/** Moves past the comma behind an item. @returns the first character of the next one, or the closing bracket */
function nextItem(cursor: Cursor): number {
  const code = skipSpace(cursor);
  if (code === CLOSE_ARRAY) return code;
  if (code !== COMMA) failSyntax(cursor);
  cursor.pos++;
  const next = skipSpace(cursor);
  // An item must follow, which no bracket begins.
  return next === CLOSE_ARRAY ? failSyntax(cursor) : next;
}

function readObject(cursor: Cursor, exactMember: string | undefined, depth: number): JsonValue {
  const object: { [name: string]: JsonValue } = {};
  const names = openObject(cursor, depth);
  for (let name = nextName(cursor, names); name !== undefined; name = nextName(cursor, names)) {
    setMember(object, name, readMember(cursor, exactMember, name, skipSpace(cursor), depth));
  }
  return object;
}

function readMember(
  cursor: Cursor,
  exactMember: string | undefined,
  name: string,
  code: number,
  depth: number,
): JsonValue {
  const isExact = code === OPEN_OBJECT && name === exactMember;
  return isExact ? new ExactJson(readCanonical(cursor)) : readValue(cursor, exactMember, code, depth + 1);
}

function* outermostSteps(cursor: Cursor, exactMember: string | undefined): Generator<undefined, JsonValue> {
  const object: { [name: string]: JsonValue } = {};
  const names = openObject(cursor, 1);
  for (let name = nextName(cursor, names); name !== undefined; name = nextName(cursor, names)) {
    const code = skipSpace(cursor);
    const value =
      code === OPEN_ARRAY ? yield* arraySteps(cursor, exactMember) : readMember(cursor, exactMember, name, code, 1);
    setMember(object, name, value);
  }
  return object;
}

/** Names of an object that is being read. */
interface OpenNames {
  /** The cursor's `nameCount` before it. */
  readonly base: number;
  /** Of the object before it on its level, as far as they have no escape. */
  readonly shape: string[];
  seen: Set<string> | undefined;
  isFirst: boolean;
}

function openObject(cursor: Cursor, depth: number): OpenNames {
  checkDepth(cursor, depth);
  cursor.pos++;
  const shape = (cursor.shapes[depth] ??= []);
  return { base: cursor.nameCount, shape, seen: undefined, isFirst: true };
}

/** Moves past the comma before a member, its name and the colon; or past the object's end. @returns undefined there */
function nextName(cursor: Cursor, names: OpenNames): string | undefined {
  const { isFirst, base } = names;
  names.isFirst = false;
  let code = skipSpace(cursor);
  if (code === CLOSE_OBJECT) {
    cursor.pos++;
    cursor.nameCount = base;
    return undefined;
  }
  if (!isFirst) {
    if (code !== COMMA) failSyntax(cursor);
    cursor.pos++;
    code = skipSpace(cursor);
  }
  if (code !== QUOTE) failSyntax(cursor);
  const start = cursor.pos;
  const name = readName(cursor, names.shape, cursor.nameCount - base);
  names.seen = checkName(cursor, base, name, start, names.seen);
  if (skipSpace(cursor) !== COLON) failSyntax(cursor);
  cursor.pos++;
  return name;
}

/** As readString; what is most likely there is looked for first. */
function readName(cursor: Cursor, shape: string[], index: number): string {
  const start = cursor.pos + 1;
  const guess = shape[index];
  if (guess !== undefined && cursor.text.startsWith(guess, start)) {
    const end = start + guess.length;
    if (cursor.text.charCodeAt(end) === QUOTE) {
      cursor.pos = end + 1;
      return guess;
    }
  }
  const name = readString(cursor);
  const isPlain = cursor.pos - start - 1 === name.length && index <= shape.length;
  if (isPlain && index < MOST_GUESSED) shape[index] = name;
  return name;
}

function setMember(object: { [name: string]: JsonValue }, name: string, value: JsonValue): void {
  if (name === '__proto__') {
    // Assignment would set the object's prototype.
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}
