import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { call } from './support/calls.ts';
import { endServers, launch, PROGRAM, REPOSITORY } from './support/server-process.ts';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const settings = { DATA_DIR: dataDirectory };

function keys(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'keys', 'signing', ...args], {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'], ...settings },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

interface Key {
  readonly key_id: string;
  readonly public_key: string;
  readonly active: boolean;
}

async function publishedByServer(): Promise<Key[]> {
  const server = launch(settings);
  const answer = await call(await server.address, 'GET', '/.well-known/compliance-signing-keys');
  const busy = keys('list');
  expect(busy).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(dataDirectory) as string });
  await server.kill('SIGTERM');
  return (answer.json as { keys: Key[] }).keys;
}

let first: Key;
beforeAll(async () => {
  [first] = (await publishedByServer()) as [Key];
});
afterAll(async () => {
  await endServers();
  scratch.remove();
});

test('what the command rotates and retires is what the server publishes at its next start', async () => {
  const second = `${first.key_id}-2`;
  expect(keys('rotate')).toEqual({
    status: 0,
    stdout: `${second} signs now; ${first.key_id} is retired and verifies for ever.\n`,
    stderr: '',
  });
  expect(keys('retire', first.key_id, '--forget')).toEqual({
    status: 0,
    stdout: `${first.key_id} was retired before.\nIts private half is destroyed.\n`,
    stderr: '',
  });
  expect(keys('retire', 'key-1999-01')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no signing key key-1999-01') as string,
  });
  expect(keys('retire').status).not.toBe(0);

  const { stdout } = keys('list');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  const fingerprint = createHash('sha256').update(Buffer.from(first.public_key, 'base64')).digest('hex');
  expect(lines).toEqual([
    ['key id', 'created', 'now', 'fingerprint'],
    [second, expect.stringMatching(/Z$/), 'signs', expect.stringMatching(/^[0-9a-f]{64}$/)],
    [first.key_id, expect.any(String), expect.stringMatching(/^retired .*Z$/), fingerprint],
  ]);
  expect(await publishedByServer()).toMatchObject([
    { key_id: second, active: true },
    { key_id: first.key_id, public_key: first.public_key, active: false },
  ]);
});

test('the last one retired leaves none until the next rotation', () => {
  const second = `${first.key_id}-2`;
  expect(keys('retire', second)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('No key signs now') as string,
  });
  expect(keys('rotate').stdout).toBe(`${first.key_id}-3 signs now.\n`);
});
