import { CARRIAGE_RETURN, LINE_FEED, NONE, SPACE, TAB } from './json-characters.ts';
import { FormatError, type FormatErrorCode } from './format-error.ts';

/** A place in a JSON text, and the member names of the objects that are open there. */
export interface Cursor {
  readonly text: string;
  readonly maxDepth: number;
  /** In UTF-16 units. */
  pos: number;
  /** Names of all open objects, innermost last; only the first `nameCount` count. */
  readonly names: string[];
  nameCount: number;
  /** Each character is one byte of valid UTF-8. */
  readonly isUtf8: boolean;
  /** Names of the object before, by its level: where many objects are alike, what the next name is can be guessed. */
  readonly shapes: string[][];
}

export function fail(code: FormatErrorCode, offset: number, sentence: string): never {
  throw new FormatError(code, `${sentence.replace(/\.$/, '')} (at offset ${offset}).`, { offset });
}

export function failSyntax(cursor: Cursor): never {
  const { text, pos } = cursor;
  fail(
    'json_syntax',
    pos,
    pos < text.length ? 'This character is not valid JSON here.' : 'The JSON text ends too early.',
  );
}

/** Moves past white space. @returns the character there, or NONE at the end of the text */
export function skipSpace(cursor: Cursor): number {
  const { text } = cursor;
  for (let pos = cursor.pos; pos < text.length; pos++) {
    const code = text.charCodeAt(pos);
    if (code > SPACE || (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB)) {
      cursor.pos = pos;
      return code;
    }
  }
  cursor.pos = text.length;
  return NONE;
}

/** Moves past `true`, `false` or `null`, at whose first letter the cursor stands. @returns what the word means */
export function skipWord<T>(cursor: Cursor, word: string, meaning: T): T {
  if (!cursor.text.startsWith(word, cursor.pos)) failSyntax(cursor);
  cursor.pos += word.length;
  return meaning;
}

/** Called before a level is entered, so the stack never holds more levels than allowed. */
export function checkDepth(cursor: Cursor, depth: number): void {
  if (depth > cursor.maxDepth) {
    fail('json_depth', cursor.pos, `Arrays and objects may be nested at most ${cursor.maxDepth} deep.`);
  }
}
