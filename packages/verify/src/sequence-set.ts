/** Which places of a trail were seen, in a memory that doesn't grow with a trail that has no gaps. */
export interface SequenceSet {
  readonly size: number;
  /** False once the numbers were scattered too widely to remember; what the set says then means nothing. */
  readonly complete: boolean;
  readonly lowest: number;
  readonly highest: number;
  /** @returns false if it is there already */
  add(sequence: number): boolean;
  /** The first number from `first` to `last` that isn't there. */
  firstMissing(first: number, last: number): number | undefined;
}

const PAGE = 32_768;
/** 16 MiB. An export in the order of its times opens a page where events were recorded much later than they happened. */
const MAX_OPEN_PAGES = 4096;

interface OpenPage {
  readonly bits: Uint32Array;
  count: number;
}

export function createSequenceSet(): SequenceSet {
  const pages = new Map<number, OpenPage | 'full'>();
  let open = 0;
  let size = 0;
  let complete = true;
  let lowest = Infinity;
  let highest = -Infinity;
  const has = (page: OpenPage, place: number): boolean => (((page.bits[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;

  return {
    get size() {
      return size;
    },
    get complete() {
      return complete;
    },
    get lowest() {
      return lowest;
    },
    get highest() {
      return highest;
    },
    add(sequence) {
      const number = Math.floor(sequence / PAGE);
      let page = pages.get(number);
      if (page === 'full') return false;
      if (page === undefined) {
        if (!complete || open === MAX_OPEN_PAGES) {
          complete = false;
          return true;
        }
        page = { bits: new Uint32Array(PAGE / 32), count: 0 };
        pages.set(number, page);
        open += 1;
      }
      const place = sequence % PAGE;
      if (has(page, place)) return false;
      page.bits[place >>> 5] = (page.bits[place >>> 5] ?? 0) | (1 << (place & 31));
      page.count += 1;
      size += 1;
      lowest = Math.min(lowest, sequence);
      highest = Math.max(highest, sequence);
      if (page.count === PAGE) {
        pages.set(number, 'full');
        open -= 1;
      }
      return true;
    },
    firstMissing(first, last) {
      for (let at = first; at <= last;) {
        const page = pages.get(Math.floor(at / PAGE));
        if (page === undefined) return at;
        const end = Math.min(last + 1, (Math.floor(at / PAGE) + 1) * PAGE);
        if (page !== 'full') for (; at < end; at++) if (!has(page, at % PAGE)) return at;
        at = end;
      }
      return undefined;
    },
  };
}
