import { accessSync, chmodSync, chownSync, constants, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { canReach } from '../../server/src/storage/embedded/postgres-account.ts';
import { untilNoProcessIn } from '../../server/test/storage/embedded/embedded-scene.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { asFirstKey, call, EVENTS } from './support/calls.ts';
import { draftPosting } from './support/load.ts';
import {
  endServers,
  launch,
  PROGRAM,
  readFirstRun,
  refusedStart,
  type ServerOptions,
  type ServerProcess,
} from './support/server-process.ts';

const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === 'linux';
/** Somebody with an entry in every passwd file. */
const ORDINARY = { uid: 65534, gid: 65534 };

const scratch = makeScratchFolder();
beforeAll(() => chmodSync(scratch.path, 0o711));
afterEach(endServers);
afterAll(() => scratch.remove());

/** Starts twice; what the first recorded, the second gives out. */
async function expectKeeps(dataDirectory: string, options: ServerOptions = {}): Promise<void> {
  const start = async (): Promise<[ServerProcess, string]> => {
    const server = launch({ DATA_DIR: dataDirectory }, options);
    return [server, (await server.address).replace('localhost', '127.0.0.1')];
  };
  const [first, address] = await start();
  const auth = asFirstKey(readFirstRun(dataDirectory));
  const { ids, body } = draftPosting(0);
  const recorded = await call(address, 'POST', EVENTS, { auth, body });
  expect(recorded.status).toBe(201);
  expect(await first.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const [second, later] = await start();
  const { text } = recorded;
  expect(await call(later, 'GET', `${EVENTS}/${ids[0]}`, { auth })).toMatchObject({ status: 200, text });
  expect(await second.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  if (onLinux) await untilNoProcessIn(dataDirectory);
}

describe.runIf(isRoot && onLinux)('root', () => {
  test('may keep the data below a folder that nobody else gets into', async () => {
    const closed = join(scratch.path, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const dataDirectory = join(closed, 'some', 'where');
    await expectKeeps(dataDirectory);
    expect(statSync(closed).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDirectory, 'postgres')).uid).not.toBe(0);
    for (const name of ['first-run.json', 'keyring-secret', 'audit-hmac-secret']) {
      expect(statSync(join(dataDirectory, name)).mode & 0o777, name).toBe(0o600);
    }
  });
});

describe('an ordinary user', () => {
  const account = isRoot ? ORDINARY : {};
  const uid = isRoot ? ORDINARY.uid : process.getuid?.();
  const home = join(scratch.path, 'home');
  const foreign = join(scratch.path, 'foreign');
  let reached: boolean;

  beforeAll(async () => {
    const foreignAccount = { ...ORDINARY, foreign: true };
    reached =
      !isRoot || ((await canReach(foreignAccount, PROGRAM)) && (await canReach(foreignAccount, process.execPath)));
    mkdirSync(home);
    mkdirSync(foreign);
    if (isRoot) chownSync(home, ORDINARY.uid, ORDINARY.gid);
    else chmodSync(foreign, 0o555);
  });
  beforeEach((context) =>
    context.skip(!reached, 'root keeps this repository, or Node, to itself, so nobody else can run the program'),
  );

  test('keeps all of it as its own, and from others', async () => {
    const dataDirectory = join(home, 'data');
    await expectKeeps(dataDirectory, account);
    for (const name of ['.', 'postgres', 'first-run.json', 'keyring-secret', 'audit-hmac-secret']) {
      const found = statSync(join(dataDirectory, name));
      expect([name, found.uid, found.mode & 0o077]).toEqual([name, uid, 0]);
    }
  });

  test('is told where it may not write, and nothing is left there', async () => {
    for (const DATA_DIR of [foreign, join(foreign, 'data')]) {
      const { code, said } = await refusedStart({ DATA_DIR }, account);
      expect(said.split('\n')[0]).toMatch(
        /^Veritrail did not start\. The data directory \S+ can't be used: \S* ?EACCES: permission denied.*\. Set DATA_DIR to a folder/,
      );
      expect(said).not.toContain('\n    at ');
      expect(code).toBe(1);
    }
    expect(() => accessSync(join(foreign, 'data'), constants.F_OK)).toThrow('ENOENT');
  });

  test('is told of a secret that it may not read', async () => {
    const dataDirectory = join(home, 'data');
    const file = join(dataDirectory, 'keyring-secret');
    if (isRoot) chownSync(file, 0, 0);
    else chmodSync(file, 0);
    const { code, said } = await refusedStart({ DATA_DIR: dataDirectory }, account);
    expect(said.split('\n')[0]).toBe(`Veritrail did not start. ${file} can not be read; give this user access to it.`);
    expect(code).toBe(1);
  });
});
