import { setTimeout as sleep } from 'node:timers/promises';

/** Called often in long work: lets others have the event loop once a slice of it is used up. */
export type GiveWay = () => Promise<void>;

/** Short beside what a request takes, long beside what a turn of the event loop costs. */
const SLICE_MS = 5;
const LONGEST_PAUSE_MS = 20;

/**
 * While others are at work it pauses for as long as it worked, since a turn of the event loop alone would leave each of
 * many requests one step per slice.
 */
export function createGiveWay(othersWait: () => boolean): GiveWay {
  let resumed = performance.now();
  return async () => {
    const worked = performance.now() - resumed;
    if (worked < SLICE_MS) return;
    await sleep(othersWait() ? Math.min(worked, LONGEST_PAUSE_MS) : 0);
    resumed = performance.now();
  };
}

/** @param onStep gets what each step yields */
export async function inSlices<S, T>(
  steps: Generator<S, T>,
  giveWay: GiveWay,
  onStep: (yielded: S) => void = () => undefined,
): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    onStep(step.value);
    await giveWay();
  }
}
