/**
 * Turns look-ups that arrive together into one query, as group commit does with writes. A look-up always runs in a query
 * that starts after it was asked for, so what was acknowledged before is seen: unlike a cache, this can't be stale.
 *
 * At most one query is under way and one batch waits behind it; `load` gets each key once.
 */
export function coalesceLookups<V>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (key: string) => Promise<V | undefined> {
  let waiting: { readonly keys: Set<string>; readonly answer: Promise<ReadonlyMap<string, V>> } | undefined;
  let running: Promise<unknown> = Promise.resolve();

  return async (key) => {
    if (waiting === undefined) {
      const keys = new Set<string>();
      const answer = running.then(() => {
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
