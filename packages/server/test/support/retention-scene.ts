import pg from 'pg';
import { expect } from 'vitest';

import { asOwner, type TestServer } from './test-server.ts';
import { EVENT, insist, type World } from './world.ts';

export const DAY_MS = 86_400_000;

export async function organizationNo(server: TestServer, world: World): Promise<number> {
  const { rows } = await asOwner(server.databaseUrl, (client) =>
    client.query<{ no: number }>('SELECT organization_no AS no FROM organizations WHERE organization_id = $1', [
      world.id,
    ]),
  );
  return rows[0]?.no ?? 0;
}

/** Events said to have happened so many days ago; at most a thousand. */
export async function recordAged(server: TestServer, world: World, count: number, days: number, change: object = {}) {
  const at = Date.now() - days * DAY_MS;
  const events = Array.from({ length: count }, (_, index) => ({
    ...EVENT,
    resource_id: `r-${index}`,
    timestamp: new Date(at + index * 1000).toISOString(),
    ...change,
  }));
  const auth = world.keys.recorder.bearer;
  await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', { auth, body: { events } });
}

/**
 * Plays the passing of time: every event so far that isn't older was recorded so many days ago, and what the server
 * itself recorded happened then too. What follows the trail begins anew and is caught up.
 */
export async function letDaysPass(server: TestServer, world: World, days: number): Promise<void> {
  const no = await organizationNo(server, world);
  // It would find, rightly, that these events are not what was signed.
  await server.running.house.trailWatch.stop();
  await asOwner(server.databaseUrl, async (client) => {
    await client.query('BEGIN');
    // Neither step of the follower is under way then: where there is no row yet, deleting it would not wait for one.
    await client.query('LOCK TABLE trail_counters, flag_watermarks IN EXCLUSIVE MODE');
    // The trigger would refuse it; this is for superusers only.
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(
      `UPDATE audit_events SET recorded_at = recorded_at - $2 * interval '24 hours',
         occurred_at = least(occurred_at, recorded_at - $2 * interval '24 hours')
       WHERE organization_no = $1 AND recorded_at > now() - interval '1 day'`,
      [no, days],
    );
    for (const table of DERIVED) await client.query(`DELETE FROM ${table} WHERE organization_no = $1`, [no]);
    await client.query('COMMIT');
  });
  await server.running.house.follower.catchUp(no);
}

const DERIVED = [
  'trail_counters',
  'flag_watermarks',
  'trail_hour_counts',
  'trail_day_counts',
  'trail_actors',
  'trail_actor_day_counts',
  'audit_flags',
  'flag_counts',
  'flag_rule_spans',
  'flag_actors',
  'flag_actor_addresses',
];

/** A connection that may do what the server may, in a transaction with that organization in scope. */
export async function asServer<T>(
  server: TestServer,
  scope: number,
  work: (client: pg.Client) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  const options = '-c search_path=veritrail -c timezone=UTC -c role=veritrail_server';
  const client = new pg.Client({ connectionString: server.databaseUrl, options });
  await client.connect();
  try {
    await client.query(begin);
    await client.query(`SELECT set_config('veritrail.organization', '${scope}', true)`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

export interface Stored {
  readonly first: number;
  readonly next: number;
  readonly sequences: readonly number[];
}

/** Fails unless the head says what is stored, from its first place to its last without a gap. */
export async function storedPlaces(server: TestServer, no: number): Promise<Stored> {
  return asOwner(server.databaseUrl, async (client) => {
    const { rows } = await client.query<{ first: string; next: string }>(
      'SELECT first_sequence AS first, next_sequence AS next FROM trail_heads WHERE organization_no = $1',
      [no],
    );
    const events = await client.query<{ sequence: string }>(
      'SELECT sequence FROM audit_events WHERE organization_no = $1 ORDER BY sequence',
      [no],
    );
    const [first, next] = [Number(rows[0]?.first), Number(rows[0]?.next)];
    const sequences = events.rows.map((row) => Number(row.sequence));
    expect(sequences).toEqual(Array.from({ length: next - first }, (_, index) => first + index));
    return { first, next, sequences };
  });
}

/** Fails unless every count is what a plain recount of the events below the watermark gives. */
export async function expectCountsMatch(server: TestServer, no: number): Promise<void> {
  const counted = `FROM audit_events e JOIN trail_counters w USING (organization_no)
    WHERE organization_no = ${no} AND sequence < counted_through`;
  const pairs = {
    hours: [
      `SELECT action, resource_type, hour, events, failed_logins FROM trail_hour_counts WHERE organization_no = ${no}`,
      `SELECT coalesce(action, ''), coalesce(resource_type, ''), date_trunc('hour', occurred_at) AS unit, count(*),
         count(*) FILTER (WHERE login_failed) ${counted} GROUP BY unit, CUBE (action, resource_type)`,
    ],
    days: [
      `SELECT action, resource_type, day, events, failed_logins FROM trail_day_counts WHERE organization_no = ${no}`,
      `SELECT coalesce(action, ''), coalesce(resource_type, ''), date_trunc('day', occurred_at) AS unit, count(*),
         count(*) FILTER (WHERE login_failed) ${counted} GROUP BY unit, CUBE (action, resource_type)`,
    ],
    actors: [
      `SELECT actor_id, events, last_occurred_at FROM trail_actors WHERE organization_no = ${no}`,
      `SELECT actor_id, count(*), max(occurred_at) ${counted} GROUP BY 1`,
    ],
    actorDays: [
      `SELECT actor_id, action, resource_type, day, events FROM trail_actor_day_counts WHERE organization_no = ${no}`,
      `SELECT actor_id, coalesce(action, ''), coalesce(resource_type, ''), date_trunc('day', occurred_at) AS unit, count(*)
         ${counted} AND actor_id IN (SELECT actor_id FROM trail_actors WHERE organization_no = ${no} AND by_day)
         GROUP BY actor_id, unit, CUBE (action, resource_type)`,
    ],
    flags: [
      `SELECT unit, rule, begins, events FROM flag_counts WHERE organization_no = ${no} AND events > 0`,
      `SELECT u.unit, coalesce(f.rule, ''), date_trunc(u.unit, occurred_at, 'UTC') AS begins, count(DISTINCT sequence)
       FROM audit_flags f CROSS JOIN (VALUES ('hour'), ('day')) AS u (unit) WHERE organization_no = ${no}
       GROUP BY u.unit, begins, CUBE (f.rule)`,
    ],
  };
  await asOwner(server.databaseUrl, async (client) => {
    for (const [name, [kept, recount]] of Object.entries(pairs)) {
      const { rows } = await client.query(
        `((${kept}) EXCEPT ALL (${recount})) UNION ALL ((${recount}) EXCEPT ALL (${kept}))`,
      );
      expect(rows, name).toEqual([]);
    }
  });
}
