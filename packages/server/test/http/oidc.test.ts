import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asBasic, startTestServer, type TestServer } from '../support/test-server.ts';
import { turnOnTwoFactor } from '../support/two-factor.ts';
import { addMember, EVENT, insist, login, makeWorld, readTrail, type World } from '../support/world.ts';
import { AUDIENCE, startIssuer, type Issuer } from '../tenancy/oidc-issuer.ts';

let idp: Issuer;
let server: TestServer;
let world: World;
/** By account at the provider: what it says of that user's e-mail. */
const says = new Map<string, { email: string; email_verified: boolean }>();

beforeAll(async () => {
  idp = await startIssuer({ extraClaims: (account) => says.get(account) ?? {} });
  server = await startTestServer({ OIDC_ISSUER: idp.issuer, OIDC_AUDIENCE: AUDIENCE });
  world = await makeWorld(server);
});
afterAll(async () => {
  await server?.stop();
  await idp?.stop();
});

function listServices(token: string, of = world) {
  return server.call('GET', of.path('/services'), { auth: `Bearer ${token}` });
}

async function expectServices(token: string): Promise<void> {
  expect((await listServices(token)).status).toBe(200);
}

async function tokenOf(account: string, email: string, verified: boolean): Promise<string> {
  says.set(account, { email, email_verified: verified });
  return (await idp.userTokens(account)).accessToken;
}

describe('a user of the outside provider', () => {
  it('with the verified e-mail of a member is that member, in each organization and with that role', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'analyst');
    const token = await tokenOf('anna', person.email.toUpperCase(), true);
    const me = await server.call('GET', '/api/v1/auth/me', { auth: `Bearer ${token}` });
    expect(me.json).toMatchObject({ kind: 'user', id: person.id, email: person.email, role: 'analyst' });
    expect((await listServices(token)).status).toBe(200);
    expect((await server.call('GET', world.path('/api-keys'), { auth: `Bearer ${token}` })).status).toBe(403);
    expect((await listServices(token, await makeWorld(server))).status).toBe(404);
  });

  it('stays that user when the provider changes the e-mail, since it is the subject that was linked', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const other = await addMember(server, world.id, world.owner.bearer, 'owner');
    await expectServices(await tokenOf('berta', person.email, true));
    const renamed = await tokenOf('berta', other.email, true);
    const me = await server.call('GET', '/api/v1/auth/me', { auth: `Bearer ${renamed}` });
    expect([me.json.id, me.json.role]).toEqual([person.id, 'member']);
    const unverified = await tokenOf('berta', 'anything@example.com', false);
    expect((await listServices(unverified)).status).toBe(200);
  });

  it('with an e-mail that the provider has not verified is nobody', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'owner');
    const token = await tokenOf('carla', person.email, false);
    expect((await listServices(token)).status).toBe(401);
    // Nor is the refusal remembered as a link.
    expect((await listServices(await tokenOf('carla', person.email, true))).status).toBe(200);
  });

  it('whom nobody has added is refused, and no account comes of it', async () => {
    const email = `${randomUUID()}@example.com`;
    const token = await tokenOf('dora', email, true);
    expect((await listServices(token)).status).toBe(401);
    expect((await server.call('GET', '/api/v1/auth/me', { auth: `Bearer ${token}` })).status).toBe(401);
    const body = { name: 'Theirs', billing_email: email };
    expect((await server.call('POST', '/organizations', { auth: `Bearer ${token}`, body })).status).toBe(401);
    await addMemberByInvitation(email);
    expect((await listServices(token)).status).toBe(200);
  });

  it('without an e-mail at all is refused', async () => {
    says.delete('emil');
    const { accessToken } = await idp.userTokens('emil');
    expect((await listServices(accessToken)).status).toBe(401);
  });

  it('who never set a password cannot be given one by whoever holds an invitation', async () => {
    const email = `${randomUUID()}@example.com`;
    const link = await addMemberByInvitation(email);
    await expectServices(await tokenOf('frida', email, true));
    const stranger = await makeWorld(server);
    const invited = { email, name: 'Frida', role: 'member' };
    const trap = await insist(server.call)(201, 'POST', stranger.path('/members'), {
      auth: stranger.owner.bearer,
      body: invited,
    });
    for (const token of [link, (trap.json.invitation_url as string).split('#')[1]]) {
      const body = { token, password: 'a password of the stranger' };
      expect((await server.call('POST', '/api/v1/auth/invitations', { body })).status).toBe(401);
    }
    expect(
      (await server.call('GET', world.path(), { auth: asBasic(email, 'a password of the stranger') })).status,
    ).toBe(401);
  });

  it('accepts invitations with the token or the session of the provider, and needs no password for it', async () => {
    const email = `${randomUUID()}@example.com`;
    await addMemberByInvitation(email);
    const elsewhere = await makeWorld(server);
    const invited = { email, name: 'Gina', role: 'analyst' };
    const added = await insist(server.call)(201, 'POST', elsewhere.path('/members'), {
      auth: elsewhere.owner.bearer,
      body: invited,
    });
    const body = { token: (added.json.invitation_url as string).split('#')[1] };
    const auth = `Bearer ${await tokenOf('gina', email, true)}`;
    await insist(server.call)(204, 'POST', '/api/v1/auth/invitations', { auth, body });
    for (const of of [world, elsewhere]) expect((await server.call('GET', of.path(), { auth })).status).toBe(200);
    expect((await server.call('GET', '/api/v1/auth/me', { auth })).json.password).toBe(false);
  });

  it('signing in while somebody takes up the invitation leaves no password to that somebody', async () => {
    for (let round = 0; round < 5; round += 1) {
      const email = `${randomUUID()}@example.com`;
      const password = 'a password of the inviter';
      const body = { token: await addMemberByInvitation(email), password };
      const token = await tokenOf(`petra-${round}`, email, true);
      await Promise.all([server.call('POST', '/api/v1/auth/invitations', { body }), listServices(token)]);
      expect((await server.call('POST', '/api/v1/auth/login', { body: { email, password } })).status).toBe(401);
      await expectServices(token);
    }
  });

  it('signing in is on record once for each token, and what they do has their name', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'admin');
    const token = await tokenOf('gerda', person.email, true);
    for (let at = 0; at < 3; at += 1) await expectServices(token);
    const body = { ...EVENT, resource_type: 'by gerda' };
    await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', { auth: `Bearer ${token}`, body });
    await insist(server.call)(200, 'GET', world.path('/compliance-report'), { auth: `Bearer ${token}` });
    const trail = (await readTrail(server, world)).filter((event) => event.actor_id === person.id);
    const logins = trail.filter((event) => event.details['method'] === 'oidc');
    expect(logins.map((event) => [event.action, event.details])).toEqual([
      ['LOGIN', { outcome: 'success', method: 'oidc' }],
    ]);
    expect(trail.at(-1)).toMatchObject({
      action: 'READ',
      resource_type: 'posture_report',
      actor_username: person.email,
    });
  });

  it('has no session here to end, and no password to change', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const auth = `Bearer ${await tokenOf('hilda', person.email, true)}`;
    expect((await server.call('POST', '/api/v1/auth/logout', { auth })).status).toBe(422);
  });

  it('removed from the organization is out with the same token', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const token = await tokenOf('ida', person.email, true);
    await expectServices(token);
    await insist(server.call)(204, 'DELETE', world.path(`/members/${person.id}`), { auth: world.owner.bearer });
    expect((await listServices(token)).status).toBe(404);
  });
});

describe('the first sign-in at the provider', () => {
  const who = (token: string) => server.call('GET', '/api/v1/auth/me', { auth: `Bearer ${token}` });

  it('leaves nothing to who chose the password of that account: no login, no Basic, no session', async () => {
    const attacker = await makeWorld(server);
    const person = await addMember(server, attacker.id, attacker.owner.bearer, 'member');
    await insist(server.call)(200, 'GET', attacker.path(), { auth: person.basic });
    const token = await tokenOf('klara', person.email, true);
    expect((await who(token)).json).toMatchObject({ id: person.id, password: false });

    const { email, password } = person;
    expect((await server.call('POST', '/api/v1/auth/login', { body: { email, password } })).status).toBe(401);
    for (const auth of [person.basic, person.bearer]) {
      expect((await server.call('GET', '/zones', { auth })).status).toBe(401);
    }
    expect((await who(token)).status).toBe(200);
  });

  it('leaves nothing to an inviter who took up the invitation, and no second factor of theirs', async () => {
    const email = `${randomUUID()}@example.com`;
    const password = 'a password of the inviter';
    const body = { token: await addMemberByInvitation(email), password };
    await insist(server.call)(204, 'POST', '/api/v1/auth/invitations', { body });
    const auth = await login(server, email, password);
    await turnOnTwoFactor(server, { bearer: auth, password });
    const token = await tokenOf('lena', email, true);
    await expectServices(token);
    expect((await server.call('GET', '/zones', { auth })).status).toBe(401);
    const own = { auth: `Bearer ${token}` };
    expect((await server.call('GET', '/api/v1/auth/two-factor', own)).json.enabled).toBe(false);
  });

  it('is an event that says what went, and later ones take nothing', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const token = await tokenOf('mona', person.email, true);
    await Promise.all(Array.from({ length: 5 }, () => expectServices(token)));
    const deeds = (await readTrail(server, world)).filter(
      (event) => event.actor_id === person.id && event.resource_type === 'user',
    );
    expect(deeds.map((event) => [event.action, event.resource_id, event.details])).toEqual([
      ['UPDATE', person.id, { changed: ['identity', 'password'] }],
    ]);
  });

  it('may be followed by a password of their own, which later sign-ins leave alone', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const auth = `Bearer ${await tokenOf('nora', person.email, true)}`;
    const short = { new_password: 'too short' };
    expect((await server.call('POST', '/api/v1/auth/password', { auth, body: short })).status).toBe(422);
    const body = { new_password: 'a password of her own' };
    await insist(server.call)(204, 'POST', '/api/v1/auth/password', { auth, body });
    await expectServices(await tokenOf('nora', person.email, true));
    await login(server, person.email, body.new_password);
    // There is one now, so it has to be shown.
    const next = { new_password: 'a password of a thief' };
    expect((await server.call('POST', '/api/v1/auth/password', { auth, body: next })).status).toBe(401);
    await insist(server.call)(204, 'POST', '/api/v1/auth/password', {
      auth,
      body: { ...next, current_password: body.new_password },
    });
  });

  it('comes in the middle of logins and changes of the old password, and none of them outlives it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const person = await addMember(server, world.id, world.owner.bearer, 'member');
      const { email, password, basic: auth } = person;
      const token = await tokenOf(`olga-${round}`, email, true);
      const body = { current_password: password, new_password: 'a password of a thief' };
      const asked = [
        server.call('POST', '/api/v1/auth/login', { body: { email, password } }),
        server.call('POST', '/api/v1/auth/password', { auth, body }),
        server.call('POST', '/api/v1/auth/password', { auth: person.bearer, body }),
        server.call('POST', '/api/v1/auth/login', { body: { email, password } }),
        expectServices(token).then(() => undefined),
      ];
      for (const answer of await Promise.all(asked)) {
        if (answer?.status !== 200) continue;
        const left = { auth: `Bearer ${answer.json.access_token}` };
        expect((await server.call('GET', '/zones', left)).status).toBe(401);
      }
      for (const one of [password, body.new_password]) {
        expect((await server.call('POST', '/api/v1/auth/login', { body: { email, password: one } })).status).toBe(401);
      }
    }
  });
});

describe('a token of the provider', () => {
  it('that is expired, forged, for somebody else or for another use is refused', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'owner');
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: idp.issuer,
      aud: AUDIENCE,
      sub: 'jana',
      exp: now + 600,
      email: person.email,
      email_verified: true,
    };
    expect((await listServices(await idp.sign(claims))).status).toBe(200);
    const good = await idp.sign(claims);
    for (const token of [
      await idp.sign({ ...claims, exp: now - 60 }),
      await idp.sign({ ...claims, aud: 'https://other.example' }),
      await idp.sign({ ...claims, iss: 'https://other.example' }),
      await idp.sign(claims, { typ: 'id_token' }),
      `${good.slice(0, -6)}AAAAAA`,
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${good.split('.')[1]}.`,
    ]) {
      expect((await listServices(token)).status).toBe(401);
    }
  });

  it('can not be checked while the provider is away: 503, and never accepted', async () => {
    const away = await startIssuer();
    const own = await startTestServer({ OIDC_ISSUER: away.issuer, OIDC_AUDIENCE: AUDIENCE });
    try {
      const token = await away.clientToken();
      await away.stop();
      const answer = await own.call('GET', '/zones', { auth: `Bearer ${token}` });
      expect([answer.status, answer.json.type]).toEqual([503, '/docs/problems#identity_provider_unavailable']);
      expect(
        (await own.call('GET', '/zones', { auth: asBasic(own.firstRun.api_key, own.firstRun.api_secret) })).status,
      ).toBe(200);
      for (const line of own.complaints.splice(0)) expect(line).toContain('identity_provider_unavailable');
    } finally {
      await own.stop();
    }
  });
});

/** Makes a member without a password. @returns the token of the link */
async function addMemberByInvitation(email: string): Promise<string> {
  const body = { email, name: 'Invited', role: 'member' };
  const added = await insist(server.call)(201, 'POST', world.path('/members'), { auth: world.owner.bearer, body });
  return (added.json.invitation_url as string).split('#')[1] ?? '';
}
