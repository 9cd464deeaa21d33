/** What stays open because the time that was given for it is still to come, or before what it is about. */
export function impossible(what: string): string {
  return `${what} (the time given can't be right)`;
}

/** How much of a tenant's text stands in a sentence; the records have all of it. */
const QUOTE_LIMIT = 160;

/**
 * Code points that could break a line, hide, or turn the reading direction of what follows. Ranges and not Unicode's
 * categories: those grow, and everyone who judges again has to get the same text. Joiners (200C, 200D) stay: scripts
 * need them.
 */
const UNSEEN: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe0fff],
];

function isUnseen(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return UNSEEN.some(([from, to]) => code >= from && code <= to);
}

/** Text that a tenant or another party wrote, told apart from the operator's words: in quotation marks, on one line. */
export function quoted(text: string): string {
  const plain = Array.from(text, (letter) => (isUnseen(letter) ? ' ' : letter))
    .join('')
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
