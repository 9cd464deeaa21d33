import { randomInt } from 'node:crypto';

import type { TotpSecrets } from '../keyring/totp-secrets.ts';
import type { Queryable } from '../storage/database.ts';
import { TenancyError } from './tenancy-error.ts';
import { tokenHash } from './tokens.ts';
import { countCode, findSecondFactor, takeRecoveryCode, takeTimeStep } from './two-factor-store.ts';

export type Factor = 'totp' | 'recovery_code';

/**
 * Wrong codes of one account, from anywhere, until no code of an app is looked at. Who comes this far knows the password,
 * and three of a million codes are right at any moment: without an end, many networks together would find one in days.
 * Recovery codes, which can't be guessed, stay good, so this keeps nobody out.
 */
const WRONG_CODES = { most: 20, withinMs: 3_600_000 } as const;

const RECOVERY_CODES = 10;

export const SECOND_FACTOR_WRONG = 'Wait for the next code of your app and send that; each is good for one sign-in.';
/** Without letters and digits that are mistaken for one another: 16 of these 31 are 79 bits. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const CODE_LETTERS = 16;

/** Ten of them, in groups of four to be read from paper. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    Array.from({ length: CODE_LETTERS }, (_, at) => `${at > 0 && at % 4 === 0 ? '-' : ''}${letter()}`).join(''),
  );
}

export function recoveryCodeHash(code: string): Buffer {
  return tokenHash(`recovery code ${bare(code)}`);
}

/**
 * Takes the code, so that it is good for nothing else. Undefined if it is wrong or was taken before.
 *
 * @throws {TenancyError} `throttled` after too many wrong ones
 */
export async function takeSecondFactor(
  db: Queryable,
  totp: TotpSecrets,
  attempt: { readonly userId: string; readonly code: string },
  now: Date,
): Promise<Factor | undefined> {
  const { userId } = attempt;
  const code = bare(attempt.code);
  if (!/^\d{6}$/.test(code)) {
    return (await takeRecoveryCode(db, userId, recoveryCodeHash(code))) ? 'recovery_code' : undefined;
  }
  await beforeCode(db, userId, now);
  const row = await findSecondFactor(db, userId);
  const step = row === undefined ? undefined : totp.stepOf(row.sealed, userId, code, now);
  return step !== undefined && (await takeTimeStep(db, userId, step)) ? 'totp' : undefined;
}

/** Counts a code as wrong until it turns out right. @throws {TenancyError} `throttled` */
export async function beforeCode(db: Queryable, userId: string, now: Date): Promise<void> {
  const until = await countCode(db, userId, WRONG_CODES, now);
  if (until === undefined) return;
  throw new TenancyError(
    'throttled',
    'Too many wrong codes for this account; use a recovery code, or wait as long as Retry-After says.',
    { retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)) },
  );
}

export function bare(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, '');
}

function letter(): string {
  return ALPHABET.charAt(randomInt(ALPHABET.length));
}
