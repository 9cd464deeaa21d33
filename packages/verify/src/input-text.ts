import { FormatError, parseExactJson, toAsciiJson, type JsonValue } from '@veritrail/formats';

// Part of browsers and Node alike, but of no type library that excludes what only one of them has.
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/** Why an input can't be read; `message` is a sentence for a check's detail. Never leaves this package. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** @throws {InputError} unless the bytes are UTF-8. A byte order mark is kept, for the JSON reader to refuse. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InputError('It is not UTF-8.');
  }
}

/** @throws {InputError} */
export function readJson(text: string): JsonValue {
  try {
    return parseExactJson(text, { exactMember: 'details' });
  } catch (error) {
    throw error instanceof FormatError
      ? new InputError(`It is not JSON that can be relied on. ${error.message}`)
      : error;
  }
}

/** A document's object as a map, so that no name in it can mean something to JavaScript; undefined for anything else. */
export function membersOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.getPrototypeOf(value) === Object.prototype ? new Map(Object.entries(value)) : undefined;
}

const QUOTED_UNITS = 80;

/** A text from the document for a terminal or a page: its controls and everything outside ASCII escaped, and not too long. */
export function quoted(text: string): string {
  const cut = text.length > QUOTED_UNITS ? `${text.slice(0, QUOTED_UNITS)}...` : text;
  return toAsciiJson(JSON.stringify(cut));
}
