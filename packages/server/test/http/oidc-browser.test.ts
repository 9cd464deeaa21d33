import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { statusesOf, type Answer } from '../support/answer.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { addMember, insist, makeWorld, readTrail, type Person, type World } from '../support/world.ts';
import { AUDIENCE, BROWSER_CLIENT, LEAVING, startIssuer, type Issuer } from '../tenancy/oidc-issuer.ts';

const SECRET = 'secret-of-the-client-long-enough';
const START = '/api/v1/auth/oidc/start';
const CALLBACK = '/api/v1/auth/oidc/callback';
const SESSION = '/api/v1/auth/oidc/session';

let idp: Issuer;
let server: TestServer;
let world: World;
const says = new Map<string, { email: string; email_verified: boolean }>();

beforeAll(async () => {
  idp = await startIssuer({ extraClaims: (account) => says.get(account) ?? {} });
  server = await startTestServer({
    OIDC_ISSUER: idp.issuer,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_CLIENT_ID: BROWSER_CLIENT,
    OIDC_CLIENT_SECRET: SECRET,
  });
  await idp.register(`${server.running.baseUrl}${CALLBACK}`, SECRET);
  world = await makeWorld(server);
});
afterAll(async () => {
  await server?.stop();
  await idp?.stop();
});

interface Begun {
  readonly binding: string;
  /** As a browser sends it back. */
  readonly cookie: string;
  readonly url: string;
}

async function begin(at = server): Promise<Begun> {
  const binding = randomBytes(32).toString('base64url');
  const answer = await insist(at.call)(302, 'GET', `${START}?binding=${binding}`);
  const [cookie = ''] = (answer.headers['set-cookie'] ?? '').split(';');
  return { binding, cookie, url: answer.headers['location'] ?? '' };
}

/** What the browser does with the address that the issuer sent it to. */
function comeBack(url: string, cookie: string | undefined, at = server): Promise<Answer> {
  const { pathname, search } = new URL(url);
  return at.call('GET', pathname + search, cookie === undefined ? {} : { headers: { cookie } });
}

function saidBy(answer: Answer): Record<string, string> {
  expect(answer.status).toBe(302);
  const location = answer.headers['location'] ?? '';
  expect(location).toMatch(/^\/sign-in#/);
  expect(answer.headers['set-cookie']).toMatch(/^veritrail_sign_in=; .*Max-Age=0/);
  return Object.fromEntries(new URLSearchParams(location.split('#')[1]));
}

function takeUp(code: string | undefined, binding: string, at = server): Promise<Answer> {
  return at.call('POST', SESSION, { body: { code, binding } });
}

async function signIn(account: string): Promise<Answer> {
  const { binding, cookie, url } = await begin();
  const { oidc } = saidBy(await comeBack(await idp.visit(url, account), cookie));
  return takeUp(oidc, binding);
}

async function makeKnown(account: string, verified = true): Promise<Person> {
  const person = await addMember(server, world.id, world.owner.bearer, 'analyst');
  says.set(account, { email: person.email, email_verified: verified });
  return person;
}

async function signInsOf(person: Person) {
  const events = await readTrail(server, world, `&actor_id=${person.id}`);
  return events.filter(({ details }) => details['method'] === 'oidc').map(({ action, details }) => [action, details]);
}

describe('what can be used to sign in', () => {
  it('is said to anyone, by the name of the provider', async () => {
    const { json } = await insist(server.call)(200, 'GET', '/api/v1/auth/methods');
    expect(json).toEqual({ password: true, oidc: { name: new URL(idp.issuer).host } });
  });

  it('is the password alone where no client is set up, and the way to the provider says so', async () => {
    const own = await startTestServer({ OIDC_ISSUER: idp.issuer, OIDC_AUDIENCE: AUDIENCE });
    try {
      const { json } = await insist(own.call)(200, 'GET', '/api/v1/auth/methods');
      expect(json).toEqual({ password: true, oidc: null });
      const answer = await own.call('GET', `${START}?binding=${'b'.repeat(43)}`);
      expect([answer.status, answer.headers['location']]).toEqual([302, '/sign-in#problem=sign_in_not_offered']);
    } finally {
      await own.stop();
    }
  });
});

describe('signing in at the provider', () => {
  it('makes a session like any other, of the member with the verified e-mail, and is on record', async () => {
    const person = await makeKnown('anna');
    const answer = await signIn('anna');
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^vts_[0-9a-f]{64}$/),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      organizations: [{ id: world.id, name: expect.any(String), role: 'analyst' }],
    });
    const auth = `Bearer ${answer.json.access_token}`;
    expect((await insist(server.call)(200, 'GET', '/api/v1/auth/me', { auth })).json.id).toBe(person.id);
    expect(await signInsOf(person)).toEqual([['LOGIN', { outcome: 'success', method: 'oidc' }]]);
    expect((await server.call('POST', '/api/v1/auth/logout', { auth })).status).toBe(204);
  });

  it('asks the provider with state, nonce and a challenge, for this address and no other', async () => {
    const { url, cookie } = await begin();
    const asked = new URL(url);
    expect([asked.origin, asked.searchParams.get('response_type')]).toEqual([idp.issuer, 'code']);
    expect(asked.searchParams.get('redirect_uri')).toBe(`${server.running.baseUrl}${CALLBACK}`);
    expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const value = asked.searchParams.get(name) ?? '';
      expect(value.length).toBeGreaterThanOrEqual(43);
      expect(cookie).not.toContain(value);
    }
  });

  it('keeps what it needs in a cookie that scripts, other paths and other sites can not use', async () => {
    const answer = await server.call('GET', `${START}?binding=${'b'.repeat(43)}`);
    const attributes = (answer.headers['set-cookie'] ?? '').split('; ').slice(1);
    expect(attributes).toEqual(['Path=/api/v1/auth/oidc', 'Max-Age=600', 'HttpOnly', 'SameSite=Lax']);
  });

  it('works for a public client too, and where the e-mail is in the ID token', async () => {
    const other = await startIssuer({ extraClaims: (account) => says.get(account) ?? {}, idTokenClaims: true });
    const own = await startTestServer({
      OIDC_ISSUER: other.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: BROWSER_CLIENT,
    });
    try {
      await other.register(`${own.running.baseUrl}${CALLBACK}`);
      says.set('paula', { email: own.firstRun.email, email_verified: true });
      const { binding, cookie, url } = await begin(own);
      const { oidc } = saidBy(await comeBack(await other.visit(url, 'paula'), cookie, own));
      expect((await takeUp(oidc, binding, own)).status).toBe(200);
      expect(other.requests.get('/me')).toBeUndefined();
    } finally {
      await own.stop();
      await other.stop();
    }
  });

  it('under an https address sends a cookie for https alone, and names that address', async () => {
    const own = await startTestServer({
      OIDC_ISSUER: idp.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: BROWSER_CLIENT,
      PUBLIC_URL: 'https://trail.example.com',
    });
    try {
      const address = `http://127.0.0.1:${own.port}${START}?binding=${'b'.repeat(43)}`;
      const { headers } = await fetch(address, { redirect: 'manual' });
      expect(headers.get('set-cookie')).toMatch(/; SameSite=Lax; Secure$/);
      expect(new URL(headers.get('location') ?? '').searchParams.get('redirect_uri')).toBe(
        `https://trail.example.com${CALLBACK}`,
      );
    } finally {
      await own.stop();
    }
  });

  it('of somebody whom nobody added is refused, and no account comes of it', async () => {
    says.set('dora', { email: 'dora@nowhere.example', email_verified: true });
    const { cookie, url } = await begin();
    expect(saidBy(await comeBack(await idp.visit(url, 'dora'), cookie))).toEqual({ problem: 'credentials_invalid' });
  });

  it('with an address that the provider has not verified is refused, and its owner can see that in the trail', async () => {
    const person = await makeKnown('carla', false);
    const { cookie, url } = await begin();
    expect(saidBy(await comeBack(await idp.visit(url, 'carla'), cookie))).toEqual({ problem: 'credentials_invalid' });
    expect(await signInsOf(person)).toEqual([['LOGIN', { outcome: 'failure', method: 'oidc' }]]);
  });

  it('that is left there says so', async () => {
    const { cookie, url } = await begin();
    const back = await idp.visit(url, LEAVING);
    expect(saidBy(await comeBack(back, cookie))).toEqual({ problem: 'sign_in_cancelled' });
  });
});

describe('a way back that is not the one that was begun', () => {
  it('without the cookie, with another one, a changed one or an old one is refused before the provider is asked', async () => {
    await makeKnown('emma');
    const { cookie, url } = await begin();
    const other = await begin();
    const back = await idp.visit(url, 'emma');
    const before = idp.requests.get('/token') ?? 0;
    const changed = cookie.slice(0, -2) + (cookie.endsWith('AA') ? 'BB' : 'AA');
    for (const sent of [undefined, 'veritrail_sign_in=', 'veritrail_sign_in=x', changed, other.cookie]) {
      expect(saidBy(await comeBack(back, sent))).toEqual({ problem: 'sign_in_expired' });
    }
    expect(idp.requests.get('/token') ?? 0).toBe(before);
  });

  it('with another state, another issuer or no code is refused', async () => {
    await makeKnown('frida');
    const { cookie, url } = await begin();
    const back = new URL(await idp.visit(url, 'frida'));
    const changed = (change: (query: URLSearchParams) => void): string => {
      const copy = new URL(back);
      change(copy.searchParams);
      return copy.href;
    };
    const seen: Record<string, Record<string, string>> = {};
    for (const [name, address] of Object.entries({
      state: changed((query) => query.set('state', 'x')),
      'no state': changed((query) => query.delete('state')),
      issuer: changed((query) => query.set('iss', 'https://other.example')),
      'no code': changed((query) => query.delete('code')),
      nothing: changed((query) => [...query.keys()].forEach((key) => query.delete(key))),
    })) {
      seen[name] = saidBy(await comeBack(address, cookie));
    }
    expect(seen).toEqual({
      state: { problem: 'sign_in_expired' },
      'no state': { problem: 'sign_in_expired' },
      issuer: { problem: 'token_invalid' },
      'no code': { problem: 'token_invalid' },
      nothing: { problem: 'sign_in_expired' },
    });
  });

  it('a second time is refused', async () => {
    await makeKnown('gerda');
    const { cookie, url, binding } = await begin();
    const back = await idp.visit(url, 'gerda');
    const { oidc } = saidBy(await comeBack(back, cookie));
    expect(saidBy(await comeBack(back, cookie))).toEqual({ problem: 'sign_in_expired' });
    expect((await takeUp(oidc, binding)).status).toBe(200);
  });

  it('leads nowhere but to the sign-in page, whatever the address asks for', async () => {
    const evil = 'https://evil.example/';
    for (const name of ['back', 'redirect_uri', 'next', 'return_to']) {
      const asked = `${START}?binding=${'b'.repeat(43)}&${name}=${encodeURIComponent(evil)}`;
      expect((await server.call('GET', asked)).status).toBe(422);
      const answer = await server.call('GET', `${CALLBACK}?${name}=${encodeURIComponent(evil)}`);
      expect(answer.headers['location']).toBe('/sign-in#problem=sign_in_expired');
    }
    const hostile = await server.call('GET', `${START}?binding=${'b'.repeat(43)}`, {
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    });
    expect(hostile.headers['location']).not.toContain('evil');
  });
});

describe('the code for the session', () => {
  it('is good once, however often it is sent at once', async () => {
    await makeKnown('hilda');
    const { binding, cookie, url } = await begin();
    const { oidc } = saidBy(await comeBack(await idp.visit(url, 'hilda'), cookie));
    const answers = await Promise.all([1, 2, 3].map(() => takeUp(oidc, binding)));
    expect(statusesOf(answers)).toEqual([200, 401, 401]);
    expect((await takeUp(oidc, binding)).json.type).toBe('/docs/problems#sign_in_expired');
  });

  it('is good for the page that began alone, and for two minutes', async () => {
    const person = await makeKnown('ida');
    const { binding, cookie, url } = await begin();
    const { oidc } = saidBy(await comeBack(await idp.visit(url, 'ida'), cookie));
    expect((await takeUp(oidc, randomBytes(32).toString('base64url'))).status).toBe(401);
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE sign_in_handovers SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [
        person.id,
      ]),
    );
    expect((await takeUp(oidc, binding)).status).toBe(401);
  });
});

describe('while the provider is away', () => {
  it('people are told, at both ends of the way, and passwords still work', async () => {
    const away = await startIssuer({ extraClaims: (account) => says.get(account) ?? {} });
    const own = await startTestServer({
      OIDC_ISSUER: away.issuer,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_CLIENT_ID: BROWSER_CLIENT,
    });
    try {
      await away.register(`${own.running.baseUrl}${CALLBACK}`);
      says.set('jana', { email: own.firstRun.email, email_verified: true });
      const { cookie, url } = await begin(own);
      const back = await away.visit(url, 'jana');
      await away.stop();
      expect(saidBy(await comeBack(back, cookie, own))).toEqual({ problem: 'identity_provider_unavailable' });
      const fresh = await startTestServer({
        OIDC_ISSUER: away.issuer,
        OIDC_AUDIENCE: AUDIENCE,
        OIDC_CLIENT_ID: BROWSER_CLIENT,
      });
      try {
        const answer = await fresh.call('GET', `${START}?binding=${'b'.repeat(43)}`);
        expect(answer.headers['location']).toBe('/sign-in#problem=identity_provider_unavailable');
      } finally {
        await fresh.stop();
      }
      const { email, password } = own.firstRun;
      expect((await own.call('POST', '/api/v1/auth/login', { body: { email, password } })).status).toBe(200);
    } finally {
      await own.stop();
    }
  });
});
