import { setTimeout as sleep } from 'node:timers/promises';

import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createReadiness } from '../../src/readiness.ts';
import { createTrailWatch } from '../../src/trail/watch-trails.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeWorld, recordEvent, type World } from '../support/world.ts';

const PATH = '/api/v1/compliance/trail-check';
const HOUR_MS = 3_600_000;

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  for (let index = 0; index < 10; index += 1) await recordEvent(server, world, { details: { index } });
});
afterAll(() => server.stop());

interface Shown {
  readonly result: string;
  readonly checked_through: number;
  readonly entry_count: number;
  readonly last_full_check_at: string | null;
  readonly first_bad: unknown;
}

async function until(condition: (shown: Shown) => boolean): Promise<Shown> {
  for (let round = 0; round < 300; round += 1) {
    const { json } = await insist(server.call)(200, 'GET', PATH, { auth: world.keys.analyst.bearer });
    if (condition(json as Shown)) return json as Shown;
    await sleep(100);
  }
  throw new Error('it never came to that');
}

async function metric(name: string): Promise<number> {
  const { text } = await server.call('GET', '/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

test('a server checks what grew by itself, and a new trail whole', async () => {
  const shown = await until((one) => one.checked_through === one.entry_count && one.last_full_check_at !== null);
  expect(shown).toMatchObject({ result: 'sound', first_bad: null });
  expect(await metric('veritrail_trails_diverged')).toBe(0);
  expect(await metric('veritrail_trail_events_checked_total')).toBeGreaterThanOrEqual(10);
  const { json } = await server.call('GET', '/readyz');
  expect(json).toMatchObject({ status: 'ready', checks: { trails: 'ok' } });
});

test('what was sound once is looked at again when its round is due, and a finding is loud', async () => {
  await server.running.house.trailWatch.stop();
  await asOwner(server.databaseUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    await client.query(`UPDATE audit_events SET user_agent = 'x' WHERE sequence = 7 AND organization_no =
      (SELECT organization_no FROM organizations WHERE organization_id = '${world.id}')`);
  });
  const { db, keyring, ground } = server.running.house;
  const said: string[] = [];
  let ahead = 0;
  const watch = createTrailWatch({
    db,
    auditMac: keyring.auditMac,
    recordDeed: ground.recordDeed,
    clock: () => new Date(Date.now() + ahead),
    diagnostics: pino({ level: 'error' }, { write: (line) => void said.push(line) }),
    roundHours: 2,
  });
  watch.start();
  // Nothing grew there, and its round isn't due yet: growth elsewhere shows that the watch is at work.
  const other = await makeWorld(server);
  for (let round = 0; watch.eventsChecked === 0; round += 1) {
    if (round > 300) throw new Error('the watch never did anything');
    const { rows } = await db.direct.query<{ no: number }>(
      'SELECT organization_no AS no FROM organizations WHERE organization_id = $1',
      [other.id],
    );
    watch.nudge(rows[0]?.no ?? 0);
    await sleep(100);
  }
  expect((await until(() => true)).result).toBe('sound');
  ahead = 2 * HOUR_MS;
  const shown = await until((one) => one.result === 'diverged');
  expect(shown.first_bad).toEqual({ sequence: 7, finding: 'leaf_wrong' });
  for (let round = 0; said.length === 0 && round < 100; round += 1) await sleep(50);
  await watch.stop();
  expect(watch.diverged).toBe(1);
  expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 50, organization: world.id, sequence: 7, finding: 'leaf_wrong' }),
  ]);
  // Nothing of what the event says.
  expect(said.join('')).not.toMatch(/jane|203\.0|experiment|Mozilla/);
});

test('a server that starts says at once which trails had diverged, stays ready and goes on recording', async () => {
  const { house } = server.running;
  const said: string[] = [];
  const watch = createTrailWatch({
    db: house.db,
    auditMac: house.keyring.auditMac,
    recordDeed: house.ground.recordDeed,
    clock: house.clock,
    diagnostics: pino({ level: 'error' }, { write: (line) => void said.push(line) }),
    roundHours: 24,
  });
  watch.start();
  for (let round = 0; watch.diverged === 0 && round < 300; round += 1) await sleep(50);
  await watch.stop();
  expect(said.join('')).toContain(world.id);
  const readiness = createReadiness({
    db: house.db,
    isStopping: () => false,
    trailsDiverged: () => watch.diverged,
    packetSigner: house.keyring.packetSigner,
  });
  expect(await readiness()).toMatchObject({ ready: true, checks: { database: 'ok', trails: 'failed' } });
  await recordEvent(server, world);
});
