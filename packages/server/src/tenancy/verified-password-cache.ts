import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** One minute keeps a script's requests cheap and is the longest that another process's `forget` can go unnoticed. */
const LIFETIME_MS = 60_000;

/** Who proved to know which password, from where. */
export interface VerifiedPassword {
  /** To `share` an attempt at an account that doesn't exist: what was given for one. */
  readonly userId: string;
  /** As stored now: a changed password makes every earlier verdict a miss. */
  readonly passwordHash: string;
  readonly password: string;
  /** From `networkOf`. A verdict holds for that network only, so that nobody elsewhere can guess against it. */
  readonly network: string;
}

/**
 * Remembers for a minute that a password was right, so that HTTP Basic doesn't cost one argon2 run per request.
 *
 * It holds HMACs under a key that dies with the process, never a password. It knows no wrong passwords, and a miss for
 * the same user and network drops the verdict: otherwise guesses could be tried against it, past the login throttle.
 */
export interface VerifiedPasswordCache {
  /** Number of verdicts held; expired ones may be among them until the next `remember`. */
  readonly size: number;
  knows(claim: VerifiedPassword): boolean;
  /** Only after `checkPassword` said yes. A full cache drops its oldest verdict. */
  remember(proof: VerifiedPassword): void;
  /**
   * Runs `work` once for all who come with the same claim while it runs, and gives them all its outcome. Otherwise a
   * client that opens twenty connections with the right password would be throttled for its own parallel attempts.
   */
  share<T>(claim: VerifiedPassword, work: () => Promise<T>): Promise<T>;
  /** In this process; elsewhere what was remembered lasts out its minute, unless the password hash changed. */
  forget(userId: string): void;
}

interface Verdict {
  readonly userId: string;
  readonly digest: Buffer;
  readonly at: number;
}

export function createVerifiedPasswordCache(settings: {
  readonly clock: () => Date;
  readonly capacity?: number;
}): VerifiedPasswordCache {
  const { clock, capacity = 10_000 } = settings;
  const key = randomBytes(32);
  const underWay = new Map<string, Promise<unknown>>();
  // In the order of remembering, which is the order of expiry.
  const verdicts = new Map<string, Verdict>();

  // JSON keeps the parts apart, and lone surrogates too, which UTF-8 alone would all make U+FFFD.
  const mac = (parts: readonly string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest();
  const place = (claim: VerifiedPassword): string => mac(['place', claim.userId, claim.network]).toString('base64');
  const digest = (claim: VerifiedPassword): Buffer =>
    mac(['verdict', claim.userId, claim.network, claim.passwordHash, claim.password]);
  // A clock that was set back makes verdicts from "the future"; they count as expired.
  const isLive = (verdict: Verdict, now: number): boolean => now >= verdict.at && now - verdict.at < LIFETIME_MS;

  return {
    get size() {
      return verdicts.size;
    },
    knows(claim) {
      const where = place(claim);
      const verdict = verdicts.get(where);
      if (verdict === undefined) return false;
      if (isLive(verdict, clock().getTime()) && timingSafeEqual(verdict.digest, digest(claim))) return true;
      verdicts.delete(where);
      return false;
    },
    remember(proof) {
      const now = clock().getTime();
      for (const [where, verdict] of verdicts) {
        if (isLive(verdict, now)) break;
        verdicts.delete(where);
      }
      const where = place(proof);
      verdicts.delete(where);
      if (verdicts.size >= capacity) {
        const [oldest] = verdicts.keys();
        if (oldest !== undefined) verdicts.delete(oldest);
      }
      verdicts.set(where, { userId: proof.userId, digest: digest(proof), at: now });
    },
    share<T>(claim: VerifiedPassword, work: () => Promise<T>) {
      const which = digest(claim).toString('base64');
      const held = underWay.get(which);
      if (held !== undefined) return held as Promise<T>;
      const started = work().finally(() => underWay.delete(which));
      underWay.set(which, started);
      return started;
    },
    forget(userId) {
      for (const [where, verdict] of verdicts) if (verdict.userId === userId) verdicts.delete(where);
    },
  };
}
