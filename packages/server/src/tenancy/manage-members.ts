import { randomUUID } from 'node:crypto';

import type { Queryable } from '../storage/database.ts';
import type { Caller, Ground } from './ground.ts';
import { deleteInvitationsOf, insertInvitation } from './invitation-store.ts';
import { deleteMembership, insertMembership, lockMember, setMemberRole, type MemberRow } from './membership-store.ts';
import { hashPassword } from './password.ts';
import { includesRole, type MemberRole, type Role } from './roles.ts';
import { TenancyError } from './tenancy-error.ts';
import { newInvitationToken, tokenHash } from './tokens.ts';
import { findUserByEmail, insertUser, isUnclaimed, lockUser, normalizeEmail, type UserRow } from './user-store.ts';

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
 * Somebody new is a member at once, with the password given or an invitation to set one, which is given out anew as long
 * as nobody has signed in as them. Who has an account already is asked first and becomes a member on accepting: nobody's
 * other organizations are touched by an admin they don't know.
 *
 * @throws {TenancyError} `role_too_high`, `already_member`, `email_taken` (a password for an account that exists),
 *   `last_owner`, `password_unacceptable`, `busy`
 */
export async function addMember(ground: Ground, caller: Admin, input: NewMember): Promise<AddedMember> {
  refuseHigher(caller.role, input.role);
  const email = normalizeEmail(input.email);
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  return ground.db.scoped(caller.organization.no, async (tx) => {
    const fresh = { user_id: randomUUID(), email, name: input.name, password_hash: passwordHash };
    const isNew = await insertUser(tx, fresh, ground.clock());
    const { user, was } = isNew ? { user: fresh, was: undefined } : await existing(tx, caller, input, email);
    if (isNew) await insertMembership(tx, caller.organization.no, user.user_id, input.role, ground.clock());
    const invitation = passwordHash === null ? await invite(ground, tx, caller, user, input.role) : undefined;
    if (was !== undefined) await recordRole(ground, tx, caller, was, input.role);
    await ground.recordDeed(tx, caller.organization.no, caller.actor, {
      action: 'CREATE',
      resourceType: isNew ? 'member' : 'invitation',
      resourceId: user.user_id,
      details: { email, role: input.role, invited: invitation !== undefined },
    });
    return { user_id: user.user_id, email, name: input.name, role: input.role, invitation };
  });
}

/** @returns `was`: the member that nobody has signed in as, and who has the role now that they are invited with */
async function existing(
  tx: Queryable,
  caller: Admin,
  input: NewMember,
  email: string,
): Promise<{ user: Pick<UserRow, 'user_id'>; was: MemberRow | undefined }> {
  const user = await findUserByEmail(tx, email);
  if (user === undefined) throw new Error('a user that blocked an insert is gone');
  // Nobody takes up an earlier link, or signs in at the identity provider first, between this look and the commit.
  await lockUser(tx, user.user_id);
  const { member } = await lockMember(tx, caller.organization.no, user.user_id);
  if (member !== undefined && !(await isUnclaimed(tx, user.user_id))) {
    throw new TenancyError('already_member', 'This person is a member already; change the role instead.');
  }
  if (input.password !== undefined) {
    throw new TenancyError('email_taken', 'This person has an account already; leave the password out to invite them.');
  }
  if (member === undefined) return { user, was: undefined };
  await lockChangeable(tx, caller, user.user_id, input.role);
  await setMemberRole(tx, caller.organization.no, user.user_id, input.role);
  return { user, was: member };
}

async function invite(
  ground: Ground,
  tx: Queryable,
  caller: Admin,
  user: Pick<UserRow, 'user_id'>,
  role: MemberRole,
): Promise<{ token: string; expiresAt: Date }> {
  const token = newInvitationToken();
  const createdAt = ground.clock();
  const expiresAt = new Date(createdAt.getTime() + INVITATION_DAYS * 86_400_000);
  // What is thrown here puts them back: to replace an invitation is to revoke it.
  for (const open of await deleteInvitationsOf(tx, caller.organization.no, user.user_id)) {
    if (new Date(open.expires_at) > createdAt) refuseHigher(caller.role, open.role);
  }
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
    if (member.role !== role) await setMemberRole(tx, caller.organization.no, userId, role);
    await recordRole(ground, tx, caller, member, role);
    return { ...member, role };
  });
}

async function recordRole(
  ground: Ground,
  tx: Queryable,
  caller: Admin,
  was: MemberRow,
  role: MemberRole,
): Promise<void> {
  if (was.role === role) return;
  await ground.recordDeed(tx, caller.organization.no, caller.actor, {
    action: 'PERMISSION_CHANGE',
    resourceType: 'member',
    resourceId: was.user_id,
    details: { email: was.email, from: was.role, to: role },
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
