import { setTimeout as sleep } from 'node:timers/promises';

import type { Diagnostics } from './diagnostics.ts';
import { takeSample } from './posture/take-sample.ts';
import type { Ground } from './tenancy/ground.ts';
import { listPeopledOrganizations } from './tenancy/organization-store.ts';

const EVERY_MS = 2 * 60_000;
/** So that what collectors and platforms do at midnight is done, and clocks that differ a little agree on the day. */
const AFTER_MIDNIGHT_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

export interface Sampling {
  /** Takes the day's sample of every organization that has none yet. Nobody looks where nobody is. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Looks at every organization once a day, soon after 00:05 UTC or when it comes into being; at the start, if the day's
 * look is missing. Days that passed while no server ran stay missed. A failed one is told, tried again at the next round,
 * and doesn't hold up the others.
 */
export function startSampling(parts: { readonly ground: Ground; readonly diagnostics: Diagnostics }): Sampling {
  const { ground, diagnostics } = parts;
  const stopped = new AbortController();
  /** Those that have a sample of `day`, so that a round asks only for new ones. */
  let day = '';
  let sampled = new Set<number>();

  async function round(): Promise<void> {
    const now = ground.clock();
    if (now.getTime() % DAY_MS < AFTER_MIDNIGHT_MS) return;
    if (dayOf(now) !== day) {
      day = dayOf(now);
      sampled = new Set();
    }
    for (const organizationNo of await listPeopledOrganizations(ground.db.direct)) {
      if (stopped.signal.aborted) return;
      if (sampled.has(organizationNo)) continue;
      const at = ground.clock();
      if (dayOf(at) !== day) return;
      try {
        await takeSample(ground, organizationNo, at);
        sampled.add(organizationNo);
      } catch (error) {
        diagnostics.warn({ err: error, organization_no: organizationNo }, 'taking the daily sample failed');
      }
    }
  }

  const running = (async () => {
    while (!stopped.signal.aborted) {
      await round().catch((error: unknown) =>
        diagnostics.warn({ err: error }, 'daily samples failed; they are tried again'),
      );
      await sleep(EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
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

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
