import type { Queryable } from '../storage/database.ts';
import type { Ground } from '../tenancy/ground.ts';
import { waitForCounter } from './count-store.ts';
import { SERVER } from './key-change-event.ts';
import { deleteOldestEvents, findRemovable, type RemovableRun } from './removal-store.ts';
import { lowerLastTimes, uncountEvents } from './uncount-store.ts';

export interface RemovalOptions {
  /** Events a transaction. */
  readonly batch?: number;
  /** Transactions a run. */
  readonly batches?: number;
  /** Ends the run between two batches. */
  readonly signal?: AbortSignal;
}

/**
 * A batch takes a second or so, during which holds and policies of this organization wait; appends don't. A run
 * leaves an event a batch, and stays below the 50 in ten minutes that would flag the server for mass deletion.
 */
const EVENTS_A_BATCH = 20_000;
const BATCHES_A_RUN = 40;

/**
 * Removes what an organization's policy no longer keeps, from the oldest end, batch by batch. Each batch commits by
 * itself with its counts and its event, so a crash leaves a shorter trail that is whole, and the next run goes on.
 *
 * Small removals are put together: unless there is a full batch, or the policy changed, there is one run in 24 hours.
 * Otherwise the event about one removed event would be what the next run removes.
 *
 * @returns how many events were removed
 */
export async function removeExpiredEvents(
  ground: Ground,
  organizationNo: number,
  options: RemovalOptions = {},
): Promise<number> {
  const { batch: most = EVENTS_A_BATCH, batches = BATCHES_A_RUN, signal } = options;
  const run = await ground.db.scoped(organizationNo, (tx) => findRemovable(tx, organizationNo, most));
  if (run === undefined || (!run.due && run.to - run.from < most)) return 0;
  let removed = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    if (signal?.aborted === true) break;
    const events = await ground.db.scoped(organizationNo, (tx) => removeBatch(ground, tx, organizationNo, most));
    removed += events;
    if (events < most) break;
  }
  return removed;
}

async function removeBatch(ground: Ground, tx: Queryable, organizationNo: number, most: number): Promise<number> {
  // Two servers take turns here, and what is counted stays as it is until the end.
  const counted = await waitForCounter(tx, organizationNo);
  const run = await findRemovable(tx, organizationNo, most);
  if (run === undefined) return 0;
  await takeOutOfCounts(tx, organizationNo, run, counted);
  const removal = await deleteOldestEvents(tx, organizationNo, run.to);
  await ground.recordDeed(tx, organizationNo, SERVER, {
    action: 'DELETE',
    resourceType: 'audit_events',
    resourceId: `${removal.first_sequence}-${removal.last_sequence}`,
    details: {
      from: removal.first_sequence,
      to: removal.last_sequence,
      count: removal.events,
      oldest: removal.oldest_at,
      newest: removal.newest_at,
      policy_days: removal.policy_days,
      leaf_hashes_sha256: removal.leaf_hashes_sha256,
    },
  });
  return removal.events;
}

async function takeOutOfCounts(
  tx: Queryable,
  organizationNo: number,
  run: RemovableRun,
  countedThrough: number,
): Promise<void> {
  const to = Math.min(run.to, countedThrough);
  if (to <= run.from) return;
  await uncountEvents(tx, organizationNo, run.from, to);
  await lowerLastTimes(tx, organizationNo, { from: run.from, to, countedThrough });
}
