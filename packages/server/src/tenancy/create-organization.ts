import { randomUUID } from 'node:crypto';

import { enterScope, type Queryable } from '../storage/database.ts';
import type { Ground } from './ground.ts';
import { insertMembership } from './membership-store.ts';
import { insertOrganization, refOf, type OrganizationRow } from './organization-store.ts';
import type { Actor, OrganizationRef } from './principal.ts';

export interface NewOrganization {
  readonly name: string;
  readonly billing_email: string;
}

/** What an organization needs of other rooms when it comes into being; run in its transaction, before its event. */
export type FurnishOrganization = (tx: Queryable, organization: OrganizationRef, at: Date) => Promise<void>;

/** In the caller's transaction, which afterwards has the new organization in scope. */
export async function createOrganization(
  ground: Ground,
  tx: Queryable,
  furnish: FurnishOrganization,
  actor: Actor,
  owner: string,
  input: NewOrganization,
): Promise<OrganizationRow> {
  const at = ground.clock();
  const row = await insertOrganization(tx, {
    organization_id: randomUUID(),
    name: input.name,
    billing_email: input.billing_email,
    created_at: at,
  });
  await insertMembership(tx, row.organization_no, owner, 'owner', at);
  await enterScope(tx, row.organization_no);
  await furnish(tx, refOf(row), at);
  await ground.recordDeed(tx, row.organization_no, actor, {
    action: 'CREATE',
    resourceType: 'organization',
    resourceId: row.organization_id,
    details: { name: row.name, billing_email: row.billing_email },
  });
  return row;
}
