import type { Queryable } from '../storage/database.ts';
import { withAny } from './count-store.ts';

/** Any number of rows a group may have; for whoever compares, a group without any is no group. */
const differs = (one: string, other: string): string => `coalesce(${one}, 0) <> coalesce(${other}, 0)`;

const ROWS = 'audit_events e WHERE e.organization_no = $1';

/** Counts of one action and one type of resource. */
const OF_ONE = "action <> '' AND resource_type <> ''";

interface Comparison {
  readonly of: 'head_differs' | 'counts_differ';
  readonly sql: string;
}

/**
 * Each statement is true if the head's number of entries, or one of the tables of counts, isn't that of the rows below
 * the watermark, or if what lies before the first entry wasn't removed by the one way out: without a gap, and the last time
 * with its event. Of an actor's last event a later time is let through once old events were removed, since the last one
 * by time may have been among them.
 */
const COMPARISONS: readonly Comparison[] = [
  {
    of: 'head_differs',
    sql: `SELECT (SELECT count(*) FROM ${ROWS}) <>
            coalesce((SELECT next_sequence - first_sequence FROM trail_heads WHERE organization_no = $1), 0)`,
  },
  {
    of: 'head_differs',
    sql: `SELECT h.first_sequence > 0 AND NOT (
        r.lowest = 0 AND r.events = h.first_sequence AND r.highest = h.first_sequence - 1 AND EXISTS (
          SELECT 1 FROM audit_events e, trail_removals last
          WHERE last.organization_no = $1 AND last.last_sequence = r.highest
            AND e.organization_no = $1 AND e.resource_type = 'audit_events' AND e.action = 'DELETE'
            AND e.resource_id = last.first_sequence || '-' || last.last_sequence
            AND position(encode(last.leaf_hashes_sha256, 'hex') IN e.details) > 0))
      FROM trail_heads h CROSS JOIN (
        SELECT coalesce(min(first_sequence), -1) AS lowest, coalesce(max(last_sequence), -1) AS highest,
          coalesce(sum(events), 0) AS events
        FROM trail_removals WHERE organization_no = $1) AS r
      WHERE h.organization_no = $1`,
  },
  {
    of: 'counts_differ',
    sql: `SELECT EXISTS (
      SELECT 1 FROM (
        SELECT action, resource_type, date_trunc('hour', occurred_at) AS hour, count(*) AS events,
          count(*) FILTER (WHERE login_failed) AS failed_logins
        FROM ${ROWS} AND sequence < $2 GROUP BY 1, 2, 3) AS r
      FULL JOIN (SELECT * FROM trail_hour_counts WHERE organization_no = $1 AND ${OF_ONE}) AS c
        USING (action, resource_type, hour)
      WHERE ${differs('r.events', 'c.events')} OR ${differs('r.failed_logins', 'c.failed_logins')})`,
  },
  ofAny('trail_hour_counts', 'hour', 'sum(failed_logins)'),
  {
    of: 'counts_differ',
    sql: `SELECT EXISTS (
      SELECT 1 FROM (
        SELECT action, resource_type, date_trunc('day', hour) AS day, sum(events) AS events,
          sum(failed_logins) AS failed_logins
        FROM trail_hour_counts WHERE organization_no = $1 GROUP BY 1, 2, 3) AS h
      FULL JOIN (SELECT * FROM trail_day_counts WHERE organization_no = $1) AS c USING (action, resource_type, day)
      WHERE ${differs('h.events', 'c.events')} OR ${differs('h.failed_logins', 'c.failed_logins')})`,
  },
  {
    of: 'counts_differ',
    sql: `SELECT EXISTS (
      SELECT 1 FROM (
        SELECT actor_id, count(*) AS events, max(occurred_at) AS last FROM ${ROWS} AND sequence < $2 GROUP BY 1) AS r
      FULL JOIN (SELECT * FROM trail_actors WHERE organization_no = $1) AS c USING (actor_id)
      WHERE ${differs('r.events', 'c.events')} OR r.last > c.last_occurred_at
        OR (r.last < c.last_occurred_at AND $3::bigint = 0))`,
  },
  {
    of: 'counts_differ',
    sql: `SELECT EXISTS (
      SELECT 1 FROM (
        SELECT actor_id, action, resource_type, date_trunc('day', occurred_at) AS day, count(*) AS events
        FROM ${ROWS} AND sequence < $2
          AND actor_id IN (SELECT actor_id FROM trail_actors WHERE organization_no = $1 AND by_day)
        GROUP BY 1, 2, 3, 4) AS r
      FULL JOIN (SELECT * FROM trail_actor_day_counts WHERE organization_no = $1 AND ${OF_ONE}) AS c
        USING (actor_id, action, resource_type, day)
      WHERE ${differs('r.events', 'c.events')})`,
  },
  ofAny('trail_actor_day_counts', 'actor_id, day', '0'),
  {
    of: 'counts_differ',
    sql: `SELECT EXISTS (
      SELECT 1 FROM (
        SELECT unit, coalesce(rule, '') AS rule, date_trunc(unit, occurred_at, 'UTC') AS begins,
          count(DISTINCT sequence) AS events
        FROM audit_flags CROSS JOIN (VALUES ('hour'), ('day')) AS u (unit)
        WHERE organization_no = $1 GROUP BY GROUPING SETS ((unit, begins), (unit, begins, rule))) AS r
      FULL JOIN (SELECT * FROM flag_counts WHERE organization_no = $1) AS c USING (unit, rule, begins)
      WHERE ${differs('r.events', 'c.events')})`,
  },
];

/** The rows over any action or type against those of each. Days are compared with hours, these rows among them. */
function ofAny(table: string, keys: string, failed: string): Comparison {
  const counted = failed === '0' ? '0' : 'failed_logins';
  return {
    of: 'counts_differ',
    sql: `SELECT EXISTS (
      SELECT 1 FROM (
        SELECT ${keys}, coalesce(action, '') AS action, coalesce(resource_type, '') AS resource_type,
          sum(events) AS events, ${failed} AS failed
        FROM ${table} WHERE organization_no = $1 AND ${OF_ONE} GROUP BY ${withAny(keys)}) AS r
      FULL JOIN (SELECT *, ${counted} AS failed FROM ${table} WHERE organization_no = $1) AS c
        USING (${keys}, action, resource_type)
      WHERE ${differs('r.events', 'c.events')} OR ${differs('r.failed', 'c.failed')})`,
  };
}

/** The first that doesn't agree with the rows, or undefined. Run it in a snapshot: watermark, counts and rows are of one moment. */
export async function compareCounts(
  tx: Queryable,
  organizationNo: number,
): Promise<'head_differs' | 'counts_differ' | undefined> {
  // Ten million rows take longer than a statement may, and no core but one is theirs.
  await tx.query('SET LOCAL statement_timeout = 0');
  await tx.query('SET LOCAL max_parallel_workers_per_gather = 0');
  // Whole tables are compared. Of an organization that came after the last ANALYZE the planner expects hardly a row.
  await tx.query('SET LOCAL enable_nestloop = off');
  const { rows } = await tx.query<{ counted: number; first: number }>(
    `SELECT coalesce((SELECT counted_through FROM trail_counters WHERE organization_no = $1), 0) AS counted,
            coalesce((SELECT first_sequence FROM trail_heads WHERE organization_no = $1), 0) AS first`,
    [organizationNo],
  );
  const { counted = 0, first = 0 } = rows[0] ?? {};
  for (const { of, sql } of COMPARISONS) {
    const values = [organizationNo, counted, first].slice(0, sql.includes('$3') ? 3 : sql.includes('$2') ? 2 : 1);
    const { rows: found } = await tx.query<{ differs: boolean }>(`SELECT (${sql}) AS differs`, values);
    if (found[0]?.differs === true) return of;
  }
  return undefined;
}
