import { setTimeout as sleep } from 'node:timers/promises';

import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import { networkOf } from './login-throttle.ts';
import { recordSuccess, throttleVerdict, withdrawAttempt } from './login-throttle-store.ts';
import { checkPassword } from './password.ts';
import type { UserPrincipal } from './principal.ts';
import { recordSignIn } from './record-sign-in.ts';
import { insertSession } from './session-store.ts';
import { TenancyError } from './tenancy-error.ts';
import { newSessionToken, tokenHash } from './tokens.ts';
import { findUserByEmail, normalizeEmail, type UserRow } from './user-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

export interface PasswordSignIn {
  /** For HTTP Basic. A right password is remembered for a minute, and is a LOGIN event when it had to be checked. */
  check(email: string, password: string, origin: Origin): Promise<UserPrincipal>;
  /** Makes a session; its event shares the transaction. */
  login(email: string, password: string, origin: Origin): Promise<{ user: UserRow; token: string; expiresAt: Date }>;
}

/**
 * Refusals leave at multiples of this after the attempt came in. Recording a known user's failure takes some
 * milliseconds longer than turning an unknown one away; on this grid both look the same.
 */
const REFUSAL_GRID_MS = 250;

export function createPasswordSignIn(
  ground: Ground,
  verified: VerifiedPasswordCache,
  sessionHours: number,
): PasswordSignIn {
  const { db, clock } = ground;

  /** Throttled, counted, and when wrong recorded and refused. */
  async function proven(
    user: UserRow | undefined,
    attempt: { readonly account: string; readonly network: string },
    password: string,
    origin: Origin,
    method: 'password' | 'basic',
  ): Promise<UserRow> {
    const began = performance.now();
    const verdict = await throttleVerdict(db.direct, attempt, clock());
    if (!verdict.allowed) {
      throw new TenancyError('throttled', 'Too many failed logins; wait as long as Retry-After says.', {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
    }
    const right = await checkPassword(user?.password_hash, password).catch(async (error: unknown) => {
      // Best effort: what keeps the attempt from being taken back also keeps it from having been looked at.
      await withdrawAttempt(db.direct, verdict.reservation).catch(() => undefined);
      throw error;
    });
    if (right && user !== undefined) {
      await recordSuccess(db.direct, verdict.reservation, clock());
      return user;
    }
    if (user !== undefined) {
      await db.unscoped((tx) =>
        recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method, outcome: 'failure' }),
      );
    }
    await sleep(REFUSAL_GRID_MS - ((performance.now() - began) % REFUSAL_GRID_MS));
    throw new TenancyError('credentials_invalid', 'Check the e-mail address and the password, and try again.');
  }

  async function attemptOf(email: string, origin: Origin) {
    // What HTTP Basic can carry and no account has; PostgreSQL couldn't even look it up.
    const account = normalizeEmail(email).replaceAll('\0', '\u{fffd}');
    const attempt = { account, network: networkOf(origin.ipAddress) };
    return { attempt, user: await findUserByEmail(db.direct, account) };
  }

  return {
    async check(email, password, origin) {
      const { attempt, user } = await attemptOf(email, origin);
      const claim = {
        userId: user?.user_id ?? attempt.account,
        passwordHash: user?.password_hash ?? '',
        password,
        network: attempt.network,
      };
      if (user === undefined || !verified.knows(claim)) {
        await verified.share(claim, async () => {
          const found = await proven(user, attempt, password, origin, 'basic');
          const signIn = { user: found, origin, action: 'LOGIN', method: 'basic', outcome: 'success' } as const;
          await db.unscoped((tx) => recordSignIn(ground, tx, signIn));
          verified.remember(claim);
        });
      }
      if (user === undefined) throw new Error('unreachable: nobody proves to be an unknown user');
      const { user_id: userId, name } = user;
      return { kind: 'user', userId, email: user.email, name, by: 'password', sessionHash: undefined };
    },

    async login(email, password, origin) {
      const { attempt, user: candidate } = await attemptOf(email, origin);
      const user = await proven(candidate, attempt, password, origin, 'password');
      const token = newSessionToken();
      const createdAt = clock();
      const expiresAt = new Date(createdAt.getTime() + sessionHours * 3_600_000);
      await db.unscoped(async (tx) => {
        await insertSession(tx, { tokenHash: tokenHash(token), userId: user.user_id, createdAt, expiresAt });
        await recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method: 'password', outcome: 'success' });
      });
      return { user, token, expiresAt };
    },
  };
}
