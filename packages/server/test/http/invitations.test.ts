import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makePerson, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

async function invite(of: World, email: string, role = 'member'): Promise<{ id: string; token: string }> {
  const body = { email, name: 'Ann', role };
  const added = await insist(server.call)(201, 'POST', of.path('/members'), { auth: of.owner.bearer, body });
  const { user_id: id, invitation_url: url } = added.json as { user_id: string; invitation_url: string };
  return { id, token: url.split('#')[1] ?? '' };
}

async function list(of: World): Promise<Record<string, unknown>[]> {
  return (await insist(server.call)(200, 'GET', of.path('/invitations'), { auth: of.keys.admin.basic })).json
    .items as Record<string, unknown>[];
}

const accept = (token: string, password = 'a password of her own') =>
  server.call('POST', '/api/v1/auth/invitations', { body: { token, password } });
const newEmail = (): string => `${randomUUID()}@example.com`;

describe('open invitations', () => {
  it('are listed with who, which role and until when, and never with what opens them', async () => {
    const email = newEmail();
    const { id, token } = await invite(world, email, 'analyst');
    const [first] = await list(world);
    expect(first).toEqual({
      user_id: id,
      email,
      role: 'analyst',
      created_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
      is_member: true,
    });
    expect(JSON.stringify(await list(world))).not.toContain(token);
  });

  it('of somebody with an account make no member of them yet, and tell no name', async () => {
    const person = await makePerson(server);
    await invite(world, person.email);
    const found = (await list(world)).find((one) => one['email'] === person.email);
    expect(found).toMatchObject({ is_member: false });
    expect(Object.keys(found ?? {})).not.toContain('name');
  });

  it('are gone from the list when used, expired or taken back, and are no other organization’s', async () => {
    const of = await makeWorld(server);
    const [used, expired, revoked, open] = [
      await invite(of, newEmail()),
      await invite(of, newEmail()),
      await invite(of, newEmail()),
      await invite(of, newEmail()),
    ];
    expect((await accept(used.token)).status).toBe(204);
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [expired.id]),
    );
    const path = of.path(`/invitations/${revoked.id}`);
    await insist(server.call)(204, 'DELETE', path, { auth: of.keys.admin.basic });
    expect((await list(of)).map((one) => one['user_id'])).toEqual([open.id]);
    expect((await list(world)).map((one) => one['user_id'])).not.toContain(open.id);
  });
});

describe('a revoked invitation', () => {
  it('can no longer be accepted; the account stays the member that it is', async () => {
    const { id, token } = await invite(world, newEmail());
    const path = world.path(`/invitations/${id}`);
    await insist(server.call)(204, 'DELETE', path, { auth: world.keys.admin.basic });
    expect((await accept(token)).status).toBe(422);
    expect((await server.call('DELETE', path, { auth: world.keys.admin.basic })).status).toBe(404);
    const members = await insist(server.call)(200, 'GET', world.path('/members'), { auth: world.keys.member.basic });
    expect(JSON.stringify(members.json)).toContain(id);
  });

  it('is an event of the organization', async () => {
    const email = newEmail();
    const { id } = await invite(world, email);
    await insist(server.call)(204, 'DELETE', world.path(`/invitations/${id}`), { auth: world.keys.admin.basic });
    expect((await readTrail(server, world)).at(-1)).toMatchObject({
      action: 'DELETE',
      resource_type: 'invitation',
      resource_id: id,
      details: { email, role: 'member' },
    });
  });

  it('of an owner takes an owner to revoke', async () => {
    const { id } = await invite(world, newEmail(), 'owner');
    const path = world.path(`/invitations/${id}`);
    expect((await server.call('DELETE', path, { auth: world.keys.admin.basic })).status).toBe(403);
    await insist(server.call)(204, 'DELETE', path, { auth: world.keys.owner.basic });
  });

  it('of an owner can not be undone by an admin who invites the person again', async () => {
    const person = await makePerson(server);
    const { id, token } = await invite(world, person.email, 'owner');
    const again = { auth: world.keys.admin.basic, body: { email: person.email, name: 'Ann', role: 'member' } };
    expect((await server.call('POST', world.path('/members'), again)).status).toBe(403);
    expect(await list(world)).toContainEqual(expect.objectContaining({ user_id: id, role: 'owner' }));
    await asOwner(server.databaseUrl, (client) =>
      client.query(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [id]),
    );
    // One that has lapsed is nothing to undo.
    await insist(server.call)(201, 'POST', world.path('/members'), again);
    expect((await accept(token, person.password)).status).toBe(422);
  });

  it('accepted at the same time is one or the other', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, token } = await invite(world, newEmail());
      const [accepted, revoked] = await Promise.all([
        accept(token),
        server.call('DELETE', world.path(`/invitations/${id}`), { auth: world.keys.admin.basic }),
      ]);
      expect([
        [204, 404],
        [422, 204],
      ]).toContainEqual([accepted.status, revoked.status]);
    }
  });
});
