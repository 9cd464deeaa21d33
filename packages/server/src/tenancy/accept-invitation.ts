import { enterScope } from '../storage/database.ts';
import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { findInvitedUser, takeInvitation } from './invitation-store.ts';
import { insertMembership } from './membership-store.ts';
import { hashPassword } from './password.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import { TenancyError } from './tenancy-error.ts';
import { tokenHash } from './tokens.ts';
import { lockUser, setFirstPasswordHash } from './user-store.ts';

/**
 * Accepts an invitation once. Who has never signed in and belongs to no other organization sets a password; everybody
 * else signs in with theirs, as slowed down as any login, and joins. Whoever invites holds the link too, and anyone can
 * own an organization: so the link alone must never open an account that somebody else has let in.
 *
 * @throws {TenancyError} `invitation_invalid` (unknown, used or expired), `password_unacceptable`, and for everybody
 *   else what a sign-in throws
 */
export async function acceptInvitation(
  ground: Ground,
  passwords: PasswordSignIn,
  input: { readonly token: string; readonly password: string; readonly code?: string },
  origin: Origin,
): Promise<void> {
  const hash = tokenHash(input.token);
  const user = await findInvitedUser(ground.db.direct, hash, ground.clock());
  if (user === undefined) throw invalid();
  const newHash = user.unclaimed ? await hashPassword(input.password) : undefined;
  if (newHash === undefined) await passwords.prove({ ...input, email: user.email }, origin);
  await ground.db.unscoped(async (tx) => {
    const at = ground.clock();
    await lockUser(tx, user.user_id);
    // Hashing takes its time: somebody may have signed in at the identity provider meanwhile, and owns the account now.
    if (newHash !== undefined && (await findInvitedUser(tx, hash, at))?.unclaimed !== true) throw invalid();
    const invitation = await takeInvitation(tx, hash, at);
    if (invitation === undefined) throw invalid();
    if (newHash !== undefined && !(await setFirstPasswordHash(tx, user.user_id, newHash))) throw invalid();
    await insertMembership(tx, invitation.organization_no, user.user_id, invitation.role, at);
    await enterScope(tx, invitation.organization_no);
    const actor = { id: user.user_id, username: user.email, ipAddress: origin.ipAddress, userAgent: origin.userAgent };
    await ground.recordDeed(tx, invitation.organization_no, actor, {
      action: 'UPDATE',
      resourceType: 'member',
      resourceId: user.user_id,
      details: { email: user.email, role: invitation.role, invitation: 'accepted' },
    });
  });
}

function invalid(): TenancyError {
  return new TenancyError(
    'invitation_invalid',
    'Ask for a new invitation: this one was used, has expired or never was.',
  );
}
