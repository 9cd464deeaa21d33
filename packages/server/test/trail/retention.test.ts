import { createHash } from 'node:crypto';

import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createMetrics } from '../../src/metrics.ts';
import { startRetention } from '../../src/retention.ts';
import { exportEvents } from '../../src/trail/export-events.ts';
import { removedUpTo } from '../../src/trail/removal-store.ts';
import { removeExpiredEvents } from '../../src/trail/remove-expired-events.ts';
import {
  asServer,
  DAY_MS,
  expectCountsMatch,
  letDaysPass,
  organizationNo,
  recordAged,
  storedPlaces,
} from '../support/retention-scene.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeWorld, readTrail, recordEvent, type EventItem, type World } from '../support/world.ts';

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

async function keepFor(days: number | null, of = world): Promise<void> {
  const body = { audit_retention_days: days };
  await insist(server.call)(200, 'PATCH', of.path(), { auth: of.keys.admin.basic, body });
}

function remove(options = {}): Promise<number> {
  return removeExpiredEvents(server.running.house.ground, no, options);
}

async function catchUp(): Promise<void> {
  await server.running.house.follower.catchUp(no);
}

async function removalEvents(of = world): Promise<EventItem[]> {
  return (await readTrail(server, of)).filter(({ resource_type: type }) => type === 'audit_events');
}

const get = async (path: string, auth = world.keys.admin.basic): Promise<Record<string, never>> =>
  (await insist(server.call)(200, 'GET', path, { auth })).json as Record<string, never>;

describe('events past the policy', () => {
  it('go as one run from the oldest end; a late one with an old time stays until all before it go', async () => {
    await recordAged(server, world, 30, 300);
    await letDaysPass(server, world, 300);
    await recordAged(server, world, 5, 900);
    await letDaysPass(server, world, 250);
    await recordAged(server, world, 7, 100);
    await recordAged(server, world, 3, 800);
    await letDaysPass(server, world, 100);
    const { next } = await storedPlaces(server, no);
    await keepFor(200);
    expect(await remove()).toBe(next - 10);
    expect((await storedPlaces(server, no)).first).toBe(next - 10);

    await catchUp();
    await expectCountsMatch(server, no);
    await keepFor(90);
    expect(await remove()).toBe(10);
    expect((await storedPlaces(server, no)).first).toBe(next);
    await catchUp();
    await expectCountsMatch(server, no);
  });

  it('stay if they say that they happened too recently, whenever they were recorded', async () => {
    await letDaysPass(server, world, 300);
    const { next } = await storedPlaces(server, no);
    await asOwner(server.databaseUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query('UPDATE audit_events SET occurred_at = now() WHERE organization_no = $1 AND sequence = 2', [
        no,
      ]);
    });
    await keepFor(200);
    expect(await remove()).toBe(2);
    expect((await storedPlaces(server, no)).first).toBe(2);
    expect(next).toBeGreaterThan(3);
  });

  it('stay without a policy', async () => {
    await letDaysPass(server, world, 5000);
    expect(await remove()).toBe(0);
    expect((await storedPlaces(server, no)).first).toBe(0);
  });

  it('leave lists, reports and the posture report as a plain recount has them', async () => {
    const login = { action: 'LOGIN', resource_type: 'session', details: { outcome: 'failure' } };
    await recordAged(server, world, 1000, 300, { actor_id: 'busy' });
    await recordAged(server, world, 1000, 299, { actor_id: 'busy' });
    await recordAged(server, world, 1000, 298, { actor_id: 'busy' });
    await recordAged(server, world, 1000, 210, { actor_id: 'busy' });
    await recordAged(server, world, 20, 300, { actor_id: 'gone', ...login });
    // The newest by time of this one goes; older ones stay, since they came late.
    await recordAged(server, world, 4, 250, { actor_id: 'late' });
    await letDaysPass(server, world, 205);
    await recordAged(server, world, 4, 600, { actor_id: 'late' });
    await recordAged(server, world, 900, 150, { actor_id: 'busy' });
    await recordAged(server, world, 8, 150, { actor_id: 'ana', ...login });
    await letDaysPass(server, world, 150);
    await recordEvent(server, world, { actor_id: 'ana' });
    const flagsBefore = await get('/api/v1/compliance/flags?page_size=500');
    expect(flagsBefore['total']).toBeGreaterThan(0);
    await keepFor(200);
    expect(await remove()).toBeGreaterThan(4000);

    for (const caughtUp of [false, true]) {
      if (caughtUp) await catchUp();
      await expectCountsMatch(server, no);
      const trail = await readTrail(server, world);
      const { first, next } = await storedPlaces(server, no);
      expect(trail.map(({ sequence }) => sequence)).toEqual(Array.from({ length: next - first }, (_, i) => first + i));
      for (const actor of ['busy', 'late', 'gone', 'ana']) {
        const { total } = await get(`/api/v1/compliance/audit-events?actor_id=${actor}`);
        expect(total, actor).toBe(trail.filter(({ actor_id: id }) => id === actor).length);
      }
      const inYear = trail.filter(({ timestamp }) => Date.parse(timestamp) >= Date.now() - 365 * DAY_MS);
      const { summary } = await get('/api/v1/compliance/reports/soc2');
      const flags = (await get('/api/v1/compliance/flags?page_size=500')) as unknown as {
        items: { event_id: string }[];
      };
      const ids = new Set(trail.map(({ id }) => id));
      for (const flag of flags.items) expect(ids).toContain(flag.event_id);
      expect(summary).toMatchObject({
        total_events: inYear.length,
        unique_actors: new Set(inYear.map(({ actor_id: id }) => id)).size,
        failed_login_attempts: inYear.filter(({ details }) => details['outcome'] === 'failure').length,
        flagged_events: new Set(
          flags.items.map(({ event_id: id }) => id).filter((id) => inYear.some((e) => e.id === id)),
        ).size,
      });
      const { report } = await get(world.path('/compliance-report'));
      const after = await storedPlaces(server, no);
      const times = trail.map(({ timestamp }) => Date.parse(timestamp));
      const oldest = new Date(Math.min(...times)).toISOString();
      expect((report as unknown as { audit_log: object }).audit_log).toEqual({
        retention_policy_days: 200,
        // The reading itself is recorded once the report is made.
        entry_count: after.next - after.first - 1,
        oldest_entry_at: `${oldest.slice(0, 19)}Z`,
      });
    }
    const memory = await asOwner(server.databaseUrl, (client) =>
      client.query<{ actor_id: string }>(
        `SELECT actor_id FROM flag_actors WHERE organization_no = $1
         UNION ALL SELECT actor_id FROM flag_actor_addresses WHERE organization_no = $1`,
        [no],
      ),
    );
    expect(memory.rows.map((row) => row.actor_id)).not.toContain('gone');
  });

  it('go though nothing of them was counted yet', async () => {
    await recordAged(server, world, 50, 300);
    await letDaysPass(server, world, 300);
    await asOwner(server.databaseUrl, async (client) => {
      for (const table of ['trail_hour_counts', 'trail_day_counts', 'trail_actors', 'trail_actor_day_counts']) {
        await client.query(`DELETE FROM ${table} WHERE organization_no = $1`, [no]);
      }
      await client.query('UPDATE trail_counters SET counted_through = 0 WHERE organization_no = $1', [no]);
    });
    await keepFor(200);
    expect(await remove()).toBeGreaterThan(50);
    await expectCountsMatch(server, no);
    await catchUp();
    await expectCountsMatch(server, no);
  });
});

describe('a removal', () => {
  it('is told once in the trail, with what an archive can be compared with', async () => {
    await recordAged(server, world, 30, 300);
    await letDaysPass(server, world, 300);
    const before = await readTrail(server, world);
    const leaves = await asOwner(server.databaseUrl, (client) =>
      client.query<{ leaf_hash: Buffer }>(
        'SELECT leaf_hash FROM audit_events WHERE organization_no = $1 ORDER BY sequence',
        [no],
      ),
    );
    await keepFor(200);
    const count = await remove();
    const times = before.map(({ timestamp }) => Date.parse(timestamp));
    const [told, ...others] = await removalEvents();
    expect(others).toEqual([]);
    expect(told).toMatchObject({
      action: 'DELETE',
      resource_id: `0-${count - 1}`,
      actor_id: 'veritrail',
      details: {
        from: 0,
        to: count - 1,
        count: before.length,
        policy_days: 200,
        leaf_hashes_sha256: createHash('sha256')
          .update(Buffer.concat(leaves.rows.map((row) => row.leaf_hash)))
          .digest('hex'),
      },
    });
    const { oldest = '', newest = '' } = (told?.details ?? {}) as { oldest?: string; newest?: string };
    expect([Date.parse(oldest), Date.parse(newest)]).toEqual([Math.min(...times), Math.max(...times)]);
    const removed = await server.running.house.db.scoped(no, (tx) => removedUpTo(tx, no));
    expect(Date.parse(removed ?? '')).toBe(Math.max(...times));
  });

  it('of little waits a day for more, unless the policy changed', async () => {
    await letDaysPass(server, world, 300);
    await keepFor(200);
    expect(await remove()).toBeGreaterThan(0);
    await letDaysPass(server, world, 201);
    expect(await remove()).toBe(0);
    await keepFor(199);
    expect(await remove()).toBeGreaterThan(0);
    await letDaysPass(server, world, 200);
    expect(await remove({ batch: 1 })).toBeGreaterThan(0);
  });

  it('that breaks off between two batches is whole as far as it came, and goes on', async () => {
    await recordAged(server, world, 100, 300);
    await letDaysPass(server, world, 300);
    const { next } = await storedPlaces(server, no);
    await keepFor(200);
    const { ground } = server.running.house;
    let deeds = 0;
    const crash = new Error('crash');
    const recordDeed: typeof ground.recordDeed = async (...deed) => {
      deeds += 1;
      if (deeds === 3) throw crash;
      await ground.recordDeed(...deed);
    };
    await expect(removeExpiredEvents({ ...ground, recordDeed }, no, { batch: 25 })).rejects.toBe(crash);
    expect((await storedPlaces(server, no)).first).toBe(50);
    await expectCountsMatch(server, no);
    expect((await removalEvents()).map((event) => event.resource_id)).toEqual(['0-24', '25-49']);

    expect(await remove({ batch: 25, batches: 1 })).toBe(25);
    expect(await remove({ batch: 25 })).toBe(next - 75);
    const told = (await removalEvents()).map(({ details }) => [details['from'], details['to']]);
    expect(told.map(([from]) => from)).toEqual([0, ...told.slice(0, -1).map(([, to]) => Number(to) + 1)]);
    expect(told.at(-1)?.[1]).toBe(next - 1);
    await catchUp();
    await expectCountsMatch(server, no);
  });

  it('goes on beside appends, which stay dense', async () => {
    await recordAged(server, world, 1000, 300);
    await letDaysPass(server, world, 300);
    const { next } = await storedPlaces(server, no);
    await keepFor(200);
    const appends = Array.from({ length: 60 }, () => recordEvent(server, world));
    const [removed, again] = await Promise.all([remove({ batch: 100 }), remove({ batch: 100 }), ...appends]);
    expect(removed + again).toBe(next);
    expect((await storedPlaces(server, no)).first).toBe(next);
    await catchUp();
    await expectCountsMatch(server, no);
  });

  it('waits for an export, and an export that was overtaken all the same breaks off', async () => {
    await letDaysPass(server, world, 300);
    await keepFor(200);
    const insert = `INSERT INTO exports (organization_no, export_id, requested_by, requested_at, format, filter, end_sequence,
      mac_key_id) VALUES ($1, gen_random_uuid(), 'ana', $2, 'json', '{}', 1, 'k')`;
    const exporting = (at: number) =>
      asOwner(server.databaseUrl, (client) => client.query(insert, [no, new Date(Date.now() - at)]));
    await exporting(7_200_000);
    await exporting(0);
    expect(await remove()).toBe(0);
    await asOwner(server.databaseUrl, (client) =>
      client.query('DELETE FROM exports WHERE requested_at > now() - interval $$1 hour$$'),
    );

    const { db, keyring } = server.running.house;
    const key = keyring.auditMac.current;
    const plan = {
      organizationNo: no,
      format: 'json',
      filter: {},
      order: 'time',
      firstSequence: 0,
      endSequence: 5,
      key,
    } as const;
    let done = 0;
    const read = async (): Promise<void> => {
      const parts = { db, auditMac: keyring.auditMac, unsent: () => 0, whenClosed: () => undefined };
      for await (const piece of exportEvents(parts, plan, async () => void (done += 1)))
        expect(piece.length).toBeGreaterThan(0);
    };
    await read();
    expect(await remove()).toBeGreaterThan(0);
    await expect(read()).rejects.toMatchObject({ code: 'export_overtaken' });
    expect(done).toBe(1);
  });

  it('comes with a round over all organizations, and is counted', async () => {
    const other = await makeWorld(server);
    await letDaysPass(server, world, 300);
    await letDaysPass(server, other, 300);
    await keepFor(200);
    await keepFor(400, other);
    const metrics = createMetrics({ eventsWaiting: () => 0, trailsDiverged: () => 0, trailEventsChecked: () => 0 });
    const { ground, follower } = server.running.house;
    const job = startRetention({ ground, follower, metrics, diagnostics: pino({ level: 'silent' }) });
    await job.round();
    await job.stop();
    expect((await storedPlaces(server, no)).first).toBeGreaterThan(0);
    expect((await storedPlaces(server, await organizationNo(server, other))).first).toBe(0);
    expect(await metrics.render()).toMatch(/^veritrail_audit_events_removed_total [1-9]/m);
  });
});

describe('the server’s role', () => {
  const refused = async (statement: string, code = '42501', scope = no, begin?: string): Promise<void> => {
    await expect(
      asServer(server, scope, (client) => client.query(statement), begin),
      statement,
    ).rejects.toMatchObject({ code });
  };

  beforeEach(async () => {
    await recordAged(server, world, 20, 300);
    await letDaysPass(server, world, 300);
    await recordAged(server, world, 5, 150);
    await letDaysPass(server, world, 150);
    await keepFor(200);
  });

  it('can not delete from the trail, nor write what would let it', async () => {
    for (const table of ['audit_events', 'audit_events_shared', 'trail_removals', 'audit_flags', 'legal_holds']) {
      await refused(`DELETE FROM ${table} WHERE organization_no = ${no}`);
      await refused(`TRUNCATE ${table}`);
    }
    await refused(`UPDATE trail_heads SET first_sequence = 5 WHERE organization_no = ${no}`);
    await refused(`UPDATE trail_removals SET last_sequence = 5`);
    await refused(`UPDATE legal_holds SET reason = 'x'`);
    await refused(
      `INSERT INTO trail_removals VALUES (${no}, 0, 0, 1, now(), now(), '', 1, now(), pg_current_xact_id())`,
    );
  });

  it('removes only what the policy lets go, of the organization in scope', async () => {
    const { next } = await storedPlaces(server, no);
    const other = await organizationNo(server, await makeWorld(server));
    await refused(`SELECT delete_oldest_events(${no}, 5)`, '42501', other);
    await refused(`SELECT delete_oldest_events(NULL, 5)`);
    await refused(`SELECT delete_oldest_events(${other}, 2)`, '42501', other);
    await refused(`SELECT delete_oldest_events(${no}, ${next - 1})`);
    await refused(`SELECT delete_oldest_events(${no}, ${next + 5})`, '22023');
    await refused(`SELECT delete_oldest_events(${no}, 9000000000000000000)`, '22023');
    for (const place of ['0', '-5', 'NULL']) await refused(`SELECT delete_oldest_events(${no}, ${place})`, '22023');
    await refused(`SELECT delete_oldest_events(${no}, 5)`, '55000', no, 'BEGIN ISOLATION LEVEL REPEATABLE READ');
    expect((await storedPlaces(server, no)).first).toBe(0);

    const { rows } = await asServer(server, no, (client) =>
      client.query(`SELECT events FROM delete_oldest_events(${no}, 5)`),
    );
    expect(rows).toEqual([{ events: '5' }]);
    expect((await storedPlaces(server, no)).first).toBe(5);
    await refused(`SELECT delete_oldest_events(${no}, 5)`, '22023');
  });

  it('does not get past a hold, also not with tables and settings of its own', async () => {
    await asOwner(server.databaseUrl, (client) =>
      client.query(
        `INSERT INTO legal_holds (organization_no, name, reason, placed_by, placed_at) VALUES ($1, 'h', 'r', 'a', now())`,
        [no],
      ),
    );
    await refused(`SELECT delete_oldest_events(${no}, 5)`);
    const trick = `CREATE TEMP TABLE legal_holds (organization_no integer, released_at timestamptz);
      CREATE TEMP TABLE organizations AS SELECT ${no} AS organization_no, 1 AS audit_retention_days;
      SET search_path = pg_temp, veritrail; SELECT veritrail.delete_oldest_events(${no}, 5)`;
    await expect(asServer(server, no, (client) => client.query(trick))).rejects.toThrow('a legal hold is in force');
    expect((await storedPlaces(server, no)).first).toBe(0);
  });

  it('alone may call the function; even the owner can not delete without a record', async () => {
    const { rows } = await asOwner(server.databaseUrl, (client) =>
      client.query(`SELECT grantee::regrole::text FROM pg_proc, aclexplode(proacl)
        WHERE proname = 'delete_oldest_events' AND grantee <> proowner`),
    );
    expect(rows).toEqual([{ grantee: 'veritrail_server' }]);
    const owner = (statement: string) => asOwner(server.databaseUrl, (client) => client.query(statement));
    await expect(owner(`DELETE FROM audit_events WHERE organization_no = ${no}`)).rejects.toMatchObject({
      code: '42501',
    });
    expect((await storedPlaces(server, no)).first).toBe(0);
    expect(await remove()).toBeGreaterThan(0);
    for (const change of [
      'DELETE FROM trail_removals',
      'UPDATE trail_removals SET events = 1',
      'TRUNCATE trail_removals',
    ]) {
      await expect(owner(change)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('sees holds and removals of the organization in scope alone', async () => {
    expect(await remove()).toBeGreaterThan(0);
    const other = await organizationNo(server, await makeWorld(server));
    const seen = (scope: number) =>
      asServer(
        server,
        scope,
        async (client) => (await client.query('SELECT organization_no FROM trail_removals')).rows,
      );
    expect(await seen(no)).toEqual([{ organization_no: no }]);
    expect(await seen(other)).toEqual([]);
  });
});
