import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answer } from '../support/answer.ts';
import { asBasic, asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import {
  addMember,
  insist,
  login,
  makePerson,
  makeWorld,
  readTrail,
  type EventItem,
  type Person,
  type World,
} from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

function tryLogin(email: string, password: string): Promise<Answer> {
  return server.call('POST', '/api/v1/auth/login', { body: { email, password } });
}

async function isGood(auth: string): Promise<boolean> {
  const { status } = await server.call('GET', '/api/v1/auth/me', { auth });
  expect([200, 401]).toContain(status);
  return status === 200;
}

async function signIns(of: World, person: { id: string }): Promise<EventItem[]> {
  const events = await readTrail(server, of, `&actor_id=${person.id}`);
  return events.filter((event) => event.action === 'LOGIN' || event.action === 'LOGOUT');
}

describe('a login', () => {
  it('gives a token, its lifetime and the organizations with their roles', async () => {
    const answer = await tryLogin(world.owner.email.toUpperCase(), world.owner.password);
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^vts_[0-9a-f]{64}$/),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      organizations: [{ id: world.id, name: expect.any(String), role: 'owner' }],
    });
    // Twelve hours, less what it took to answer.
    expect(Math.ceil(answer.json.expires_in / 60)).toBe(12 * 60);
    expect(await isGood(`Bearer ${answer.json.access_token}`)).toBe(true);
  });

  it('gives each time a token of its own, and logging out ends that one alone', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const [one, another] = [person.bearer, await login(server, person.email, person.password)];
    expect(one).not.toBe(another);
    expect((await server.call('POST', '/api/v1/auth/logout', { auth: one })).status).toBe(204);
    expect([await isGood(one), await isGood(another)]).toEqual([false, true]);
    expect((await server.call('POST', '/api/v1/auth/logout', { auth: one })).status).toBe(401);
  });

  it('lasts no longer than it was given for', async () => {
    const person = await makePerson(server);
    const last = (interval: string) =>
      asOwner(server.databaseUrl, (client) =>
        client.query('UPDATE sessions SET expires_at = now() + $2::interval WHERE user_id = $1', [person.id, interval]),
      );
    await last('1 minute');
    expect(await isGood(person.bearer)).toBe(true);
    await last('-1 second');
    expect(await isGood(person.bearer)).toBe(false);
  });

  it('with a wrong password is refused like one of nobody, word for word', async () => {
    const person = await makePerson(server);
    const known = await tryLogin(person.email, 'not the password of anybody');
    const unknown = await tryLogin(`${randomUUID()}@example.com`, 'not the password of anybody');
    const invited = { email: `${randomUUID()}@example.com`, name: 'Ann', role: 'member' };
    await insist(server.call)(201, 'POST', world.path('/members'), { auth: world.owner.bearer, body: invited });
    const withoutPassword = await tryLogin(invited.email, 'not the password of anybody');
    for (const answer of [known, unknown, withoutPassword]) {
      expect([answer.status, answer.text, Object.keys(answer.headers)]).toEqual([
        401,
        known.text,
        Object.keys(known.headers),
      ]);
    }
  });

  it.each([
    ['another normal form', 'pa\u0308ssword pa\u0308ssword', 'p\u00e4ssword p\u00e4ssword', true],
    ['another kind of space', 'a pass word of mine', 'a\u00a0pass\u2003word of mine', true],
    ['another case', 'a pass word of mine', 'A pass word of mine', false],
    ['a compatibility form', 'x² x² x² x² x²', 'x2 x2 x2 x2 x2', false],
    ['a space more', 'a pass word of mine', 'a pass word of mine ', false],
    ['less than all of it', `${'x'.repeat(100)}1`, `${'x'.repeat(100)}2`, false],
  ])('with %s of the password is what it looks like', async (_, set, typed, good) => {
    const body = { email: `${randomUUID()}@example.com`, name: 'Ann', role: 'member', password: set };
    await insist(server.call)(201, 'POST', world.path('/members'), { auth: world.owner.bearer, body });
    expect((await tryLogin(body.email, typed)).status).toBe(good ? 200 : 401);
    expect((await tryLogin(body.email, set)).status).toBe(200);
  });
});

describe('a changed password', () => {
  it('ends every session and the old password, by Basic too, at once', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const sessions = [person.bearer, await login(server, person.email, person.password)];
    expect(await isGood(person.basic)).toBe(true);
    const next = 'another password of theirs';
    const body = { current_password: person.password, new_password: next };
    const wrong = { ...body, current_password: 'not the password of anybody' };
    expect((await server.call('POST', '/api/v1/auth/password', { auth: person.bearer, body: wrong })).status).toBe(401);
    expect(await isGood(person.bearer)).toBe(true);
    await insist(server.call)(204, 'POST', '/api/v1/auth/password', { auth: person.bearer, body });
    for (const session of sessions) expect(await isGood(session)).toBe(false);
    expect([await isGood(person.basic), await isGood(asBasic(person.email, next))]).toEqual([false, true]);
    const changed = (await readTrail(server, world, `&actor_id=${person.id}`)).filter(
      (event) => event.action === 'UPDATE',
    );
    expect(changed).toEqual([
      expect.objectContaining({ resource_type: 'user', resource_id: person.id, details: { changed: ['password'] } }),
    ]);
  });

  it.each(['short', 'x'.repeat(1025), 'with a\ttab in it', 'with U+0000 \0 in it'])(
    '%j is no new one',
    async (next) => {
      const person = await makePerson(server);
      const body = { current_password: person.password, new_password: next };
      expect((await server.call('POST', '/api/v1/auth/password', { auth: person.bearer, body })).status).toBe(422);
      expect(await isGood(person.basic)).toBe(true);
    },
  );
});

describe('repeated failures', () => {
  const WRONG = 'not the password of anybody';

  /** Fails until told to wait. On a slow day a wait is over before the next attempt, which then counts too. */
  async function failUntilThrottled(
    fail: (at: number) => Promise<Answer>,
  ): Promise<{ failures: number; refused: Answer }> {
    for (let failures = 0; failures < 12; failures += 1) {
      const answer = await fail(failures);
      if (answer.status === 429) return { failures, refused: answer };
      expect(answer.status).toBe(401);
    }
    throw new Error('never told to wait');
  }

  /** The stored waits end so much later or, if negative, sooner: nobody here has to sit them out. */
  async function shiftWaits(seconds: number): Promise<void> {
    await asOwner(server.databaseUrl, (client) =>
      client.query('UPDATE login_pairs SET blocked_until = blocked_until + make_interval(secs => $1)', [seconds]),
    );
  }

  it('bring 429 with a wait, during which the right password is not looked at, and after which it is', async () => {
    const person = await makePerson(server);
    const fresh = await makePerson(server);
    const { failures, refused } = await failUntilThrottled(() => tryLogin(person.email, WRONG));
    // Five are free; the sixth brings the first wait, of a second, and the seventh one of two.
    expect(failures).toBeGreaterThanOrEqual(6);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(2 ** (failures - 6));
    await shiftWaits(10);
    const waiting = await tryLogin(person.email, person.password);
    expect([waiting.status, Number(waiting.headers['retry-after'])]).toEqual([429, expect.toSatisfy((s) => s >= 9)]);
    expect((await server.call('GET', '/zones', { auth: person.basic })).status).toBe(429);
    expect((await server.call('GET', '/zones', { auth: person.bearer })).status).toBe(200);
    // Another account from the same address is not made to wait.
    expect((await tryLogin(fresh.email, fresh.password)).status).toBe(200);
    await shiftWaits(-20);
    expect((await tryLogin(person.email, person.password)).status).toBe(200);
    expect((await tryLogin(person.email, WRONG)).status).toBe(401);
  });

  it('are on record while they last: one event a wait, however many attempts', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const { failures } = await failUntilThrottled(() => tryLogin(person.email, WRONG));
    const refused = await Promise.all(Array.from({ length: 30 }, () => tryLogin(person.email, person.password)));
    const told = async () =>
      (await signIns(world, person))
        .filter((event) => event.details['outcome'] === 'failure')
        .map((event) => event.details['reason']);
    const events = await told();
    expect(events.filter((reason) => reason === undefined).length).toBeGreaterThanOrEqual(failures);
    // The wait was a second or two and some may have ended meanwhile; thirty events would be one an attempt.
    expect(events.filter((reason) => reason === 'throttled').length).toBeLessThanOrEqual(
      1 + refused.filter((answer) => answer.status !== 429).length,
    );
    expect(events.at(-1)).toBe('throttled');
  });

  it('of an account that is not look the same', async () => {
    const email = `${randomUUID()}@example.com`;
    const { failures, refused } = await failUntilThrottled(() => tryLogin(email, WRONG));
    expect(failures).toBeGreaterThanOrEqual(6);
    const known = await makePerson(server);
    const other = await failUntilThrottled(() => tryLogin(known.email, WRONG));
    expect(refused.text).toBe(other.refused.text);
  });

  it('at once gain no guesses', async () => {
    const person = await makePerson(server);
    const began = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => tryLogin(person.email, `guess number ${at} of many`)),
    );
    const seconds = (performance.now() - began) / 1000;
    const statuses = answers.map((answer) => answer.status);
    const guesses = statuses.filter((status) => status === 401).length;
    // One more for each wait that was over before all were sent.
    expect(guesses).toBeLessThanOrEqual(6 + [1, 3, 7, 15, 31].filter((wait) => wait <= seconds).length);
    expect(statuses.filter((status) => status === 429)).toHaveLength(40 - guesses);
  });

  it('are counted for Basic, password changes and invitations as for logins', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const { email } = person;
    const other = await makeWorld(server);
    const invited = { email, name: 'Ann', role: 'member' };
    const added = await insist(server.call)(201, 'POST', other.path('/members'), {
      auth: other.owner.bearer,
      body: invited,
    });
    const token = (added.json.invitation_url as string).split('#')[1];
    const body = { current_password: WRONG, new_password: 'a password to have' };
    const ways = [
      () => tryLogin(email, WRONG),
      () => server.call('GET', '/zones', { auth: asBasic(email, WRONG) }),
      () => server.call('POST', '/api/v1/auth/password', { auth: person.bearer, body }),
      () => server.call('POST', '/api/v1/auth/invitations', { body: { token, password: WRONG } }),
    ] as const;
    // Were each way counted by itself, twenty-four would be free.
    await failUntilThrottled((at) => ways[(at % 4) as 0 | 1 | 2 | 3]());
    await shiftWaits(10);
    for (const way of ways) expect((await way()).status).toBe(429);
  });
});

describe('signing in and out is on record', () => {
  it('in each organization of the user and in no other, the refused too', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const own = { name: 'Their own', billing_email: person.email };
    const { id } = (await insist(server.call)(201, 'POST', '/organizations', { auth: person.bearer, body: own })).json;
    const stranger = await makeWorld(server);
    const before = (await signIns(world, person)).length;

    const headers = { 'user-agent': 'a browser of theirs' };
    const credentials = { email: person.email, password: person.password };
    const good = await server.call('POST', '/api/v1/auth/login', { body: credentials, headers });
    await server.call('POST', '/api/v1/auth/login', {
      body: { ...credentials, password: 'not the password' },
      headers,
    });
    await server.call('POST', '/api/v1/auth/logout', { auth: `Bearer ${good.json.access_token}`, headers });

    const wanted = [
      ['LOGIN', { outcome: 'success', method: 'password' }],
      ['LOGIN', { outcome: 'failure', method: 'password' }],
      ['LOGOUT', { outcome: 'success', method: 'session' }],
    ].map(([action, details]) => ({
      action,
      details,
      resource_type: 'session',
      resource_id: person.id,
      actor_id: person.id,
      actor_username: person.email,
      ip_address: '127.0.0.1',
      user_agent: 'a browser of theirs',
    }));
    expect((await signIns(world, person)).slice(before)).toMatchObject(wanted);
    const key = await insist(server.call)(201, 'POST', `/organizations/${id}/api-keys`, {
      auth: await login(server, person.email, person.password),
      body: { name: 'Reader', role: 'analyst' },
    });
    const theirs = await server.call('GET', '/api/v1/compliance/audit-events?page_size=500', {
      auth: asBasic(key.json.key, key.json.secret),
    });
    const inOwn = (theirs.json.items as EventItem[]).filter((event) => event.user_agent === 'a browser of theirs');
    expect(inOwn.toReversed()).toMatchObject(wanted);
    expect(await signIns(stranger, person)).toEqual([]);
  });

  it('by Basic when the password had to be checked, and not with every request after', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const before = (await signIns(world, person)).length;
    for (let at = 0; at < 5; at += 1) await insist(server.call)(200, 'GET', world.path(), { auth: person.basic });
    await Promise.all(
      Array.from({ length: 10 }, () => insist(server.call)(200, 'GET', world.path(), { auth: person.basic })),
    );
    const after = (await signIns(world, person)).slice(before);
    expect(after.map((event) => event.details)).toEqual([{ outcome: 'success', method: 'basic' }]);
  });

  it('twenty connections with the right password at once are all let in', async () => {
    const person: Person = await addMember(server, world.id, world.owner.bearer, 'member');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.call('GET', world.path(), { auth: person.basic })),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200));
  });
});
