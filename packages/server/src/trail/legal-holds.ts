import type { Caller, Ground } from '../tenancy/ground.ts';
import { lockOrganization } from '../tenancy/organization-store.ts';
import { endHold, findHoldInForce, insertHold, type LegalHold } from './hold-store.ts';
import { TrailError } from './trail-error.ts';

/**
 * Places a legal hold: once this resolves, nothing of the trail is removed until every hold is released. Repeating it
 * changes nothing and leaves no second event.
 *
 * @throws {TrailError} `hold_in_force` if it is in force for another reason; why it was placed is not rewritten
 */
export async function placeHold(
  ground: Ground,
  caller: Caller,
  name: string,
  reason: string,
): Promise<{ hold: LegalHold; placed: boolean }> {
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    // A removal under way has this row: it commits before the hold is there, or begins after and sees it.
    await lockOrganization(tx, no);
    const before = await findHoldInForce(tx, no, name);
    if (before !== undefined && before.reason !== reason) {
      throw new TrailError(
        'hold_in_force',
        'A hold of this name is in force for another reason; place one under another name.',
      );
    }
    if (before !== undefined) return { hold: before, placed: false };
    const hold = await insertHold(tx, no, { name, reason, placedBy: caller.actor.id, placedAt: ground.clock() });
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'CONFIG_CHANGE',
      resourceType: 'legal_hold',
      resourceId: name,
      details: { state: 'placed', reason },
    });
    return { hold, placed: true };
  });
}

/** Answers false if no hold of that name is in force. */
export async function releaseHold(ground: Ground, caller: Caller, name: string): Promise<boolean> {
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    await lockOrganization(tx, no);
    const hold = await endHold(tx, no, name, { id: caller.actor.id, at: ground.clock() });
    if (hold === undefined) return false;
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'CONFIG_CHANGE',
      resourceType: 'legal_hold',
      resourceId: name,
      details: { state: 'released', placed_at: hold.placed_at, placed_by: hold.placed_by },
    });
    return true;
  });
}
