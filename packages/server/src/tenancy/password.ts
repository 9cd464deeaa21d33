import { randomBytes } from 'node:crypto';

import { hash, verify } from '@node-rs/argon2';

import { MAX_PASSWORD_BYTES, passwordProblem, preparePassword } from './password-rules.ts';
import { TenancyError } from './tenancy-error.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. `algorithm: 2` is argon2id (RFC 9106). */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Half of libuv's four threads, so that hashing never keeps files and name look-ups waiting; 38 MiB at most. */
const MAX_RUNNING = 2;
/** At some 10 ms a run the last in the queue waits about a second; who would wait longer is turned away. */
const MAX_WAITING = 256;

/**
 * A well-formed hash with the parameters of a real one, of nothing: salt and tag are random, so no password is known
 * or likely ever to match it. Checking against it costs what checking against a user's costs.
 */
export const NOBODYS_HASH = [
  '$argon2id$v=19',
  `m=${ARGON2ID.memoryCost},t=${ARGON2ID.timeCost},p=${ARGON2ID.parallelism}`,
  unpaddedBase64(randomBytes(16)),
  unpaddedBase64(randomBytes(ARGON2ID.outputLen)),
].join('$');

let running = 0;
const waiting: (() => void)[] = [];

/**
 * @returns The argon2id hash as a PHC string, with a fresh 16-byte salt.
 * @throws {TenancyError} `password_unacceptable` with `passwordProblem`'s sentence, or `busy`.
 */
export async function hashPassword(password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new TenancyError('password_unacceptable', problem);
  return atMostTwo(() => hash(preparePassword(password), ARGON2ID));
}

/**
 * Whether the password belongs to the hash. Without a hash, or with one that isn't argon2id, it is false after the
 * same work, so that neither the answer nor its time tells whether there is such a user. What `hashPassword` would
 * refuse for being malformed or too long is false too, also after that work.
 *
 * @throws {TenancyError} `busy` if too many checks wait already; nothing was checked then.
 */
export async function checkPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  const wellFormed = password.length <= MAX_PASSWORD_BYTES && !/[\p{Cs}\p{Cc}]/u.test(password);
  const known = passwordHash?.startsWith('$argon2id$') === true;
  const matches = await atMostTwo(() =>
    verify(known ? passwordHash : NOBODYS_HASH, wellFormed ? preparePassword(password) : '').catch((error: unknown) => {
      if (known) return verify(NOBODYS_HASH, '');
      throw error;
    }),
  );
  return matches && known && wellFormed;
}

async function atMostTwo<T>(work: () => Promise<T>): Promise<T> {
  if (running < MAX_RUNNING) {
    running += 1;
  } else {
    if (waiting.length >= MAX_WAITING) {
      throw new TenancyError('busy', 'Too many logins are being checked; try again in a few seconds.', {
        retryAfterSeconds: 3,
      });
    }
    // Whoever ends hands its place over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

function unpaddedBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
