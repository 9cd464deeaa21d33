import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { hashPassword } from './password.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import type { UserPrincipal } from './principal.ts';
import { recordAccountDeed } from './record-account-deed.ts';
import { deleteSessionsOfUser } from './session-store.ts';
import { setPasswordHash } from './user-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

/** Ends every session of the user's. @throws {TenancyError} what a sign-in throws for the current password, and `password_unacceptable` */
export async function changePassword(
  ground: Ground,
  passwords: PasswordSignIn,
  verified: VerifiedPasswordCache,
  user: UserPrincipal,
  input: { readonly current: string; readonly next: string },
  origin: Origin,
): Promise<void> {
  await passwords.confirm(user, input.current, origin);
  const hash = await hashPassword(input.next);
  await ground.db.unscoped(async (tx) => {
    await setPasswordHash(tx, user.userId, hash);
    await deleteSessionsOfUser(tx, user.userId);
    await recordAccountDeed(ground, tx, user, origin, { action: 'UPDATE', details: { changed: ['password'] } });
  });
  verified.forget(user.userId);
}
