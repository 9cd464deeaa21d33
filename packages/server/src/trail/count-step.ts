import type { Queryable } from '../storage/database.ts';
import { countEvents, lockCounter } from './count-store.ts';
import { readHead } from './trail-store.ts';

/** Counting costs per distinct combination, not per event, so larger is cheaper; this much is a second or so of work. */
const EVENTS_A_STEP = 60_000;

/** One step of counting a trail, in the caller's transaction. Answers whether there may be more. */
export async function countStep(tx: Queryable, organizationNo: number): Promise<boolean> {
  const from = await lockCounter(tx, organizationNo);
  if (from === undefined) return false;
  const { nextSequence } = await readHead(tx, organizationNo);
  const to = Math.min(nextSequence, from + EVENTS_A_STEP);
  if (to > from) await countEvents(tx, organizationNo, from, to);
  return to < nextSequence;
}
