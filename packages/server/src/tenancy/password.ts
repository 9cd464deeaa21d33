import { randomBytes } from 'node:crypto';

import { hash, verify } from '@node-rs/argon2';

import { TenancyError } from './tenancy-error.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. `algorithm: 2` is argon2id (RFC 9106). */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

const MIN_CHARACTERS = 12;
const MAX_BYTES = 1024;

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
 * What is wrong with a password that someone wants to have, as one sentence; undefined if nothing is.
 *
 * Length is counted in code points and is all that is asked for (NIST SP 800-63B). Control characters are refused
 * because HTTP Basic can't carry them (RFC 7617), lone surrogates because UTF-8 can't.
 */
export function passwordProblem(password: string): string | undefined {
  if (/\p{Cs}/u.test(password)) return 'Use a password that is valid Unicode text.';
  if (/\p{Cc}/u.test(password)) return 'Use a password without control characters such as tabs and line breaks.';
  if (password.length > MAX_BYTES) return `Use a password of at most ${MAX_BYTES} bytes.`;
  const prepared = prepare(password);
  if (Buffer.byteLength(prepared) > MAX_BYTES) return `Use a password of at most ${MAX_BYTES} bytes.`;
  if ([...prepared].length < MIN_CHARACTERS) return `Use a password of at least ${MIN_CHARACTERS} characters.`;
  return undefined;
}

/**
 * @returns The argon2id hash as a PHC string, with a fresh 16-byte salt.
 * @throws {TenancyError} `password_unacceptable` with `passwordProblem`'s sentence, or `busy`.
 */
export async function hashPassword(password: string): Promise<string> {
  const problem = passwordProblem(password);
  if (problem !== undefined) throw new TenancyError('password_unacceptable', problem);
  return atMostTwo(() => hash(prepare(password), ARGON2ID));
}

/**
 * Whether the password belongs to the hash. Without a hash, or with one that isn't argon2id, it is false after the
 * same work, so that neither the answer nor its time tells whether there is such a user. What `hashPassword` would
 * refuse for being malformed or too long is false too, also after that work.
 *
 * @throws {TenancyError} `busy` if too many checks wait already; nothing was checked then.
 */
export async function checkPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  const wellFormed = password.length <= MAX_BYTES && !/[\p{Cs}\p{Cc}]/u.test(password);
  const known = passwordHash?.startsWith('$argon2id$') === true;
  const matches = await atMostTwo(() =>
    verify(known ? passwordHash : NOBODYS_HASH, wellFormed ? prepare(password) : '').catch((error: unknown) => {
      if (known) return verify(NOBODYS_HASH, '');
      throw error;
    }),
  );
  return matches && known && wellFormed;
}

/**
 * RFC 8265 OpaqueString, section 4.2.2: every kind of space is U+0020, then NFC, so that the same keys pressed on
 * another system give the same bytes. Not NFKC: it would make distinct characters one ("²" and "2").
 */
function prepare(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
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
