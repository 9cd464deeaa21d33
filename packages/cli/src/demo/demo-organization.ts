import { randomUUID } from 'node:crypto';

import {
  changeOrganization,
  enterScope,
  insertMembership,
  insertOrganization,
  issueApiKeyWithin,
  lockOrganization,
  refOf,
  updateOrganization,
  type Actor,
  type Ground,
  type House,
  type OrganizationRef,
} from '@veritrail/server';

import { DEMO_ROLES, writeDemoFile, type DemoFile, type DemoRole } from './demo-file.ts';

/** Says to whoever sees it that nothing in there happened. */
export const DEMO_NAME = 'Demo organization (invented data)';
/** Until everything is in it. An organization that keeps this name is what a crash left. */
export const FILLING_NAME = 'Demo organization (being filled)';

const BILLING_EMAIL = 'billing@nordlicht.example';
const RETENTION_DAYS = 730;

export interface Owner {
  readonly user_id: string;
  readonly email: string;
}

/**
 * Creates the organization at the simulated time, without a member: as long as it is being filled nobody finds it, and
 * no sign-in of a real day gets between events of invented ones.
 */
export async function beginOrganization(
  house: Pick<House, 'furnish'>,
  simulated: Ground,
  owner: Owner,
): Promise<OrganizationRef> {
  const actor = actorFor(owner);
  const organization = await simulated.db.unscoped(async (tx) => {
    const at = simulated.clock();
    const row = await insertOrganization(tx, {
      organization_id: randomUUID(),
      name: FILLING_NAME,
      billing_email: BILLING_EMAIL,
      created_at: at,
    });
    const ref = refOf(row);
    await enterScope(tx, ref.no);
    await house.furnish(tx, ref, at);
    await simulated.recordDeed(tx, ref.no, actor, {
      action: 'CREATE',
      resourceType: 'organization',
      resourceId: ref.id,
      details: { name: row.name, billing_email: row.billing_email },
    });
    return ref;
  });
  await changeOrganization(simulated, { actor, organization }, { audit_retention_days: RETENTION_DAYS });
  return organization;
}

/**
 * Gives the filled organization its name, its owner and its keys, all at once and at the real time. The file is written
 * before the commit: a crash in between leaves a file that the next demo overwrites, never keys that nobody knows.
 */
export async function finishOrganization(
  house: Pick<House, 'ground' | 'configuration'>,
  organization: OrganizationRef,
  owner: Owner,
): Promise<DemoFile> {
  const { ground } = house;
  const caller = { actor: actorFor(owner), organization };
  return ground.db.scoped(organization.no, async (tx) => {
    const before = await lockOrganization(tx, organization.no);
    await updateOrganization(tx, organization.no, { ...before, name: DEMO_NAME });
    await insertMembership(tx, organization.no, owner.user_id, 'owner', ground.clock());
    await ground.recordDeed(tx, organization.no, caller.actor, {
      action: 'CONFIG_CHANGE',
      resourceType: 'organization',
      resourceId: organization.id,
      details: { changed: { name: { from: before.name, to: DEMO_NAME } } },
    });
    await ground.recordDeed(tx, organization.no, caller.actor, {
      action: 'CREATE',
      resourceType: 'member',
      resourceId: owner.user_id,
      details: { email: owner.email, role: 'owner', invited: false },
    });
    const keys = {} as Record<DemoRole, { key: string; secret: string }>;
    for (const role of DEMO_ROLES) {
      const { key, secret } = await issueApiKeyWithin(ground, tx, caller, { name: `Demo ${role}`, role });
      keys[role] = { key, secret };
    }
    const facts: DemoFile = { organization_id: organization.id, name: DEMO_NAME, keys };
    await writeDemoFile(house.configuration.dataDirectory, facts);
    return facts;
  });
}

/** It is not the owner who sat there, but on their server and for them. */
function actorFor(owner: Owner): Actor {
  return { id: owner.user_id, username: owner.email, ipAddress: null, userAgent: 'veritrail serve --demo' };
}
