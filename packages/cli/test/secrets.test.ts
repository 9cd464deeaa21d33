import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { asFirstKey, call, EVENTS } from './support/calls.ts';
import { expectNoSecretSaid } from './support/secrets.ts';
import {
  endServers,
  launch,
  readFirstRun,
  refusedStart,
  type ServerProcess,
  type Settings,
} from './support/server-process.ts';
import { readTrail, verdictsOnMacs, type TrailEvent } from './support/trail.ts';

const OLD = 'old-audit-secret-0123456789';
const NEW = 'new-audit-secret-0123456789';
const WRONG = 'wrong-audit-secret-0123456789';
const KEYRING = 'a-keyring-secret-of-the-operator-0123456789';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const keyringFile = join(dataDirectory, 'keyring-secret');

let server: ServerProcess | undefined;
let auth: string;
let first: readonly TrailEvent[];
/** Stored sealed under the keyring secret. */
let verificationKey: string;

async function start(settings: Settings): Promise<string> {
  await server?.kill('SIGTERM');
  server = launch({ DATA_DIR: dataDirectory, ...settings });
  return server.address;
}

async function refused(settings: Settings): Promise<string> {
  await server?.kill('SIGTERM');
  const { code, said } = await refusedStart({ DATA_DIR: dataDirectory, ...settings });
  expect(code).toBe(1);
  return said;
}

async function readVerificationKey(address: string): Promise<string> {
  const { organization_id: organization } = readFirstRun(dataDirectory);
  const answer = await call(address, 'GET', `/organizations/${organization}/compliance-report/verification-key`, {
    auth,
  });
  expect(answer.status).toBe(200);
  return answer.text;
}

async function record(address: string, id: string): Promise<string> {
  const body = { id, action: 'UPDATE', resource_type: 'flag', resource_id: 'f-1', actor_id: 'u-1' };
  const answer = await call(address, 'POST', EVENTS, { auth, body });
  expect(answer.status).toBe(201);
  return answer.text;
}

beforeAll(async () => {
  const address = await start({ AUDIT_HMAC_SECRET: OLD });
  auth = asFirstKey(readFirstRun(dataDirectory));
  await record(address, '00000000-0000-4000-8000-000000000001');
  verificationKey = await readVerificationKey(address);
  first = await readTrail(address, auth);
});
afterAll(async () => {
  await endServers();
  scratch.remove();
});

test('a secret that the operator gave is not written down', () => {
  expect(readFirstRun(dataDirectory).audit_hmac_secret).toBe('');
  expect(() => statSync(join(dataDirectory, 'audit-hmac-secret'))).toThrow('ENOENT');
});

test('events that would lose their secret stop the start, and nothing happens to them', async () => {
  const [keyId] = first.map((event) => event.signature_key_id);
  expect(await refused({})).toBe(
    `Veritrail did not start. Events are signed under the secret ${keyId}, which is not set: put it back as ` +
      'AUDIT_HMAC_SECRET, or, if it was replaced on purpose, add it to AUDIT_HMAC_PREVIOUS_SECRETS.',
  );
  expect(() => statSync(join(dataDirectory, 'audit-hmac-secret')), 'a made-up secret').toThrow('ENOENT');
});

test('after a rotation the new secret signs, and events before keep their bytes and their key id', async () => {
  const address = await start({ AUDIT_HMAC_SECRET: NEW, AUDIT_HMAC_PREVIOUS_SECRETS: `${WRONG} ${OLD}` });
  const text = await record(address, '00000000-0000-4000-8000-000000000002');
  const trail = await readTrail(address, auth);
  expect(trail.slice(0, first.length)).toEqual(first);
  // The change is an event itself, under the new secret, before anything else is.
  const [changed, since, ...more] = trail.slice(first.length);
  expect([changed?.action, changed?.resource_type, since?.text, more]).toEqual([
    'CONFIG_CHANGE',
    'audit_mac_key',
    text,
    [],
  ]);
  expect(since?.signature_key_id).not.toBe(first[0]?.signature_key_id);
  expect(changed?.signature_key_id).toBe(since?.signature_key_id);
  expect(verdictsOnMacs(first, OLD)).toEqual(first.map(() => 'valid'));
  expect(verdictsOnMacs([{ text }], NEW)).toEqual(['valid']);
  expect(verdictsOnMacs([{ text }], OLD)).toEqual(['INVALID']);
  // A retry of what was recorded under the old secret gets the old bytes.
  const old = first.find(({ id }) => id === '00000000-0000-4000-8000-000000000001');
  const body = { id: old?.id, action: 'UPDATE', resource_type: 'flag', resource_id: 'f-1', actor_id: 'u-1' };
  expect(await call(address, 'POST', EVENTS, { auth, body })).toMatchObject({ status: 200, text: old?.text });
});

test('of several secrets every one must stay known, and a rotation can be taken back', async () => {
  expect(await refused({ AUDIT_HMAC_SECRET: NEW, AUDIT_HMAC_PREVIOUS_SECRETS: WRONG })).toContain(
    `signed under the secret ${first[0]?.signature_key_id}, which`,
  );
  const address = await start({ AUDIT_HMAC_SECRET: OLD, AUDIT_HMAC_PREVIOUS_SECRETS: NEW });
  const text = await record(address, '00000000-0000-4000-8000-000000000003');
  expect(JSON.parse(text)).toMatchObject({ signature_key_id: first[0]?.signature_key_id });
  expect(verdictsOnMacs([{ text }], OLD)).toEqual(['valid']);
});

const ROTATED = { AUDIT_HMAC_SECRET: NEW, AUDIT_HMAC_PREVIOUS_SECRETS: OLD };
const SENTENCE =
  'Veritrail did not start. The keys in the database were sealed under another secret: put the right one in ' +
  'KEYRING_SECRET, or restore the file keyring-secret in the data directory.';

test('a lost keyring secret stops the start, and the start goes well when it is back', async () => {
  await server?.kill('SIGTERM');
  renameSync(keyringFile, `${keyringFile}.lost`);
  expect((await refused(ROTATED)).split('\n')[0]).toBe(SENTENCE);
  // Made anew it would look like the right one, and be backed up as such.
  expect(() => readFileSync(keyringFile)).toThrow('ENOENT');
  expect((await refused({ ...ROTATED, KEYRING_SECRET: KEYRING })).split('\n')[0]).toBe(SENTENCE);

  writeFileSync(keyringFile, 'damaged\n');
  expect(await refused(ROTATED)).toBe(
    `Veritrail did not start. ${keyringFile} does not hold a generated secret; restore it from backup.`,
  );
  renameSync(`${keyringFile}.lost`, keyringFile);
  expect(await readVerificationKey(await start(ROTATED))).toBe(verificationKey);
});

test('the generated keyring secret can be moved into the setting', async () => {
  await server?.kill('SIGTERM');
  const KEYRING_SECRET = readFileSync(keyringFile, 'utf8').trim();
  renameSync(keyringFile, `${keyringFile}.moved`);
  const address = await start({ ...ROTATED, KEYRING_SECRET });
  expect(await call(address, 'GET', '/readyz')).toMatchObject({ status: 200 });
  renameSync(`${keyringFile}.moved`, keyringFile);
});

test('no secret was said anywhere but in the greeting', () => {
  expectNoSecretSaid(dataDirectory, [OLD, NEW, WRONG, KEYRING], 1);
});
