import { enterScope, type Queryable } from '../storage/database.ts';
import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { findInvitedUser, setInvitationRole, takeInvitation, type InvitedUser } from './invitation-store.ts';
import { deleteOtherMemberships, insertMembership } from './membership-store.ts';
import { hashPassword } from './password.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import type { Principal } from './principal.ts';
import { TenancyError } from './tenancy-error.ts';
import { tokenHash } from './tokens.ts';
import { lockUser, setFirstPasswordHash } from './user-store.ts';

/**
 * Accepts an invitation once. Who has never signed in sets a password; everybody else shows who they are, by a credential
 * that came with the request or by their password, as slowed down as any login, and joins. Whoever invites holds the link
 * too, and anyone can own an organization: so the link alone must never open an account that somebody has.
 *
 * @param signedIn asked for only where no password is given
 * @throws {TenancyError} `invitation_invalid` (unknown, used, expired, or somebody else's), `password_unacceptable`, and for
 *   everybody else what a sign-in throws
 */
export async function acceptInvitation(
  ground: Ground,
  passwords: PasswordSignIn,
  input: { readonly token: string; readonly password?: string; readonly code?: string },
  signedIn: () => Promise<Principal>,
  origin: Origin,
): Promise<void> {
  const hash = tokenHash(input.token);
  const by = input.password === undefined ? await signedIn() : undefined;
  const user = await findInvitedUser(ground.db.direct, hash, ground.clock());
  if (user === undefined) throw invalid();
  const firstHash = await proveToBe(passwords, user, by, input, origin);
  await ground.db.unscoped(async (tx) => {
    const at = ground.clock();
    await lockUser(tx, user.user_id);
    // Hashing takes its time: somebody may have signed in at the identity provider meanwhile, and owns the account now.
    if (firstHash !== undefined && (await findInvitedUser(tx, hash, at))?.unclaimed !== true) throw invalid();
    const invitation = await takeInvitation(tx, hash, at);
    if (invitation === undefined) throw invalid();
    const { organization_no: organizationNo, role } = invitation;
    if (firstHash !== undefined && !(await setFirstPasswordHash(tx, user.user_id, firstHash))) throw invalid();
    const withdrawn = firstHash === undefined ? [] : await withdrawOthers(tx, user.user_id, organizationNo);
    await insertMembership(tx, organizationNo, user.user_id, role, at);
    const deeds = [
      ...withdrawn.map((one) => ({ ...one, here: false })),
      { organization_no: organizationNo, role, here: true },
    ];
    for (const deed of deeds.sort((one, other) => one.organization_no - other.organization_no)) {
      await enterScope(tx, deed.organization_no);
      // Where they accepted, and from where, is no other organization's business.
      const from = deed.here ? origin : { ipAddress: null, userAgent: null };
      await ground.recordDeed(
        tx,
        deed.organization_no,
        { id: user.user_id, username: user.email, ...from },
        {
          action: deed.here ? 'UPDATE' : 'DELETE',
          resourceType: 'member',
          resourceId: user.user_id,
          details: {
            email: user.email,
            role: deed.role,
            ...(deed.here ? { invitation: 'accepted' } : { reason: 'account taken up elsewhere' }),
          },
        },
      );
    }
  });
}

/** @returns the hash of a first password, for who has never signed in */
async function proveToBe(
  passwords: PasswordSignIn,
  user: InvitedUser,
  by: Principal | undefined,
  input: { readonly password?: string; readonly code?: string },
  origin: Origin,
): Promise<string | undefined> {
  const { password, code } = input;
  if (password === undefined) {
    if (by?.kind === 'user' && by.userId === user.user_id) return undefined;
    throw new TenancyError(
      'invitation_invalid',
      'Sign in as the person who was invited: this link is for another account.',
    );
  }
  if (user.unclaimed) return hashPassword(password);
  await passwords.prove({ email: user.email, password, code }, origin);
  return undefined;
}

/**
 * Other organizations added the address before anybody had the account. Whoever has it now came by this organization's
 * link, which proves nothing to the others: there they are a member again when they accept, in the role that they had.
 */
async function withdrawOthers(tx: Queryable, userId: string, organizationNo: number) {
  const withdrawn = await deleteOtherMemberships(tx, userId, organizationNo);
  for (const one of withdrawn) await setInvitationRole(tx, one.organization_no, userId, one.role);
  return withdrawn;
}

function invalid(): TenancyError {
  return new TenancyError(
    'invitation_invalid',
    'Ask for a new invitation: this one was used, has expired or never was.',
  );
}
