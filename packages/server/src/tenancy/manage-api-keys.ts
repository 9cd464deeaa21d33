import { findApiKeyRole, insertApiKey, revokeApiKey } from './api-key-store.ts';
import type { Caller, Ground } from './ground.ts';
import { includesRole, type Role } from './roles.ts';
import { TenancyError } from './tenancy-error.ts';
import { newApiKey, tokenHash } from './tokens.ts';
import type { Queryable } from '../storage/database.ts';

export interface IssuedApiKey {
  readonly key: string;
  /** Given out this once; only its hash is stored. */
  readonly secret: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
}

/** @throws {TenancyError} `role_too_high` if the key would be able to do more than its maker. */
export async function issueApiKey(
  ground: Ground,
  caller: Caller & { readonly role: Role },
  input: { readonly name: string; readonly role: Role },
): Promise<IssuedApiKey> {
  if (!includesRole(caller.role, input.role)) {
    throw new TenancyError('role_too_high', `Ask for a role no higher than your own, which is ${caller.role}.`);
  }
  return ground.db.scoped(caller.organization.no, (tx) => issueApiKeyWithin(ground, tx, caller, input));
}

export async function issueApiKeyWithin(
  ground: Ground,
  tx: Queryable,
  caller: Caller,
  input: { readonly name: string; readonly role: Role },
): Promise<IssuedApiKey> {
  const { key, secret } = newApiKey();
  const createdAt = ground.clock();
  await insertApiKey(tx, caller.organization.no, {
    apiKey: key,
    name: input.name,
    role: input.role,
    secretHash: tokenHash(secret),
    createdAt,
    createdBy: caller.actor.id,
  });
  await ground.recordDeed(tx, caller.organization.no, caller.actor, {
    action: 'CREATE',
    resourceType: 'api_key',
    resourceId: key,
    details: { name: input.name, role: input.role },
  });
  return { key, secret, name: input.name, role: input.role, createdAt };
}

/** Refused from the next request on. @throws {TenancyError} `not_found`, `role_too_high` */
export async function withdrawApiKey(
  ground: Ground,
  caller: Caller & { readonly role: Role },
  apiKey: string,
): Promise<void> {
  await ground.db.scoped(caller.organization.no, async (tx) => {
    const role = await findApiKeyRole(tx, caller.organization.no, apiKey);
    if (role === undefined) throw new TenancyError('not_found', 'Name an API key that the list of keys shows.');
    if (!includesRole(caller.role, role)) {
      throw new TenancyError('role_too_high', `Let somebody with the role ${role} revoke this key.`);
    }
    const revoked = await revokeApiKey(tx, caller.organization.no, apiKey, ground.clock());
    if (revoked === undefined) throw new TenancyError('not_found', 'Name an API key that the list of keys shows.');
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'DELETE',
      resourceType: 'api_key',
      resourceId: apiKey,
      details: { name: revoked.name, role: revoked.role },
    });
  });
}
