import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { retireSigningKeyBeside, rotateSigningKeyBeside } from '../../src/change-signing-keys.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';

const PATH = '/.well-known/compliance-signing-keys';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const silent = pino({ level: 'silent' });
const configuration = () => server.running.house.configuration;
const ready = async (): Promise<unknown[]> => {
  const { status, json } = await server.call('GET', '/readyz');
  return [status, (json as { checks: Record<string, string> }).checks['signing_key']];
};

it('anyone may read the keys, from any origin, compact and in the order of the format', async () => {
  const answer = await server.call('GET', PATH, { headers: { origin: 'https://auditor.example' } });
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=60',
    'content-type': expect.stringMatching(/^application\/json/) as string,
  });
  expect(answer.text).toMatch(
    /^\{"algorithm":"Ed25519","keys":\[\{"key_id":"key-\d{4}-\d\d","algorithm":"Ed25519","public_key":"[A-Za-z0-9+/]{43}=","active":true,"retired_at":null,"created_at":"[^"]*Z"\}\]\}$/,
  );
});

it('a rotation beside the running server is published by it, newest first', async () => {
  const [before] = (await server.call('GET', PATH)).json.keys as { key_id: string }[];
  const { to } = await rotateSigningKeyBeside(configuration(), silent);
  const keys = (await server.call('GET', PATH)).json.keys as Record<string, unknown>[];
  expect(keys).toMatchObject([
    { key_id: to, active: true, retired_at: null },
    { ...before, active: false, retired_at: expect.stringMatching(/^[^.]*:\d\dZ$/) as string },
  ]);
});

it('a server without a key says so and stays ready; one whose key can not sign is not', async () => {
  expect(await ready()).toEqual([200, 'ok']);
  const [active] = (await server.call('GET', PATH)).json.keys as { key_id: string }[];
  await retireSigningKeyBeside(configuration(), silent, active!.key_id, { forget: false });
  expect(await ready()).toEqual([200, 'failed']);
  await rotateSigningKeyBeside(configuration(), silent);
  expect(await ready()).toEqual([200, 'ok']);
  await asOwner(server.databaseUrl, (client) =>
    client.query(`ALTER TABLE signing_keys DISABLE TRIGGER USER; UPDATE signing_keys SET sealed = '\\x00'
      WHERE retired_at IS NULL; ALTER TABLE signing_keys ENABLE TRIGGER USER`),
  );
  expect(await ready()).toEqual([503, 'failed']);
  await rotateSigningKeyBeside(configuration(), silent);
  expect(await ready()).toEqual([200, 'ok']);
});
