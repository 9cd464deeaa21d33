import type { MacKey } from '../keyring/audit-mac.ts';
import { keyIdOfTurn } from '../keyring/keyring-store.ts';
import type { Queryable } from '../storage/database.ts';
import type { Actor } from '../tenancy/principal.ts';
import { prepareUnder, type PreparedEvent } from './prepare-event.ts';
import type { TrailHead } from './trail-store.ts';

/** Whom the trail names for what the server does by itself. */
export const SERVER_ACTOR = 'veritrail';

export const SERVER: Actor = { id: SERVER_ACTOR, username: null, ipAddress: null, userAgent: null };

export const KEY_CHANGE_RESOURCE = 'audit_mac_key';

/**
 * The event by which a trail tells that another key signs from here on. It is the first one under the new key, since
 * whoever appends asks for it under the head's lock; and there is one, since the head then names the new turn.
 *
 * @returns undefined if the trail has no events yet, or its newest one is under the same key
 */
export async function keyChangeEvent(
  tx: Queryable,
  head: TrailHead,
  key: MacKey,
  now: Date,
): Promise<PreparedEvent | undefined> {
  if (head.nextSequence === 0 || head.macTurnNo === null || head.macTurnNo === key.turnNo) return undefined;
  const from = await keyIdOfTurn(tx, head.macTurnNo);
  // The key was retired and is back, and nothing happened in this trail meanwhile.
  if (from === key.keyId) return undefined;
  const draft = {
    id: undefined,
    action: 'CONFIG_CHANGE',
    resource_type: KEY_CHANGE_RESOURCE,
    resource_id: key.keyId,
    actor_id: SERVER_ACTOR,
    actor_username: null,
    occurred: undefined,
    ip_address: null,
    user_agent: null,
    detailsText: JSON.stringify({ from, to: key.keyId }),
  } as const;
  return prepareUnder(key, draft, now);
}
