import type { FontLibrary } from './font-library.ts';

export interface TextPrinter {
  /** The text as it can be set: nothing in it is without a glyph, reorders its line, or can't be broken. */
  print(text: string): string;
  /** The families that what was printed needs, as bits of the library. */
  readonly families: number;
}

/** Characters in a row without a space, from which on a line may be broken at marks among them, or anywhere if none are. */
const LONGEST_RUN = 24;

/** In scripts whose letters join, a break is a gap; so it is offered seldom. */
const JOINED_RUN = 12;

const ZERO_WIDTH_SPACE = '\u200b';

/**
 * What is shown by its number though a font may have it: controls and line ends, marks of direction, blanks that can't
 * be told from nothing, and tags. A name must not be able to turn the line around it, or to look like another name.
 * Joiners (U+200C, U+200D) are no such thing: Persian and Indic words are spelt with them.
 */
const SHOWN: readonly (readonly [first: number, last: number])[] = [
  [0x00_00, 0x00_1f],
  [0x00_7f, 0x00_9f],
  [0x00_ad, 0x00_ad],
  [0x03_4f, 0x03_4f],
  [0x06_1c, 0x06_1c],
  [0x11_5f, 0x11_60],
  [0x17_b4, 0x17_b5],
  [0x18_0b, 0x18_0f],
  [0x20_0b, 0x20_0b],
  [0x20_0e, 0x20_0f],
  [0x20_28, 0x20_2e],
  [0x20_60, 0x20_6f],
  [0x31_64, 0x31_64],
  [0xd8_00, 0xdf_ff],
  [0xfe_00, 0xfe_0f],
  [0xfe_ff, 0xfe_ff],
  [0xff_a0, 0xff_a0],
  [0xff_f0, 0xff_fd],
  [0x0e_00_00, 0x0e_0f_ff],
];

const PLAIN = /^[\u0020-\u007e]*$/;

const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN + 1},}`, 'g');
const LONG_PART = new RegExp(`[^\\s\u200b]{${LONGEST_RUN + 1},}`, 'g');

/** Hebrew. In Latin, Greek, Cyrillic and Armenian a joiner would be one more way to look like another name. */
const FIRST_JOINING_SCRIPT = 0x05_90;

/**
 * Tenants write names in any script, and the exporter of archivable PDF refuses a document with one glyph missing. So
 * each cluster of characters is looked up in the fonts, as the shaper does: a mark needs a font that has its letter too.
 */
export function createTextPrinter(library: FontLibrary): TextPrinter {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  let families = 0;

  const printCluster = (cluster: string): string => {
    const codePoints = Array.from(cluster, (character) => character.codePointAt(0)!);
    if (canBeSet(codePoints)) return cluster;
    return codePoints.map((codePoint, at) => (at === 0 ? printAlone(codePoint) : codeOf(codePoint))).join('');
  };

  /** The shaper asks family after family; one that has a mark and not its letter makes it lose the letter. */
  const canBeSet = (codePoints: readonly number[]): boolean => {
    let common = -1;
    let any = 0;
    for (const codePoint of codePoints) {
      if (isShown(codePoint)) return false;
      if (isJoiner(codePoint)) {
        if (codePoints[0]! < FIRST_JOINING_SCRIPT || isJoiner(codePoints[0]!)) return false;
        continue;
      }
      common &= library.familiesFor(codePoint);
      any |= library.familiesFor(codePoint);
    }
    if (lowest(common) === 0 || lowest(common) !== lowest(any)) return false;
    families |= lowest(common);
    return true;
  };

  const printAlone = (codePoint: number): string => {
    const character = String.fromCodePoint(codePoint);
    const having = isShown(codePoint) || isJoiner(codePoint) ? 0 : library.familiesFor(codePoint);
    families |= lowest(having);
    return having === 0 ? codeOf(codePoint) : character;
  };

  return {
    get families() {
      return families;
    },
    print(text) {
      if (PLAIN.test(text)) return text.replace(LONG_RUN, offerBreaks);
      let printed = '';
      let run = 0;
      for (const { segment } of segmenter.segment(text)) {
        const breaks = /^[\s-]/.test(segment);
        run = breaks ? 0 : run + 1;
        if (run > JOINED_RUN && run % JOINED_RUN === 1 && !breaks) printed += ZERO_WIDTH_SPACE;
        printed += printCluster(segment);
      }
      return printed;
    },
  };
}

/** An id or address that is there to be copied, and for which there is room: without places to break. */
export function whole(text: string, print: TextPrinter['print']): string {
  return /^[!-~]{1,90}$/.test(text) ? text : print(text);
}

/** After the marks of ids, paths and addresses; a digest has none and is broken where its line ends. */
function offerBreaks(run: string): string {
  return run
    .replaceAll(/[-_./,:;@]/g, `$&${ZERO_WIDTH_SPACE}`)
    .replace(LONG_PART, (part) => [...part].join(ZERO_WIDTH_SPACE));
}

function isShown(codePoint: number): boolean {
  return SHOWN.some(([first, last]) => codePoint >= first && codePoint <= last);
}

function isJoiner(codePoint: number): boolean {
  return codePoint === 0x20_0c || codePoint === 0x20_0d;
}

/** The bit of the family that comes first. */
function lowest(bits: number): number {
  return bits & -bits;
}

/** Such as "[U+1F600]". */
function codeOf(codePoint: number): string {
  return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
}
