import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { askDatabase } from '../../src/storage/ask-database.ts';
import { copyOut } from '../../src/storage/copy-out.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import type { EmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { watchSilence } from '../../src/storage/watch-silence.ts';
import { freePort } from '../support/outside-postgres.ts';
import { freeze, startFreezablePostgres } from '../support/freeze.ts';
import { makeScratchFolder } from './scratch.ts';

const LIMITS = { silentMs: 400, answerMs: 800 };
/** Asked after the silence, at the next look, and some time to spare on a busy machine. */
const CUT_MS = 3000;

const scratch = makeScratchFolder();
let postgres: EmbeddedPostgres;
let outside: pg.ClientConfig;
let thaw = (): void => undefined;
beforeAll(async () => {
  postgres = await startFreezablePostgres(scratch.path);
  outside = { ...postgres.owner, host: '127.0.0.1' };
  const client = new pg.Client(outside);
  await client.connect();
  await client.query('CREATE TABLE things (number integer PRIMARY KEY)');
  await client.end();
});
afterEach(() => thaw());
afterAll(async () => {
  await postgres?.stop();
  scratch.remove();
});

async function inTime<T>(work: Promise<T>): Promise<T> {
  const from = performance.now();
  try {
    return await work;
  } finally {
    expect(performance.now() - from).toBeLessThan(CUT_MS);
  }
}

const AWAY = { code: 'database_unavailable' };
const HEADER = '5047434f50590aff0d0a000000000000000000';
const ROW = Buffer.from(`${HEADER}0001000000040000002affff`, 'hex');

const pidOf = async (db: Database, sleeping = 0): Promise<number | undefined> =>
  (await db.direct.query<{ pid: number }>('SELECT pg_backend_pid() AS pid, pg_sleep($1)', [sleeping])).rows[0]?.pid;

describe.each(['over a network', 'through a socket'])('a database %s that stands still', (way) => {
  it('breaks off what waits for it, refuses what comes at once, and is used again when it goes on', async () => {
    const login = way === 'over a network' ? outside : { ...postgres.owner };
    const db = openDatabase(login, 4, { silence: LIMITS });
    const recording = openDatabase(login, 4, { pipeline: true, silence: LIMITS });
    // One connection for each that will wait, since to open another takes longer to fail.
    const open = await Promise.all([1, 2, 3].map(() => pidOf(db, 0.2)));
    const idle = await pidOf(recording);
    const session = await recording.appendSession(1);
    const large = await recording.appendSession(1, true);
    let begun = (): void => undefined;
    const isInside = new Promise<void>((resolve) => (begun = resolve));
    const inside = db.unscoped(async (tx) => {
      await tx.query('SELECT 1');
      thaw = freeze(postgres);
      begun();
      return copyOut(tx, 'COPY (SELECT 1) TO STDOUT');
    });
    await isInside;
    const before = { statement: { name: 'nothing', text: 'AS SELECT 1' }, values: [] };
    const append = { before, copy: 'COPY things FROM STDIN (FORMAT binary)', rows: ROW, onCommitted() {} };
    const waiting = [
      inside,
      db.direct.query('SELECT 1'),
      db.scoped(1, async (tx) => tx.query('SELECT 1')),
      session.append(append),
      large.append({ ...append, rows: Buffer.from(ROW) }),
    ];
    const outcomes = await inTime(Promise.allSettled(waiting));
    expect(outcomes).toEqual(
      waiting.map(() => ({ status: 'rejected', reason: expect.objectContaining(AWAY) as Error })),
    );
    const from = performance.now();
    for (let times = 0; times < 20; times += 1) {
      await expect(db.direct.query('SELECT 1')).rejects.toMatchObject(AWAY);
      await expect(recording.appendSession(1)).rejects.toMatchObject(AWAY);
    }
    expect(performance.now() - from).toBeLessThan(200);

    thaw();
    await expect.poll(() => pidOf(db).catch(() => undefined)).toBeTypeOf('number');
    await expect.poll(() => pidOf(recording).catch(() => undefined)).toBeTypeOf('number');
    expect(open).not.toContain(await pidOf(db));
    expect(await pidOf(recording)).not.toBe(idle);
    await Promise.all([db.close(), recording.close()]);
  });
});

describe('a database that answers', () => {
  it('may take as long as it likes for a statement, and so may we between two', async () => {
    const db = openDatabase(outside, 4, { silence: LIMITS });
    const slow = db.unscoped(async (tx) => tx.query('SELECT pg_sleep(2)'));
    const idle = db.unscoped(async (tx) => {
      await sleep(2000);
      return tx.query('SELECT 1');
    });
    const held = db.unscoped(async (tx) => {
      await tx.query('LOCK TABLE things');
      await sleep(2000);
    });
    await sleep(100);
    const locked = db.unscoped(async (tx) => tx.query('LOCK TABLE things'));
    await expect(Promise.all([slow, idle, held, locked])).resolves.toHaveLength(4);
    await db.close();
  });

  it('is alive as long as anything comes, though new connections get no answer', async () => {
    const pool = new pg.Pool(outside);
    pool.on('error', () => undefined);
    let asked = 0;
    const watch = watchSilence(async () => {
      asked += 1;
      await sleep(LIMITS.answerMs);
      return 'silent';
    }, LIMITS);
    watch.watch(pool);
    // Longer than the other, after which nothing comes any more.
    const quiet = pool.query('SELECT pg_sleep(6)').catch((error: unknown) => error);
    // Seldom enough that nothing comes just before the time for the answer is over.
    await pool.query(`DO $$ BEGIN FOR n IN 1..7 LOOP PERFORM pg_sleep(0.35); RAISE NOTICE 'on'; END LOOP; END $$`);
    expect([watch.isSilent, asked > 0]).toEqual([false, true]);
    expect(await quiet).toMatchObject({ code: 'ETIMEDOUT' });
    watch.close();
    await pool.end();
  });
});

it('a database that is full or gone is not silent', async () => {
  expect(await askDatabase({ ...outside, password: 'wrong' }, 2000)).toBe('answered');
  expect(await askDatabase({ ...outside, port: await freePort() }, 2000)).toBe('failed');
});
