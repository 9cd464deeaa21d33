import { FormatError, type FormatErrorCode } from './format-error.ts';

// Part of browsers and Node alike, but of no type library that excludes what only one of them has.
declare const TextDecoder: new (
  label: 'utf-8',
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws FormatError `code` unless the bytes are UTF-8. A byte order mark is kept, for the JSON reader to refuse. */
export function utf8Text(bytes: Uint8Array, code: FormatErrorCode): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new FormatError(code, 'It is not UTF-8.', { cause });
  }
}

/** @returns -1 if it is nowhere */
export function indexOfAscii(bytes: Uint8Array, wanted: string, from = 0): number {
  const first = wanted.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (startsWithAscii(bytes, wanted, at)) return at;
  }
  return -1;
}

/** @returns -1 if it is nowhere */
export function lastIndexOfAscii(bytes: Uint8Array, wanted: string): number {
  const first = wanted.charCodeAt(0);
  for (let at = bytes.lastIndexOf(first); at > 0; at = bytes.lastIndexOf(first, at - 1)) {
    if (startsWithAscii(bytes, wanted, at)) return at;
  }
  return startsWithAscii(bytes, wanted, 0) ? 0 : -1;
}

function startsWithAscii(bytes: Uint8Array, wanted: string, at: number): boolean {
  let matched = 0;
  while (matched < wanted.length && bytes[at + matched] === wanted.charCodeAt(matched)) matched++;
  return matched === wanted.length;
}
