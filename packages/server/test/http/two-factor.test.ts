import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answer } from '../support/answer.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { beginTwoFactor, codeOf, turnOnTwoFactor, wrongCodeOf } from '../support/two-factor.ts';
import { addMember, insist, login, makeWorld, readTrail, type Person, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

const PATH = '/api/v1/auth/two-factor';
const WRONG = 'not the password of anybody';

const makeMember = (): Promise<Person> => addMember(server, world.id, world.owner.bearer, 'member');

function tryLogin(person: Person, code?: string, password = person.password): Promise<Answer> {
  const body = { email: person.email, password, ...(code !== undefined && { code }) };
  return server.call('POST', '/api/v1/auth/login', { body });
}

function codeIn(answer: Answer): [number, string] {
  return [answer.status, answer.status === 200 ? '' : (String(answer.json.type).split('#')[1] ?? '')];
}

async function deedsOf(person: Person) {
  const events = await readTrail(server, world, `&actor_id=${person.id}`);
  return events.map(({ action, resource_type: type, details }) => ({ action, type, details }));
}

async function standing(person: Person) {
  return (await insist(server.call)(200, 'GET', PATH, { auth: person.bearer })).json;
}

describe('turning it on', () => {
  it('takes the password and a first code, and until then signing in stays as it is', async () => {
    const person = await makeMember();
    const wrong = await server.call('POST', PATH, { auth: person.bearer, body: { password: WRONG } });
    expect(codeIn(wrong)).toEqual([401, 'credentials_invalid']);
    const { secret, uri } = await beginTwoFactor(server, person);
    expect(uri).toContain(`secret=${secret}`);
    expect(codeIn(await tryLogin(person))).toEqual([200, '']);
    expect(await standing(person)).toEqual({ enabled: false, enabled_at: null, recovery_codes_left: 0 });
    const refused = await server.call('POST', `${PATH}/confirm`, {
      auth: person.bearer,
      body: { code: wrongCodeOf(secret) },
    });
    expect(codeIn(refused)).toEqual([401, 'second_factor_wrong']);
    expect(codeIn(await tryLogin(person))).toEqual([200, '']);
  });

  it('gives ten recovery codes, ends the other sessions, and is on record', async () => {
    const person = await makeMember();
    const other = await login(server, person.email, person.password);
    const { recoveryCodes } = await turnOnTwoFactor(server, person);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^([2-9a-z]{4}-){3}[2-9a-z]{4}$/);
    expect((await server.call('GET', '/api/v1/auth/me', { auth: other })).status).toBe(401);
    const me = await insist(server.call)(200, 'GET', '/api/v1/auth/me', { auth: person.bearer });
    expect(me.json.two_factor).toBe(true);
    expect(await standing(person)).toMatchObject({ enabled: true, recovery_codes_left: 10 });
    expect((await deedsOf(person)).at(-1)).toEqual({
      action: 'CONFIG_CHANGE',
      type: 'user',
      details: { two_factor: 'on' },
    });
    expect((await server.call('POST', PATH, { auth: person.bearer, body: { password: person.password } })).status).toBe(
      409,
    );
  });

  it('keeps neither the secret nor a recovery code in what is stored', async () => {
    const person = await makeMember();
    const { secret, recoveryCodes } = await turnOnTwoFactor(server, person);
    const stored = await asOwner(server.databaseUrl, async (client) => {
      const factors = await client.query('SELECT encode(sealed, $1) AS sealed FROM second_factors', ['escape']);
      const codes = await client.query('SELECT encode(code_hash, $1) AS code FROM recovery_codes', ['escape']);
      return JSON.stringify([factors.rows, codes.rows]);
    });
    for (const text of [secret, ...recoveryCodes]) expect(stored).not.toContain(text);
  });

  it('is begun anew by asking again, and a secret that waited too long is none', async () => {
    const person = await makeMember();
    const first = await beginTwoFactor(server, person);
    const second = await beginTwoFactor(server, person);
    const confirm = (secret: string) =>
      server.call('POST', `${PATH}/confirm`, { auth: person.bearer, body: { code: codeOf(secret) } });
    expect(codeIn(await confirm(first.secret))).toEqual([401, 'second_factor_wrong']);
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE second_factors SET begun_at = begun_at - interval '16 minutes' WHERE user_id = $1`, [
        person.id,
      ]),
    );
    expect(codeIn(await confirm(second.secret))).toEqual([409, 'two_factor_off']);
  });
});

describe('a login of who has it on', () => {
  it('asks for the code after the right password and only then', async () => {
    const person = await makeMember();
    const { secret } = await turnOnTwoFactor(server, person);
    expect(codeIn(await tryLogin(person))).toEqual([401, 'second_factor_required']);
    const wrong = await tryLogin(person, undefined, WRONG);
    const nobody = await tryLogin({ ...person, email: `${randomUUID()}@example.com` }, codeOf(secret), WRONG);
    const withCode = await tryLogin(person, codeOf(secret), WRONG);
    expect([wrong.status, wrong.text, withCode.text]).toEqual([401, nobody.text, nobody.text]);
    expect(codeIn(await tryLogin(person, codeOf(secret)))).toEqual([200, '']);
  });

  it('takes a time step once, whatever is sent at once, and none before it', async () => {
    const person = await makeMember();
    const { secret } = await turnOnTwoFactor(server, person);
    const code = codeOf(secret, 1);
    const answers = await Promise.all([1, 2, 3].map(() => tryLogin(person, code)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(codeIn(await tryLogin(person, codeOf(secret)))).toEqual([401, 'second_factor_wrong']);
  });

  it('takes each recovery code once, as it may be typed', async () => {
    const person = await makeMember();
    const { recoveryCodes } = await turnOnTwoFactor(server, person);
    const [one = '', two = ''] = recoveryCodes;
    expect(codeIn(await tryLogin(person, one.replaceAll('-', ' ').toUpperCase()))).toEqual([200, '']);
    expect(codeIn(await tryLogin(person, one))).toEqual([401, 'second_factor_wrong']);
    const answers = await Promise.all([1, 2, 3].map(() => tryLogin(person, two)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const last = await insist(server.call)(200, 'POST', '/api/v1/auth/login', {
      body: { email: person.email, password: person.password, code: recoveryCodes[2] },
    });
    const auth = `Bearer ${last.json.access_token}`;
    expect((await insist(server.call)(200, 'GET', PATH, { auth })).json.recovery_codes_left).toBe(7);
  });

  it('says in the trail what it was, and that a missing code is no failed login', async () => {
    const person = await makeMember();
    const { secret, recoveryCodes } = await turnOnTwoFactor(server, person);
    const before = (await deedsOf(person)).length;
    await tryLogin(person);
    await tryLogin(person, wrongCodeOf(secret));
    await tryLogin(person, codeOf(secret));
    await tryLogin(person, recoveryCodes[0]);
    expect((await deedsOf(person)).slice(before).map(({ details }) => details)).toEqual([
      { outcome: 'code_required', method: 'password' },
      { outcome: 'failure', method: 'password', second_factor: 'wrong' },
      { outcome: 'success', method: 'password', second_factor: 'totp' },
      { outcome: 'success', method: 'password', second_factor: 'recovery_code' },
    ]);
  });

  it('is slowed down by wrong codes, and the password alone does not wipe them out', async () => {
    const person = await makeMember();
    const { secret } = await turnOnTwoFactor(server, person);
    const wrong = wrongCodeOf(secret);
    let throttled = false;
    for (let at = 0; at < 12 && !throttled; at += 1) {
      const answer = await tryLogin(person, wrong);
      throttled = answer.status === 429;
      // In between: right, and still no success.
      if (!throttled) expect([401, 429]).toContain((await tryLogin(person)).status);
    }
    expect(throttled).toBe(true);
  });

  it('looks at twenty wrong codes an hour, from wherever; a recovery code still opens', async () => {
    const person = await makeMember();
    const { secret, recoveryCodes } = await turnOnTwoFactor(server, person);
    await asOwner(server.databaseUrl, (client) =>
      client.query('UPDATE second_factors SET wrong_codes = 20, wrong_since = now() WHERE user_id = $1', [person.id]),
    );
    const refused = await tryLogin(person, codeOf(secret));
    expect([refused.status, Number(refused.headers['retry-after']) > 3500]).toEqual([429, true]);
    expect(codeIn(await tryLogin(person, recoveryCodes[0]))).toEqual([200, '']);
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE second_factors SET wrong_since = now() - interval '61 minutes' WHERE user_id = $1`, [
        person.id,
      ]),
    );
    expect(codeIn(await tryLogin(person, codeOf(secret)))).toEqual([200, '']);
  });
});

describe('HTTP Basic of who has it on', () => {
  it('is refused from the moment on, with what to use in its place', async () => {
    const person = await makeMember();
    await insist(server.call)(200, 'GET', '/zones', { auth: person.basic });
    await turnOnTwoFactor(server, person);
    const refused = await server.call('GET', '/zones', { auth: person.basic });
    expect(codeIn(refused)).toEqual([401, 'second_factor_required']);
    expect(refused.json.detail).toMatch(/API key.*token/);
  });

  it('is not let in by a password that is shown beside a session at the same time', async () => {
    const person = await makeMember();
    await turnOnTwoFactor(server, person);
    const body = { current_password: person.password, new_password: 'short' };
    const answers = await Promise.all(
      [1, 2, 3, 4].flatMap(() => [
        server.call('POST', '/api/v1/auth/password', { auth: person.bearer, body: { ...body, new_password: WRONG } }),
        server.call('GET', '/zones', { auth: person.basic }),
      ]),
    );
    expect(answers.filter((_, at) => at % 2 === 1).every((answer) => answer.status !== 200)).toBe(true);
  });
});

describe('an invitation to who has it on', () => {
  it('takes the code too, so that its link is no way around', async () => {
    const person = await makeMember();
    const { secret } = await turnOnTwoFactor(server, person);
    const other = await makeWorld(server);
    const added = await insist(server.call)(201, 'POST', other.path('/members'), {
      auth: other.owner.bearer,
      body: { email: person.email, name: 'Ann', role: 'member' },
    });
    const token = (added.json.invitation_url as string).split('#')[1];
    const accept = (body: object) => server.call('POST', '/api/v1/auth/invitations', { body });
    const shown = { token, password: person.password };
    expect(codeIn(await accept(shown))).toEqual([401, 'second_factor_required']);
    expect(codeIn(await accept({ ...shown, code: wrongCodeOf(secret) }))).toEqual([401, 'second_factor_wrong']);
    expect((await accept({ ...shown, code: codeOf(secret) })).status).toBe(204);
  });
});

describe('turning it off', () => {
  it('takes the password and a code, and then the password alone opens again', async () => {
    const person = await makeMember();
    const { secret, recoveryCodes } = await turnOnTwoFactor(server, person);
    const off = (password: string, code: string) =>
      server.call('POST', `${PATH}/disable`, { auth: person.bearer, body: { password, code } });
    expect(codeIn(await off(WRONG, codeOf(secret)))).toEqual([401, 'credentials_invalid']);
    expect(codeIn(await off(person.password, wrongCodeOf(secret)))).toEqual([401, 'second_factor_wrong']);
    expect((await off(person.password, codeOf(secret))).status).toBe(204);
    expect((await deedsOf(person)).at(-1)?.details).toEqual({ two_factor: 'off' });
    expect(codeIn(await tryLogin(person))).toEqual([200, '']);
    expect((await server.call('GET', '/zones', { auth: person.basic })).status).toBe(200);
    expect(codeIn(await off(person.password, recoveryCodes[0] ?? ''))).toEqual([409, 'two_factor_off']);
  });

  it('new recovery codes take the place of the old ones', async () => {
    const person = await makeMember();
    const { secret, recoveryCodes } = await turnOnTwoFactor(server, person);
    const body = { password: person.password, code: codeOf(secret) };
    const renewed = await insist(server.call)(200, 'POST', `${PATH}/recovery-codes`, { auth: person.bearer, body });
    expect(codeIn(await tryLogin(person, recoveryCodes[0]))).toEqual([401, 'second_factor_wrong']);
    expect(codeIn(await tryLogin(person, renewed.json.recovery_codes[0]))).toEqual([200, '']);
    expect((await deedsOf(person)).map(({ details }) => details)).toContainEqual({
      two_factor: 'recovery_codes_renewed',
    });
  });
});
