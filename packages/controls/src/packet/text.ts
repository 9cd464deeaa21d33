/** How much of a tenant's text stands in a sentence; the records have all of it. */
const QUOTE_LIMIT = 160;

/** Everything that could break a line, hide, or turn the reading direction of what follows. */
// eslint-disable-next-line no-control-regex
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Text that a tenant or another party wrote, told apart from the operator's words: in quotation marks, on one line. */
export function quoted(text: string): string {
  const plain = text
    .replace(UNSEEN, ' ')
    .replace(/[“”„"]/gu, "'")
    .replace(/\s+/gu, ' ')
    .trim();
  const letters = [...plain];
  return `“${letters.length > QUOTE_LIMIT ? `${letters.slice(0, QUOTE_LIMIT).join('')}…` : plain}”`;
}

/** `a, b and c`; of more than `shown`, how many more. */
export function listed(items: readonly string[], shown = 5): string {
  if (items.length > shown) return `${items.slice(0, shown).join(', ')} and ${items.length - shown} more`;
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

export function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** By code units: the same order everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function sortedUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(compareText);
}
