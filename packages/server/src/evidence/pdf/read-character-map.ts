/**
 * Calls back for every code point that a TrueType font has a glyph for, in any order, some of them perhaps twice. Reads
 * the two kinds of table that fonts of today have (formats 4 and 12 of `cmap`). The fonts are ours, so a strange one is a
 * mistake of the package and throws.
 */
export function readCharacterMap(font: Buffer, onCodePoint: (codePoint: number) => void): void {
  const map = tableOf(font, 'cmap');
  const count = font.readUInt16BE(map + 2);
  for (let i = 0; i < count; i++) {
    const table = map + font.readUInt32BE(map + 4 + 8 * i + 4);
    const format = font.readUInt16BE(table);
    if (format === 12) readGroups(font, table, onCodePoint);
    else if (format === 4) readSegments(font, table, onCodePoint);
  }
}

function tableOf(font: Buffer, name: string): number {
  const tables = font.readUInt16BE(4);
  for (let at = 12; at < 12 + 16 * tables; at += 16) {
    if (font.toString('latin1', at, at + 4) === name) return font.readUInt32BE(at + 8);
  }
  throw new Error(`A font has no table ${name}.`);
}

function readGroups(font: Buffer, table: number, onCodePoint: (codePoint: number) => void): void {
  const groups = font.readUInt32BE(table + 12);
  for (let at = table + 16; at < table + 16 + 12 * groups; at += 12) {
    const last = font.readUInt32BE(at + 4);
    for (let codePoint = font.readUInt32BE(at); codePoint <= last; codePoint++) onCodePoint(codePoint);
  }
}

/** A segment either adds a delta to the code point or looks the glyph up; glyph 0 is "there is none". */
function readSegments(font: Buffer, table: number, onCodePoint: (codePoint: number) => void): void {
  const length = font.readUInt16BE(table + 6);
  for (let at = 0; at < length; at += 2) {
    const last = font.readUInt16BE(table + 14 + at);
    const first = font.readUInt16BE(table + 16 + length + at);
    const delta = font.readUInt16BE(table + 16 + 2 * length + at);
    const place = table + 16 + 3 * length + at;
    const offset = font.readUInt16BE(place);
    for (let codePoint = first; codePoint <= last && codePoint < 0xff_ff; codePoint++) {
      const found = offset === 0 ? codePoint : font.readUInt16BE(place + offset + 2 * (codePoint - first));
      const glyph = found === 0 && offset !== 0 ? 0 : (found + delta) & 0xff_ff;
      if (glyph !== 0) onCodePoint(codePoint);
    }
  }
}
