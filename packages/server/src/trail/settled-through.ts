import type { Queryable } from '../storage/database.ts';
import { recordedAt } from './trail-store.ts';

/** An entry this young may still be on its way to what follows the trail: its counts, flags and check. */
const SETTLED_MS = 60_000;

/** The first place whose entry is young, by `recorded_at`, which never goes back along the sequence. */
export async function settledThrough(
  tx: Queryable,
  organizationNo: number,
  trail: { readonly firstSequence: number; readonly nextSequence: number },
  now: Date,
): Promise<number> {
  let low = trail.firstSequence;
  let high = trail.nextSequence;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const at = await recordedAt(tx, organizationNo, middle);
    const isYoung = at !== undefined && now.getTime() - Date.parse(at) < SETTLED_MS;
    if (isYoung) high = middle;
    else low = middle + 1;
  }
  return low;
}
