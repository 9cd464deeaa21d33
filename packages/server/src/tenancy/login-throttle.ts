import { createHash } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/**
 * How repeated failures slow logins down. Nobody is ever locked out: the longest wait is 30 s, and it falls on where
 * the failures come from, not on the account. Reasons: docs/decisions/0005-who-is-calling.md.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Seconds to wait after each failure past the free ones; the last goes on. */
const WAITS = [1, 2, 4, 8, 16, 30] as const;
export const LONGEST_WAIT_MS = 30 * SECOND;

/** Consecutive failures of one account from one network. */
const PAIR_FREE = 5;
const PAIR_FREE_UNDER_ATTACK = 2;
export const PAIR_QUIET_MS = 15 * MINUTE;
/** How long a network counts as one from which the account has succeeded. */
export const KNOWN_NETWORK_MS = 30 * DAY;

/** Failures of one network over all accounts. */
export const NETWORK_WINDOW_MS = 10 * MINUTE;
const NETWORK_FREE = 50;

/** Failures of one account over all networks. Only counted: to make it wait would let anyone keep its owner out. */
export const ACCOUNT_WINDOW_MS = 60 * MINUTE;
export const ACCOUNT_UNDER_ATTACK = 100;

export interface LoginAttempt {
  /** The e-mail as it was typed, whether or not there is such an account. */
  readonly account: string;
  /** From `networkOf`. */
  readonly network: string;
}

/** SHA-256 values; what is stored holds no e-mail and no address, though who has one in mind can look for it. */
export interface ThrottleKeys {
  readonly pair: Buffer;
  readonly network: Buffer;
  readonly account: Buffer;
}

/** What is recorded of an attempt's pair, network and account. Times in ms since 1970; null: none. */
export interface Standing {
  readonly pairBlockedUntil: number | null;
  readonly lastSuccessAt: number | null;
  readonly networkBlockedUntil: number | null;
  readonly accountWindow: FailureWindow | null;
}

export interface FailureWindow {
  readonly start: number;
  readonly failures: number;
  /** In the window just before this one. */
  readonly failuresBefore: number;
}

export interface ThrottleRules {
  /** Seconds to wait after the pair's 1st, 2nd, 3rd … consecutive failure; the last entry goes on. */
  readonly pairWaits: readonly number[];
  /** Likewise for the network's failures in its window. */
  readonly networkWaits: readonly number[];
  /** The network's wait isn't this account's: it has succeeded from there. Its failures still count. */
  readonly networkExempt: boolean;
}

/** Which rules hold for an attempt. An account never seen and one that doesn't exist stand alike. */
export function rulesFor(standing: Standing, now: Date): ThrottleRules {
  const { lastSuccessAt, accountWindow } = standing;
  const knownNetwork = lastSuccessAt !== null && now.getTime() - lastSuccessAt < KNOWN_NETWORK_MS;
  const underAttack =
    accountWindow !== null && slidingCount(accountWindow, ACCOUNT_WINDOW_MS, now) > ACCOUNT_UNDER_ATTACK;
  return {
    pairWaits: waitsAfter(underAttack && !knownNetwork ? PAIR_FREE_UNDER_ATTACK : PAIR_FREE),
    networkWaits: waitsAfter(NETWORK_FREE),
    networkExempt: knownNetwork,
  };
}

/** Whole seconds until an attempt may be made, 0 if now. */
export function secondsToWait(standing: Standing, rules: ThrottleRules, now: Date): number {
  const waits = [
    remaining(standing.pairBlockedUntil, now),
    rules.networkExempt ? 0 : remaining(standing.networkBlockedUntil, now),
  ];
  return Math.ceil(Math.max(...waits) / SECOND);
}

/** More than the longest wait ahead can only be a clock that was set back since: nothing to wait for. */
function remaining(blockedUntil: number | null, now: Date): number {
  const left = blockedUntil === null ? 0 : blockedUntil - now.getTime();
  return left > LONGEST_WAIT_MS ? 0 : Math.max(0, left);
}

function waitsAfter(free: number): readonly number[] {
  return [...Array<number>(free).fill(0), ...WAITS];
}

/** The window of that length that `now` lies in; all processes agree on it. */
export function windowStart(lengthMs: number, now: Date): Date {
  return new Date(now.getTime() - (now.getTime() % lengthMs));
}

/** How much of the window before lies within one length of `now`: 1 at the start of a window, then falling to 0. */
export function weightBefore(lengthMs: number, now: Date): number {
  return 1 - (now.getTime() % lengthMs) / lengthMs;
}

/** Failures in the last `lengthMs`, taking those of the window before as spread evenly over it. */
function slidingCount(window: FailureWindow, lengthMs: number, now: Date): number {
  const current = windowStart(lengthMs, now).getTime();
  const weight = weightBefore(lengthMs, now);
  if (window.start === current) return window.failures + window.failuresBefore * weight;
  if (window.start === current - lengthMs) return window.failures * weight;
  return window.start > current ? window.failures : 0;
}

/**
 * What an address is counted under: an IPv4 address itself, also when written as IPv4-mapped IPv6, or the /64 of an
 * IPv6 address, since one subscriber has a whole /64 at hand. What isn't an address is all counted together.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/s, '');
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return 'not an address';
  const groups = groupsOf(bare);
  const [, , , , , mapped, high = 0, low = 0] = groups;
  if (mapped === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight 16-bit groups of a valid IPv6 address without zone (RFC 4291, section 2.2). */
function groupsOf(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = hex.split('::');
  const parse = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const before = parse(head);
  const after = parse(tail ?? '');
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Case and compatibility variants of an e-mail are one account here, so that they aren't one more guess each. */
export function throttleKeys(attempt: LoginAttempt): ThrottleKeys {
  const account = sha256('login account', attempt.account.trim().normalize('NFKC').toLowerCase());
  const network = sha256('login network', attempt.network);
  return { account, network, pair: sha256('login pair', account, network) };
}

/** The parts are a fixed label without NUL, then either one text or values of fixed length: no two inputs collide. */
function sha256(label: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash('sha256').update(`${label}\0`);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
