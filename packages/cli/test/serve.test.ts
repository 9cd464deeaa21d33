import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { freePort } from '../../server/test/support/outside-postgres.ts';
import { asBasic, asFirstKey, call, EVENTS } from './support/calls.ts';
import { expectNoSecretSaid } from './support/secrets.ts';
import {
  endServers,
  launch,
  readFirstRun,
  refusedStart,
  REPOSITORY,
  type FirstRun,
  type ServerProcess,
} from './support/server-process.ts';
import { expectSound, readTrail, verdictsOnMacs } from './support/trail.ts';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const settings = { DATA_DIR: dataDirectory };
const file = join(dataDirectory, 'first-run.json');
const tokens: string[] = [];

let server: ServerProcess;
let facts: FirstRun;
beforeAll(async () => {
  server = launch(settings);
  await server.address;
  facts = readFirstRun(dataDirectory);
});
afterAll(async () => {
  await endServers();
  scratch.remove();
});

describe('the first start', () => {
  test('leaves to its owner alone a file with all that is needed to go on', async () => {
    expect(Object.keys(facts)).toEqual([
      'base_url',
      'organization_id',
      'email',
      'password',
      'api_key',
      'api_secret',
      'audit_hmac_secret',
    ]);
    for (const value of Object.values(facts)) expect(value).toMatch(/\S/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(facts.base_url).toBe(await server.address);
    expect(await call(facts.base_url, 'GET', '/readyz')).toMatchObject({ status: 200 });
  });

  test('makes credentials that work as Basic and as Bearer, for a key and for a user', async () => {
    const login = await call(facts.base_url, 'POST', '/api/v1/auth/login', {
      body: { email: facts.email, password: facts.password },
    });
    expect(login.status).toBe(200);
    const { access_token: token } = login.json as { access_token: string };
    tokens.push(token);
    const accepted = [
      asFirstKey(facts),
      `Bearer ${facts.api_key}.${facts.api_secret}`,
      asBasic(facts.email, facts.password),
      `Bearer ${token}`,
    ];
    for (const auth of accepted) {
      const path = `/organizations/${facts.organization_id}/services`;
      expect(await call(facts.base_url, 'GET', path, { auth })).toMatchObject({ status: 200, text: '{"items":[]}' });
      // An owner's: whatever else there is to do can be done with any of them.
      expect((await call(facts.base_url, 'GET', '/api/v1/auth/me', { auth })).text).toContain('"owner"');
    }
    const path = `/organizations/${facts.organization_id}`;
    expect(await call(facts.base_url, 'GET', path, { auth: asBasic(facts.email, `${facts.password}x`) })).toMatchObject(
      {
        status: 401,
      },
    );
  });

  test('makes a secret with which the published function verifies every event, its own acts too', async () => {
    const body = {
      action: 'UPDATE',
      resource_type: 'flag',
      resource_id: 'f-1',
      actor_id: 'u-1',
      details: { '2': 1e21, ü: 1.0 },
    };
    expect(await call(facts.base_url, 'POST', EVENTS, { auth: asFirstKey(facts), body })).toMatchObject({
      status: 201,
    });
    const trail = await readTrail(facts.base_url, asFirstKey(facts));
    expect(trail.map(({ action }) => action)).toEqual(expect.arrayContaining(['CREATE', 'LOGIN', 'UPDATE']));
    expectSound(trail, facts.audit_hmac_secret);
    expect(new Set(verdictsOnMacs(trail, `${facts.audit_hmac_secret}x`))).toEqual(new Set(['INVALID']));
  });

  test('prints how to sign in, and commands that fetch a report and find it valid', () => {
    const greeting = server.stdout();
    expect(greeting).toContain(`Veritrail answers at ${facts.base_url}\n`);
    expect(greeting).toContain(`Sign in as  ${facts.email}\n`);
    expect(greeting).toContain(`Password    ${facts.password}\n`);
    expect(greeting).toContain('first-run.json');

    // As in the repository's root, whose files of these names would be overwritten.
    const folder = join(scratch.path, 'shell');
    mkdirSync(folder);
    symlinkSync(join(REPOSITORY, 'docs'), join(folder, 'docs'));
    const commands = greeting.match(/^ {2}(curl|python3) (.*\\\n)*.*$/gm) ?? [];
    expect(commands).toHaveLength(3);
    const [fetchReport = '', fetchKey = '', verify = ''] = commands;
    const shell = (command: string): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
      return { status, said: stdout + stderr };
    };
    expect(shell(fetchReport)).toEqual({ status: 0, said: '' });
    expect(shell(fetchKey)).toEqual({ status: 0, said: '' });
    expect(shell(verify)).toMatchObject({ status: 0, said: expect.stringContaining('Signature valid') as string });

    const report = readFileSync(join(folder, 'report.json'));
    tokens.push(
      (JSON.parse(readFileSync(join(folder, 'key.json'), 'utf8')) as { verification_key: string }).verification_key,
    );
    const at = report.indexOf('"service_count":0') + '"service_count":'.length;
    report[at] = '9'.charCodeAt(0);
    writeFileSync(join(folder, 'report.json'), report);
    expect(shell(verify)).toMatchObject({ status: 1, said: expect.stringContaining('INVALID') as string });
  });
});

test('a second server on the same directory is refused with a sentence, and the first goes on', async () => {
  const { code, said } = await refusedStart(settings);
  expect(code).toBe(1);
  expect(said).toBe(
    `Veritrail did not start. The data directory ${dataDirectory} is in use by another Veritrail server ` +
      `(process ${server.pid}). Stop that server first, or set DATA_DIR to another folder.`,
  );
  expect(readFirstRun(dataDirectory)).toEqual(facts);
  expect(await call(facts.base_url, 'GET', '/readyz')).toMatchObject({ status: 200 });
});

describe('a later start', () => {
  let before: string[];
  let port: number;
  beforeAll(async () => {
    before = (await readTrail(facts.base_url, asFirstKey(facts))).map(({ text }) => text);
    await server.kill('SIGTERM');
    port = await freePort();
    server = launch({ ...settings, PORT: String(port) });
    await server.address;
  });

  test('finds the same data and makes no second organization', async () => {
    const auth = asFirstKey(facts);
    expect((await readTrail(facts.base_url.replace(/\d+$/, String(port)), auth)).map(({ text }) => text)).toEqual(
      before,
    );
    const { json } = await call(`http://localhost:${port}`, 'GET', '/organizations', { auth });
    expect((json as { items: { id: string }[] }).items.map(({ id }) => id)).toEqual([facts.organization_id]);
    const asUser = await call(`http://localhost:${port}`, 'GET', '/organizations', {
      auth: asBasic(facts.email, facts.password),
    });
    expect((asUser.json as { items: unknown[] }).items).toHaveLength(1);
  });

  test('says where it answers now, in the file too, and no password again', async () => {
    expect(await server.address).toBe(`http://localhost:${port}`);
    expect(readFirstRun(dataDirectory)).toEqual({ ...facts, base_url: `http://localhost:${port}` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(server.stdout()).not.toContain(facts.password);
    expect(server.stdout()).toMatch(/How to sign in is in \S+first-run\.json/);
  });
});

test('a port that is taken stops the start with a sentence, and a free one then does', async () => {
  await server.kill('SIGTERM');
  const stranger = createServer();
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
  const { port } = stranger.address() as AddressInfo;
  try {
    expect(await refusedStart({ ...settings, PORT: String(port) })).toEqual({
      code: 1,
      said: 'Veritrail did not start. PORT: another program listens there already; set PORT to another number.',
    });
    // Also the first start: it must not lose its greeting, which comes only once.
    const fresh = join(scratch.path, 'fresh');
    expect(await refusedStart({ DATA_DIR: fresh, PORT: String(port) })).toMatchObject({ code: 1 });
    const corrected = launch({ DATA_DIR: fresh });
    await corrected.address;
    expect(corrected.stdout()).toContain(`Password    ${readFirstRun(fresh).password}\n`);
    await corrected.kill('SIGTERM');
  } finally {
    stranger.close();
  }
  server = launch(settings);
  await server.address;
});

test('a first-run file that was put away stays away', async () => {
  await server.kill('SIGTERM');
  const kept = readFileSync(file);
  rmSync(file);
  server = launch(settings);
  const address = await server.address;
  expect(() => readFirstRun(dataDirectory)).toThrow('ENOENT');
  expect(server.stdout()).not.toContain('first-run.json');
  expect(await call(address, 'GET', '/organizations', { auth: asFirstKey(facts) })).toMatchObject({ status: 200 });
  writeFileSync(file, kept, { mode: 0o600 });
});

test('no secret was said anywhere but in the greeting', () => {
  expectNoSecretSaid(dataDirectory, [...tokens, ...tokens.map((token) => encodeURIComponent(token))], 1);
});
