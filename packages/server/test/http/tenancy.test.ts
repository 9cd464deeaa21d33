import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { statusesOf } from '../support/answer.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asBasic, asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import {
  addMember,
  EVENT,
  insist,
  login,
  makeKey,
  makePerson,
  makeWorld,
  readTrail,
  type World,
} from '../support/world.ts';

let server: TestServer;
let world: World;
let other: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  other = await makeWorld(server);
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

interface Added {
  readonly user_id: string;
  readonly email: string;
  readonly role: string;
  readonly invitation_url: string | null;
  readonly invitation_expires_at: string | null;
}

async function invite(
  of: World,
  email: string,
  role = 'member',
  auth = of.owner.bearer,
): Promise<Added & { token: string }> {
  const body = { email, name: 'Invited', role };
  const added = (await insist(server.call)(201, 'POST', of.path('/members'), { auth, body })).json as Added;
  return { ...added, token: added.invitation_url?.split('#')[1] ?? '' };
}

function accept(token: string, password: string) {
  return server.call('POST', '/api/v1/auth/invitations', { body: { token, password } });
}

async function membersOf(of: World): Promise<{ user_id: string; email: string; role: string }[]> {
  return (await insist(server.call)(200, 'GET', of.path('/members'), { auth: of.keys.member.basic })).json.items;
}

async function roleOf(of: World, userId: string): Promise<string | undefined> {
  return (await membersOf(of)).find((member) => member.user_id === userId)?.role;
}

function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

describe('an invitation', () => {
  it('sets the first password, once, and then it is used up', async () => {
    const email = newEmail();
    const {
      token,
      user_id: id,
      invitation_url: url,
      invitation_expires_at: expires,
    } = await invite(world, email, 'analyst');
    expect(url).toMatch(/\/invitation#vti_[0-9a-f]{64}$/);
    expect(Date.parse(expires ?? '') - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(await roleOf(world, id)).toBe('analyst');
    expect((await accept(token, 'too short')).status).toBe(422);
    expect((await accept(token, 'the first password')).status).toBe(204);
    const session = await login(server, email, 'the first password');
    expect((await server.call('GET', world.path(), { auth: session })).status).toBe(200);
    expect((await accept(token, 'a second password')).status).toBe(422);
    expect((await server.call('GET', '/zones', { auth: asBasic(email, 'a second password') })).status).toBe(401);
  });

  it('taken by two at once is taken by one', async () => {
    const email = newEmail();
    const { token } = await invite(world, email);
    const tries = ['one of two passwords', 'another of two passwords', 'a third of two passwords'];
    const answers = await Promise.all(tries.map((password) => accept(token, password)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401 || status === 422)).toHaveLength(2);
    await login(server, email, tries[statuses.indexOf(204)] ?? '');
  });

  it('that has expired is refused', async () => {
    const { token, user_id: id } = await invite(world, newEmail());
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [id]),
    );
    expect((await accept(token, 'the first password')).status).toBe(422);
  });

  it('that never was is refused like one that was used', async () => {
    const used = await invite(world, newEmail());
    await insist(server.call)(204, 'POST', '/api/v1/auth/invitations', {
      body: { token: used.token, password: 'the first password' },
    });
    const never = await accept(`vti_${'0'.repeat(64)}`, 'the first password');
    expect([never.status, never.text]).toEqual([422, (await accept(used.token, 'the first password')).text]);
  });

  it('ends when the member is removed, or is invited anew', async () => {
    const removed = await invite(world, newEmail());
    await insist(server.call)(204, 'DELETE', world.path(`/members/${removed.user_id}`), { auth: world.owner.bearer });
    expect((await accept(removed.token, 'the first password')).status).toBe(422);
    const again = await invite(world, removed.email);
    const latest = await invite(world, removed.email);
    expect(await roleOf(world, removed.user_id)).toBeUndefined();
    expect((await accept(again.token, 'the first password')).status).toBe(422);
    expect((await accept(latest.token, 'the first password')).status).toBe(204);
    expect(await roleOf(world, removed.user_id)).toBe('member');
  });

  it('of an account with a password lets in only who knows that password, and leaves it as it is', async () => {
    const person = await makePerson(server);
    const { token, user_id: id } = await invite(world, person.email.toUpperCase(), 'admin');
    expect(id).toBe(person.id);
    expect(await roleOf(world, id)).toBeUndefined();
    expect((await server.call('GET', world.path(), { auth: person.bearer })).status).toBe(404);
    expect((await accept(token, 'a password of the inviter')).status).toBe(401);
    expect(await roleOf(world, id)).toBeUndefined();
    expect(
      (await server.call('GET', '/zones', { auth: asBasic(person.email, 'a password of the inviter') })).status,
    ).toBe(401);
    expect((await accept(token, person.password)).status).toBe(204);
    expect(await roleOf(world, id)).toBe('admin');
    expect((await server.call('GET', world.path(), { auth: person.bearer })).status).toBe(200);
  });

  it('from a stranger opens nothing of an organization that invited the person before', async () => {
    const email = newEmail();
    const genuine = await invite(world, email, 'owner');
    await insist(server.call)(200, 'PATCH', world.path(`/members/${genuine.user_id}`), {
      auth: world.owner.bearer,
      body: { role: 'analyst' },
    });
    // Anybody can own an organization, and who invites gets the link.
    const trap = await invite(other, email, 'member');
    expect((await accept(trap.token, 'a password of the stranger')).status).toBe(204);
    const session = await login(server, email, 'a password of the stranger');
    for (const auth of [session, asBasic(email, 'a password of the stranger')]) {
      expect((await server.call('GET', world.path(), { auth })).status).toBe(404);
    }
    expect(await roleOf(world, genuine.user_id)).toBeUndefined();
    expect((await readTrail(server, world)).at(-1)).toMatchObject({
      action: 'DELETE',
      resource_type: 'member',
      resource_id: genuine.user_id,
      ip_address: null,
      user_agent: null,
      details: { email, role: 'analyst' },
    });
    // The link there is open still, for who shows that they are the one who has the account: in the role of the end.
    expect((await accept(genuine.token, 'a password of their own')).status).toBe(401);
    expect((await accept(genuine.token, 'a password of the stranger')).status).toBe(204);
    expect([await roleOf(world, genuine.user_id), await roleOf(other, genuine.user_id)]).toEqual(['analyst', 'member']);
  });

  it('that nobody takes up keeps nobody from being invited elsewhere, and from coming back', async () => {
    const email = newEmail();
    const never = await invite(other, email, 'admin');
    const { token, user_id: id } = await invite(world, email, 'analyst');
    expect((await accept(token, 'a password of their own')).status).toBe(204);
    const session = await login(server, email, 'a password of their own');
    expect((await server.call('GET', world.path(), { auth: session })).status).toBe(200);
    expect((await server.call('GET', other.path(), { auth: session })).status).toBe(404);
    expect(
      (await server.call('GET', other.path('/invitations'), { auth: other.owner.bearer })).json.items,
    ).toMatchObject([{ user_id: id, role: 'admin', is_member: false }]);
    expect((await accept(never.token, 'a password of their own')).status).toBe(204);
    expect((await server.call('GET', other.path(), { auth: session })).status).toBe(200);
  });

  it('that lapsed or was revoked is given out again as long as nobody has signed in', async () => {
    const email = newEmail();
    const { user_id: id } = await invite(world, email);
    await insist(server.call)(204, 'DELETE', world.path(`/invitations/${id}`), { auth: world.owner.bearer });
    const second = await invite(world, email);
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [id]),
    );
    const third = await invite(world, email, 'analyst');
    expect([third.user_id, await roleOf(world, id)]).toEqual([id, 'analyst']);
    expect((await readTrail(server, world)).slice(-2)).toMatchObject([
      { action: 'PERMISSION_CHANGE', resource_id: id, details: { from: 'member', to: 'analyst' } },
      { action: 'CREATE', resource_type: 'invitation', resource_id: id, details: { role: 'analyst' } },
    ]);
    expect((await accept(second.token, 'the first password')).status).toBe(422);
    const withPassword = { email, name: 'Ann', role: 'member', password: 'given by the admin' };
    const auth = world.owner.bearer;
    expect((await server.call('POST', world.path('/members'), { auth, body: withPassword })).status).toBe(409);
    expect((await accept(third.token, 'the first password')).status).toBe(204);
    const again = { email, name: 'Ann', role: 'analyst' };
    expect((await server.call('POST', world.path('/members'), { auth, body: again })).status).toBe(409);
  });

  it('given out again takes the role that it takes to change the member’s', async () => {
    const email = newEmail();
    await invite(world, email, 'owner');
    await unchangedBy(server, async () => {
      const body = { email, name: 'Ann', role: 'member' };
      expect((await server.call('POST', world.path('/members'), { auth: world.keys.admin.basic, body })).status).toBe(
        403,
      );
    });
  });

  it('is accepted without a password by who is signed in as the person, and by nobody else', async () => {
    const person = await makePerson(server);
    const stranger = await makePerson(server);
    const { token, user_id: id } = await invite(world, person.email);
    const by = (auth?: string) =>
      server.call('POST', '/api/v1/auth/invitations', { body: { token }, ...(auth !== undefined && { auth }) });
    await unchangedBy(server, async () => {
      expect((await by()).status).toBe(401);
      expect((await by('Bearer vts_nothing')).status).toBe(401);
      expect((await by(stranger.bearer)).status).toBe(422);
      expect((await by(world.keys.owner.bearer)).status).toBe(422);
    });
    expect((await by(person.bearer)).status).toBe(204);
    expect(await roleOf(world, id)).toBe('member');
    expect((await by(person.bearer)).status).toBe(422);
    const fresh = await invite(world, newEmail());
    const body = { token: fresh.token };
    expect((await server.call('POST', '/api/v1/auth/invitations', { body, auth: stranger.bearer })).status).toBe(422);
  });

  it('is not needed with a password, which a stranger cannot set for an account that exists', async () => {
    const body = { email: newEmail(), name: 'Ann', role: 'member', password: 'given by the admin' };
    const { json } = await insist(server.call)(201, 'POST', world.path('/members'), {
      auth: world.keys.admin.basic,
      body,
    });
    expect([json.invitation_url, json.invitation_expires_at]).toEqual([null, null]);
    await login(server, body.email, body.password);
    await unchangedBy(server, async () => {
      const again = { ...body, password: 'given by a stranger' };
      expect(
        (await server.call('POST', other.path('/members'), { auth: other.owner.bearer, body: again })).status,
      ).toBe(409);
      expect((await server.call('POST', world.path('/members'), { auth: world.owner.bearer, body })).status).toBe(409);
      const upper = { ...body, email: body.email.toUpperCase() };
      expect(
        (await server.call('POST', world.path('/members'), { auth: world.owner.bearer, body: upper })).status,
      ).toBe(409);
    });
  });
});

describe('an e-mail address', () => {
  it.each(['with:colon', 'vtk_like-a-key', 'VTK_like-a-key', 'Vtk_'])(
    'that HTTP Basic could not carry makes no account: %s',
    async (local) => {
      const body = { email: `${local}@example.com`, name: 'Ann', role: 'member', password: 'given by the admin' };
      const { password: _, ...invited } = body;
      await unchangedBy(server, async () => {
        for (const one of [body, invited]) {
          const answer = await server.call('POST', world.path('/members'), { auth: world.owner.bearer, body: one });
          expect([answer.status, answer.json.detail]).toEqual([422, expect.stringContaining('`email`')]);
        }
      });
    },
  );

  it('of any other form signs in both ways', async () => {
    const password = 'given by the admin';
    for (const email of [`vts_${newEmail()}`, `a.vtk_${newEmail()}`, `ü+%"'${newEmail()}`]) {
      const body = { email, name: 'Ann', role: 'member', password };
      await insist(server.call)(201, 'POST', world.path('/members'), { auth: world.owner.bearer, body });
      await insist(server.call)(200, 'GET', world.path(), { auth: asBasic(email, password) });
      await login(server, email, password);
    }
  });
});

describe('roles', () => {
  it('only an owner makes owners, of members, new or old, and of keys', async () => {
    const member = await addMember(server, world.id, world.owner.bearer, 'member');
    const admin = await addMember(server, world.id, world.owner.bearer, 'admin');
    for (const auth of [admin.bearer, world.keys.admin.basic]) {
      await unchangedBy(server, async () => {
        const email = newEmail();
        const asked = [
          server.call('POST', world.path('/members'), { auth, body: { email, name: 'A', role: 'owner' } }),
          server.call('PATCH', world.path(`/members/${member.id}`), { auth, body: { role: 'owner' } }),
          server.call('PATCH', world.path(`/members/${admin.id}`), { auth, body: { role: 'owner' } }),
          server.call('POST', world.path('/api-keys'), { auth, body: { name: 'A', role: 'owner' } }),
        ];
        expect((await Promise.all(asked)).map((answer) => answer.status)).toEqual([403, 403, 403, 403]);
      });
    }
    const auth = world.keys.owner.basic;
    expect(
      (await server.call('PATCH', world.path(`/members/${member.id}`), { auth, body: { role: 'owner' } })).status,
    ).toBe(200);
  });

  it('an admin can neither remove nor demote an owner, nor withdraw an owner’s key', async () => {
    const second = await addMember(server, world.id, world.owner.bearer, 'owner');
    await unchangedBy(server, async () => {
      const auth = world.keys.admin.basic;
      const path = world.path(`/members/${second.id}`);
      expect((await server.call('DELETE', path, { auth })).status).toBe(403);
      expect((await server.call('PATCH', path, { auth, body: { role: 'member' } })).status).toBe(403);
      expect((await server.call('DELETE', world.path(`/api-keys/${world.keys.owner.id}`), { auth })).status).toBe(403);
    });
  });

  it('what an admin may: members up to admin, keys up to admin, and take them away again', async () => {
    const auth = world.keys.admin.basic;
    for (const role of ['admin', 'analyst', 'member']) {
      const { user_id: id } = await invite(world, newEmail(), role, auth);
      await insist(server.call)(204, 'DELETE', world.path(`/members/${id}`), { auth });
    }
    for (const role of ['admin', 'analyst', 'member', 'recorder'] as const) {
      const { id } = await makeKey(server, world.id, auth, role);
      await insist(server.call)(204, 'DELETE', world.path(`/api-keys/${id}`), { auth });
    }
    const recorder = { email: newEmail(), name: 'A', role: 'recorder' };
    expect((await server.call('POST', world.path('/members'), { auth, body: recorder })).status).toBe(422);
  });

  it('a changed role holds from the next request on, and a removed member is out at once', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'admin');
    const path = world.path(`/members/${person.id}`);
    const keys = () => server.call('GET', world.path('/api-keys'), { auth: person.bearer });
    for (let round = 0; round < 5; round += 1) {
      expect((await keys()).status).toBe(200);
      await insist(server.call)(200, 'PATCH', path, { auth: world.owner.bearer, body: { role: 'member' } });
      expect((await keys()).status).toBe(403);
      await insist(server.call)(200, 'PATCH', path, { auth: world.owner.bearer, body: { role: 'admin' } });
    }
    await insist(server.call)(204, 'DELETE', path, { auth: world.owner.bearer });
    expect((await keys()).status).toBe(404);
    expect((await server.call('GET', world.path(), { auth: person.basic })).status).toBe(404);
    expect((await server.call('GET', '/api/v1/auth/me', { auth: person.bearer })).json.organizations).toEqual([]);
  });

  it('a member of several organizations says which, where the path does not', async () => {
    const person = await addMember(server, world.id, world.owner.bearer, 'analyst');
    const { token } = await invite(other, person.email, 'member');
    await insist(server.call)(204, 'POST', '/api/v1/auth/invitations', { body: { token, password: person.password } });
    const list = (headers: Record<string, string>) => server.call('GET', EVENTS, { auth: person.bearer, headers });
    expect((await list({})).status).toBe(422);
    expect((await list({ 'x-organization-id': world.id })).status).toBe(200);
    expect((await list({ 'x-organization-id': other.id })).status).toBe(403);
    const me = (await server.call('GET', '/api/v1/auth/me', { auth: person.bearer })).json;
    expect([me.organization, me.role]).toEqual([null, null]);
    const stranger = await makeWorld(server);
    for (const id of [stranger.id, randomUUID(), 'not an id', '']) {
      const headers = { 'x-organization-id': id };
      for (const auth of [person.bearer, world.keys.owner.bearer]) {
        const statuses = [
          (await server.call('GET', EVENTS, { auth, headers })).status,
          (await server.call('GET', '/api/v1/auth/me', { auth, headers })).status,
        ];
        expect([id, ...statuses]).toEqual([id, 404, 404]);
      }
    }
    expect(me.organizations.map((one: { id: string; role: string }) => [one.id, one.role])).toEqual([
      [world.id, 'analyst'],
      [other.id, 'member'],
    ]);
  });
});

describe('the last owner', () => {
  async function ownedByTwo(): Promise<{ of: World; second: { id: string; bearer: string } }> {
    const of = await makeWorld(server);
    return { of, second: await addMember(server, of.id, of.owner.bearer, 'owner') };
  }

  it('can be neither removed nor demoted, by whomever', async () => {
    const of = await makeWorld(server);
    await addMember(server, of.id, of.owner.bearer, 'admin');
    const path = of.path(`/members/${of.owner.id}`);
    await unchangedBy(server, async () => {
      for (const auth of [of.owner.bearer, of.keys.owner.basic]) {
        expect((await server.call('DELETE', path, { auth })).status).toBe(409);
        expect((await server.call('PATCH', path, { auth, body: { role: 'admin' } })).status).toBe(409);
      }
      expect((await server.call('PATCH', path, { auth: of.owner.bearer, body: { role: 'owner' } })).status).toBe(200);
    });
  });

  it('stays also when two owners demote, remove, or do one of each, themselves or each other, at once', async () => {
    const demote = (of: World, id: string, auth: string) =>
      server.call('PATCH', of.path(`/members/${id}`), { auth, body: { role: 'member' } });
    const remove = (of: World, id: string, auth: string) => server.call('DELETE', of.path(`/members/${id}`), { auth });
    for (const [one, another] of [
      [demote, demote],
      [remove, remove],
      [demote, remove],
    ] as const) {
      for (const crosswise of [false, true]) {
        const { of, second } = await ownedByTwo();
        const [first, last] = crosswise ? [second.id, of.owner.id] : [of.owner.id, second.id];
        const answers = await Promise.all([
          one(of, first, of.keys.owner.basic),
          another(of, last, of.keys.owner.bearer),
        ]);
        expect(answers.map((answer) => answer.status).filter((status) => status === 409)).toHaveLength(1);
        expect((await membersOf(of)).filter((member) => member.role === 'owner')).toHaveLength(1);
      }
    }
  });

  it('may go once there is another', async () => {
    const { of, second } = await ownedByTwo();
    await insist(server.call)(204, 'DELETE', of.path(`/members/${of.owner.id}`), { auth: of.owner.bearer });
    expect(await membersOf(of)).toEqual([expect.objectContaining({ user_id: second.id, role: 'owner' })]);
  });
});

describe('an API key', () => {
  it('is shown with its secret once, and stored without', async () => {
    const auth = world.owner.bearer;
    const made = await insist(server.call)(201, 'POST', world.path('/api-keys'), {
      auth,
      body: { name: 'Key', role: 'member' },
    });
    const { key, secret, ...others } = made.json;
    expect([key, secret]).toEqual([
      expect.stringMatching(/^vtk_[0-9a-f]{24}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(others).toEqual({ name: 'Key', role: 'member', created_at: expect.stringMatching(/Z$/) });
    const listed = await insist(server.call)(200, 'GET', world.path('/api-keys'), { auth });
    expect(listed.text).toContain(key);
    expect(listed.text).not.toContain(secret);
    expect(JSON.stringify(await readTrail(server, world))).not.toContain(secret);
  });

  it('is refused from the very next request on, under load too', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id, basic, bearer } = await makeKey(server, world.id, world.owner.bearer, 'analyst');
      const list = (auth: string) => server.call('GET', world.path(), { auth });
      expect((await list(bearer)).status).toBe(200);
      const before = Array.from({ length: 10 }, () => list(bearer));
      await insist(server.call)(204, 'DELETE', world.path(`/api-keys/${id}`), { auth: world.owner.bearer });
      const after = await Promise.all([list(basic), list(bearer), list(bearer)]);
      expect(after.map((answer) => answer.status)).toEqual([401, 401, 401]);
      await Promise.all(before);
      expect((await server.call('DELETE', world.path(`/api-keys/${id}`), { auth: world.owner.bearer })).status).toBe(
        404,
      );
    }
  });

  it('may withdraw itself', async () => {
    const { id, basic: auth } = await makeKey(server, world.id, world.owner.bearer, 'admin');
    await insist(server.call)(204, 'DELETE', world.path(`/api-keys/${id}`), { auth });
    expect((await server.call('GET', '/zones', { auth })).status).toBe(401);
  });

  it('withdrawn by two at once is withdrawn by one', async () => {
    const { id } = await makeKey(server, world.id, world.owner.bearer, 'member');
    const asked = [world.owner.bearer, world.keys.owner.basic, world.keys.admin.basic].map((auth) =>
      server.call('DELETE', world.path(`/api-keys/${id}`), { auth }),
    );
    expect(statusesOf(await Promise.all(asked))).toEqual([204, 404, 404]);
  });

  it('cannot do what takes a person', async () => {
    const auth = world.keys.owner.bearer;
    await unchangedBy(server, async () => {
      const body = { name: 'A', billing_email: 'a@example.com' };
      expect((await server.call('POST', '/organizations', { auth, body })).status).toBe(403);
      const passwords = { current_password: 'x'.repeat(12), new_password: 'y'.repeat(12) };
      expect((await server.call('POST', '/api/v1/auth/password', { auth, body: passwords })).status).toBe(403);
    });
  });

  it('of another organization records only there, whatever the header says', async () => {
    const headers = { 'x-organization-id': world.id };
    const answer = await server.call('POST', EVENTS, { auth: other.keys.recorder.bearer, headers, body: EVENT });
    expect(answer.status).toBe(404);
  });
});
