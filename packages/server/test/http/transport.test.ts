import { spawnSync } from 'node:child_process';
import { request } from 'node:https';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeScratchFolder } from '../storage/scratch.ts';
import { statusesOf } from '../support/answer.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { makeWorld, readTrail, recordEvent, type World } from '../support/world.ts';

/** Addresses under which the newest reading of a report by this world's member is on record. */
async function recordedAddress(
  server: TestServer,
  world: World,
  headers: Record<string, string>,
): Promise<string | null> {
  const { basic: auth } = world.keys.member;
  expect((await server.call('GET', world.path('/compliance-report'), { auth, headers })).status).toBe(200);
  return (await readTrail(server, world)).at(-1)?.ip_address ?? null;
}

describe('without TRUSTED_PROXIES', () => {
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    server = await startTestServer();
    world = await makeWorld(server);
  });
  afterAll(() => server.stop());

  it.each([{ 'x-forwarded-for': '203.0.113.7' }, { forwarded: 'for=203.0.113.7' }, { 'x-real-ip': '203.0.113.7' }])(
    '%j is believed from nobody',
    async (headers) => {
      expect(await recordedAddress(server, world, headers)).toBe('127.0.0.1');
    },
  );

  it('a throttled caller gains nothing by naming another address', async () => {
    const attempt = (at: number) =>
      server.call('POST', '/api/v1/auth/login', {
        body: { email: 'nobody@example.com', password: 'not the password' },
        headers: { 'x-forwarded-for': `203.0.113.${at}` },
      });
    expect(statusesOf(await Promise.all(Array.from({ length: 20 }, (_, at) => attempt(at)))).at(-1)).toBe(429);
  });
});

describe('with TRUSTED_PROXIES', () => {
  let trusting: TestServer;
  let wary: TestServer;
  let world: World;
  let waryWorld: World;
  beforeAll(async () => {
    trusting = await startTestServer({ TRUSTED_PROXIES: '127.0.0.0/8, 198.51.100.1, ::1' });
    wary = await startTestServer({ TRUSTED_PROXIES: '198.51.100.1' });
    world = await makeWorld(trusting);
    waryWorld = await makeWorld(wary);
  });
  afterAll(async () => {
    await trusting?.stop();
    await wary?.stop();
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    // The last that isn't a trusted proxy is whom the proxies saw; what stands before it anyone could have written.
    ['192.0.2.1, 203.0.113.7', '203.0.113.7'],
    ['192.0.2.1, 203.0.113.7, 198.51.100.1', '203.0.113.7'],
    // Some proxies add the port.
    ['203.0.113.7:4711', '203.0.113.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['', '127.0.0.1'],
  ])('the event has whom the trusted proxy forwards for: %j', async (forwarded, address) => {
    expect(await recordedAddress(trusting, world, { 'x-forwarded-for': forwarded })).toBe(address);
  });

  it.each(['unknown', 'not an address', '203.0.113.7:x', '999.1.1.1', '_hidden', 'x'.repeat(5000), '<script>', ':1'])(
    'what is no address (%j) becomes none: the event has the proxy itself',
    async (forwarded) => {
      expect(await recordedAddress(trusting, world, { 'x-forwarded-for': forwarded })).toBe('127.0.0.1');
    },
  );

  it('an address that is not among them is believed in nothing', async () => {
    expect(await recordedAddress(wary, waryWorld, { 'x-forwarded-for': '203.0.113.7' })).toBe('127.0.0.1');
  });

  it('guesses are slowed down where the proxy says that they come from, and nowhere else', async () => {
    const { email, password } = world.owner;
    const attempt = (given: string, forwarded: string) =>
      trusting.call('POST', '/api/v1/auth/login', {
        body: { email, password: given },
        headers: { 'x-forwarded-for': forwarded },
      });
    const guesses = await Promise.all(Array.from({ length: 20 }, () => attempt('not the password', '203.0.113.66')));
    expect(statusesOf(guesses).at(-1)).toBe(429);
    expect((await attempt(password, '203.0.113.67')).status).toBe(200);
  });
});

const openssl = spawnSync('openssl', ['version']).status === 0;

// OpenSSL makes the certificate: Node can't, and a frozen one would expire.
describe.skipIf(!openssl)('with a certificate', () => {
  const scratch = makeScratchFolder();
  const [certificate, key] = [join(scratch.path, 'cert.pem'), join(scratch.path, 'key.pem')];
  let server: TestServer;
  let world: World;
  beforeAll(async () => {
    const { status, stderr } = spawnSync('openssl', [
      ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(' '),
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
    ]);
    if (status !== 0) throw new Error(stderr.toString());
    server = await startTestServer({ TLS_CERT_FILE: certificate, TLS_KEY_FILE: key });
    world = await makeWorld(server);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(scratch.path, { recursive: true, force: true });
  });

  it('is reached by who checks it, and tells browsers to stay with HTTPS', async () => {
    const answer = await new Promise<{ status: number | undefined; sts: string | undefined }>((resolve, reject) => {
      const asked = {
        host: 'localhost',
        port: server.port,
        path: '/healthz',
        ca: readFileSync(certificate),
        family: 4,
      };
      request(asked, (response) => {
        response.resume();
        resolve({ status: response.statusCode, sts: response.headers['strict-transport-security'] });
      })
        .on('error', reject)
        .end();
    });
    expect(answer).toEqual({ status: 200, sts: expect.stringMatching(/^max-age=\d{7,}/) });
    expect(server.firstRun.base_url).toMatch(/^https:\/\/localhost:\d+$/);
  });

  it('works as it does without', async () => {
    expect((await recordEvent(server, world)).status).toBe(201);
    expect((await server.call('GET', '/nowhere')).headers['strict-transport-security']).toBeDefined();
  });

  it('answers plain HTTP with nothing that could be mistaken for it, and goes on', async () => {
    const seen = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'));
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
    expect(seen).not.toContain('200 OK');
    expect((await server.call('GET', '/healthz')).status).toBe(200);
  });
});
