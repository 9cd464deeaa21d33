import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { addMember, insist, makeKey, makeWorld, recordEvent, type World } from '../../support/world.ts';

let server: TestServer;
let world: World;
let auth: string;
/** The trail reaches back to here. */
let begun: string;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  world = await makeWorld(server);
  auth = world.owner.bearer;
  await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/soc2'), { auth });
  await declare('audit_source', {
    name: 'Experiments',
    resource_type: 'experiment',
    expected_actions: ['UPDATE'],
    max_silence_days: 60,
    kinds: ['access'],
  });
  await recordEvent(server, world);
  await untilNextSecond();
  begun = secondsFromNow(0);
});

const secondsFromNow = (seconds: number): string =>
  `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;

async function declare(kind: string, data: object, by = auth): Promise<void> {
  const body = { owner: 'Ann Example', data };
  await insist(server.call)(201, 'PUT', world.path(`/declarations/${kind}/one`), { auth: by, body });
}

async function judge(id: string, period: object = {}) {
  const body = { framework: 'soc2', period_start: begun, ...period };
  const made = await insist(server.call)(201, 'POST', world.path('/compliance-reports'), { auth, body });
  const { packet } = made.json as {
    packet: {
      controls: {
        control_id: string;
        status: string;
        assertion: string;
        counts: { population: number };
        failing_items: { item: string; what: string }[];
      }[];
    };
  };
  const found = packet.controls.find(({ control_id }) => control_id === id);
  if (found === undefined) throw new Error('no such control');
  return found;
}

/** The owner and a key for each of the five roles. */
const ACCOUNTS = 6;

async function untilNextSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1005 - (Date.now() % 1000)));
}

it('who came after the period is not of it, and who left after it is', async () => {
  const leaves = await addMember(server, world.id, auth, 'analyst');
  await untilNextSecond();
  const end = { period_end: secondsFromNow(0) };
  await untilNextSecond();
  await insist(server.call)(204, 'DELETE', world.path(`/members/${leaves.id}`), { auth });
  await addMember(server, world.id, auth, 'analyst');
  await makeKey(server, world.id, auth, 'analyst');
  const past = await judge('CC6.2', end);
  expect([past.status, past.counts.population], past.assertion).toEqual(['attested', ACCOUNTS + 1]);
  const now = await judge('CC6.2');
  expect([now.status, now.counts.population], now.assertion).toEqual(['attested', ACCOUNTS + 2]);
});

it('whatever a removed member does afterwards is an exception, and a late event of before is none', async () => {
  const { id } = await addMember(server, world.id, auth, 'analyst');
  await untilNextSecond();
  await insist(server.call)(204, 'DELETE', world.path(`/members/${id}`), { auth });
  await recordEvent(server, world, { actor_id: id, action: 'CONFIG_CHANGE', timestamp: begun });
  expect((await judge('CC6.2')).status).toBe('attested');
  await untilNextSecond();
  await recordEvent(server, world, { actor_id: id, action: 'READ' });
  await untilNextSecond();
  const found = await judge('CC6.2');
  expect([found.status, found.counts.population]).toEqual(['exception', ACCOUNTS + 1]);
  expect(found.failing_items).toHaveLength(1);
  expect(found.failing_items[0]?.item).toBe(`account ${id}`);
  expect(found.failing_items[0]?.what).toContain('it acted after its removal');
});

it('nobody who may record events can tell of accounts', async () => {
  const of = { actor_id: world.owner.id, resource_id: world.owner.id };
  await recordEvent(server, world, { ...of, action: 'DELETE', resource_type: 'member' });
  await recordEvent(server, world, { ...of, action: 'CREATE', resource_type: 'member', resource_id: 'nobody' });
  await untilNextSecond();
  const found = await judge('CC6.2');
  expect([found.status, found.counts.population], found.assertion).toEqual(['attested', ACCOUNTS]);
});

it('a change is approved by a member named by id whose approval was stored before, and by nothing less', async () => {
  const actor = await addMember(server, world.id, auth, 'admin');
  const change = { id: randomUUID(), action: 'CONFIG_CHANGE', actor_id: actor.id };
  const approval = { event_id: change.id, approved_at: secondsFromNow(-60) };
  await declare('change_approval', { ...approval, approved_by: world.owner.id });
  await untilNextSecond();
  await recordEvent(server, world, change);
  await untilNextSecond();
  expect((await judge('CC8.1')).status).toBe('attested');
  const later = { ...change, id: randomUUID() };
  await recordEvent(server, world, later);
  await untilNextSecond();
  const body = { owner: 'Ann', data: { ...approval, event_id: later.id, approved_by: world.owner.id } };
  await insist(server.call)(201, 'PUT', world.path('/declarations/change_approval/two'), { auth, body });
  await untilNextSecond();
  expect((await judge('CC8.1')).status).toBe('insufficient_evidence');
});
