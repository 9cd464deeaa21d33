import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { startEmbeddedPostgres } from '../../../src/storage/embedded/start-embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../../src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../scratch.ts';
import { processesIn, query, recordDiagnostics, tcpListenersOf, untilNoProcessIn } from './embedded-scene.ts';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
mkdirSync(dataDirectory);
afterAll(() => scratch.remove());

const quiet = recordDiagnostics().diagnostics;
const onLinux = process.platform === 'linux';

async function withPostgres<T>(
  options: Partial<Parameters<typeof startEmbeddedPostgres>[0]>,
  work: (postgres: EmbeddedPostgres) => Promise<T>,
): Promise<T> {
  const postgres = await startEmbeddedPostgres({ dataDirectory, diagnostics: quiet, ...options });
  try {
    return await work(postgres);
  } finally {
    await postgres.stop();
  }
}

test('what the first start made, the second one keeps', async () => {
  const first = await withPostgres({}, async ({ owner }) => {
    await query(owner, "CREATE TABLE kept (line text); INSERT INTO kept VALUES ('Grüße')");
    return owner;
  });
  await withPostgres({}, async ({ owner }) => {
    expect(owner).toEqual(first);
    expect(await query(owner, 'SELECT line FROM kept')).toEqual([{ line: 'Grüße' }]);
    expect(await query(owner, 'SELECT current_user, current_database()')).toEqual([
      { current_user: 'veritrail_owner', current_database: 'veritrail' },
    ]);
  });
});

test('what is committed is on disk, and no edited file turns that off', async () => {
  appendFileSync(join(dataDirectory, 'postgres', 'postgresql.conf'), 'fsync = off\nsynchronous_commit = off\n');
  const expected = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', data_checksums: 'on' };
  await withPostgres({}, async ({ owner }) => {
    for (const [name, value] of Object.entries(expected)) {
      expect(await query(owner, `SHOW ${name}`)).toEqual([{ [name]: value }]);
    }
    expect(await query(owner, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
    expect(await query(owner, "SELECT 'a' < 'B' AS linguistic")).toEqual([{ linguistic: false }]);
  });
});

test('only the user of the database gets to its files and its socket', async () => {
  await withPostgres({}, ({ owner }) => {
    const cluster = statSync(join(dataDirectory, 'postgres'));
    expect(cluster.mode & 0o777).toBe(0o700);
    expect(statSync(owner.host).mode & 0o777).toBe(0o700);
    expect(statSync(join(owner.host, '.s.PGSQL.5432')).mode & 0o777).toBe(0o700);

    const passwords = readdirSync(join(dataDirectory, 'postgres'), { recursive: true, encoding: 'utf8' })
      .map((name) => join(dataDirectory, 'postgres', name))
      .filter((path) => statSync(path).isFile() && readFileSync(path, 'latin1').includes(owner.password));
    expect(passwords).toHaveLength(1);
    expect(statSync(passwords[0] ?? '').mode & 0o777).toBe(0o600);
    return Promise.resolve();
  });
});

test('it takes no password but its own, and nobody without one', async () => {
  await withPostgres({}, async ({ owner }) => {
    for (const password of ['', 'password', owner.user, owner.password.slice(1)]) {
      await expect(query({ ...owner, password }, 'SELECT 1')).rejects.toThrow(/password/);
    }
    await expect(query({ ...owner, user: 'postgres' }, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    const hashes = await query(owner, 'SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL');
    expect(hashes).toEqual([{ rolpassword: expect.stringMatching(/^SCRAM-SHA-256\$/) as string }]);
  });
});

test.runIf(onLinux)('it listens on TCP only where a test asks it to, and then on loopback', async () => {
  await withPostgres({}, ({ postmasterPid }) => {
    expect(tcpListenersOf(postmasterPid() ?? 0)).toEqual([]);
    return Promise.resolve();
  });
  const loopbackPort = await freePort();
  await withPostgres({ loopbackPort }, async ({ owner, postmasterPid }) => {
    expect(tcpListenersOf(postmasterPid() ?? 0)).toEqual([expect.stringMatching(/^0100007F:/)]);
    expect(await query({ ...owner, host: '127.0.0.1' }, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(query({ ...owner, host: '127.0.0.1', password: 'wrong' }, 'SELECT 1')).rejects.toThrow(/password/);
    expect(await query(owner, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

test('nothing of statements and rows gets into the diagnostics', async () => {
  const { lines, diagnostics } = recordDiagnostics();
  await withPostgres({ diagnostics }, async ({ owner }) => {
    for (const failing of [
      "SELECT 'canary-1'::uuid",
      "CREATE TABLE twice (word text UNIQUE); INSERT INTO twice VALUES ('canary-2'), ('canary-2')",
      "DO $$ BEGIN RAISE WARNING 'canary-3'; RAISE EXCEPTION E'first\\ncanary-4'; END $$",
    ]) {
      await expect(query(owner, failing)).rejects.toThrow();
    }
    await expect(query({ ...owner, password: 'canary-5' }, 'SELECT 1')).rejects.toThrow();
  });
  const said = lines.map(({ text }) => text).join('\n');
  expect(said).not.toMatch(/canary/);
  // It does speak, and of what came after them.
  expect(lines).toContainEqual({
    level: 'warn',
    text: expect.stringContaining('password authentication failed for user "veritrail_owner"') as string,
  });
  expect(said).toMatch(/database system is shut down/);
});

test('a first start that was cut short leaves nothing in the way of the next', async () => {
  const path = join(scratch.path, 'cut-short');
  const unfinished = join(path, 'postgres.unfinished-abc123', 'postgres');
  mkdirSync(join(unfinished, 'base'), { recursive: true });
  writeFileSync(join(unfinished, 'PG_VERSION'), '18\n');
  await withPostgres({ dataDirectory: path }, async ({ owner }) => {
    expect(await query(owner, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
  expect(readdirSync(path)).toEqual(['postgres']);
});

test('what is in its place and not a cluster is refused and left alone', async () => {
  const path = join(scratch.path, 'taken');
  mkdirSync(join(path, 'postgres'), { recursive: true });
  writeFileSync(join(path, 'postgres', 'thesis.txt'), 'mine');
  await expect(startEmbeddedPostgres({ dataDirectory: path, diagnostics: quiet })).rejects.toMatchObject({
    code: 'data_directory_unusable',
    message: expect.stringContaining(`${join(path, 'postgres')} is not a PostgreSQL cluster`) as string,
  });
  expect(readdirSync(join(path, 'postgres'))).toEqual(['thesis.txt']);
});

test('what PostgreSQL refuses at the start is told in its words', async () => {
  const settings = { shared_buffers: 'plenty' };
  await expect(startEmbeddedPostgres({ dataDirectory, diagnostics: quiet, settings })).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining('invalid value for parameter "shared_buffers": "plenty"') as string,
  });
  if (onLinux) expect(processesIn(dataDirectory)).toEqual([]);
});

const native15 = findNative15();

test.skipIf(native15 === undefined)(
  'PostgreSQL 15 does as well, and neither version touches a cluster of the other',
  async () => {
    const path = join(scratch.path, 'fifteen');
    mkdirSync(path);
    await withPostgres({ dataDirectory: path, binaries: native15 ?? '' }, async ({ owner }) => {
      expect(await query(owner, 'SHOW server_version')).toEqual([
        { server_version: expect.stringMatching(/^15\./) as string },
      ]);
      expect(await query(owner, 'SHOW data_checksums')).toEqual([{ data_checksums: 'on' }]);
    });
    await expect(startEmbeddedPostgres({ dataDirectory: path, diagnostics: quiet })).rejects.toMatchObject({
      code: 'data_directory_unusable',
      message: expect.stringMatching(
        /was made by PostgreSQL 15, and this server brings PostgreSQL 18\. Start/,
      ) as string,
    });
    await withPostgres({ dataDirectory: path, binaries: native15 ?? '' }, async ({ owner }) => {
      expect(await query(owner, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
    rmSync(path, { recursive: true });
  },
);

test.runIf(onLinux)('stopping it twice is stopping it once, and nothing stays', async () => {
  const postgres = await startEmbeddedPostgres({ dataDirectory, diagnostics: quiet });
  expect(processesIn(dataDirectory)).toContain(postgres.postmasterPid());
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  expect(postgres.postmasterPid()).toBeUndefined();
  await untilNoProcessIn(dataDirectory);
  expect(existsSync(join(dataDirectory, 'postgres', 'postmaster.pid'))).toBe(false);
});

function findNative15(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('postgres-15-linux-x64')), '..', 'native');
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
