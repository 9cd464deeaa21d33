import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Stripe } from 'stripe';

import type { Diagnostics } from '../../diagnostics.ts';
import type { Database } from '../../storage/database.ts';
import { listOrganizationNumbers } from '../organization-store.ts';
import { settleJob } from './settle-job.ts';
import { explainStripeError, isFinalAnswer } from './stripe-client.ts';
import type { StripeSettings } from './stripe-settings.ts';
import {
  finishJob,
  forgetOldEvents,
  insertCustomerJobs,
  insertMissingJobs,
  postponeJob,
  renewLease,
  takeJob,
  type StripeJob,
} from './stripe-store.ts';

const LOOK_EVERY_MS = 1000;
const FORGET_EVERY_MS = 3_600_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 3_600_000;
/** A request that is running at a stop may end within this; then its job is left to whoever finds its lease over. */
const STOP_PATIENCE_MS = 3000;

export interface StripeWorkerParts {
  readonly db: Database;
  readonly stripe: Stripe;
  readonly prices: StripeSettings['prices'];
  readonly diagnostics: Diagnostics;
  readonly onAttempt?: (outcome: 'done' | 'failed') => void;
  readonly pace?: { readonly lookEveryMs: number; readonly firstPauseMs: number };
}

/** Tells Stripe what was noted for it, for as long as it takes: a subscription is on here whether or not Stripe answers. */
export function startStripeWorker(parts: StripeWorkerParts): { stop(): Promise<void> } {
  const { db, diagnostics, pace = { lookEveryMs: LOOK_EVERY_MS, firstPauseMs: FIRST_PAUSE_MS } } = parts;
  const stopped = new AbortController();

  async function work(job: StripeJob, lease: string): Promise<void> {
    const renew = async (): Promise<void> => {
      if (stopped.signal.aborted) throw new Error('stopping');
      if (!(await renewLease(db.direct, job.job_no, lease))) throw new Error('the lease was lost');
    };
    try {
      await settleJob({ ...parts, db: db.direct, renew }, job);
      await finishJob(db.direct, job.job_no, lease);
      parts.onAttempt?.('done');
    } catch (error) {
      if (stopped.signal.aborted) return;
      const reason = explainStripeError(error);
      const afterMs = pauseAfter(job.attempts, pace.firstPauseMs);
      await postponeJob(db.direct, job.job_no, lease, { afterMs, newKey: isFinalAnswer(error), error: reason });
      parts.onAttempt?.('failed');
      diagnostics.warn(
        { job: job.job_no, kind: job.kind, attempts: job.attempts, reason },
        'Stripe was not told yet; it is tried again',
      );
    }
  }

  async function round(): Promise<void> {
    await insertCustomerJobs(db.direct);
    while (!stopped.signal.aborted) {
      const lease = randomUUID();
      const job = await takeJob(db.direct, lease);
      if (job === undefined) return;
      await work(job, lease);
    }
  }

  async function adopt(): Promise<void> {
    for (const no of await listOrganizationNumbers(db.direct)) await db.scoped(no, (tx) => insertMissingJobs(tx, no));
  }

  const running = (async () => {
    let adopted = false;
    let forgotAt = 0;
    while (!stopped.signal.aborted) {
      try {
        if (!adopted) await adopt();
        adopted = true;
        if (Date.now() - forgotAt >= FORGET_EVERY_MS) {
          forgotAt = Date.now();
          await forgetOldEvents(db.direct);
        }
        await round();
      } catch (error) {
        diagnostics.warn({ err: error }, 'what Stripe is to be told could not be read; it is tried again');
      }
      await sleep(pace.lookEveryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();

  return {
    async stop() {
      stopped.abort();
      const patience = new AbortController();
      const given = sleep(STOP_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
      await Promise.race([running, given]);
      patience.abort();
    },
  };
}

/** Doubles from one attempt to the next, spread so that what failed together isn't tried again together. */
function pauseAfter(attempts: number, first: number): number {
  return Math.min(first * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 2);
}
