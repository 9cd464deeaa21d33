import { performance } from 'node:perf_hooks';

/** Less than this says little: a start, or one large request, keeps a thread busy too. */
const WINDOW_MS = 500;
/** Of the time. */
const BUSY = 0.7;

/**
 * Whether this thread had something to do for most of the last time: half a second or more, up to when it was last asked.
 * Quick enough to be asked for each transaction.
 */
export function watchOwnThread(): () => boolean {
  let seen = performance.eventLoopUtilization();
  let at = performance.now();
  let isBusy = false;
  return () => {
    const now = performance.now();
    if (now - at >= WINDOW_MS) {
      isBusy = performance.eventLoopUtilization(seen).utilization > BUSY;
      seen = performance.eventLoopUtilization();
      at = now;
    }
    return isBusy;
  };
}
