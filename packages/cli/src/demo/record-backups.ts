import {
  appendEvents,
  backupDeed,
  draftOf,
  insertBackup,
  prepareEvent,
  type House,
  type OrganizationRef,
} from '@veritrail/server';

import { actorOf, BACKUP_AGENT } from './cast.ts';
import type { PlannedBackup } from './plan-records.ts';
import { namedId } from './random.ts';

/**
 * Records backups as the server does, but several in one transaction, their events appended together: a flush for each
 * of thousands would take longer than all the rest of the demo.
 *
 * @param now the simulated time, not before that of any of the backups
 */
export async function recordBackups(
  house: Pick<House, 'db' | 'keyring'>,
  organization: OrganizationRef,
  backups: readonly PlannedBackup[],
  now: Date,
): Promise<void> {
  const { auditMac } = house.keyring;
  const actor = actorOf(BACKUP_AGENT);
  await house.db.scoped(organization.no, async (tx) => {
    const events = [];
    for (const { serviceId, backup, at } of backups) {
      const recordedAt = new Date(at);
      const id = namedId(`backup ${serviceId} ${backup.completed_at} ${backup.type}`);
      const row = await insertBackup(
        tx,
        organization.no,
        { ...backup, backup_id: id, service_id: serviceId },
        recordedAt,
      );
      events.push(prepareEvent(draftOf(actor, backupDeed(row)), auditMac, recordedAt));
    }
    const {
      outcomes: [outcome],
    } = await appendEvents(tx, organization.no, [events], auditMac, now);
    if (outcome instanceof Error) throw outcome;
  });
}
