import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { asFirstKey, call, EVENTS } from './support/calls.ts';
import { endServers, launch, PROGRAM, readFirstRun, refusedStart, REPOSITORY } from './support/server-process.ts';

const SECOND = 'second-secret-of-the-audit-mac';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const settings = { DATA_DIR: dataDirectory };
let first: string;

const keyIdOf = (secret: string): string =>
  `audit-${createHmac('sha256', secret).update('veritrail audit key id v1').digest('hex').slice(0, 16)}`;

function list(): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'keys', 'list'], {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'], ...settings },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

beforeAll(async () => {
  const server = launch(settings);
  await server.address;
  first = readFirstRun(dataDirectory).audit_hmac_secret;
  await server.kill('SIGTERM');
});
afterAll(async () => {
  await endServers();
  scratch.remove();
});

test('a server with a new secret says in the trail that it signs from there on', async () => {
  const server = launch({ ...settings, AUDIT_HMAC_SECRET: SECOND });
  const auth = asFirstKey(readFirstRun(dataDirectory));
  const path = `${EVENTS}?resource_type=audit_mac_key`;
  await expect
    .poll(async () => (await call(await server.address, 'GET', path, { auth })).json, { timeout: 30_000 })
    .toMatchObject({ total: 1, items: [{ details: { from: keyIdOf(first), to: keyIdOf(SECOND) } }] });
  const refused = list();
  expect(refused).toMatchObject({ status: 1, stdout: '' });
  expect(refused.stderr).toContain(dataDirectory);
  await server.kill('SIGTERM');
});

test('lists the keys without their secrets, once the server is stopped', () => {
  const { status, stdout, stderr } = list();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [head, ...lines] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
  expect(head).toEqual(['key id', 'first used', 'last turn began', 'now']);
  expect(lines.map(([id, , , now]) => [id, now])).toEqual([
    [keyIdOf(first), 'retired'],
    [keyIdOf(SECOND), 'signs'],
  ]);
  expect(stdout).not.toContain(first);
});

test('a start that forgets a secret names the key that it misses', async () => {
  const { code, said } = await refusedStart({ ...settings, AUDIT_HMAC_SECRET: 'a-third-secret-of-the-audit-mac' });
  expect(code).toBe(1);
  expect(said).toContain(keyIdOf(SECOND));
  expect(said).toContain('AUDIT_HMAC_PREVIOUS_SECRETS');
});
