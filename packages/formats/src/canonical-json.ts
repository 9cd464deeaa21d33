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
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
} from './json-characters.ts';
import { checkDepth, failSyntax, skipSpace, skipWord, type Cursor } from './json-cursor.ts';
import { jsonString } from './json-string.ts';
import { builtString, checkIntegerDigits, failNumberRange, skipNumber, skipString } from './json-tokens.ts';
import { checkName } from './member-names.ts';
import { pythonFloat } from './python-float.ts';
import { append, builtText, type TextBuilder } from './text-builder.ts';

/**
 * The canonical text under construction. Source that is canonical already is taken in long runs: `copied` is where the
 * run began that is not in the text yet.
 */
interface Writer extends TextBuilder {
  copied: number;
}

/** Reads one value at its first character. @returns its canonical text; format: docs/formats/exact-json.md */
export function readCanonical(cursor: Cursor): string {
  const writer: Writer = { tail: '', flat: [], copied: cursor.pos };
  copyValue(cursor, writer, cursor.text.charCodeAt(cursor.pos), 1);
  replaceRun(cursor, writer, cursor.pos, cursor.pos, '');
  return builtText(writer);
}

function replaceRun(cursor: Cursor, writer: Writer, from: number, to: number, replacement: string): void {
  append(writer, cursor.text.slice(writer.copied, from) + replacement);
  writer.copied = to;
}

function dropSpace(cursor: Cursor, writer: Writer): number {
  const start = cursor.pos;
  const code = skipSpace(cursor);
  if (cursor.pos > start) replaceRun(cursor, writer, start, cursor.pos, '');
  return code;
}

function copyValue(cursor: Cursor, writer: Writer, code: number, depth: number): void {
  if (code === QUOTE) copyString(cursor, writer);
  else if (code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9)) copyNumber(cursor, writer);
  else if (code === OPEN_OBJECT) copyObject(cursor, writer, depth);
  else if (code === OPEN_ARRAY) copyArray(cursor, writer, depth);
  else if (code === LOWER_T) skipWord(cursor, 'true', true);
  else if (code === LOWER_F) skipWord(cursor, 'false', false);
  else if (code === LOWER_N) skipWord(cursor, 'null', null);
  else failSyntax(cursor);
}

/** @returns the string's value if it had to be built; a plain one is its source */
function copyString(cursor: Cursor, writer: Writer): string | undefined {
  const start = cursor.pos;
  if (skipString(cursor)) return undefined;
  const value = builtString(cursor, start);
  replaceRun(cursor, writer, start, cursor.pos, jsonString(value));
  return value;
}

function copyNumber(cursor: Cursor, writer: Writer): void {
  const start = cursor.pos;
  if (skipNumber(cursor)) {
    checkIntegerDigits(cursor, start);
    if (cursor.pos === start + 2 && cursor.text.startsWith('-0', start))
      replaceRun(cursor, writer, start, cursor.pos, '0');
    return;
  }
  const source = cursor.text.slice(start, cursor.pos);
  const value = Number(source);
  if (!Number.isFinite(value)) failNumberRange(start);
  const canonical = pythonFloat(value);
  if (canonical !== source) replaceRun(cursor, writer, start, cursor.pos, canonical);
}

function copyArray(cursor: Cursor, writer: Writer, depth: number): void {
  checkDepth(cursor, depth);
  cursor.pos++;
  let code = dropSpace(cursor, writer);
  if (code !== CLOSE_ARRAY) {
    for (;;) {
      copyValue(cursor, writer, code, depth + 1);
      code = dropSpace(cursor, writer);
      if (code !== COMMA) break;
      cursor.pos++;
      code = dropSpace(cursor, writer);
    }
    if (code !== CLOSE_ARRAY) failSyntax(cursor);
  }
  cursor.pos++;
}

function copyObject(cursor: Cursor, writer: Writer, depth: number): void {
  checkDepth(cursor, depth);
  cursor.pos++;
  let code = dropSpace(cursor, writer);
  if (code !== CLOSE_OBJECT) {
    const base = cursor.nameCount;
    let seen: Set<string> | undefined;
    for (;;) {
      if (code !== QUOTE) failSyntax(cursor);
      const start = cursor.pos;
      const name = copyString(cursor, writer) ?? cursor.text.slice(start + 1, cursor.pos - 1);
      seen = checkName(cursor, base, name, start, seen);
      if (dropSpace(cursor, writer) !== COLON) failSyntax(cursor);
      cursor.pos++;
      copyValue(cursor, writer, dropSpace(cursor, writer), depth + 1);
      code = dropSpace(cursor, writer);
      if (code !== COMMA) break;
      cursor.pos++;
      code = dropSpace(cursor, writer);
    }
    if (code !== CLOSE_OBJECT) failSyntax(cursor);
    cursor.nameCount = base;
  }
  cursor.pos++;
}
