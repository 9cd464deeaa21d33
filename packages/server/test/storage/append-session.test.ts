import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { copyIn } from '../../src/storage/copy-in.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { createFlushPace } from '../../src/storage/flush-pace.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { pino } from 'pino';
import { makeScratchFolder } from './scratch.ts';

/** Nobody but who asks for it brings the log to disk. */
const SETTINGS = { wal_writer_delay: '10s', autovacuum: 'off', checkpoint_timeout: '1h' };
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
const COPY = 'COPY things FROM STDIN (FORMAT binary)';

const scratch = makeScratchFolder();
let postgres: EmbeddedPostgres;
let db: Database;
let reader: pg.Client;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({
    dataDirectory: scratch.path,
    diagnostics: pino({ level: 'silent' }),
    settings: SETTINGS,
  });
  const login = { ...postgres.owner };
  reader = new pg.Client(login);
  await reader.connect();
  await reader.query('CREATE TABLE things (number integer PRIMARY KEY)');
  db = openDatabase(login, 4, { pipeline: true });
});
afterAll(async () => {
  await db?.close();
  await reader?.end();
  await postgres?.stop();
  scratch.remove();
});

function rowsOf(numbers: readonly number[]): Buffer {
  const rows = numbers.map((number) => {
    const row = Buffer.alloc(10);
    row.writeInt16BE(1, 0);
    row.writeInt32BE(4, 2);
    row.writeInt32BE(number, 6);
    return row;
  });
  return Buffer.concat([HEADER, ...rows, TRAILER]);
}

const NOTHING = 'SELECT $1';
const FAILS = 'SELECT 1 / 0';
const IS_WRONG = 'SELECT no_such_column';
const ENDS_SESSION = 'SELECT pg_terminate_backend(pg_backend_pid())';
const TEXTS = [NOTHING, FAILS, IS_WRONG, ENDS_SESSION];

const append = (numbers: readonly number[], onCommitted = (): void => undefined, text = NOTHING) => {
  const statement = { name: `before_${TEXTS.indexOf(text)}`, text: `(integer) AS ${text}` };
  return { before: { statement, values: [numbers.length] }, copy: COPY, rows: rowsOf(numbers), onCommitted };
};

async function stored(): Promise<number[]> {
  const { rows } = await reader.query<{ number: number }>('SELECT number FROM things ORDER BY number');
  return rows.map((row) => row.number);
}

/** How far the log reached, and how much of it was on disk, at that moment. */
async function log(): Promise<{ written: bigint; flushed: bigint }> {
  const { rows } = await reader.query<{ written: string; flushed: string }>(
    `SELECT pg_current_wal_insert_lsn() - '0/0' AS written, pg_current_wal_flush_lsn() - '0/0' AS flushed`,
  );
  return { written: BigInt(rows[0]?.written ?? 0), flushed: BigInt(rows[0]?.flushed ?? 0) };
}

async function commitEarly(number: number): Promise<bigint> {
  await reader.query(`SET synchronous_commit TO off`);
  await reader.query('INSERT INTO things VALUES ($1)', [number]);
  const { written, flushed } = await log();
  expect(flushed).toBeLessThan(written);
  return written;
}

describe.each([
  ['an append', 0, false],
  ['a large append', 10_000, true],
] as const)('%s', (_, first, isLarge) => {
  const from = (...numbers: readonly number[]): number[] => numbers.map((number) => first + number);
  const open = () => db.appendSession(1, isLarge);

  it('is seen by others when it says so, and on disk when it resolves', async () => {
    let seen: Promise<number[]> | undefined;
    const session = await open();
    await session.append(append(from(1, 2, 3), () => (seen = stored())));
    const { written, flushed } = await log();
    expect(flushed).toBe(written);
    expect(await seen).toEqual(expect.arrayContaining(from(1, 2, 3)));
    expect(session.isOpen).toBe(false);
  });

  it('and those behind it go in the order in which they were asked for', async () => {
    const session = await open();
    const committed: number[] = [];
    const numbers = Array.from({ length: 20 }, (_unused, index) => first + 100 + index);
    const all = numbers.map((number) => session.append(append([number], () => void committed.push(number))));
    expect(session.isOpen).toBe(true);
    await Promise.all(all);
    expect(committed).toEqual(numbers);
    expect(session.isOpen).toBe(false);
  });

  it('that fails stores nothing, lets those behind it fail, and leaves a connection that works', async () => {
    for (const before of [FAILS, IS_WRONG, IS_WRONG, NOTHING]) {
      const session = await open();
      const outcomes = await Promise.allSettled([
        session.append(append(from(201, 1), undefined, before)),
        session.append(append(from(202))),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
    const again = await Promise.all(Array.from({ length: 4 }, () => open()));
    await Promise.all(again.map((session, index) => session.append(append(from(210 + index)))));
    expect(await stored()).not.toContain(first + 201);
    expect(await stored()).not.toContain(first + 202);
    expect(await stored()).toEqual(expect.arrayContaining(from(210, 211, 212, 213)));
  });

  it('that nothing came of gives its connection back', async () => {
    for (let round = 0; round < 10; round += 1) (await open()).release();
    const session = await open();
    await session.append(append(from(220)));
    expect(await stored()).toContain(first + 220);
  });

  it('of many rows goes through whole', async () => {
    const begin = 1_000_000 + 100 * first;
    const numbers = Array.from({ length: 300_000 }, (_unused, index) => begin + index);
    const session = await open();
    await Promise.all([
      session.append(append(numbers.slice(0, 200_000))),
      session.append(append(numbers.slice(200_000))),
    ]);
    expect((await stored()).filter((number) => number >= begin && number < begin + 300_000)).toEqual(numbers);
  });

  it('whose connection is cut off says that nobody can tell, and the next ones find another', async () => {
    const session = await open();
    const cut = session.append(append(from(230), undefined, ENDS_SESSION));
    await expect(cut).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(session.isOpen).toBe(false);
    await (await open()).append(append(from(231)));
    expect(await stored()).toEqual(expect.arrayContaining(from(231)));
    expect(await stored()).not.toContain(first + 230);
  });
});

describe('rows that the server does not want', () => {
  it('are passed over, and the next statement is answered', async () => {
    await expect(copyIn(reader, ['COPY no_such_table FROM STDIN (FORMAT binary)'], rowsOf([1]))).rejects.toMatchObject({
      code: '42P01',
    });
    await expect(copyIn(reader, [COPY], Buffer.from('no rows'))).rejects.toMatchObject({ code: '22P04' });
    expect((await reader.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a read that asks for what is settled', () => {
  it('waits until what it may have seen of others is on disk', async () => {
    const committed = await commitEarly(301);
    const read = await db.scoped(1, (tx) => tx.query('SELECT number FROM things WHERE number = 301'), {
      ...{ snapshot: true, settled: true },
    });
    expect(read.rows).toHaveLength(1);
    expect((await log()).flushed).toBeGreaterThanOrEqual(committed);
  });

  it('and one that does not ask for it leaves the disk alone', async () => {
    const committed = await commitEarly(302);
    await db.scoped(1, (tx) => tx.query('SELECT number FROM things WHERE number = 302'), { snapshot: true });
    expect((await log()).flushed).toBeLessThan(committed);
  });

  it('writes nothing at a quiet time', async () => {
    await db.unscoped((tx) => tx.query('INSERT INTO things VALUES (303)'));
    const before = await log();
    await db.scoped(1, (tx) => tx.query('SELECT 1'), { snapshot: true, settled: true });
    expect(await log()).toEqual(before);
  });
});

describe('the pace of flushes', () => {
  const after = (...times: readonly number[]) => {
    const pace = createFlushPace();
    for (const time of times) pace.note(time);
    return pace;
  };
  const many = (count: number, time: number): number[] => Array.from({ length: count }, () => time);

  it('commits early until it is known, and where the disk is slow', () => {
    expect(after().commitsEarly()).toBe(true);
    expect(after(...many(15, 0.1)).commitsEarly()).toBe(true);
    expect(after(...many(16, 4)).commitsEarly()).toBe(true);
  });

  it('lets commits wait where it is fast, though some flushes took long', () => {
    expect(after(...many(15, 9), 0.2).commitsEarly()).toBe(false);
  });

  it('measures each flush until it is known, and few on a disk that is slow', () => {
    const timed = (pace: ReturnType<typeof createFlushPace>): number =>
      Array.from({ length: 80 }, () => pace.isTimed()).filter(Boolean).length;
    expect(timed(after())).toBe(80);
    expect(timed(after(...many(16, 4)))).toBe(10);
    expect(timed(after(...many(16, 0.2)))).toBe(80);
  });

  it('looks again now and then, and finds a disk that became slow', () => {
    const pace = after(...many(16, 0.2));
    const early = Array.from({ length: 16 * 256 }, () => {
      const isEarly = pace.commitsEarly();
      if (isEarly) pace.note(5);
      return isEarly;
    });
    expect(early.filter(Boolean).length).toBe(16);
    expect(pace.commitsEarly()).toBe(true);
  });
});
