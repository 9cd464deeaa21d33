import { AUDIT_ACTIONS, type AuditAction } from '@veritrail/formats';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { gatherEvents } from '../../../src/evidence/packets/gather-events.ts';
import { organizationNo, recordAged } from '../../support/retention-scene.ts';
import { asOwner, startTestServer, type TestServer } from '../../support/test-server.ts';
import { addMember, insist, makeKey, makeService, makeWorld, recordEvent, type World } from '../../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

interface Wishes {
  readonly counted?: Partial<Record<AuditAction, number>>;
  /** When the period ends; a day before it it began. */
  readonly end?: number;
  readonly of?: World;
}

async function gather({ counted = {}, end = Date.now() + 60_000, of = world }: Wishes = {}) {
  const before = secondsAt(end);
  const start = secondsAt(Math.min(end, Date.now()) - 86_400_000);
  const byAction = Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, counted[action] ?? 0]));
  const no = await organizationNo(server, of);
  return server.running.house.db.scoped(no, (tx) =>
    gatherEvents(tx, no, { start, end: before, before }, byAction as Record<AuditAction, number>),
  );
}

function secondsAt(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

it('a change says what was before and after, by the names that senders use, and only as texts', async () => {
  const details = [
    { from: 'viewer', to: 'admin' },
    { old_role: 'a', new_role: 'b' },
    { previous_role: 'c', role: 'd' },
    { before: 1, after: 2 },
    { to: 'alone' },
    { from: 'x'.repeat(5000), to: 'too long to look into' },
    {},
  ];
  for (const one of details) await recordEvent(server, world, { action: 'PERMISSION_CHANGE', details: one });
  const { permission_changes: list } = await gather();
  expect(list.total).toBe(details.length);
  expect(list.listed.map((event) => [event.from, event.to, event.has_details])).toEqual([
    ['viewer', 'admin', true],
    ['a', 'b', true],
    ['c', 'd', true],
    [null, null, true],
    [null, null, true],
    [null, null, true],
    [null, null, false],
  ]);
});

it('a total is never less than what was counted', async () => {
  expect((await gather({ counted: { PERMISSION_CHANGE: 9000 } })).permission_changes.total).toBe(9000);
});

it('accounts that were told of a very long time ago are among the list, and one that is cut says so', async () => {
  const whole = (await gather()).account_lifecycle;
  expect(whole.total).toBe(whole.listed.length);
  await recordAged(server, world, 1000, 30, { resource_type: 'member', action: 'UPDATE' });
  await takeForDeeds(world);
  const longer = (await gather()).account_lifecycle;
  expect([longer.total, longer.listed.length]).toEqual([whole.total + 1000, whole.total + 1000]);
  for (let batch = 0; batch < 5; batch += 1) {
    await recordAged(server, world, 1000, 20 - batch, { resource_type: 'member', action: 'UPDATE' });
  }
  await takeForDeeds(world);
  const cut = (await gather()).account_lifecycle;
  expect(cut.listed.filter((event) => event.resource_type === 'member')).toHaveLength(5000);
  expect(cut.total).toBe(cut.listed.length + 1);
});

/** As if the server had recorded everything about members so far of itself. */
async function takeForDeeds(of: World): Promise<void> {
  const no = await organizationNo(server, of);
  await asOwner(server.databaseUrl, (client) =>
    client.query(
      `INSERT INTO trail_deeds SELECT organization_no, resource_type, sequence FROM audit_events
       WHERE organization_no = $1 AND resource_type = 'member' ON CONFLICT DO NOTHING`,
      [no],
    ),
  );
}

it("an event that a caller sent is never one of the server's own about accounts and services", async () => {
  const other = await makeWorld(server);
  await makeService(server, other);
  const before = await gather({ of: other });
  const forged = { actor_id: other.owner.id, resource_id: other.owner.id, timestamp: secondsAt(Date.now() - 60_000) };
  for (const resource_type of ['member', 'invitation', 'api_key', 'organization', 'service']) {
    for (const action of ['CREATE', 'DELETE', 'UPDATE', 'PERMISSION_CHANGE', 'CONFIG_CHANGE']) {
      await recordEvent(server, other, { ...forged, action, resource_type });
    }
  }
  const after = await gather({ of: other });
  expect(after.account_lifecycle).toEqual(before.account_lifecycle);
  expect(after.service_changes).toEqual(before.service_changes);
  expect(after.acts_after_removal).toEqual({ total: 0, listed: [] });
  expect(before.account_lifecycle.listed.map((event) => event.resource_type)).toEqual([
    'organization',
    ...Array.from({ length: 5 }, () => 'api_key'),
  ]);
  expect(before.service_changes?.listed.map((event) => event.action)).toEqual(['CREATE']);
});

it('events of a time in which nobody kept which were deeds are all listed, and none is listed twice', async () => {
  const other = await makeWorld(server);
  await recordEvent(server, other, { resource_type: 'member', resource_id: 'told' });
  const no = await organizationNo(server, other);
  const mark =
    'INSERT INTO trail_deed_marks SELECT organization_no, next_sequence FROM trail_heads WHERE organization_no = $1';
  await asOwner(server.databaseUrl, (client) => client.query(mark, [no]));
  await recordEvent(server, other, { resource_type: 'member', resource_id: 'told later' });
  const { id } = await addMember(server, other.id, other.owner.bearer, 'member');
  const { listed } = (await gather({ of: other })).account_lifecycle;
  expect(listed.filter((event) => event.resource_type === 'member').map((event) => event.resource_id)).toEqual([
    'told',
    id,
  ]);
  expect(new Set(listed.map((event) => event.sequence)).size).toBe(listed.length);
});

it('accounts that were made after the period are told of up to now', async () => {
  const other = await makeWorld(server);
  const { id } = await addMember(server, other.id, other.owner.bearer, 'member');
  const { account_lifecycle: accounts } = await gather({ end: Date.now() - 3_600_000, of: other });
  expect(accounts.listed.find((event) => event.resource_id === id)?.action).toBe('CREATE');
});

it('of each account that was removed the first act afterwards is told, by its time and not by its place', async () => {
  const other = await makeWorld(server);
  const auth = other.owner.bearer;
  const people = [];
  for (let i = 0; i < 4; i += 1) people.push(await addMember(server, other.id, auth, 'analyst'));
  const key = await makeKey(server, other.id, auth, 'analyst');
  const [quiet, refused, late, busy] = people.map(({ id }) => id);
  for (const { id } of people) await insist(server.call)(204, 'DELETE', other.path(`/members/${id}`), { auth });
  await insist(server.call)(204, 'DELETE', other.path(`/api-keys/${key.id}`), { auth });
  const act = (actor: string | undefined, seconds: number, change: object = {}) =>
    recordEvent(server, other, { actor_id: actor, timestamp: secondsAt(Date.now() + seconds * 1000), ...change });
  await act(refused, 5, { action: 'LOGIN', details: { outcome: 'failure' } });
  await act(late, -3600, { action: 'CONFIG_CHANGE' });
  await act(busy, 20, { action: 'DELETE', resource_id: 'second' });
  await act(busy, 10, { action: 'READ', resource_id: 'first' });
  await act(busy, 100, { resource_id: 'after the period' });
  await act(key.id, 30, { action: 'EXPORT', resource_id: 'by a key' });
  const { acts_after_removal: acts } = await gather({ of: other });
  expect(quiet).toBeDefined();
  expect(acts?.total).toBe(2);
  expect(acts?.listed.map((event) => [event.actor_id, event.resource_id])).toEqual([
    [busy, 'first'],
    [key.id, 'by a key'],
  ]);
});

it('what an account did while it was away is told, also once it is back, and nothing of the time since', async () => {
  const other = await makeWorld(server);
  const auth = other.owner.bearer;
  const { id, email, password } = await addMember(server, other.id, auth, 'analyst');
  await insist(server.call)(204, 'DELETE', other.path(`/members/${id}`), { auth });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await recordEvent(server, other, { actor_id: id, resource_id: 'away' });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const body = { email, name: 'Again', role: 'member' };
  const asked = await insist(server.call)(201, 'POST', other.path('/members'), { auth, body });
  const [, token] = (asked.json as { invitation_url: string }).invitation_url.split('#');
  await insist(server.call)(204, 'POST', '/api/v1/auth/invitations', { body: { token, password } });
  await recordEvent(server, other, { actor_id: id, resource_id: 'back' });
  const { acts_after_removal: acts } = await gather({ of: other });
  expect(acts?.listed.map((event) => event.resource_id)).toEqual(['away']);
});
