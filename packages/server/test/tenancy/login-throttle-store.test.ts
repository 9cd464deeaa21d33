import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openDatabase } from '../../src/storage/database.ts';
import type { Database } from '../../src/storage/database.ts';
import { startEmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { prepareDatabase } from '../../src/storage/prepare-database.ts';
import {
  countAccountsUnderAttack,
  pruneLoginThrottle,
  recordSuccess,
  throttleVerdict,
  withdrawAttempt,
} from '../../src/tenancy/login-throttle-store.ts';
import type { LoginReservation } from '../../src/tenancy/login-throttle-store.ts';
import { makeScratchFolder } from '../storage/scratch.ts';

const scratch = makeScratchFolder();
let postgres: EmbeddedPostgres;
let owner: pg.Client;
/** Two pools under the server's role, as two processes of a server have. */
let here: Database;
let there: Database;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDirectory: scratch.path, diagnostics: pino({ level: 'silent' }) });
  const login = await prepareDatabase(postgres.owner);
  owner = new pg.Client({ ...postgres.owner, options: '-c search_path=veritrail' });
  await owner.connect();
  here = openDatabase(login, 8);
  there = openDatabase(login, 8);
});

afterAll(async () => {
  await here?.close();
  await there?.close();
  await owner?.end();
  await postgres?.stop();
  scratch.remove();
});

/** The start of an hour, so that windows begin with it. */
const START = Date.parse('2026-03-01T10:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
let now = new Date(START);

beforeEach(async () => {
  now = new Date(START);
  await owner.query('TRUNCATE login_pairs, login_failure_windows');
});

function pass(ms: number): void {
  now = new Date(now.getTime() + ms);
}

async function attempt(account = 'ann@example.com', network = '192.0.2.1', db = here) {
  const verdict = await throttleVerdict(db.direct, { account, network }, now);
  return verdict.allowed ? ('allowed' as const) : verdict.retryAfterSeconds;
}

async function reserve(account = 'ann@example.com', network = '192.0.2.1'): Promise<LoginReservation> {
  const verdict = await throttleVerdict(here.direct, { account, network }, now);
  if (!verdict.allowed) throw new Error(`refused for ${verdict.retryAfterSeconds} s`);
  return verdict.reservation;
}

async function succeed(account?: string, network?: string): Promise<void> {
  await recordSuccess(here.direct, await reserve(account, network), now);
}

/** Failures that are allowed before the first wait. */
async function freeFailures(account?: string, network?: string): Promise<number> {
  for (let failures = 0; failures < 1000; failures += 1) {
    if ((await attempt(account, network)) !== 'allowed') return failures - 1;
  }
  return Infinity;
}

async function failFromElsewhere(times: number, account = 'ann@example.com'): Promise<void> {
  for (let n = 0; n < times; n += 1) expect(await attempt(account, `elsewhere ${n}`)).toBe('allowed');
}

describe('an account from one network', () => {
  it('fails five times freely, then waits 1, 2, 4, 8, 16, 30 and again 30 s', async () => {
    for (let n = 0; n < 5; n += 1) expect(await attempt()).toBe('allowed');
    for (const wait of [1, 2, 4, 8, 16, 30, 30]) {
      expect(await attempt()).toBe('allowed');
      expect(await attempt()).toBe(wait);
      pass(wait * SECOND - 1);
      expect(await attempt()).toBe(1);
      pass(1);
    }
  });

  it('is not made to wait longer by attempts that are refused', async () => {
    for (let n = 0; n < 6; n += 1) await attempt();
    for (let n = 0; n < 20; n += 1) {
      expect(await attempt()).toBe(1);
      pass(49);
    }
    pass(20);
    expect(await attempt()).toBe('allowed');
    expect(await attempt()).toBe(2);
  });

  it('starts afresh after a success', async () => {
    for (let n = 0; n < 4; n += 1) await attempt();
    await succeed();
    expect(await freeFailures()).toBe(5);
  });

  it('starts afresh after a quarter of an hour of quiet, and not before', async () => {
    await freeFailures();
    pass(15 * MINUTE - 1);
    expect(await attempt()).toBe('allowed');
    expect(await attempt()).toBe(2);
    pass(15 * MINUTE);
    expect(await freeFailures()).toBe(5);
  });

  it('is not kept out by what others do from elsewhere', async () => {
    for (let n = 0; n < 300; n += 1) await attempt('ann@example.com', `elsewhere ${n % 30}`);
    expect(await attempt()).toBe('allowed');
    await succeed();
  });

  it('gets through no faster with a hundred attempts at once, spread over two processes', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => attempt(undefined, undefined, n % 2 === 0 ? here : there)),
    );
    expect(outcomes.filter((outcome) => outcome === 'allowed')).toHaveLength(6);
    expect(outcomes.filter((outcome) => outcome === 1)).toHaveLength(94);
    expect(await attempt()).toBe(1);
    pass(SECOND);
    expect(await attempt()).toBe('allowed');
    expect(await attempt()).toBe(2);
  });

  it('is left as it was by attempts that nobody evaluated', async () => {
    for (let n = 0; n < 60; n += 1) await withdrawAttempt(here.direct, await reserve());
    expect(await freeFailures()).toBe(5);
    pass(SECOND);
    await withdrawAttempt(here.direct, await reserve());
    expect(await attempt()).toBe('allowed');
    expect(await attempt()).toBe(2);
  });

  it('waits no longer than the longest wait when the clock was set back', async () => {
    for (let n = 0; n < 6; n += 1) await attempt();
    pass(-MINUTE);
    expect(await attempt()).toBe('allowed');
    expect(await attempt()).toBe(2);
  });
});

describe('a network', () => {
  const fail = (n: number) => attempt(`user${n}@example.com`);

  it('fails fifty times freely over all accounts, then waits, ever longer', async () => {
    for (let n = 0; n < 50; n += 1) expect(await fail(n)).toBe('allowed');
    for (const [n, wait] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      expect(await fail(100 + n)).toBe('allowed');
      expect(await fail(200 + n)).toBe(wait);
      pass(wait * SECOND);
    }
    expect(await attempt('user0@example.com', '192.0.2.2')).toBe('allowed');
  });

  it('gets through no faster with a hundred accounts at once, and the refused have nothing counted', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => attempt(`user${n}@example.com`, '192.0.2.1', n % 2 === 0 ? here : there)),
    );
    expect(outcomes.filter((outcome) => outcome === 'allowed')).toHaveLength(51);
    const { rows } = await owner.query<{ pairs: number; failures: number; accounts: number }>(
      `SELECT (SELECT sum(failures)::integer FROM login_pairs) AS pairs,
              (SELECT failures FROM login_failure_windows WHERE scope = 'network') AS failures,
              (SELECT sum(failures)::integer FROM login_failure_windows WHERE scope = 'account') AS accounts`,
    );
    expect(rows).toEqual([{ pairs: 51, failures: 51, accounts: 51 }]);
  });

  it('has its failures forgotten as ten minutes pass over them', async () => {
    for (let n = 0; n < 50; n += 1) await fail(n);
    // Half of the window that they lie in is out of sight.
    pass(15 * MINUTE);
    for (let n = 0; n < 25; n += 1) expect(await fail(n), `failure ${n}`).toBe('allowed');
    expect(await fail(25)).toBe('allowed');
    expect(await fail(26)).toBe(1);
    pass(20 * MINUTE);
    for (let n = 0; n < 50; n += 1) expect(await fail(n), `failure ${n}`).toBe('allowed');
  });

  it('does not make an account wait that succeeded from there in the last thirty days', async () => {
    await succeed('ann@example.com');
    await succeed('bob@example.com');
    pass(20 * 24 * 60 * MINUTE);
    await succeed('bob@example.com');
    pass(10 * 24 * 60 * MINUTE);
    for (let n = 0; n < 51; n += 1) expect(await fail(n)).toBe('allowed');
    expect(await attempt('ann@example.com')).toBe(1);
    expect(await freeFailures('bob@example.com')).toBe(5);
  });

  it('waits no longer for the logins of those it spares, and still counts their failures', async () => {
    await succeed('bob@example.com');
    for (let n = 0; n < 51; n += 1) await fail(n);
    for (let n = 0; n < 10; n += 1) await succeed('bob@example.com');
    expect(await fail(52)).toBe(1);
    expect(await attempt('bob@example.com')).toBe('allowed');
    pass(SECOND);
    expect(await fail(52)).toBe('allowed');
    // 51 and bob's and this: the third beyond the free ones.
    expect(await fail(53)).toBe(4);
  });

  it('is not slowed by any number of successes', async () => {
    for (let n = 0; n < 60; n += 1) await succeed(`user${n}@example.com`);
    for (let n = 60; n < 110; n += 1) expect(await fail(n)).toBe('allowed');
    const last = await reserve('owner@example.com');
    expect(await fail(110)).toBe(1);
    await recordSuccess(here.direct, last, now);
    expect(await fail(110)).toBe('allowed');
  });

  it('has a success taken back where it was counted, also when the window has ended since', async () => {
    pass(10 * MINUTE - 1);
    const late = await reserve('owner@example.com');
    await fail(1);
    pass(2);
    await fail(2);
    await recordSuccess(here.direct, late, now);
    const { rows } = await owner.query(
      `SELECT failures, failures_before FROM login_failure_windows WHERE scope = 'network'`,
    );
    expect(rows).toEqual([{ failures: 1, failures_before: 1 }]);
  });

  it('keeps its failures when another process is still in the window before', async () => {
    for (let n = 0; n < 50; n += 1) await fail(n);
    pass(-1);
    expect(await fail(50)).toBe('allowed');
    expect(await fail(51)).toBe(1);
  });
});

describe('an account over all networks', () => {
  it('is never refused, however many fail', async () => {
    await failFromElsewhere(250);
    expect(await attempt()).toBe('allowed');
  });

  it('leaves networks unknown to it two free failures after more than a hundred in an hour', async () => {
    await succeed('ann@example.com', 'home');
    await failFromElsewhere(94);
    expect(await freeFailures('ann@example.com', 'office')).toBe(5);
    expect(await countAccountsUnderAttack(here.direct, now)).toBe(0);
    await failFromElsewhere(1);
    expect(await countAccountsUnderAttack(here.direct, now)).toBe(1);
    expect(await freeFailures('ann@example.com', 'cafe')).toBe(2);
    expect(await freeFailures('ann@example.com', 'home')).toBe(5);
    expect(await freeFailures('bob@example.com', 'cafe')).toBe(5);
    pass(2 * 60 * MINUTE);
    expect(await countAccountsUnderAttack(here.direct, now)).toBe(0);
    expect(await freeFailures('ann@example.com', 'airport')).toBe(5);
  });

  it('counts as attacked as long as the last hour holds more than a hundred', async () => {
    await failFromElsewhere(150);
    pass(60 * MINUTE + 19 * MINUTE);
    expect(await countAccountsUnderAttack(here.direct, now)).toBe(1);
    pass(2 * MINUTE);
    expect(await countAccountsUnderAttack(here.direct, now)).toBe(0);
  });
});

describe('the tables', () => {
  it('hold no e-mail and no address', async () => {
    await attempt('ann@example.com', '192.0.2.1');
    const { rows } = await owner.query<{ text: string }>(
      'SELECT p::text AS text FROM login_pairs p UNION ALL SELECT w::text FROM login_failure_windows w',
    );
    expect(rows).toHaveLength(3);
    for (const { text } of rows) {
      for (const clear of ['ann@example.com', '192.0.2.1']) {
        expect(text).not.toContain(clear);
        expect(text).not.toContain(Buffer.from(clear).toString('hex'));
      }
    }
  });

  it('are not written by attempts that are refused', async () => {
    for (let n = 0; n < 6; n += 1) await attempt();
    const versions = async (): Promise<unknown[]> => {
      const { rows } = await owner.query<{ version: string }>(
        `SELECT xmin::text AS version FROM login_pairs UNION ALL SELECT xmin::text FROM login_failure_windows`,
      );
      return rows;
    };
    const before = await versions();
    for (let n = 0; n < 10; n += 1) expect(await attempt()).toBe(1);
    expect(await versions()).toEqual(before);
  });

  it('lose in small batches what says nothing any longer, and nothing else', async () => {
    for (let n = 0; n < 25; n += 1) await attempt(`user${n}@example.com`, `network ${n}`);
    await succeed('ann@example.com', 'home');
    await attempt('ann@example.com', 'home');
    pass(15 * MINUTE - 1);
    expect(await pruneLoginThrottle(here.direct, now, 10)).toBe(0);
    pass(1);
    expect(await pruneLoginThrottle(here.direct, now, 10)).toBe(25);
    pass(5 * MINUTE);
    expect(await pruneLoginThrottle(here.direct, now, 10)).toBe(26);
    pass(100 * MINUTE);
    expect(await pruneLoginThrottle(here.direct, now, 10)).toBe(26);
    pass(30 * 24 * 60 * MINUTE - 120 * MINUTE - 1);
    expect(await pruneLoginThrottle(here.direct, now)).toBe(0);
    pass(1);
    expect(await pruneLoginThrottle(here.direct, now)).toBe(1);
  });

  it('can be pruned by two processes while logins go on', async () => {
    for (let n = 0; n < 50; n += 1) await attempt(`user${n}@example.com`, `network ${n}`);
    pass(3 * 60 * MINUTE);
    const pruned = Promise.all([here, there].map((db) => pruneLoginThrottle(db.direct, now, 7)));
    const tried = Promise.all(Array.from({ length: 50 }, (_, n) => attempt(`user${n}@example.com`, `network ${n}`)));
    expect(new Set(await tried)).toEqual(new Set(['allowed']));
    await pruned;
    const { rows } = await owner.query('SELECT sum(failures)::integer AS failures FROM login_pairs');
    expect(rows).toEqual([{ failures: 50 }]);
  });
});
