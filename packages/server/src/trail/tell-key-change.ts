import type { AuditMac } from '../keyring/audit-mac.ts';
import { isTurnTold, markTurnTold } from '../keyring/keyring-store.ts';
import type { Database } from '../storage/database.ts';
import { StorageError } from '../storage/storage-error.ts';
import { everyOrganizationNo } from '../tenancy/organization-store.ts';
import { appendEvents } from './append-events.ts';

/**
 * Sees to it that every trail tells the change to the current key, also one in which nothing else happens; those that
 * grow tell it by themselves. One short transaction a trail: a crash in between leaves the rest to the next start, and
 * nothing is told twice. Without a change it is one query.
 *
 * A trail whose first transaction is still open under the old key while this passes tells it with its next event.
 *
 * @returns false if it was stopped before the end
 * @throws what went wrong in the first trail that failed, after all others had their turn; at once if the database is away
 */
export async function tellKeyChange(
  parts: {
    readonly db: Database;
    readonly auditMac: AuditMac;
    readonly clock: () => Date;
    readonly onGrown?: (organizationNo: number) => void;
  },
  stopped?: AbortSignal,
): Promise<boolean> {
  const { db, auditMac, clock } = parts;
  const { turnNo } = auditMac.current;
  if (await isTurnTold(db.direct, turnNo)) return true;
  const failures: unknown[] = [];
  for await (const organizationNo of everyOrganizationNo(db.direct)) {
    if (stopped?.aborted === true) return false;
    try {
      await db.scoped(organizationNo, (tx) => appendEvents(tx, organizationNo, [], auditMac, clock()));
      parts.onGrown?.(organizationNo);
    } catch (error) {
      if (error instanceof StorageError) throw error;
      if (failures.length === 0) failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  await markTurnTold(db.direct, turnNo, clock());
  return true;
}
