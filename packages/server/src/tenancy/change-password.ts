import type { Queryable } from '../storage/database.ts';
import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { hashPassword } from './password.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import type { UserPrincipal } from './principal.ts';
import { recordAccountDeed } from './record-account-deed.ts';
import { deleteSession, deleteSessionsOfUser } from './session-store.ts';
import { TenancyError } from './tenancy-error.ts';
import { findUser, lockUser, replacePasswordHash, setFirstPasswordHash } from './user-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

/**
 * Ends every session of the user's. Who has no password signed in at the identity provider, which is all the proof there
 * is, and sets a first one; for them `current` is not looked at.
 *
 * @throws {TenancyError} what a sign-in throws for the current password, and `password_unacceptable`
 */
export async function changePassword(
  ground: Ground,
  passwords: PasswordSignIn,
  verified: VerifiedPasswordCache,
  user: UserPrincipal,
  input: { readonly current: string | undefined; readonly next: string },
  origin: Origin,
): Promise<void> {
  const proven = (await findUser(ground.db.direct, user.userId))?.password_hash ?? null;
  if (proven !== null) {
    if (input.current === undefined) throw new TenancyError('credentials_invalid', 'Send your current password too.');
    await passwords.confirm(user, input.current, origin);
  }
  const hash = await hashPassword(input.next);
  await ground.db.unscoped(async (tx) => {
    // Hashing takes its time, and who was let in by a password that is gone by now changes nothing any longer.
    await lockUser(tx, user.userId);
    const changed =
      proven === null
        ? (await cameFromProvider(tx, user)) && (await setFirstPasswordHash(tx, user.userId, hash))
        : await replacePasswordHash(tx, user.userId, proven, hash);
    if (!changed) throw new TenancyError('credentials_invalid', 'Sign in again: the password was changed meanwhile.');
    await deleteSessionsOfUser(tx, user.userId);
    await recordAccountDeed(ground, tx, user, origin, { action: 'UPDATE', details: { changed: ['password'] } });
  });
  verified.forget(user.userId);
}

/** The sessions that a password opened ended with it. */
async function cameFromProvider(tx: Queryable, user: UserPrincipal): Promise<boolean> {
  return user.by === 'oidc' || (user.sessionHash !== undefined && (await deleteSession(tx, user.sessionHash)));
}
