import type { Queryable } from '../../storage/database.ts';
import { readHead } from '../../trail/trail-store.ts';
import { flagEvents } from './flag-events.ts';
import type { SeenEvent } from './flag-rules.ts';
import type { ActiveRule } from './flag-settings.ts';
import { lockFlagWatermark, readActors, readAddresses, storeFlags } from './flag-store.ts';
import { readSeenEvents } from './read-seen-events.ts';

/** What is stored is stored per actor, not per event, so larger is cheaper; an event takes some hundred bytes meanwhile. */
const EVENTS_A_STEP = 30_000;

/** One step of flagging a trail, in the caller's transaction. Answers whether there may be more. */
export function createFlagStep(
  rules: readonly ActiveRule[],
  clock: () => Date,
): (tx: Queryable, organizationNo: number) => Promise<boolean> {
  return async (tx, organizationNo) => {
    const flaggedThrough = await lockFlagWatermark(tx, organizationNo);
    if (flaggedThrough === undefined) return false;
    const { nextSequence, firstSequence } = await readHead(tx, organizationNo);
    // What retention took away before it was looked at can't be looked at.
    const from = Math.max(flaggedThrough, firstSequence);
    const to = Math.min(nextSequence, from + EVENTS_A_STEP);
    if (to <= from) return false;
    const events = await readSeenEvents(tx, organizationNo, from, to);
    const memory = await readActors(tx, organizationNo, new Set(events.map((event) => event.actorId)));
    const isRested = (event: SeenEvent): boolean => memory.get(event.actorId)?.isRestedAt(event.occurredAt) === true;
    await readAddresses(tx, organizationNo, events.filter(isRested), memory);
    const flags = flagEvents(events, rules, memory);
    await storeFlags(tx, organizationNo, { flags, memory, rules, from, to, at: clock() });
    return to < nextSequence;
  };
}
