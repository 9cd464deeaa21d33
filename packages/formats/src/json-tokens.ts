import {
  BACKSLASH,
  DIGIT_0,
  DIGIT_9,
  HIGH_SURROGATE,
  LAST_ASCII,
  LAST_SURROGATE,
  LOW_SURROGATE,
  LOWER_A,
  LOWER_E,
  LOWER_F,
  LOWER_U,
  MINUS,
  NONE,
  PLUS,
  POINT,
  QUOTE,
  SPACE,
  UPPER_E,
} from './json-characters.ts';
import { utf8Text } from './bytes.ts';
import { fail, failSyntax, type Cursor } from './json-cursor.ts';

/**
 * Moves from an opening quote past the closing one, and checks everything between.
 *
 * @returns true if the string's source is its value: it has no escape, and nothing that is still UTF-8
 */
export function skipString(cursor: Cursor): boolean {
  const { text, isUtf8 } = cursor;
  const end = text.length;
  let plain = true;
  for (let pos = cursor.pos + 1; pos < end; pos++) {
    const code = text.charCodeAt(pos);
    if (code === QUOTE) {
      cursor.pos = pos + 1;
      return plain;
    }
    if (code === BACKSLASH) {
      plain = false;
      pos = lastOfEscape(text, pos);
    } else if (code < SPACE) {
      fail('json_syntax', pos, 'A control character inside a string must be written as an escape.');
    } else if (code <= LAST_ASCII) {
      continue;
    } else if (isUtf8) {
      plain = false;
    } else if (code >= HIGH_SURROGATE && code <= LAST_SURROGATE) {
      if (code >= LOW_SURROGATE || !isLow(codeAt(text, pos + 1))) failSurrogate(pos);
      pos++;
    }
  }
  return fail('json_syntax', end, 'The JSON text ends inside a string.');
}

/** Reads a string at its opening quote. */
export function readString(cursor: Cursor): string {
  const start = cursor.pos;
  return skipString(cursor) ? cursor.text.slice(start + 1, cursor.pos - 1) : builtString(cursor, start);
}

/** The value of a string that skipString has passed and that isn't its source. */
export function builtString(cursor: Cursor, start: number): string {
  const source = cursor.text.slice(start, cursor.pos);
  return JSON.parse(cursor.isUtf8 ? decodeUtf8(source) : source) as string;
}

/** @param bytes one a character */
function decodeUtf8(bytes: string): string {
  return utf8Text(
    Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
    'json_syntax',
  );
}

const SHORT_ESCAPES = '"\\/bfnrt';

/** @returns the place of the escape's last character; for an escaped surrogate pair, of the second escape's */
function lastOfEscape(text: string, start: number): number {
  if (codeAt(text, start + 1) !== LOWER_U) {
    if (start + 1 < text.length && SHORT_ESCAPES.includes(text.charAt(start + 1))) return start + 1;
    fail(
      'json_syntax',
      start,
      'A backslash must be followed by one of "\\/bfnrt, or by u and four hexadecimal digits.',
    );
  }
  const unit = escapedUnit(text, start);
  if (unit < HIGH_SURROGATE || unit > LAST_SURROGATE) return start + 5;
  // An escaped half pairs with an escaped half only: Python reads a mixed pair as two lone halves.
  if (unit >= LOW_SURROGATE || codeAt(text, start + 6) !== BACKSLASH || codeAt(text, start + 7) !== LOWER_U) {
    failSurrogate(start);
  }
  if (!isLow(escapedUnit(text, start + 6))) failSurrogate(start);
  return start + 11;
}

/** @param start the place of the backslash, which `u` follows */
function escapedUnit(text: string, start: number): number {
  let unit = 0;
  for (let pos = start + 2; pos < start + 6; pos++) {
    const code = codeAt(text, pos);
    const lower = code | 0x20;
    if (code >= DIGIT_0 && code <= DIGIT_9) unit = unit * 16 + code - DIGIT_0;
    else if (lower >= LOWER_A && lower <= LOWER_F) unit = unit * 16 + lower - LOWER_A + 10;
    else fail('json_syntax', start, 'A backslash and u must be followed by four hexadecimal digits.');
  }
  return unit;
}

function isLow(code: number): boolean {
  return code >= LOW_SURROGATE && code <= LAST_SURROGATE;
}

function codeAt(text: string, pos: number): number {
  return pos < text.length ? text.charCodeAt(pos) : NONE;
}

function failSurrogate(offset: number): never {
  fail('json_lone_surrogate', offset, 'A string must be well-formed Unicode, without lone surrogates.');
}

/**
 * Moves past a number.
 *
 * @returns true if it is an integer literal: one without fraction and exponent
 */
export function skipNumber(cursor: Cursor): boolean {
  const { text } = cursor;
  let pos = cursor.pos;
  if (codeAt(text, pos) === MINUS) pos++;
  // After a leading zero no digit may follow; whatever stands there is refused by the caller.
  pos = codeAt(text, pos) === DIGIT_0 ? pos + 1 : skipDigits(cursor, pos);
  let integer = true;
  if (codeAt(text, pos) === POINT) {
    integer = false;
    pos = skipDigits(cursor, pos + 1);
  }
  const code = codeAt(text, pos);
  if (code === LOWER_E || code === UPPER_E) {
    integer = false;
    const sign = codeAt(text, pos + 1);
    pos = skipDigits(cursor, sign === PLUS || sign === MINUS ? pos + 2 : pos + 1);
  }
  cursor.pos = pos;
  return integer;
}

/** @returns the place after the digits that start at `start`, of which there must be one */
function skipDigits(cursor: Cursor, start: number): number {
  const { text } = cursor;
  let pos = start;
  while (pos < text.length) {
    const code = text.charCodeAt(pos);
    if (code < DIGIT_0 || code > DIGIT_9) break;
    pos++;
  }
  if (pos > start) return pos;
  cursor.pos = start;
  return failSyntax(cursor);
}

/** Python's int() reads no more by default, so the published verifiers could not read such a document. */
const MAX_INTEGER_DIGITS = 4300;

/** Called after skipNumber, with the integer's first character. */
export function checkIntegerDigits(cursor: Cursor, start: number): void {
  const digits = cursor.pos - start - (cursor.text.charCodeAt(start) === MINUS ? 1 : 0);
  if (digits > MAX_INTEGER_DIGITS) {
    fail('json_number_range', start, `An integer may have at most ${MAX_INTEGER_DIGITS} digits.`);
  }
}

export function failNumberRange(offset: number): never {
  fail('json_number_range', offset, 'A number is too large for a 64-bit float.');
}
