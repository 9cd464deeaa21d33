import type { Caller, DeedDetail, Ground } from './ground.ts';
import { lockOrganization, updateOrganization, type OrganizationRow } from './organization-store.ts';

export type OrganizationChange = Partial<Pick<OrganizationRow, 'name' | 'billing_email' | 'audit_retention_days'>>;

/** Repeating a change changes nothing and leaves no second event. */
export async function changeOrganization(
  ground: Ground,
  caller: Caller,
  change: OrganizationChange,
): Promise<OrganizationRow> {
  return ground.db.scoped(caller.organization.no, async (tx) => {
    const before = await lockOrganization(tx, caller.organization.no);
    const changed: Record<string, DeedDetail> = {};
    for (const member of ['name', 'billing_email', 'audit_retention_days'] as const) {
      const wanted = change[member];
      if (wanted !== undefined && wanted !== before[member]) changed[member] = { from: before[member], to: wanted };
    }
    if (Object.keys(changed).length === 0) return before;
    const after = await updateOrganization(tx, caller.organization.no, { ...before, ...change });
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'CONFIG_CHANGE',
      resourceType: 'organization',
      resourceId: caller.organization.id,
      details: { changed },
    });
    return after;
  });
}
