import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { removeExpiredEvents } from '../../src/trail/remove-expired-events.ts';
import { asServer, letDaysPass, organizationNo, storedPlaces } from '../support/retention-scene.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { insist, makeWorld, readTrail, type World } from '../support/world.ts';

interface Hold {
  readonly name: string;
  readonly reason: string;
  readonly placed_by: string;
  readonly placed_at: string;
  readonly released_by: string | null;
  readonly released_at: string | null;
}

let server: TestServer;
let world: World;
let no: number;

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  world = await makeWorld(server);
  no = await organizationNo(server, world);
});
afterAll(() => server.stop());

const HOLDS = '/api/v1/compliance/legal-holds';

const place = (name: string, reason: unknown = 'a case at court') =>
  server.call('PUT', `${HOLDS}/${name}`, { auth: world.keys.admin.basic, body: { reason } });

const release = (name: string, auth = world.keys.owner.basic) => server.call('DELETE', `${HOLDS}/${name}`, { auth });

async function list(of = world): Promise<readonly Hold[]> {
  const answer = await insist(server.call)(200, 'GET', HOLDS, { auth: of.keys.admin.basic });
  return (answer.json as { items: Hold[] }).items;
}

async function keepFor(days: number): Promise<void> {
  const body = { audit_retention_days: days };
  await insist(server.call)(200, 'PATCH', world.path(), { auth: world.keys.admin.basic, body });
}

const remove = () => removeExpiredEvents(server.running.house.ground, no);

describe('a legal hold', () => {
  it('says who placed it, when and why, and who released it', async () => {
    const placed = await place('case-7');
    expect(placed.status).toBe(201);
    expect(placed.json).toMatchObject({
      name: 'case-7',
      reason: 'a case at court',
      placed_by: world.keys.admin.id,
      released_by: null,
      released_at: null,
    });
    expect(await list()).toEqual([placed.json]);
    expect((await release('case-7')).status).toBe(204);
    const again = (await place('case-7', 'another case')).json as unknown as Hold;
    const [first, second] = await list();
    expect(first).toEqual(again);
    expect(second).toMatchObject({ ...placed.json, released_by: world.keys.owner.id, released_at: expect.any(String) });

    const told = (await readTrail(server, world)).filter(({ resource_type: type }) => type === 'legal_hold');
    expect(told.map(({ action, resource_id: id, details }) => [action, id, details['state']])).toEqual([
      ['CONFIG_CHANGE', 'case-7', 'placed'],
      ['CONFIG_CHANGE', 'case-7', 'released'],
      ['CONFIG_CHANGE', 'case-7', 'placed'],
    ]);
    expect(told[0]?.details).toEqual({ state: 'placed', reason: 'a case at court' });
  });

  it('placed again changes nothing; for another reason, or released twice, it is refused', async () => {
    const placed = await place('case-7');
    await unchangedBy(server, async () => {
      const again = await place('case-7');
      expect([again.status, again.text]).toEqual([200, placed.text]);
      expect((await place('case-7', 'another')).status).toBe(409);
      expect((await release('case-8')).status).toBe(404);
      expect((await release('case-7', world.keys.admin.basic)).status).toBe(403);
      for (const reason of ['', 5, null, 'x'.repeat(2001), 'a\u0000b'])
        expect((await place('case-9', reason)).status).toBe(422);
      for (const name of ['-x', 'a%2Fb', 'a%20b', 'x'.repeat(101), '%00']) expect((await place(name)).status).toBe(404);
    });
    expect(await list()).toEqual([placed.json]);
    expect((await release('case-7')).status).toBe(204);
    expect((await release('case-7')).status).toBe(404);
  });

  it('keeps everything of its organization while any is in force, and nothing of another', async () => {
    const other = await makeWorld(server);
    await letDaysPass(server, world, 300);
    await keepFor(200);
    await place('one');
    await place('two');
    expect(await remove()).toBe(0);
    await release('one');
    expect(await remove()).toBe(0);
    expect((await storedPlaces(server, no)).first).toBe(0);
    expect(await list(other)).toEqual([]);
    const otherNo = await organizationNo(server, other);
    const seen = await asServer(server, otherNo, (client) => client.query('SELECT name FROM legal_holds'));
    expect(seen.rows).toEqual([]);
    await release('two');
    expect(await remove()).toBeGreaterThan(0);
  });

  it('placed while events are being removed is there only once that is over', async () => {
    await letDaysPass(server, world, 300);
    await keepFor(200);
    const placing = await asServer(server, no, async (client) => {
      await client.query(`SELECT delete_oldest_events(${no}, 2)`);
      const placed = place('late').then(async (answer) => [answer.status, (await storedPlaces(server, no)).first]);
      while ((await waitingForLocks()) === 0) await sleep(5);
      expect(await list()).toEqual([]);
      return { placed };
    });
    expect(await placing.placed).toEqual([201, 2]);
    expect(await remove()).toBe(0);
  });
});

async function waitingForLocks(): Promise<number> {
  return asOwner(server.databaseUrl, async (client) => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
         AND query LIKE '%FROM organizations%FOR NO KEY UPDATE%'`,
    );
    return rowCount ?? 0;
  });
}
