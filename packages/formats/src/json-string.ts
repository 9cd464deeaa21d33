import { FormatError } from './format-error.ts';
import { append, builtText, type TextBuilder } from './text-builder.ts';

// With the u flag a surrogate pair is one code point, so only a lone half matches.
const LONE_SURROGATE = /[\ud800-\udfff]/u;
// Quotes, backslashes, controls and surrogates: whatever is not in these ranges.
const NEEDS_CARE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;
const NOT_ASCII = /[\u007f-\uffff]/;
const HEX_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A string as a JSON text: raw Unicode, the short escapes, other controls as lower-case \u00xx, DEL and `/` raw.
 *
 * Two other writers must give the same bytes: PostgreSQL's `to_json(text)::text` (exports are built there) and Python's
 * `json.dumps(…, ensure_ascii=False)`.
 *
 * @throws FormatError `json_lone_surrogate`: such a string has no UTF-8 form, so it can't be part of signed bytes.
 */
export function jsonString(value: string): string {
  return `"${escapeJson(value)}"`;
}

/** What jsonString has between its quotes. @throws FormatError `json_lone_surrogate` */
export function escapeJson(value: string): string {
  if (!NEEDS_CARE.test(value)) return value;
  if (LONE_SURROGATE.test(value)) {
    throw new FormatError('json_lone_surrogate', 'A string must be well-formed Unicode, without lone surrogates.', {
      offset: value.search(LONE_SURROGATE),
    });
  }
  return JSON.stringify(value).slice(1, -1);
}

export function jsonStringOrNull(value: string | null): string {
  return value === null ? 'null' : jsonString(value);
}

/**
 * Compact JSON text with everything above `~` (DEL too) as lower-case \uXXXX, astral characters as surrogate pairs:
 * what Python's `json.dumps` prints by default. A valid JSON text has such characters only inside strings.
 */
export function toAsciiJson(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  const ascii: TextBuilder = { tail: '', flat: [] };
  let copied = 0;
  for (let pos = text.search(NOT_ASCII); pos < text.length; pos++) {
    const unit = text.charCodeAt(pos);
    if (unit < 127) continue;
    append(ascii, text.slice(copied, pos) + '\\u' + HEX_BYTE[unit >> 8] + HEX_BYTE[unit & 255]);
    copied = pos + 1;
  }
  append(ascii, text.slice(copied));
  return builtText(ascii);
}
