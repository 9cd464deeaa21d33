import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from '../diagnostics.ts';
import type { Database, Queryable } from '../storage/database.ts';

/** One step over one trail, in a transaction of its own. Answers whether there may be more to do. */
export type FollowStep = (tx: Queryable, organizationNo: number) => Promise<boolean>;

export interface TrailFollower {
  /** Says that a trail grew. Cheap; call it after every commit. */
  nudge(organizationNo: number): void;
  /** Brings everything that follows one trail up to its present end. */
  catchUp(organizationNo: number): Promise<void>;
  stop(): Promise<void>;
}

const SHORTEST_PAUSE_MS = 1000;
/** What takes long takes less for each event if there are more of them: they are counted by actor, day and the like. */
const LONGEST_PAUSE_MS = 4000;
const SHARE = 0.05;

/**
 * Keeps what is derived from trails near their ends, behind the appends and out of their way. Nothing waits for it:
 * whoever reads before it has come that far knows how far it has come.
 */
export function followTrails(parts: {
  readonly db: Database;
  readonly diagnostics: Diagnostics;
  readonly steps: Readonly<Record<string, FollowStep>>;
}): TrailFollower {
  const { db, diagnostics, steps } = parts;
  const grown = new Set<number>();
  const stopped = new AbortController();
  /** A step finds a trail that another step is at locked, and leaves it: so here they take turns. */
  const turns = new Map<number, Promise<void>>();

  async function follow(organizationNo: number): Promise<void> {
    for (const step of Object.values(steps)) {
      while (!stopped.signal.aborted && (await db.scoped(organizationNo, (tx) => step(tx, organizationNo))));
    }
  }

  async function catchUp(organizationNo: number): Promise<void> {
    const before = turns.get(organizationNo) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => follow(organizationNo));
    turns.set(organizationNo, turn);
    try {
      await turn;
    } finally {
      if (turns.get(organizationNo) === turn) turns.delete(organizationNo);
    }
  }

  const running = (async () => {
    while (!stopped.signal.aborted) {
      const begun = performance.now();
      for (const organizationNo of [...grown]) {
        if (stopped.signal.aborted) break;
        grown.delete(organizationNo);
        await catchUp(organizationNo).catch((error: unknown) => {
          grown.add(organizationNo);
          diagnostics.warn({ err: error }, 'following a trail failed; it is tried again');
        });
      }
      const rest = (performance.now() - begun) * (1 / SHARE - 1);
      const pause = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, rest));
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
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
