import { CLOCK_SKEW_SECONDS } from '@veritrail/formats';
import { v7 as uuidv7 } from 'uuid';

import type { Caller, Deed, Ground } from '../tenancy/ground.ts';
import { insertBackup, type Backup } from './backup-store.ts';
import { PostureError } from './posture-error.ts';
import { lockService } from './service-store.ts';

export interface NewBackup {
  /** RFC 3339 in UTC. */
  readonly completed_at: string;
  readonly type: string;
  readonly status: 'completed' | 'failed';
}

/** @throws {PostureError} `service_not_found`, `backup_in_future` */
export async function recordBackup(
  ground: Ground,
  caller: Caller,
  serviceId: string,
  backup: NewBackup,
): Promise<Backup> {
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    const at = ground.clock();
    if (Date.parse(backup.completed_at) > at.getTime() + CLOCK_SKEW_SECONDS * 1000) {
      throw new PostureError('backup_in_future', 'Give a completed_at that is not in the future.');
    }
    if ((await lockService(tx, no, serviceId)) === undefined) {
      throw new PostureError('service_not_found', 'Name a service that the list of services shows.');
    }
    const row = await insertBackup(tx, no, { ...backup, backup_id: uuidv7(), service_id: serviceId }, at);
    await ground.recordDeed(tx, no, caller.actor, backupDeed(row));
    return row;
  });
}

export function backupDeed(row: Backup): Deed {
  return {
    action: 'CREATE',
    resourceType: 'backup',
    resourceId: row.backup_id,
    details: { service_id: row.service_id, completed_at: row.completed_at, type: row.type, status: row.status },
  };
}
