import { setTimeout as sleep } from 'node:timers/promises';

import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import type { TotpSecrets } from '../keyring/totp-secrets.ts';
import { networkOf, throttleKeys } from './login-throttle.ts';
import { recordSuccess, throttleVerdict, withdrawAttempt, type LoginReservation } from './login-throttle-store.ts';
import { createOnceAWait } from './once-a-wait.ts';
import { checkPassword } from './password.ts';
import type { UserPrincipal } from './principal.ts';
import { openSession, type NewSession } from './open-session.ts';
import { recordSignIn, type SignIn } from './record-sign-in.ts';
import { SECOND_FACTOR_WRONG, takeSecondFactor, type Factor } from './second-factor.ts';
import { TenancyError } from './tenancy-error.ts';
import { findUserByEmail, holdPasswordHash, normalizeEmail, type UserRow } from './user-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

export interface PasswordSignIn {
  /**
   * For HTTP Basic. A right password is remembered for a minute, and is a LOGIN event when it had to be checked.
   * Who has a second factor is refused: Basic has no place for its code.
   */
  check(email: string, password: string, origin: Origin): Promise<UserPrincipal>;
  /** The password alone, once more, from somebody who is signed in already. */
  confirm(user: UserPrincipal, password: string, origin: Origin): Promise<void>;
  /** All that a login takes, for what is not one. */
  prove(credentials: Credentials, origin: Origin): Promise<void>;
  /** Makes a session; its event shares the transaction. */
  login(credentials: Credentials, origin: Origin): Promise<NewSession>;
  /** Something else that can be guessed about that account, slowed down together with its passwords. */
  guess(user: UserPrincipal, origin: Origin, isRight: () => Promise<boolean>): Promise<boolean>;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** From an app, or a recovery code. Not looked at for who has no second factor. */
  readonly code?: string | undefined;
}

interface Attempt {
  readonly account: string;
  readonly network: string;
}

/**
 * Refusals leave at multiples of this after the attempt came in. Recording a known user's failure takes some
 * milliseconds longer than turning an unknown one away; on this grid both look the same.
 */
const REFUSAL_GRID_MS = 250;

export function createPasswordSignIn(
  ground: Ground,
  verified: VerifiedPasswordCache,
  totp: TotpSecrets,
  sessionHours: number,
): PasswordSignIn {
  const { db, clock } = ground;
  const isFirst = createOnceAWait();

  async function allowed(attempt: Attempt): Promise<LoginReservation> {
    const verdict = await throttleVerdict(db.direct, attempt, clock());
    if (verdict.allowed) return verdict.reservation;
    throw new TenancyError('throttled', 'Too many failed logins; wait as long as Retry-After says.', {
      retryAfterSeconds: verdict.retryAfterSeconds,
    });
  }

  /** To be told of, if the error is the first refusal in a wait of that name. */
  function isNewWait(error: unknown, who: string): boolean {
    if (!(error instanceof TenancyError) || error.code !== 'throttled') return false;
    return isFirst(who, error.retryAfterSeconds ?? 1, clock());
  }

  /** Runs a check that hasn't said anything yet if it throws: the attempt is taken back. */
  function orWithdrawn<T>(reservation: LoginReservation, check: Promise<T>): Promise<T> {
    return check.catch(async (error: unknown) => {
      // Best effort: what keeps the attempt from being taken back also keeps it from having been looked at.
      await withdrawAttempt(db.direct, reservation).catch(() => undefined);
      throw error;
    });
  }

  function record(signIn: Omit<SignIn, 'action'>): Promise<void> {
    return db.unscoped((tx) => recordSignIn(ground, tx, { ...signIn, action: 'LOGIN' }));
  }

  /**
   * Throttled, counted, and when wrong recorded and refused.
   *
   * @param second what came with the password; `unasked` where the password alone is to be shown once more
   */
  async function proven(
    user: UserRow | undefined,
    attempt: Attempt,
    password: string,
    origin: Origin,
    method: 'password' | 'basic',
    second: { readonly code: string | undefined } | 'unasked',
  ): Promise<{ user: UserRow; secondFactor: Factor | undefined }> {
    const began = performance.now();
    const reservation = await allowed(attempt).catch(async (error: unknown) => {
      // Not looked at and counted nowhere, but its account's trail should show that somebody goes on trying.
      if (isNewWait(error, throttleKeys(attempt).pair.toString('base64'))) {
        if (user !== undefined) await record({ user, origin, method, outcome: 'failure', reason: 'throttled' });
        await untilGrid(began);
      }
      throw error;
    });
    const right = await orWithdrawn(reservation, checkPassword(user?.password_hash, password));
    if (right && user !== undefined) {
      const secondFactor =
        user.two_factor && second !== 'unasked'
          ? await followed(user, reservation, second.code, origin, method)
          : undefined;
      await recordSuccess(db.direct, reservation, clock());
      return { user, secondFactor };
    }
    if (user !== undefined) await record({ user, origin, method, outcome: 'failure' });
    await untilGrid(began);
    throw wrong();
  }

  /**
   * After the right password. Without a code the attempt is as if not made: to count it as a success would wipe out the
   * wrong codes before it, and let who knows the password guess codes for ever.
   */
  async function followed(
    user: UserRow,
    reservation: LoginReservation,
    code: string | undefined,
    origin: Origin,
    method: 'password' | 'basic',
  ): Promise<Factor> {
    if (code === undefined) {
      await withdrawAttempt(db.direct, reservation);
      await record({ user, origin, method, outcome: 'code_required' });
      throw new TenancyError(
        'second_factor_required',
        method === 'basic'
          ? 'Use an API key, or the token of a login: HTTP Basic can not carry the code of your second factor.'
          : 'Send the code of your authenticator app, or a recovery code, as `code` too.',
      );
    }
    const taken = takeSecondFactor(db.direct, totp, { userId: user.user_id, code }, clock());
    const factor = await orWithdrawn(reservation, taken).catch(async (error: unknown) => {
      if (isNewWait(error, user.user_id))
        await record({ user, origin, method, outcome: 'failure', reason: 'throttled' });
      throw error;
    });
    if (factor !== undefined) return factor;
    await record({ user, origin, method, outcome: 'failure', secondFactor: 'wrong' });
    throw new TenancyError('second_factor_wrong', SECOND_FACTOR_WRONG);
  }

  async function attemptOf(email: string, origin: Origin) {
    // What HTTP Basic can carry and no account has; PostgreSQL couldn't even look it up.
    const account = normalizeEmail(email).replaceAll('\0', '\u{fffd}');
    const attempt = { account, network: networkOf(origin.ipAddress) };
    return { attempt, user: await findUserByEmail(db.direct, account) };
  }

  /** By Basic, or from somebody who is signed in: what was right a moment ago needn't be hashed again. */
  async function remembered(
    email: string,
    password: string,
    origin: Origin,
    second: { readonly code: undefined } | 'unasked',
  ): Promise<UserRow> {
    const { attempt, user } = await attemptOf(email, origin);
    const claim = {
      userId: user?.user_id ?? attempt.account,
      passwordHash: user?.password_hash ?? '',
      password,
      network: attempt.network,
    };
    const prove = async (): Promise<void> => {
      const { user: found } = await proven(user, attempt, password, origin, 'basic', second);
      await record({ user: found, origin, method: 'basic', outcome: 'success' });
    };
    // Neither remembered nor shared: Basic would be let in by a password that was shown beside a session.
    if (user?.two_factor === true) await prove();
    else if (user === undefined || !verified.knows(claim)) {
      await verified.share(claim, async () => {
        await prove();
        verified.remember(claim);
      });
    }
    if (user === undefined) throw new Error('unreachable: nobody proves to be an unknown user');
    return user;
  }

  return {
    async check(email, password, origin) {
      const user = await remembered(email, password, origin, { code: undefined });
      const { user_id: userId, name } = user;
      return { kind: 'user', userId, email: user.email, name, by: 'password', sessionHash: undefined };
    },

    async confirm(user, password, origin) {
      await remembered(user.email, password, origin, 'unasked');
    },

    async prove({ email, password, code }, origin) {
      const { attempt, user } = await attemptOf(email, origin);
      const { user: found, secondFactor } = await proven(user, attempt, password, origin, 'password', { code });
      await record({ user: found, origin, method: 'password', outcome: 'success', secondFactor });
    },

    async login({ email, password, code }, origin) {
      const { attempt, user: candidate } = await attemptOf(email, origin);
      const { user, secondFactor } = await proven(candidate, attempt, password, origin, 'password', { code });
      return db.unscoped(async (tx) => {
        // Hashing takes its time; a password that was changed or dropped meanwhile opens nothing any longer.
        if (!(await holdPasswordHash(tx, user.user_id, user.password_hash))) throw wrong();
        return openSession(ground, tx, sessionHours, { user, origin, method: 'password', secondFactor });
      });
    },

    async guess(user, origin, isRight) {
      const { attempt } = await attemptOf(user.email, origin);
      const reservation = await allowed(attempt);
      const right = await orWithdrawn(reservation, isRight());
      if (right) await recordSuccess(db.direct, reservation, clock());
      return right;
    },
  };
}

function untilGrid(began: number): Promise<void> {
  return sleep(REFUSAL_GRID_MS - ((performance.now() - began) % REFUSAL_GRID_MS));
}

function wrong(): TenancyError {
  return new TenancyError('credentials_invalid', 'Check the e-mail address and the password, and try again.');
}
