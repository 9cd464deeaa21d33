/** What this many flushes took says how fast the disk is now. */
const REMEMBERED = 16;
/** One that is as quick as a round trip is no reason for a round trip of its own. */
const SLOW_MS = 1;
/** While commits wait for the disk themselves, one in so many doesn't, and is measured. */
const MEASURED_ONE_IN = 256;

/**
 * Whether an append should commit before it is on disk and be flushed afterwards. On a disk that flushes slowly the next
 * one can begin so much earlier; on a fast one it would only be a statement more.
 */
export interface FlushPace {
  commitsEarly(): boolean;
  /** What a flush took that came after an early commit. */
  note(milliseconds: number): void;
}

export function createFlushPace(): FlushPace {
  const recent: number[] = [];
  let appends = 0;
  return {
    commitsEarly() {
      appends += 1;
      // Some took longer because they waited for others or for this thread; the shortest tells.
      const isKnown = recent.length === REMEMBERED;
      return !isKnown || Math.min(...recent) > SLOW_MS || appends % MEASURED_ONE_IN === 0;
    },
    note(milliseconds) {
      recent.push(milliseconds);
      if (recent.length > REMEMBERED) recent.shift();
    },
  };
}
