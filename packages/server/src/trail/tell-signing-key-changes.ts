import { v5 as uuidv5 } from 'uuid';

import type { AuditMac } from '../keyring/audit-mac.ts';
import { listUntoldKeyChanges, markKeyChangeTold, type SigningKeyChange } from '../keyring/signing-key-store.ts';
import type { Database } from '../storage/database.ts';
import { everyOrganizationNo } from '../tenancy/organization-store.ts';
import { appendEvents } from './append-events.ts';
import { SERVER_ACTOR } from './key-change-event.ts';
import { prepareEvent, type PreparedEvent } from './prepare-event.ts';

/** Any constant UUID: under it, a change has one id for its event in all trails. */
const NAMESPACE = '4f0c6b1e-93a7-4d52-8e1b-7a2d5c90f3e6';

/**
 * Tells every trail which key signs packets from now on, since an auditor of any of them may ask. The change itself was
 * made by the operator, beside the server; here it is told afterwards, once: a crash in between leaves the rest to the
 * next time, and two servers at it find each other's events by their ids. Without a change it is one query.
 *
 * @throws what went wrong in the first trail that failed; the others follow the next time
 */
export async function tellSigningKeyChanges(
  parts: {
    readonly db: Database;
    readonly auditMac: AuditMac;
    readonly clock: () => Date;
    readonly onGrown?: (organizationNo: number) => void;
  },
  stopped?: AbortSignal,
): Promise<readonly SigningKeyChange[]> {
  const { db, auditMac, clock } = parts;
  const told: SigningKeyChange[] = [];
  for (const change of await listUntoldKeyChanges(db.direct)) {
    for await (const organizationNo of everyOrganizationNo(db.direct)) {
      if (stopped?.aborted === true) return told;
      const now = clock();
      const event = changeEvent(change, auditMac, now);
      const { outcomes } = await db.scoped(organizationNo, (tx) =>
        appendEvents(tx, organizationNo, [[event]], auditMac, now),
      );
      const [outcome] = outcomes;
      if (outcome instanceof Error) throw outcome;
      parts.onGrown?.(organizationNo);
    }
    await markKeyChangeTold(db.direct, change.change_no, clock());
    told.push(change);
  }
  return told;
}

function changeEvent(change: SigningKeyChange, auditMac: AuditMac, now: Date): PreparedEvent {
  const { from_key: from, to_key: to, changed_at: changedAt } = change;
  const draft = {
    id: uuidv5(`signing key change ${from} ${to} ${changedAt}`, NAMESPACE),
    action: 'CONFIG_CHANGE',
    resource_type: 'packet_signing_key',
    resource_id: to ?? from ?? '',
    actor_id: SERVER_ACTOR,
    actor_username: null,
    occurred: undefined,
    ip_address: null,
    user_agent: null,
    detailsText: JSON.stringify({ from, to, changed_at: changedAt }),
  } as const;
  return prepareEvent(draft, auditMac, now);
}
