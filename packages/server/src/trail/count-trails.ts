import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from '../diagnostics.ts';
import type { Database } from '../storage/database.ts';
import { countEvents, lockCounter } from './count-store.ts';
import { readHead } from './trail-store.ts';

export interface TrailCounter {
  /** Says that a trail grew. Cheap; call it after every commit. */
  nudge(organizationNo: number): void;
  /** Brings one trail's counts up to its present end. */
  catchUp(organizationNo: number): Promise<void>;
  stop(): Promise<void>;
}

/** Counting costs per distinct combination, not per event, so larger is cheaper; this much is a second or so of work. */
const EVENTS_A_STEP = 20_000;
const EVERY_MS = 1000;

/**
 * Keeps the counts of trails near their ends, behind the appends and out of their way. Nothing waits for it: a reader
 * counts what isn't counted yet by itself, only slower.
 */
export function startTrailCounter(parts: { readonly db: Database; readonly diagnostics: Diagnostics }): TrailCounter {
  const { db, diagnostics } = parts;
  const grown = new Set<number>();
  const stopped = new AbortController();

  /** One transaction a step. Answers whether there may be more. */
  async function step(organizationNo: number): Promise<boolean> {
    return db.scoped(organizationNo, async (tx) => {
      const from = await lockCounter(tx, organizationNo);
      if (from === undefined) return false;
      const { nextSequence } = await readHead(tx, organizationNo);
      const to = Math.min(nextSequence, from + EVENTS_A_STEP);
      if (to > from) await countEvents(tx, organizationNo, from, to);
      return to < nextSequence;
    });
  }

  async function catchUp(organizationNo: number): Promise<void> {
    while (!stopped.signal.aborted && (await step(organizationNo)));
  }

  const running = (async () => {
    while (!stopped.signal.aborted) {
      for (const organizationNo of [...grown]) {
        grown.delete(organizationNo);
        await catchUp(organizationNo).catch((error: unknown) => {
          grown.add(organizationNo);
          diagnostics.warn({ err: error }, 'counting a trail failed; it is tried again');
        });
      }
      await sleep(EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();

  return {
    nudge: (organizationNo) => void grown.add(organizationNo),
    catchUp,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
