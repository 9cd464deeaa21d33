import { auditEventPayload } from '@veritrail/formats';

import type { Diagnostics } from '../diagnostics.ts';
import type { AuditMac } from '../keyring/audit-mac.ts';
import { KeyringError } from '../keyring/keyring-error.ts';
import type { Database, Queryable } from '../storage/database.ts';
import { organizationNosAfter, newestOrganizationNos } from '../tenancy/organization-store.ts';
import { KEY_CHANGE_RESOURCE } from './key-change-event.ts';
import { findPlaces, findSequences, readHead, type StoredEvent } from './trail-store.ts';

/** Of the oldest and of the newest organizations each: the former know every key, the latter are the living ones. */
const TRAILS_AT_EACH_END = 4;
const KEY_CHANGES_A_TRAIL = 4;
/** Before each change of keys and at the end; several, so that one altered event doesn't look like a wrong secret. */
const EVENTS_A_PLACE = 3;

/**
 * Looks whether the secrets are those that the stored events were signed under: the newest events of each key, in up to
 * eight trails, so a start takes the same time however much is stored. It is a sample: a whole check is the verifier's.
 *
 * @throws {KeyringError} `audit_secret_wrong` if not one event of a key verifies
 */
export async function checkMacKeys(db: Database, auditMac: AuditMac, diagnostics: Diagnostics): Promise<void> {
  const found = new Map<number, { valid: number; invalid: number }>();
  const trails = new Set([
    ...(await organizationNosAfter(db.direct, 0, TRAILS_AT_EACH_END)),
    ...(await newestOrganizationNos(db.direct, TRAILS_AT_EACH_END)),
  ]);
  for (const organizationNo of trails) {
    for (const event of await db.scoped(organizationNo, (tx) => sample(tx, organizationNo), { snapshot: true })) {
      const counts = found.get(event.signature_key_no) ?? { valid: 0, invalid: 0 };
      found.set(event.signature_key_no, counts);
      const mac = event.signature.slice('sha256='.length);
      if (auditMac.verify(event.signature_key_no, auditEventPayload(event), mac)) {
        counts.valid += 1;
      } else {
        counts.invalid += 1;
        diagnostics.error({ organizationNo, sequence: event.sequence }, 'a stored event does not verify');
      }
    }
  }
  for (const [keyNo, { valid, invalid }] of found) {
    if (valid > 0) continue;
    throw new KeyringError(
      'audit_secret_wrong',
      `None of the ${invalid} events looked at that name the key ${auditMac.keyIdOf(keyNo)} verifies under its secret: ` +
        'either this is not the database that the secret belongs to, or its rows were changed; restore the right one ' +
        'from backup.',
    );
  }
}

async function sample(tx: Queryable, organizationNo: number): Promise<StoredEvent[]> {
  const { nextSequence } = await readHead(tx, organizationNo);
  const changes = await findSequences(tx, organizationNo, KEY_CHANGE_RESOURCE, KEY_CHANGES_A_TRAIL);
  const sequences = [nextSequence, ...changes].flatMap((end) =>
    Array.from({ length: EVENTS_A_PLACE }, (_, back) => end - 1 - back),
  );
  return findPlaces(tx, organizationNo, sequences);
}
