import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { hashPassword } from './password.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import type { UserPrincipal } from './principal.ts';
import { enterScope } from '../storage/database.ts';
import { listMemberships } from './organization-store.ts';
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
  await passwords.check(user.email, input.current, origin);
  const hash = await hashPassword(input.next);
  const actor = { id: user.userId, username: user.email, ipAddress: origin.ipAddress, userAgent: origin.userAgent };
  await ground.db.unscoped(async (tx) => {
    await setPasswordHash(tx, user.userId, hash);
    await deleteSessionsOfUser(tx, user.userId);
    for (const { organization } of await listMemberships(tx, user.userId)) {
      await enterScope(tx, organization.no);
      await ground.recordDeed(tx, organization.no, actor, {
        action: 'UPDATE',
        resourceType: 'user',
        resourceId: user.userId,
        details: { changed: ['password'] },
      });
    }
  });
  verified.forget(user.userId);
}
