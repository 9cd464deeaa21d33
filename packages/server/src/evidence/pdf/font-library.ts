import { readFileSync } from 'node:fs';

import { readCharacterMap } from './read-character-map.ts';

/** The same distance from `src/evidence/pdf` and from `dist/evidence/pdf`. */
const FONTS = new URL('../../../assets/fonts/', import.meta.url);

/**
 * In the order in which a glyph is looked for; families as the template names them. The first and the last are in every
 * document, the others where its text asks for them, so that a packet without Chinese doesn't pay for ten megabytes of glyphs.
 */
const FACES = [
  { family: 'Noto Sans', files: ['NotoSans-Regular.ttf', 'NotoSans-Bold.ttf'] },
  { family: 'Noto Sans Arabic', files: ['NotoSansArabic-Regular.ttf'] },
  { family: 'Noto Sans Hebrew', files: ['NotoSansHebrew-Regular.ttf'] },
  { family: 'Noto Sans Armenian', files: ['NotoSansArmenian-Regular.ttf'] },
  { family: 'Noto Sans Georgian', files: ['NotoSansGeorgian-Regular.ttf'] },
  { family: 'Noto Sans Devanagari', files: ['NotoSansDevanagari-Regular.ttf'] },
  { family: 'Noto Sans Bengali', files: ['NotoSansBengali-Regular.ttf'] },
  { family: 'Noto Sans Gurmukhi', files: ['NotoSansGurmukhi-Regular.ttf'] },
  { family: 'Noto Sans Gujarati', files: ['NotoSansGujarati-Regular.ttf'] },
  { family: 'Noto Sans Tamil', files: ['NotoSansTamil-Regular.ttf'] },
  { family: 'Noto Sans Telugu', files: ['NotoSansTelugu-Regular.ttf'] },
  { family: 'Noto Sans Kannada', files: ['NotoSansKannada-Regular.ttf'] },
  { family: 'Noto Sans Malayalam', files: ['NotoSansMalayalam-Regular.ttf'] },
  { family: 'Noto Sans Sinhala', files: ['NotoSansSinhala-Regular.ttf'] },
  { family: 'Noto Sans Thai', files: ['NotoSansThai-Regular.ttf'] },
  { family: 'Noto Sans Lao', files: ['NotoSansLao-Regular.ttf'] },
  { family: 'Noto Sans Khmer', files: ['NotoSansKhmer-Regular.ttf'] },
  { family: 'Noto Sans Myanmar', files: ['NotoSansMyanmar-Regular.ttf'] },
  { family: 'Noto Sans Ethiopic', files: ['NotoSansEthiopic-Regular.ttf'] },
  { family: 'Noto Sans SC', files: ['NotoSansSC-Regular.ttf'] },
  { family: 'Noto Sans KR', files: ['NotoSansKR-Hangul.ttf'] },
  // For hex and programs; last, so that it lends no more than its arrows and boxes to other text.
  { family: 'Noto Sans Mono', files: ['NotoSansMono-Regular.ttf'] },
] as const;

const ALWAYS = 1 | (1 << (FACES.length - 1));

export interface FontLibrary {
  /** One bit for each family that has the code point, lowest first; 0 if none has. */
  familiesFor(codePoint: number): number;
  /** Names and bytes of the families of a set of bits, with those that are always there, in the order of search. */
  load(bits: number): { readonly families: readonly string[]; readonly blobs: readonly Buffer[] };
}

/** Reads 17 MB of fonts and keeps which characters they have, 4 MB. */
export function openFontLibrary(): FontLibrary {
  const coverage = new Uint32Array(0x11_00_00);
  for (const [index, { files }] of FACES.entries()) {
    readCharacterMap(read(files[0]), (codePoint) => (coverage[codePoint]! |= 1 << index));
  }
  return {
    familiesFor: (codePoint) => coverage[codePoint] ?? 0,
    load(bits) {
      const faces = FACES.filter((_, index) => ((bits | ALWAYS) & (1 << index)) !== 0);
      return {
        families: faces.map(({ family }) => family),
        blobs: faces.flatMap(({ files }) => files.map(read)),
      };
    },
  };
}

function read(file: string): Buffer {
  return readFileSync(new URL(file, FONTS));
}
