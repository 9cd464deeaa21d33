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
const SHOWN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd]|[\u{e0000}-\u{e0fff}]/u;

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
    if (canBeSet(cluster, codePoints)) return cluster;
    return codePoints.map((codePoint, at) => (at === 0 ? printAlone(codePoint) : codeOf(codePoint))).join('');
  };

  /** The shaper asks family after family; one that has a mark and not its letter makes it lose the letter. */
  const canBeSet = (cluster: string, codePoints: readonly number[]): boolean => {
    if (SHOWN.test(cluster)) return false;
    let common = -1;
    let any = 0;
    for (const codePoint of codePoints) {
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
    const having = SHOWN.test(character) || isJoiner(codePoint) ? 0 : library.familiesFor(codePoint);
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

/** After the marks of ids, paths and addresses; a digest has none and is broken where its line ends. */
function offerBreaks(run: string): string {
  return run
    .replaceAll(/[-_./,:;@]/g, `$&${ZERO_WIDTH_SPACE}`)
    .replace(LONG_PART, (part) => [...part].join(ZERO_WIDTH_SPACE));
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
