import type { Queryable } from '../storage/database.ts';
import {
  ACCOUNT_UNDER_ATTACK,
  ACCOUNT_WINDOW_MS,
  KNOWN_NETWORK_MS,
  LONGEST_WAIT_MS,
  NETWORK_WINDOW_MS,
  PAIR_QUIET_MS,
  rulesFor,
  secondsToWait,
  throttleKeys,
  weightBefore,
  windowStart,
} from './login-throttle.ts';
import type { LoginAttempt, Standing, ThrottleKeys, ThrottleRules } from './login-throttle.ts';

/**
 * Counts failed logins in the database, so that all processes of a server see the same.
 *
 * `db` must commit each statement by itself (`Database.direct`): in a transaction that a refusal rolls back nothing
 * would be counted. Each counter changes in one atomic statement, always pair before network before account, so
 * attempts can't slip past each other and don't deadlock.
 */

export type ThrottleVerdict =
  | { readonly allowed: true; readonly reservation: LoginReservation }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

/** An attempt that has been counted as failed, and what of it to take back if it wasn't. */
export interface LoginReservation {
  readonly keys: ThrottleKeys;
  readonly pairBlockedUntil: Date | null;
  readonly windows: readonly CountedWindow[];
}

interface CountedWindow {
  readonly window: Window;
  readonly start: Date;
  readonly blockedUntil: Date | null;
}

interface Window {
  readonly scope: 'network' | 'account';
  readonly key: Buffer;
  readonly lengthMs: number;
}

const NO_WAITS = [0];

/**
 * Whether the password may be looked at now. A yes has already counted the attempt as failed, before anyone evaluates
 * it: of a hundred sent at once only as many get a yes as one after the other would. It stays failed unless
 * `recordSuccess` or `withdrawAttempt` follows; a crash in between costs the caller one failure. A no counts nothing.
 */
export async function throttleVerdict(db: Queryable, attempt: LoginAttempt, now: Date): Promise<ThrottleVerdict> {
  const keys = throttleKeys(attempt);
  const refused = await refusal(db, keys, now);
  if (typeof refused === 'number') return { allowed: false, retryAfterSeconds: refused };

  const { rules } = refused;
  const pairBlockedUntil = await countForPair(db, keys.pair, rules, now);
  if (pairBlockedUntil === 'blocked') return overtaken(db, keys, now);

  const network: Window = { scope: 'network', key: keys.network, lengthMs: NETWORK_WINDOW_MS };
  const inNetwork = await countInWindow(db, network, rules.networkWaits, rules.networkExempt, now);
  if (inNetwork === 'blocked') {
    await withdrawAttempt(db, { keys, pairBlockedUntil, windows: [] });
    return overtaken(db, keys, now);
  }

  const account: Window = { scope: 'account', key: keys.account, lengthMs: ACCOUNT_WINDOW_MS };
  const inAccount = await countInWindow(db, account, NO_WAITS, true, now);
  const windows = inAccount === 'blocked' ? [inNetwork] : [inNetwork, inAccount];
  return { allowed: true, reservation: { keys, pairBlockedUntil, windows } };
}

/** The password was right: clears the pair and takes back what this attempt, and only it, had counted elsewhere. */
export async function recordSuccess(db: Queryable, reservation: LoginReservation, now: Date): Promise<void> {
  await db.query(
    `INSERT INTO login_pairs AS p (key_hash, failures, last_attempt_at, last_success_at, expires_at)
     VALUES ($1, 0, $2, $2, $3)
     ON CONFLICT (key_hash) DO UPDATE
     SET failures = 0, blocked_until = NULL, last_success_at = excluded.last_success_at,
         expires_at = excluded.expires_at`,
    [reservation.keys.pair, now, new Date(now.getTime() + KNOWN_NETWORK_MS)],
  );
  for (const counted of reservation.windows) await takeBack(db, counted);
}

/** The password wasn't looked at after all (too busy, a broken connection): as if the attempt had not been made. */
export async function withdrawAttempt(db: Queryable, reservation: LoginReservation): Promise<void> {
  await db.query(
    `UPDATE login_pairs
     SET failures = greatest(failures - 1, 0), blocked_until = nullif(blocked_until, $2::timestamptz)
     WHERE key_hash = $1`,
    [reservation.keys.pair, reservation.pairBlockedUntil],
  );
  for (const counted of reservation.windows) await takeBack(db, counted);
}

/** Accounts with so many failures in the last hour that unknown networks get fewer free ones; for a metric. */
export async function countAccountsUnderAttack(db: Queryable, now: Date): Promise<number> {
  const { rows } = await db.query<{ accounts: number }>(
    `SELECT count(*)::integer AS accounts FROM login_failure_windows
     WHERE scope = 'account' AND $4 < CASE window_start
       WHEN $1 THEN failures + failures_before * $3::float8
       WHEN $2 THEN failures * $3::float8
       ELSE 0 END`,
    [
      windowStart(ACCOUNT_WINDOW_MS, now),
      new Date(windowStart(ACCOUNT_WINDOW_MS, now).getTime() - ACCOUNT_WINDOW_MS),
      weightBefore(ACCOUNT_WINDOW_MS, now),
      ACCOUNT_UNDER_ATTACK,
    ],
  );
  return rows[0]?.accounts ?? 0;
}

/**
 * Deletes rows that say nothing any longer, `batch` at a time so that no statement holds many locks, and skips those
 * in use. Safe at any time and from several processes at once.
 *
 * @returns Rows deleted; at most 100 batches a table, so a larger backlog takes another call.
 */
export async function pruneLoginThrottle(db: Queryable, now: Date, batch = 1000): Promise<number> {
  let deleted = 0;
  for (const table of ['login_pairs', 'login_failure_windows']) {
    for (let round = 0; round < 100; round += 1) {
      const { rowCount } = await db.query(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
           SELECT ctid FROM ${table} WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [now, batch],
      );
      deleted += rowCount ?? 0;
      if ((rowCount ?? 0) < batch) break;
    }
  }
  return deleted;
}

/** Seconds to wait, or the rules under which the attempt may be counted. Reads only, so hammering writes nothing. */
async function refusal(db: Queryable, keys: ThrottleKeys, now: Date): Promise<number | { rules: ThrottleRules }> {
  const { rows } = await db.query<{
    pair_blocked_until: number | null;
    last_success_at: number | null;
    network_blocked_until: number | null;
    account_start: number | null;
    account_failures: number | null;
    account_failures_before: number | null;
  }>(
    `SELECT ${milliseconds('p.blocked_until')} AS pair_blocked_until,
            ${milliseconds('p.last_success_at')} AS last_success_at,
            ${milliseconds('n.blocked_until')} AS network_blocked_until,
            ${milliseconds('a.window_start')} AS account_start,
            a.failures AS account_failures, a.failures_before AS account_failures_before
     FROM (VALUES (1)) AS one
     LEFT JOIN login_pairs p ON p.key_hash = $1
     LEFT JOIN login_failure_windows n ON n.scope = 'network' AND n.key_hash = $2
     LEFT JOIN login_failure_windows a ON a.scope = 'account' AND a.key_hash = $3`,
    [keys.pair, keys.network, keys.account],
  );
  const row = rows[0];
  const standing: Standing = {
    pairBlockedUntil: row?.pair_blocked_until ?? null,
    lastSuccessAt: row?.last_success_at ?? null,
    networkBlockedUntil: row?.network_blocked_until ?? null,
    accountWindow:
      row === undefined || row.account_start === null
        ? null
        : {
            start: row.account_start,
            failures: row.account_failures ?? 0,
            failuresBefore: row.account_failures_before ?? 0,
          },
  };
  const rules = rulesFor(standing, now);
  const seconds = secondsToWait(standing, rules, now);
  return seconds > 0 ? seconds : { rules };
}

/** Another attempt was counted between reading and counting; if its wait is over or taken back by now, one second. */
async function overtaken(db: Queryable, keys: ThrottleKeys, now: Date): Promise<ThrottleVerdict> {
  const refused = await refusal(db, keys, now);
  return { allowed: false, retryAfterSeconds: typeof refused === 'number' ? refused : 1 };
}

/** One more consecutive failure, unless a wait is on. Answers the end of the wait that this failure brings. */
async function countForPair(
  db: Queryable,
  key: Buffer,
  rules: ThrottleRules,
  now: Date,
): Promise<Date | null | 'blocked'> {
  const { rows } = await db.query<{ blocked_until: number | null }>(
    `INSERT INTO login_pairs AS p (key_hash, failures, last_attempt_at, expires_at)
     VALUES ($1, 1, $2::timestamptz, $2::timestamptz + $3::interval)
     ON CONFLICT (key_hash) DO UPDATE
     SET (failures, last_attempt_at, blocked_until, expires_at) = (
       SELECT t.failures, excluded.last_attempt_at, ${waitEnd('t.failures', '$2', '$4')},
              greatest(excluded.expires_at, p.last_success_at + $6::interval)
       FROM (SELECT CASE WHEN p.last_attempt_at <= $2::timestamptz - $3::interval THEN 1 ELSE p.failures + 1 END
               AS failures) AS t)
     WHERE NOT ${isBlocked('p', '$2', '$5')}
     RETURNING ${milliseconds('p.blocked_until')} AS blocked_until`,
    [key, now, interval(PAIR_QUIET_MS), rules.pairWaits, interval(LONGEST_WAIT_MS), interval(KNOWN_NETWORK_MS)],
  );
  const row = rows[0];
  return row === undefined ? 'blocked' : date(row.blocked_until);
}

/**
 * One more failure in the sliding window, unless a wait is on that isn't `exempt` from. An exempt failure counts and
 * leaves the wait as it is: the successes of known users, counted first and taken back later, must not prolong it.
 */
async function countInWindow(
  db: Queryable,
  window: Window,
  waits: readonly number[],
  exempt: boolean,
  now: Date,
): Promise<CountedWindow | 'blocked'> {
  // A row up to one window ahead was written by a process whose clock is: count there, or its failures would be lost.
  const { rows } = await db.query<{ start: number; blocked_until: number | null }>(
    `INSERT INTO login_failure_windows AS w (scope, key_hash, window_start, failures, failures_before, expires_at)
     VALUES ($1, $2, $3::timestamptz, 1, 0, $3::timestamptz + 2 * $4::interval)
     ON CONFLICT (scope, key_hash) DO UPDATE
     SET (window_start, failures, failures_before, blocked_until, expires_at) = (
       SELECT t.start, t.failures, t.before,
              CASE WHEN $6 THEN w.blocked_until
                   ELSE ${waitEnd('ceil(t.failures + t.before * $8::float8)::integer', '$7', '$5')} END,
              t.start + 2 * $4::interval
       FROM (SELECT CASE WHEN s.same THEN w.window_start ELSE excluded.window_start END AS start,
                    CASE WHEN s.same THEN w.failures + 1 ELSE 1 END AS failures,
                    CASE WHEN s.same THEN w.failures_before
                         WHEN w.window_start = excluded.window_start - $4::interval THEN w.failures
                         ELSE 0 END AS before
             FROM (SELECT w.window_start BETWEEN excluded.window_start AND excluded.window_start + $4::interval
                     AS same) AS s) AS t)
     WHERE $6 OR NOT ${isBlocked('w', '$7', '$9')}
     RETURNING ${milliseconds('w.window_start')} AS start, ${milliseconds('w.blocked_until')} AS blocked_until`,
    [
      window.scope,
      window.key,
      windowStart(window.lengthMs, now),
      interval(window.lengthMs),
      waits,
      exempt,
      now,
      weightBefore(window.lengthMs, now),
      interval(LONGEST_WAIT_MS),
    ],
  );
  const row = rows[0];
  if (row === undefined) return 'blocked';
  return { window, start: new Date(row.start), blockedUntil: exempt ? null : date(row.blocked_until) };
}

/** Undoes one `countInWindow`, also when a new window has begun since. A wait goes only if this attempt set it. */
async function takeBack(db: Queryable, counted: CountedWindow): Promise<void> {
  const { window, start, blockedUntil } = counted;
  await db.query(
    `UPDATE login_failure_windows
     SET failures = greatest(failures - (window_start = $3)::integer, 0),
         failures_before = greatest(failures_before - (window_start = $3::timestamptz + $4::interval)::integer, 0),
         blocked_until = nullif(blocked_until, $5::timestamptz)
     WHERE scope = $1 AND key_hash = $2`,
    [window.scope, window.key, start, interval(window.lengthMs), blockedUntil],
  );
}

/** SQL: the end of the wait that the n-th failure brings, NULL for none. `waits` is 1-based there. */
function waitEnd(n: string, now: string, waits: string): string {
  const seconds = `(${waits}::integer[])[least(${n}, cardinality(${waits}::integer[]))]`;
  return `CASE WHEN ${seconds} > 0 THEN ${now}::timestamptz + ${seconds} * interval '1 second' END`;
}

/** SQL: whether the row's wait is on. One beyond the longest wait was set before the clock was set back. */
function isBlocked(row: string, now: string, longest: string): string {
  return `coalesce(${row}.blocked_until > ${now}::timestamptz
    AND ${row}.blocked_until <= ${now}::timestamptz + ${longest}::interval, false)`;
}

/** SQL: a timestamptz as ms since 1970, which every pool's type parsers read alike. */
function milliseconds(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}

function interval(ms: number): string {
  return `${ms} milliseconds`;
}

function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
