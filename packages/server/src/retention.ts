import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from './diagnostics.ts';
import type { Metrics } from './metrics.ts';
import type { Ground } from './tenancy/ground.ts';
import type { TrailFollower } from './trail/follow-trails.ts';
import { listOrganizationsWithPolicy } from './trail/removal-store.ts';
import { removeExpiredEvents } from './trail/remove-expired-events.ts';

const AFTER_START_MS = 60_000;
/** Further apart than the ten minutes in which many deletions would be flagged as one. */
const EVERY_MS = 15 * 60_000;

export interface Retention {
  /** One run over every organization with a policy, one after the other. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/** Removes events whose time is over, in the background. A trail that fails is told and doesn't hold up the others. */
export function startRetention(parts: {
  readonly ground: Ground;
  readonly diagnostics: Diagnostics;
  readonly metrics: Pick<Metrics, 'eventsRemoved'>;
  readonly follower: Pick<TrailFollower, 'nudge'>;
}): Retention {
  const { ground, diagnostics, metrics, follower } = parts;
  const stopped = new AbortController();

  async function remove(organizationNo: number): Promise<void> {
    const events = await removeExpiredEvents(ground, organizationNo, { signal: stopped.signal });
    if (events === 0) return;
    metrics.eventsRemoved.inc(events);
    // Counting may have turned away from the trail while a batch had it locked.
    follower.nudge(organizationNo);
    diagnostics.info({ organization_no: organizationNo, events }, 'events past their retention were removed');
  }

  async function round(): Promise<void> {
    for (const organizationNo of await listOrganizationsWithPolicy(ground.db.direct)) {
      if (stopped.signal.aborted) return;
      await remove(organizationNo).catch((error: unknown) =>
        diagnostics.error({ err: error, organization_no: organizationNo }, 'removing events failed; it is tried again'),
      );
    }
  }

  const running = (async () => {
    for (let pause = AFTER_START_MS; ; pause = EVERY_MS) {
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      await round().catch((error: unknown) => diagnostics.warn({ err: error }, 'retention failed; it is tried again'));
    }
  })();

  return {
    round,
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
