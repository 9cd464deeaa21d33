import { randomUUID } from 'node:crypto';

import type { Queryable } from '../storage/database.ts';
import type { Caller, Ground } from './ground.ts';
import { deleteInvitationsOf, insertInvitation } from './invitation-store.ts';
import { deleteMembership, insertMembership, lockMember, setMemberRole, type MemberRow } from './membership-store.ts';
import { hashPassword } from './password.ts';
import { includesRole, type MemberRole, type Role } from './roles.ts';
import { TenancyError } from './tenancy-error.ts';
import { newInvitationToken, tokenHash } from './tokens.ts';
import { findUserByEmail, insertUser, normalizeEmail, type UserRow } from './user-store.ts';

export const INVITATION_DAYS = 7;

export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly password?: string;
}

export interface AddedMember extends MemberRow {
  /** Set unless a password was given. Given out this once; only its hash is stored. */
  readonly invitation: { readonly token: string; readonly expiresAt: Date } | undefined;
}

type Admin = Caller & { readonly role: Role };

/**
 * Somebody new is a member at once, with the password given or an invitation to set one. Who has an account already is
 * asked first and becomes a member on accepting: nobody's other organizations are touched by an admin they don't know.
 *
 * @throws {TenancyError} `role_too_high`, `already_member`, `email_taken` (a password for an account that exists),
 *   `password_unacceptable`, `busy`
 */
export async function addMember(ground: Ground, caller: Admin, input: NewMember): Promise<AddedMember> {
  refuseHigher(caller.role, input.role);
  const email = normalizeEmail(input.email);
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  return ground.db.scoped(caller.organization.no, async (tx) => {
    const fresh = { user_id: randomUUID(), email, name: input.name, password_hash: passwordHash };
    const isNew = await insertUser(tx, fresh, ground.clock());
    const user = isNew ? fresh : await existing(tx, caller, email, passwordHash !== null);
    if (isNew) await insertMembership(tx, caller.organization.no, user.user_id, input.role, ground.clock());
    const invitation = passwordHash === null ? await invite(ground, tx, caller, user, input.role) : undefined;
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'CREATE',
      resourceType: isNew ? 'member' : 'invitation',
      resourceId: user.user_id,
      details: { email, role: input.role, invited: invitation !== undefined },
    });
    return { user_id: user.user_id, email, name: input.name, role: input.role, invitation };
  });
}

async function existing(tx: Queryable, caller: Caller, email: string, withPassword: boolean): Promise<UserRow> {
  const user = await findUserByEmail(tx, email);
  if (user === undefined) throw new Error('a user that blocked an insert is gone');
  const { member } = await lockMember(tx, caller.organization.no, user.user_id);
  if (member !== undefined)
    throw new TenancyError('already_member', 'This person is a member already; change the role instead.');
  if (withPassword) {
    throw new TenancyError('email_taken', 'This person has an account already; leave the password out to invite them.');
  }
  return user;
}

async function invite(
  ground: Ground,
  tx: Queryable,
  caller: Caller,
  user: Pick<UserRow, 'user_id'>,
  role: MemberRole,
): Promise<{ token: string; expiresAt: Date }> {
  const token = newInvitationToken();
  const createdAt = ground.clock();
  const expiresAt = new Date(createdAt.getTime() + INVITATION_DAYS * 86_400_000);
  await deleteInvitationsOf(tx, caller.organization.no, user.user_id);
  await insertInvitation(tx, {
    token_hash: tokenHash(token),
    user_id: user.user_id,
    organization_no: caller.organization.no,
    role,
    created_at: createdAt,
    expires_at: expiresAt,
  });
  return { token, expiresAt };
}

/** @throws {TenancyError} `not_found`, `role_too_high`, `last_owner` */
export async function changeMemberRole(
  ground: Ground,
  caller: Admin,
  userId: string,
  role: MemberRole,
): Promise<MemberRow> {
  refuseHigher(caller.role, role);
  return ground.db.scoped(caller.organization.no, async (tx) => {
    const member = await lockChangeable(tx, caller, userId, role);
    if (member.role === role) return member;
    await setMemberRole(tx, caller.organization.no, userId, role);
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'PERMISSION_CHANGE',
      resourceType: 'member',
      resourceId: userId,
      details: { email: member.email, from: member.role, to: role },
    });
    return { ...member, role };
  });
}

/** Takes the membership away, and open invitations with it; the account stays. @throws {TenancyError} as above */
export async function removeMember(ground: Ground, caller: Admin, userId: string): Promise<void> {
  await ground.db.scoped(caller.organization.no, async (tx) => {
    const member = await lockChangeable(tx, caller, userId, undefined);
    await deleteInvitationsOf(tx, caller.organization.no, userId);
    await deleteMembership(tx, caller.organization.no, userId);
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'DELETE',
      resourceType: 'member',
      resourceId: userId,
      details: { email: member.email, role: member.role },
    });
  });
}

async function lockChangeable(
  tx: Queryable,
  caller: Admin,
  userId: string,
  newRole: MemberRole | undefined,
): Promise<MemberRow> {
  const { member, owners } = await lockMember(tx, caller.organization.no, userId);
  if (member === undefined) throw new TenancyError('not_found', 'Name a member that the list of members shows.');
  refuseHigher(caller.role, member.role);
  if (member.role === 'owner' && newRole !== 'owner' && owners === 1) {
    throw new TenancyError('last_owner', 'Make somebody else an owner first: an organization keeps at least one.');
  }
  return member;
}

function refuseHigher(held: Role, wanted: Role): void {
  if (!includesRole(held, wanted)) {
    throw new TenancyError('role_too_high', `Only somebody with the role ${wanted} or above can do this.`);
  }
}
