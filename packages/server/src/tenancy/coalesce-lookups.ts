import { watchOwnThread } from '../busy-thread.ts';

/** While this thread is busy, a query costs more than so short a wait, in which some more look-ups come in. */
const GATHER_MS = 2;

/**
 * Turns look-ups that arrive together into one query, as group commit does with writes. A look-up always runs in a query
 * that starts after it was asked for, so what was acknowledged before is seen: unlike a cache, this can't be stale.
 *
 * At most one query is under way and one batch waits behind it; `load` gets each key once. A query takes what comes in the
 * same turn of the event loop, or within two milliseconds while the thread is busy.
 */
export function coalesceLookups<V>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (key: string) => Promise<V | undefined> {
  let waiting: { readonly keys: Set<string>; readonly answer: Promise<ReadonlyMap<string, V>> } | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const isBusy = watchOwnThread();
  const gather = (): Promise<void> =>
    new Promise((resolve) => {
      if (isBusy()) setTimeout(resolve, GATHER_MS);
      else setImmediate(resolve);
    });

  return async (key) => {
    if (waiting === undefined) {
      const keys = new Set<string>();
      const answer = running.then(gather).then(() => {
        waiting = undefined;
        return load([...keys]);
      });
      running = answer.catch(() => undefined);
      waiting = { keys, answer };
    }
    waiting.keys.add(key);
    return (await waiting.answer).get(key);
  };
}
