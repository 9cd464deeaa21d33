import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from './diagnostics.ts';
import type { Database } from './storage/database.ts';
import type { KeyUses } from './tenancy/key-uses.ts';
import { pruneLoginThrottle } from './tenancy/login-throttle-store.ts';
import { deleteExpiredHandovers } from './tenancy/handover-store.ts';
import { deleteExpiredSessions } from './tenancy/session-store.ts';

const EVERY_MS = 20_000;

/** Small chores, one after the other. A failed one is told and tried again next time; nothing depends on it. */
export function startHousekeeping(parts: {
  readonly db: Database;
  readonly clock: () => Date;
  readonly diagnostics: Diagnostics;
  readonly keyUses: KeyUses;
}): { stop(): Promise<void> } {
  const { db, clock, diagnostics, keyUses } = parts;
  const stopped = new AbortController();
  const chores: Readonly<Record<string, () => Promise<unknown>>> = {
    'key uses': () => keyUses.flush(),
    sessions: () => deleteExpiredSessions(db.direct, clock()),
    'sign-in handovers': () => deleteExpiredHandovers(db.direct, clock()),
    'login throttle': () => pruneLoginThrottle(db.direct, clock()),
  };
  const round = async (): Promise<void> => {
    for (const [chore, work] of Object.entries(chores)) {
      await work().catch((error: unknown) => diagnostics.warn({ err: error, chore }, 'a chore failed'));
    }
  };
  const running = (async () => {
    for (;;) {
      await sleep(EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      await round();
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
      await keyUses.flush().catch(() => undefined);
    },
  };
}
