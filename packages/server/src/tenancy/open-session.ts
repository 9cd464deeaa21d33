import type { Queryable } from '../storage/database.ts';
import type { Ground } from './ground.ts';
import { recordSignIn, type SignIn } from './record-sign-in.ts';
import { insertSession } from './session-store.ts';
import { newSessionToken, tokenHash } from './tokens.ts';
import type { UserRow } from './user-store.ts';

export interface NewSession {
  readonly user: UserRow;
  readonly token: string;
  readonly expiresAt: Date;
}

/** A session and the event of its sign-in, in one transaction. */
export async function openSession(
  ground: Ground,
  tx: Queryable,
  hours: number,
  signIn: Omit<SignIn, 'action' | 'outcome'> & { readonly user: UserRow },
): Promise<NewSession> {
  const token = newSessionToken();
  const createdAt = ground.clock();
  const expiresAt = new Date(createdAt.getTime() + hours * 3_600_000);
  const { user } = signIn;
  await insertSession(tx, { tokenHash: tokenHash(token), userId: user.user_id, createdAt, expiresAt });
  await recordSignIn(ground, tx, { ...signIn, action: 'LOGIN', outcome: 'success' });
  return { user, token, expiresAt };
}
