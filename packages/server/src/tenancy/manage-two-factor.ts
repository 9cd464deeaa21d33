import type { TotpSecrets } from '../keyring/totp-secrets.ts';
import type { Queryable } from '../storage/database.ts';
import type { Origin } from './authenticate.ts';
import type { Ground } from './ground.ts';
import type { PasswordSignIn } from './password-sign-in.ts';
import type { UserPrincipal } from './principal.ts';
import { recordAccountDeed } from './record-account-deed.ts';
import { bare, beforeCode, newRecoveryCodes, recoveryCodeHash, SECOND_FACTOR_WRONG } from './second-factor.ts';
import { deleteOtherSessions } from './session-store.ts';
import { TenancyError } from './tenancy-error.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  deleteSecondFactor,
  findSecondFactor,
  replaceRecoveryCodes,
} from './two-factor-store.ts';
import type { VerifiedPasswordCache } from './verified-password-cache.ts';

export interface TwoFactorParts {
  readonly ground: Ground;
  readonly passwords: PasswordSignIn;
  readonly verified: VerifiedPasswordCache;
  readonly totp: TotpSecrets;
}

/** How long a secret that was shown waits for its first code: nobody needs longer, and it stands on a screen. */
const BEGUN_FOR_MS = 15 * 60_000;

export async function readTwoFactor(
  db: Queryable,
  userId: string,
): Promise<{ enabledAt: string | null; recoveryCodes: number }> {
  const row = await findSecondFactor(db, userId);
  return { enabledAt: row?.confirmed_at ?? null, recoveryCodes: row?.recovery_codes ?? 0 };
}

/** Changes nothing about signing in yet. @throws {TenancyError} as a sign-in does, and `two_factor_on` */
export async function beginTwoFactor(
  parts: TwoFactorParts,
  user: UserPrincipal,
  password: string,
  origin: Origin,
): Promise<{ secret: string; uri: string }> {
  const { ground, passwords, totp } = parts;
  await passwords.confirm(user, password, origin);
  const { sealed, secret, uri } = totp.make(user.userId, user.email);
  if (!(await beginSecondFactor(ground.db.direct, user.userId, sealed, ground.clock()))) throw alreadyOn();
  return { secret, uri };
}

/**
 * From here on the password alone opens nothing: other sessions, which it opened, end.
 *
 * @returns the recovery codes, which nobody can read again
 * @throws {TenancyError} `second_factor_wrong`, `throttled`, `two_factor_on`, `two_factor_off` if nothing was begun
 */
export async function confirmTwoFactor(
  parts: TwoFactorParts,
  user: UserPrincipal,
  code: string,
  origin: Origin,
): Promise<readonly string[]> {
  const { ground, passwords, verified, totp } = parts;
  const { db, clock } = ground;
  const { userId } = user;
  const now = clock();
  const begun = await findSecondFactor(db.direct, userId);
  if (begun !== undefined && begun.confirmed_at !== null) throw alreadyOn();
  if (begun === undefined || now.getTime() - Date.parse(begun.begun_at) > BEGUN_FOR_MS) throw notBegun();
  const { sealed } = begun;
  let step: number | undefined;
  const right = await passwords.guess(user, origin, async () => {
    await beforeCode(db.direct, userId, now);
    step = totp.stepOf(sealed, userId, bare(code), now);
    return step !== undefined;
  });
  if (!right || step === undefined) throw new TenancyError('second_factor_wrong', SECOND_FACTOR_WRONG);
  const factor = { userId, sealed, step };
  const codes = newRecoveryCodes();
  await db.unscoped(async (tx) => {
    if (!(await confirmSecondFactor(tx, factor, now))) throw notBegun();
    await replaceRecoveryCodes(tx, userId, codes.map(recoveryCodeHash));
    await deleteOtherSessions(tx, userId, user.sessionHash);
    await recordAccountDeed(ground, tx, user, origin, { action: 'CONFIG_CHANGE', details: { two_factor: 'on' } });
  });
  verified.forget(userId);
  return codes;
}

/** The old ones are good for nothing any longer. @throws {TenancyError} as a sign-in does, and `two_factor_off` */
export async function renewRecoveryCodes(
  parts: TwoFactorParts,
  user: UserPrincipal,
  shown: { readonly password: string; readonly code: string },
  origin: Origin,
): Promise<readonly string[]> {
  await proveBoth(parts, user, shown, origin);
  const { ground } = parts;
  const codes = newRecoveryCodes();
  await ground.db.unscoped(async (tx) => {
    await replaceRecoveryCodes(tx, user.userId, codes.map(recoveryCodeHash));
    const details = { two_factor: 'recovery_codes_renewed' };
    await recordAccountDeed(ground, tx, user, origin, { action: 'CONFIG_CHANGE', details });
  });
  return codes;
}

/** @throws {TenancyError} as a sign-in does, and `two_factor_off` */
export async function endTwoFactor(
  parts: TwoFactorParts,
  user: UserPrincipal,
  shown: { readonly password: string; readonly code: string },
  origin: Origin,
): Promise<void> {
  await proveBoth(parts, user, shown, origin);
  const { ground } = parts;
  await ground.db.unscoped(async (tx) => {
    await deleteSecondFactor(tx, user.userId);
    await recordAccountDeed(ground, tx, user, origin, { action: 'CONFIG_CHANGE', details: { two_factor: 'off' } });
  });
}

async function proveBoth(
  parts: TwoFactorParts,
  user: UserPrincipal,
  shown: { readonly password: string; readonly code: string },
  origin: Origin,
): Promise<void> {
  const row = await findSecondFactor(parts.ground.db.direct, user.userId);
  if (row === undefined || row.confirmed_at === null) {
    throw new TenancyError('two_factor_off', 'Turn two-factor sign-in on first.');
  }
  await parts.passwords.prove({ ...shown, email: user.email }, origin);
}

function alreadyOn(): TenancyError {
  return new TenancyError('two_factor_on', 'Turn two-factor sign-in off first, with a code of the app that it has.');
}

function notBegun(): TenancyError {
  return new TenancyError('two_factor_off', 'Begin again: there is no secret that waits for its first code.');
}
