/** What this many flushes took says how fast the disk is now. */
const REMEMBERED = 16;
/** One that is as quick as a round trip is no reason for a round trip of its own. */
const SLOW_MS = 1;
/** While commits wait for the disk themselves, one in so many doesn't, and is measured. */
const MEASURED_ONE_IN = 256;
/** While they don't, the flush behind one in so many is. */
const TIMED_ONE_IN = 8;

/**
 * Whether an append should commit before it is on disk and be flushed afterwards. On a disk that flushes slowly the next
 * one can begin so much earlier; on a fast one it would only be a statement more.
 */
export interface FlushPace {
  commitsEarly(): boolean;
  /** Whether to measure the flush behind an early commit. */
  isTimed(): boolean;
  /** What such a flush took in the database: a thread that is busy hears of it late, and of the commit before it too. */
  note(milliseconds: number): void;
}

export function createFlushPace(): FlushPace {
  const recent: number[] = [];
  let appends = 0;
  let flushes = 0;
  // Some took longer because they waited for others; the shortest tells.
  const isSlow = (): boolean => recent.length < REMEMBERED || Math.min(...recent) > SLOW_MS;
  return {
    commitsEarly() {
      appends += 1;
      return isSlow() || appends % MEASURED_ONE_IN === 0;
    },
    isTimed() {
      flushes += 1;
      return recent.length < REMEMBERED || !isSlow() || flushes % TIMED_ONE_IN === 0;
    },
    note(milliseconds) {
      recent.push(milliseconds);
      if (recent.length > REMEMBERED) recent.shift();
    },
  };
}
