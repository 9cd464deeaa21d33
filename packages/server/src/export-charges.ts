import type { Configuration } from './configuration.ts';
import type { Diagnostics } from './diagnostics.ts';
import { openBeside } from './open-beside.ts';
import { billMonth, type Bill } from './tenancy/bill-month.ts';
import { everyOrganizationNo, readOrganization } from './tenancy/organization-store.ts';

export interface OrganizationBill {
  readonly organizationId: string;
  /** Name and address as they are today, whatever the month. */
  readonly name: string;
  readonly billingEmail: string;
  readonly bill: Bill;
}

/**
 * The charges of every organization that has any in the month, oldest organization first.
 *
 * @throws {StorageError} as `openBeside`
 */
export function exportCharges(
  configuration: Configuration,
  diagnostics: Diagnostics,
  month: string,
  now: Date,
): Promise<OrganizationBill[]> {
  return openBeside(configuration, diagnostics, async (db) => {
    const found: OrganizationBill[] = [];
    for await (const no of everyOrganizationNo(db.direct)) {
      const bill = await db.scoped(no, (tx) => billMonth(tx, no, month, now));
      if (bill.charges.length === 0) continue;
      const { organization_id: organizationId, name, billing_email } = await readOrganization(db.direct, no);
      found.push({ organizationId, name, billingEmail: billing_email, bill });
    }
    return found;
  });
}
