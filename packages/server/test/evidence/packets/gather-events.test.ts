import { AUDIT_ACTIONS, type AuditAction } from '@veritrail/formats';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { gatherEvents } from '../../../src/evidence/packets/gather-events.ts';
import { organizationNo, recordAged } from '../../support/retention-scene.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { makeWorld, recordEvent, type World } from '../../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

async function gather(counted: Partial<Record<AuditAction, number>> = {}) {
  const before = new Date(Date.now() + 60_000).toISOString();
  const start = new Date(Date.now() - 86_400_000).toISOString();
  const byAction = Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, counted[action] ?? 0]));
  const no = await organizationNo(server, world);
  return server.running.house.db.scoped(no, (tx) =>
    gatherEvents(tx, no, { start, end: before, before }, byAction as Record<AuditAction, number>),
  );
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
  expect((await gather({ PERMISSION_CHANGE: 9000 })).permission_changes.total).toBe(9000);
});

it('accounts that were told of a very long time ago are among the list, and one that is cut says so', async () => {
  const whole = (await gather()).account_lifecycle;
  expect(whole.total).toBe(whole.listed.length);
  await recordAged(server, world, 1000, 30, { resource_type: 'member', action: 'UPDATE' });
  const longer = (await gather()).account_lifecycle;
  expect([longer.total, longer.listed.length]).toEqual([whole.total + 1000, whole.total + 1000]);
  for (let batch = 0; batch < 5; batch += 1) {
    await recordAged(server, world, 1000, 20 - batch, { resource_type: 'member', action: 'UPDATE' });
  }
  const cut = (await gather()).account_lifecycle;
  expect(cut.listed.filter((event) => event.resource_type === 'member')).toHaveLength(5000);
  expect(cut.total).toBe(cut.listed.length + 1);
});
