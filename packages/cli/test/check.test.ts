import { execFile } from 'node:child_process';
import { join } from 'node:path';

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openDiagnostics } from '../../server/src/diagnostics.ts';
import { startEmbeddedPostgres } from '../../server/src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { freePort } from '../../server/test/support/outside-postgres.ts';
import { endServers, launch, PROGRAM, REPOSITORY } from './support/server-process.ts';

const scratch = makeScratchFolder();
let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let settings: Record<string, string>;
let organization: string;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({
    dataDirectory: scratch.path,
    diagnostics: openDiagnostics('silent'),
    loopbackPort: await freePort(),
  });
  const { user, password, port, database } = postgres.owner;
  settings = {
    DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    DATA_DIR: join(scratch.path, 'data'),
  };
  const server = launch(settings);
  await server.address;
  await server.kill('SIGTERM');
  organization = String((await sql('SELECT organization_id AS value FROM veritrail.organizations'))[0]?.value);
});
afterAll(async () => {
  await endServers();
  await postgres.stop();
  scratch.remove();
});

async function sql(...statements: string[]): Promise<{ value: unknown }[]> {
  const client = new pg.Client({ connectionString: settings['DATABASE_URL'] });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    let rows: { value: unknown }[] = [];
    for (const statement of statements) ({ rows } = await client.query<{ value: unknown }>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

function check(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...settings };
    execFile(process.execPath, [PROGRAM, 'check', ...options], { cwd: REPOSITORY, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const change = (agent: string): string =>
  `UPDATE veritrail.audit_events SET actor_username = ${agent} WHERE sequence = 1`;

test('a sound trail is sound, a changed one is named until it is put back and taken back on purpose', async () => {
  const sound = await check('--full');
  expect(sound).toMatchObject({ code: 0, stderr: '' });
  expect(sound.stdout).toMatch(new RegExp(`^${organization} +\\d+ +\\d+ +sound$`, 'm'));

  const columns = 'ARRAY[quote_nullable(actor_username), id::text]';
  const rows = await sql(`SELECT ${columns} AS value FROM veritrail.audit_events WHERE sequence = 1`);
  const [before = '', id = ''] = rows.flatMap(({ value }) => value as string[]);
  await sql(change(`'somebody else'`));
  const diverged = await check('--full');
  expect(diverged.code).toBe(1);
  expect(diverged.stdout).toContain('DIVERGED');
  expect(diverged.stdout).toContain(`sequence 1, event ${id}, leaf_wrong: `);

  await sql(change(before));
  expect((await check()).code).toBe(1);
  expect((await check('--acknowledge')).code).toBe(2);
  expect(await check('--organization', organization, '--acknowledge')).toMatchObject({ code: 0 });
  expect((await check('--organization', organization, '--acknowledge')).code).toBe(2);
  expect((await check()).code).toBe(0);
});

test.each([
  [['--organization', 'nobody'], 'There is no such organization.'],
  [['--acknowledge'], 'name it with --organization'],
  [['--no-such-option'], 'unknown option'],
])('what can not be done is refused with 2: %s', async (options, sentence) => {
  const { code, stderr } = await check(...options);
  expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});

test('no data directory is made where there is none', async () => {
  const { code, stderr } = await new Promise<{ code: number; stderr: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: join(scratch.path, 'nowhere') };
    execFile(process.execPath, [PROGRAM, 'check'], { cwd: REPOSITORY, env }, (error, _, text) => {
      resolve({ code: Number(error?.code), stderr: text });
    });
  });
  expect(code).toBe(2);
  expect(stderr).toContain('there is no data directory');
});
