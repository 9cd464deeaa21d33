import { setTimeout as sleep } from 'node:timers/promises';

import { StorageError } from '../storage-error.ts';
import { clearOrphan, endPostmaster } from './clear-orphan.ts';
import type { Cluster } from './cluster.ts';
import type { Diagnostics } from './postgres-log.ts';
import { launchPostmaster, untilReady } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';

interface Supervisor {
  pid(): number | undefined;
  /** Idempotent. Resolves when the postmaster has ended. */
  stop(): Promise<void>;
}

/** Backends of a killed postmaster take a moment to notice, and hold its shared memory until then. */
const HELD_LIMIT_MS = 30_000;
const HELD_PAUSE_MS = 50;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** After a life of this length an end counts as a new misfortune, not as one more of a series. */
const STEADY_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

/**
 * Brings up a postmaster and, until `stop()`, another one whenever it ends. Their settings are the same, so logins
 * stay good; open connections break and what was committed is there.
 *
 * @throws {StorageError} if the first one can't be brought up.
 */
export async function supervisePostmaster(
  cluster: Cluster,
  settings: readonly string[],
  diagnostics: Diagnostics,
): Promise<Supervisor> {
  const stopping = new AbortController();
  let current: Postmaster | undefined;

  async function bringUp(): Promise<Postmaster> {
    const until = Date.now() + HELD_LIMIT_MS;
    for (;;) {
      await clearOrphan(cluster.folder, diagnostics);
      stopping.signal.throwIfAborted();
      const postmaster = await launchPostmaster(cluster, settings, diagnostics);
      current = postmaster;
      if (stopping.signal.aborted) postmaster.shutDown();
      if (await untilReady(postmaster, cluster, diagnostics)) return postmaster;

      const { ending, failure } = await postmaster.ended;
      current = undefined;
      if (failure !== undefined) throw failure;
      if (!postmaster.log.foundItHeld() || Date.now() > until) {
        throw new StorageError(
          'database_unavailable',
          `PostgreSQL did not start on ${cluster.folder}: ${postmaster.log.complaint() ?? `it ended with ${ending}`}`,
        );
      }
      await pause(HELD_PAUSE_MS);
    }
  }

  /** Cut short, without an error, by `stop()`. */
  async function pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  async function keepUp(first: Postmaster): Promise<void> {
    let delay = 0;
    for (let running: Postmaster | undefined = first; running !== undefined;) {
      const since = Date.now();
      const { ending } = await running.ended;
      current = undefined;
      if (stopping.signal.aborted) return;
      diagnostics.error(`PostgreSQL ended unexpectedly (${ending}); starting it again`);
      if (Date.now() - since > STEADY_MS) delay = 0;
      for (running = undefined; running === undefined && !stopping.signal.aborted;) {
        await pause(delay);
        delay = Math.min(LONGEST_PAUSE_MS, delay * 2 || FIRST_PAUSE_MS);
        running = await bringUp().catch((error: unknown) => {
          if (!stopping.signal.aborted) diagnostics.error({ err: error }, 'PostgreSQL could not be started again');
          return undefined;
        });
      }
      if (!stopping.signal.aborted) diagnostics.warn('PostgreSQL is running again');
    }
  }

  async function stop(kept: Promise<void>): Promise<void> {
    stopping.abort();
    const last = current;
    last?.shutDown();
    const limit = new AbortController();
    const late = sleep(STOP_LIMIT_MS, true, { signal: limit.signal }).catch(() => false);
    if (await Promise.race([kept.then(() => false), late])) {
      const pid = last?.pid();
      if (pid !== undefined) await endPostmaster(cluster.folder, pid);
    }
    limit.abort();
    await kept;
    // Had somebody killed the watchdog, the postmaster would still be there.
    await clearOrphan(cluster.folder, diagnostics);
  }

  const kept = keepUp(await bringUp());
  let stopped: Promise<void> | undefined;
  return { pid: () => current?.pid(), stop: () => (stopped ??= stop(kept)) };
}
