import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import type { UserPrincipal } from './principal.ts';
import { recordSignIn } from './record-sign-in.ts';
import { deleteSession } from './session-store.ts';

/** Logout: the token is dead from the next request on. Without a session (HTTP Basic, OIDC) there is nothing to end. */
export async function endSession(ground: Ground, user: UserPrincipal, origin: Origin): Promise<void> {
  const { sessionHash } = user;
  if (sessionHash === undefined) return;
  await ground.db.unscoped(async (tx) => {
    await deleteSession(tx, sessionHash);
    await recordSignIn(ground, tx, {
      user: { user_id: user.userId, email: user.email },
      origin,
      action: 'LOGOUT',
      method: 'session',
      outcome: 'success',
    });
  });
}
