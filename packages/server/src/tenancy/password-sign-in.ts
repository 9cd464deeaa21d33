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

  async function checked<T>(
    email: string,
    password: string,
    origin: Origin,
    method: 'password' | 'basic',
    onSuccess: (user: UserRow) => Promise<T>,
  ): Promise<T> {
    const began = performance.now();
    const user = await findUserByEmail(db.direct, normalizeEmail(email));
    const attempt = { account: normalizeEmail(email), network: networkOf(origin.ipAddress) };
    if (method === 'basic' && user !== undefined && verified.knows(claim(user, password, attempt.network))) {
      return onSuccess(user);
    }
    const verdict = await throttleVerdict(db.direct, attempt, clock());
    if (!verdict.allowed) {
      throw new TenancyError('throttled', 'Too many failed logins; wait as long as Retry-After says.', {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
    }
    let right: boolean;
    try {
      right = await checkPassword(user?.password_hash, password);
    } catch (error) {
      await withdrawAttempt(db.direct, verdict.reservation);
      throw error;
    }
    if (right && user !== undefined) {
      await recordSuccess(db.direct, verdict.reservation, clock());
      if (method === 'basic') {
        await db.unscoped((tx) => recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method, outcome: 'success' }));
        verified.remember(claim(user, password, attempt.network));
      }
      return onSuccess(user);
    }
    if (user !== undefined) {
      await db.unscoped((tx) => recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method, outcome: 'failure' }));
    }
    await sleep(REFUSAL_GRID_MS - ((performance.now() - began) % REFUSAL_GRID_MS));
    throw new TenancyError('credentials_invalid', 'Check the e-mail address and the password, and try again.');
  }

  return {
    check: (email, password, origin) =>
      checked(email, password, origin, 'basic', async (user) => ({
        kind: 'user',
        userId: user.user_id,
        email: user.email,
        name: user.name,
        by: 'password',
        sessionHash: undefined,
      })),
    login: (email, password, origin) =>
      checked(email, password, origin, 'password', async (user) => {
        const token = newSessionToken();
        const createdAt = clock();
        const expiresAt = new Date(createdAt.getTime() + sessionHours * 3_600_000);
        await db.unscoped(async (tx) => {
          await insertSession(tx, { tokenHash: tokenHash(token), userId: user.user_id, createdAt, expiresAt });
          await recordSignIn(ground, tx, { user, origin, action: 'LOGIN', method: 'password', outcome: 'success' });
        });
        return { user, token, expiresAt };
      }),
  };
}

function claim(user: UserRow, password: string, network: string) {
  return { userId: user.user_id, passwordHash: user.password_hash ?? '', password, network };
}
