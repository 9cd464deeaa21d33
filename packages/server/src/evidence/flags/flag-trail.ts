import type { Queryable } from '../../storage/database.ts';
import { readHead } from '../../trail/trail-store.ts';
import { flagEvents } from './flag-events.ts';
import type { ActiveRule } from './flag-settings.ts';
import { lockFlagWatermark, readActorMemory, readSeenEvents, storeFlags } from './flag-store.ts';

const EVENTS_A_STEP = 5000;

/** One step of flagging a trail, in the caller's transaction. Answers whether there may be more. */
export function createFlagStep(
  rules: readonly ActiveRule[],
  clock: () => Date,
): (tx: Queryable, organizationNo: number) => Promise<boolean> {
  return async (tx, organizationNo) => {
    const watermark = await lockFlagWatermark(tx, organizationNo);
    if (watermark === undefined) return false;
    const { nextSequence, firstSequence } = await readHead(tx, organizationNo);
    // What retention took away before it was looked at can't be looked at.
    const from = Math.max(watermark.flaggedThrough, firstSequence);
    const to = Math.min(nextSequence, from + EVENTS_A_STEP);
    if (to <= from) return false;
    const events = await readSeenEvents(tx, organizationNo, from, to);
    const actors = [...new Set(events.map((event) => event.actorId))];
    const memory = { recent: watermark.recent, ...(await readActorMemory(tx, organizationNo, actors)) };
    const flags = flagEvents(events, rules, memory);
    await storeFlags(tx, organizationNo, { events, flags, memory, rules, from, to, at: clock() });
    return to < nextSequence;
  };
}
