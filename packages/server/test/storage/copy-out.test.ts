import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { copyOut } from '../../src/storage/copy-out.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { LocalSocket } from '../../src/storage/local-socket.ts';
import { makeScratchFolder } from './scratch.ts';

const scratch = makeScratchFolder();
let postgres: EmbeddedPostgres;
let client: pg.Client;
let plain: pg.Client;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDirectory: scratch.path, diagnostics: pino({ level: 'silent' }) });
  client = new pg.Client({ ...postgres.owner, stream: () => new LocalSocket() });
  plain = new pg.Client(postgres.owner);
  await Promise.all([client.connect(), plain.connect()]);
  await client.query(
    `CREATE FUNCTION say(n integer) RETURNS integer LANGUAGE plpgsql AS
     $$ BEGIN RAISE NOTICE 'row %', n; PERFORM pg_notify('heard', n::text); RETURN n; END $$`,
  );
});
afterAll(async () => {
  await client?.end();
  await plain?.end();
  await postgres?.stop();
  scratch.remove();
});

const copy = (query: string): string => `COPY (${query}) TO STDOUT (FORMAT binary)`;

/** What another reader of the protocol makes of it. */
async function expected(query: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of plain.query(copyTo(copy(query)))) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe.each([
  ['over a socket that reads into one piece of memory', () => client],
  ['over any other', () => plain],
])('rows %s', (_, on) => {
  it.each([
    ['none', 'SELECT 1 WHERE false'],
    ['one', `SELECT 1, 'x'`],
    ['many small ones', 'SELECT n, n::text FROM generate_series(1, 50000) AS n'],
    ['long ones', `SELECT n, repeat('abc', 100000) FROM generate_series(1, 7) AS n`],
    ['of every length', `SELECT repeat('y', n) FROM generate_series(0, 3000) AS n`],
  ])('come whole: %s', async (__, query) => {
    const rows = await copyOut(on(), copy(query));
    expect(rows.equals(await expected(query))).toBe(true);
  });

  it('come into the memory that is given, and into more where that is too little', async () => {
    const taken: Buffer[] = [];
    const take = (bytes: number): Buffer => {
      taken.push(Buffer.from(new SharedArrayBuffer(bytes)));
      return taken.at(-1) as Buffer;
    };
    const query = 'SELECT n FROM generate_series(1, 20000) AS n';
    const rows = await copyOut(on(), copy(query), { expected: 100, take });
    expect(rows.equals(await expected(query))).toBe(true);
    expect(rows.buffer).toBe(taken.at(-1)?.buffer);
    expect(taken.length).toBeGreaterThan(1);
  });

  it('may have notices among them, which are heard', async () => {
    const said: string[] = [];
    const hear = ({ message = '' }: { message?: string | undefined }): void => void said.push(message);
    on().on('notice', hear);
    const rows = await copyOut(on(), copy('SELECT say(n::integer) FROM generate_series(1, 300) AS n'));
    on().off('notice', hear);
    expect(said).toEqual(Array.from({ length: 300 }, (__, index) => `row ${index + 1}`));
    expect(rows.equals(await expected('SELECT n::integer FROM generate_series(1, 300) AS n'))).toBe(true);
  });

  it('that end with an error are refused, and the connection goes on', async () => {
    const fails = copyOut(on(), copy('SELECT 1 / (60000 - n) FROM generate_series(1, 70000) AS n'));
    await expect(fails).rejects.toMatchObject({ code: '22012' });
    await expect(copyOut(on(), copy('SELECT no_such_column'))).rejects.toMatchObject({ code: '42703' });
    await expect(copyOut(on(), 'SELECT 1')).resolves.toHaveLength(0);
    expect((await on().query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('a connection that is cut off among the rows', () => {
  it('ends them with an error', async () => {
    const short = new pg.Client({ ...postgres.owner, stream: () => new LocalSocket() });
    short.on('error', () => undefined);
    await short.connect();
    const { rows } = await short.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const reading = copyOut(short, copy('SELECT n, pg_sleep(0.001) FROM generate_series(1, 100000) AS n'));
    const failed = reading.then(
      () => undefined,
      (error: Error) => error,
    );
    const ended = new Promise<void>((resolve) => short.once('end', () => resolve()));
    await plain.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    expect(await failed).toBeInstanceOf(Error);
    await ended;
  });
});
