import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { FLAG_RULES } from '../../src/evidence/flags/flag-rules.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { makeWorld, type World } from '../support/world.ts';

interface Report {
  readonly summary: {
    readonly total_events: number;
    readonly by_action: Readonly<Record<string, number>>;
    readonly unique_actors: number;
    readonly flagged_events: number;
    readonly failed_login_attempts: number;
  };
  readonly coverage: {
    readonly start: string | null;
    readonly whole_period: boolean;
    readonly checked_events: number;
    readonly unchecked_events: number;
  };
  readonly controls: readonly { readonly control_id: string; readonly status: string; readonly reasons: string[] }[];
}

let server: TestServer;
let world: World;
const DAY = 86_400_000;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

async function record(events: readonly object[]): Promise<void> {
  const answer = await server.call('POST', '/api/v1/compliance/audit-events', {
    auth: world.keys.recorder.bearer,
    body: { events },
  });
  expect(answer.status).toBe(201);
}

async function report(name: string): Promise<Report> {
  const answer = await server.call('GET', `/api/v1/compliance/reports/${name}`, { auth: world.keys.admin.bearer });
  expect(answer.status).toBe(200);
  return answer.json as Report;
}

/** Rules look at events a second or so after them. */
async function lookAtAll(): Promise<void> {
  const { rows } = await server.running.house.db.direct.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE organization_id = $1',
    [world.id],
  );
  await server.running.house.follower.catchUp(rows[0]?.organization_no ?? 0);
}

const event = (daysAgo: number, change: object = {}) => ({
  action: 'UPDATE',
  resource_type: 'experiment',
  resource_id: 'x',
  actor_id: 'ana',
  timestamp: new Date(Date.now() - daysAgo * DAY).toISOString(),
  ...change,
});

test('a report counts its window exactly, and the same whether counted before or not', async () => {
  await record([
    event(364.9),
    event(365.1, { actor_id: 'old' }),
    event(1, { action: 'LOGIN', details: { outcome: 'failure' } }),
  ]);
  await record([event(729.9, { actor_id: 'older' }), event(730.1, { actor_id: 'oldest' })]);
  const before = { soc2: await report('soc2'), iso: await report('iso27001') };
  await lookAtAll();
  const after = { soc2: await report('soc2'), iso: await report('iso27001') };
  expect(before.soc2.summary.failed_login_attempts).toBe(1);
  expect(after.soc2.summary.failed_login_attempts).toBe(1);
  // Between the first and the third reading of a report two more were read and recorded.
  expect(after.soc2.summary.total_events).toBe(before.soc2.summary.total_events + 2);
  expect(before.iso.summary.total_events - before.soc2.summary.total_events).toBe(2 + 1);
  expect(after.iso.summary.unique_actors - after.soc2.summary.unique_actors).toBe(2);
  for (const { summary } of [before.soc2, before.iso, after.soc2, after.iso]) {
    expect(Object.values(summary.by_action).reduce((sum, count) => sum + count, 0)).toBe(summary.total_events);
  }
});

test('a trail that was not checked says so and proves nothing', async () => {
  const { controls } = await report('soc2');
  expect(controls.every(({ status }) => status !== 'COMPLIANT')).toBe(true);
});

test('a trail is as old as its recording, whatever its events tell of', async () => {
  await record([event(1000), event(800)]);
  const { coverage, controls } = await report('iso27001');
  expect(coverage.whole_period).toBe(false);
  expect(Date.now() - Date.parse(coverage.start ?? '')).toBeLessThan(600_000);
  const insufficient = controls.filter(({ status }) => status === 'INSUFFICIENT_EVIDENCE');
  expect(controls.some(({ status }) => status === 'COMPLIANT')).toBe(false);
  expect(insufficient.length).toBeGreaterThan(0);
  for (const { reasons } of insufficient) expect(reasons).toContain('history_shorter_than_period');
});

test('what was checked and what was not add up to the trail', async () => {
  const answer = await server.call('GET', '/api/v1/compliance/trail-check', { auth: world.keys.analyst.bearer });
  const { entry_count: entries } = answer.json as { entry_count: number };
  const { coverage } = await report('soc2');
  expect(coverage.checked_events + coverage.unchecked_events).toBe(entries);
});

test('a flag names its rule, version and reason, and makes the control an exception', async () => {
  await record([
    event(0.001, { action: 'PERMISSION_CHANGE', resource_type: 'user', resource_id: 'eve', actor_id: 'eve' }),
    // Dated long before it was recorded, which is a flag of its own, to the microsecond.
    event(0, { timestamp: '1970-01-01T00:00:00.000001Z' }),
    event(0, { timestamp: '2025-11-20T23:59:59.999999Z' }),
  ]);
  await lookAtAll();
  const flags = await server.call('GET', '/api/v1/compliance/flags?rule=self_granted_role', {
    auth: world.keys.analyst.bearer,
  });
  expect(flags.json).toMatchObject({
    total: 1,
    items: [{ rule: 'self_granted_role', rule_version: 1, reason: 'the actor changed their own permissions' }],
  });
  const found = await asOwner(server.databaseUrl, (client) =>
    client.query(
      `SELECT f.event_id = e.id AND f.occurred_at = e.occurred_at AND f.action = e.action AS same
       FROM audit_flags f LEFT JOIN audit_events e USING (organization_no, sequence)`,
    ),
  );
  expect(found.rows.length).toBeGreaterThan(0);
  expect(found.rows.filter(({ same }) => same !== true)).toEqual([]);
  const { controls } = await report('soc2');
  expect(controls.find(({ control_id: id }) => id === 'CC6.3')).toMatchObject({
    status: 'EXCEPTION',
    reasons: ['item_failed'],
  });
});

test('an address that was remembered in another spelling is not a new one', async () => {
  const from = (daysAgo: number, actor: string, address: string) =>
    event(daysAgo, { actor_id: actor, ip_address: address });
  await record([from(80, 'six', '0:0:0:0:0:0:0:1'), from(80, 'four', '::FFFF:192.0.2.1')]);
  await lookAtAll();
  // As they were kept before addresses had one form.
  await asOwner(server.databaseUrl, async (client) => {
    const spell = `UPDATE flag_actor_addresses SET ip_address = $2 WHERE actor_id = $1 RETURNING 1`;
    expect((await client.query(spell, ['six', '0:0:0:0:0:0:0:1'])).rowCount).toBe(1);
    expect((await client.query(spell, ['four', '::FFFF:192.0.2.1'])).rowCount).toBe(1);
  });
  await record([from(40, 'six', '::1'), from(40, 'four', '192.0.2.1')]);
  await lookAtAll();
  await record([from(1, 'six', '::2'), from(1, 'four', '192.0.2.1')]);
  await lookAtAll();
  const flags = await server.call('GET', '/api/v1/compliance/flags?rule=idle_actor_new_address', {
    auth: world.keys.analyst.bearer,
  });
  expect(flags.json).toMatchObject({ items: [{ rule_version: 2, reason: expect.stringContaining('new address') }] });
  const { items } = flags.json as { items: { event_id: string }[] };
  const flagged = await server.call('GET', `/api/v1/compliance/audit-events/${items[0]?.event_id ?? ''}`, {
    auth: world.keys.analyst.bearer,
  });
  expect([items.length, flagged.json]).toMatchObject([1, { ip_address: '::2', actor_id: 'six' }]);
});

test('the page of flags has each rule with its version and parameters', () => {
  const page = readFileSync(new URL('../../../../docs/operating/flags.md', import.meta.url), 'utf8');
  for (const { id, version, meaning, parameters } of FLAG_RULES) {
    const shown = Object.entries(parameters)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    expect(page).toContain(`| \`${id}\` | ${version} | ${meaning} | ${shown === '' ? '–' : shown} |`);
  }
});
