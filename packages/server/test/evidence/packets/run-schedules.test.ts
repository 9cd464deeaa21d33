import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { createPacketIssuer, type PacketIssuer } from '../../../src/evidence/packets/issue-packet.ts';
import { scheduleFramework } from '../../../src/evidence/packets/manage-schedules.ts';
import { runNextDue, type ScheduleParts } from '../../../src/evidence/packets/run-schedules.ts';
import { loadZoneCatalogue } from '../../../src/posture/zone-catalogue.ts';
import type { Caller } from '../../../src/tenancy/ground.ts';
import { asOwner, startTestServer, type TestServer } from '../../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, type World } from '../../support/world.ts';

let server: TestServer;
let world: World;
let caller: Caller;
/** Days that the clock of the schedules is ahead. */
let ahead = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

beforeEach(async () => {
  ahead = 0;
  await asOwner(server.databaseUrl, (client) => client.query('DELETE FROM packet_schedules'));
  world = await makeWorld(server);
  const auth = world.keys.admin.basic;
  await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/soc2'), { auth });
  await makeService(server, world);
  const { rows } = await server.running.house.db.direct.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE organization_id = $1',
    [world.id],
  );
  caller = {
    organization: { no: rows[0]?.organization_no ?? 0, id: world.id },
    actor: { id: 'tester', username: null, ipAddress: null, userAgent: null },
  };
});

function parts(issuer?: (real: PacketIssuer) => PacketIssuer): ScheduleParts {
  const { house } = server.running;
  const clock = (): Date => new Date(house.clock().getTime() + ahead * 86_400_000);
  const ground = { ...house.ground, clock };
  const diagnostics = pino({ level: 'silent' });
  const real = createPacketIssuer({
    ground,
    signer: house.keyring.packetSigner,
    zones: loadZoneCatalogue(),
    flagRules: house.configuration.flagRules,
    operatorName: 'Example Cloud AB',
    catchUp: house.catchUp,
    eventsWait: () => false,
    diagnostics,
  });
  return { ground, issuer: issuer?.(real) ?? real, diagnostics };
}

interface Schedules {
  readonly items: { readonly next_due_at: string }[];
  readonly runs: {
    readonly due_at: string;
    readonly status: string;
    readonly report_id: string | null;
    reason: string;
  }[];
}

async function schedules(): Promise<Schedules> {
  const auth = world.keys.member.basic;
  return (await insist(server.call)(200, 'GET', world.path('/compliance-schedules'), { auth })).json as Schedules;
}

async function packets(): Promise<{ report_id: string; period_start: string; period_end: string }[]> {
  const auth = world.keys.member.basic;
  const { json } = await insist(server.call)(200, 'GET', world.path('/compliance-reports'), { auth });
  return (json as { items: Awaited<ReturnType<typeof packets>> }).items;
}

async function runAll(of: ScheduleParts): Promise<void> {
  while (await runNextDue(of));
}

it('nothing is made before it is due', async () => {
  await scheduleFramework(parts().ground, caller, 'soc2', 'monthly');
  await runAll(parts());
  expect(await packets()).toEqual([]);
});

it('periods that ended while no server ran are made up for, oldest first, each once', async () => {
  await scheduleFramework(parts().ground, caller, 'soc2', 'monthly');
  ahead = 100;
  await Promise.all([runAll(parts()), runAll(parts())]);
  const made = (await packets()).toReversed();
  const { items, runs } = await schedules();
  expect(made.length).toBeGreaterThanOrEqual(3);
  expect(runs.map((run) => run.report_id).toReversed()).toEqual(made.map((packet) => packet.report_id));
  for (const [index, packet] of made.entries()) {
    expect(packet.period_start.slice(7)).toBe('-01T00:00:00Z');
    if (index > 0) expect(packet.period_start).toBe(made[index - 1]?.period_end);
  }
  expect(Date.parse(items[0]?.next_due_at ?? '')).toBeGreaterThan(Date.now() + ahead * 86_400_000);
});

it('a run without a subscription is missed, and an event says so', async () => {
  await scheduleFramework(parts().ground, caller, 'soc2', 'monthly');
  const auth = world.keys.admin.basic;
  await insist(server.call)(200, 'DELETE', world.path('/compliance-subscriptions/soc2'), { auth });
  ahead = 31;
  await runAll(parts());
  expect((await schedules()).runs).toMatchObject([{ status: 'missed', report_id: null, reason: 'not_subscribed' }]);
  const [event] = await readTrail(server, world, '&resource_type=scheduled_packet');
  expect(event).toMatchObject({ resource_id: 'soc2', details: { outcome: 'missed', reason: 'not_subscribed' } });
});

it('a run that fails is tried again later, and then failed for good', async () => {
  await scheduleFramework(parts().ground, caller, 'soc2', 'monthly');
  const failing = (real: PacketIssuer): PacketIssuer => ({
    ...real,
    issue: () => Promise.reject(Object.assign(new Error('no key'), { code: 'signing_key_missing' })),
  });
  ahead = 31;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect((await schedules()).runs).toEqual([]);
    await runAll(parts(failing));
    ahead += 0.02;
  }
  expect((await schedules()).runs).toMatchObject([{ status: 'failed', reason: 'signing_key_missing' }]);
  const [event] = await readTrail(server, world, '&resource_type=scheduled_packet');
  expect(event?.details).toMatchObject({ outcome: 'failed' });
});

it('what a server had made before it went away is taken up, not made twice', async () => {
  await scheduleFramework(parts().ground, caller, 'soc2', 'monthly');
  ahead = 31;
  // Gone after the packet was stored and before the run was.
  const dying = (real: PacketIssuer): PacketIssuer => ({
    ...real,
    async issue(...asked) {
      await real.issue(...asked);
      throw new Error('killed');
    },
  });
  const broken = parts(dying);
  const ground = { ...broken.ground, db: { ...broken.ground.db, scoped: () => Promise.reject(new Error('killed')) } };
  await expect(runNextDue({ ...broken, ground })).rejects.toThrow('killed');
  const [made, ...others] = await packets();
  expect(others).toEqual([]);
  ahead += 0.01;
  await runAll(parts());
  expect(await packets()).toHaveLength(1);
  expect((await schedules()).runs).toMatchObject([{ status: 'complete', report_id: made?.report_id }]);
});
