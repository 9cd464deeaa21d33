import type { Queryable } from '../storage/database.ts';
import { withAny } from './count-store.ts';

/**
 * Takes the events from `from` to just before `to` out of the counts. Call it before they are deleted, with the counter
 * locked, and with nothing above the watermark among them: what wasn't counted can't be taken out.
 */
export async function uncountEvents(tx: Queryable, organizationNo: number, from: number, to: number): Promise<void> {
  // Rows that come to nothing are deleted, the others changed: one statement may touch a row once.
  const takeOut = (table: string, gone: string, keys: readonly string[], failed: boolean): string => {
    const same = keys.map((key) => `c.${key} = g.${/^(hour|day)$/.test(key) ? 'unit' : key}`).join(' AND ');
    return `${gone}_emptied AS (
       DELETE FROM ${table} c USING ${gone} g WHERE c.organization_no = $1 AND ${same} AND c.events = g.events),
     ${gone}_lowered AS (
       UPDATE ${table} c SET events = c.events - g.events
         ${failed ? ', failed_logins = c.failed_logins - g.failed_logins' : ''}
       FROM ${gone} g WHERE c.organization_no = $1 AND ${same} AND c.events > g.events)`;
  };
  await tx.query({
    name: 'uncount-events',
    text: `WITH gone AS MATERIALIZED (
       SELECT action, resource_type, actor_id, occurred_at, login_failed FROM audit_events
       WHERE organization_no = $1 AND sequence >= $2 AND sequence < $3),
     hours AS (SELECT coalesce(action, '') AS action, coalesce(resource_type, '') AS resource_type,
       date_trunc('hour', occurred_at) AS unit, count(*) AS events, count(*) FILTER (WHERE login_failed) AS failed_logins
       FROM gone GROUP BY ${withAny('unit')}),
     days AS (SELECT coalesce(action, '') AS action, coalesce(resource_type, '') AS resource_type,
       date_trunc('day', occurred_at) AS unit, count(*) AS events, count(*) FILTER (WHERE login_failed) AS failed_logins
       FROM gone GROUP BY ${withAny('unit')}),
     actor_days AS (SELECT actor_id, coalesce(action, '') AS action, coalesce(resource_type, '') AS resource_type,
       date_trunc('day', occurred_at) AS unit, count(*) AS events FROM gone GROUP BY ${withAny('actor_id, unit')}),
     actors AS (SELECT actor_id, count(*) AS events FROM gone GROUP BY 1),
     ${takeOut('trail_hour_counts', 'hours', ['action', 'resource_type', 'hour'], true)},
     ${takeOut('trail_day_counts', 'days', ['action', 'resource_type', 'day'], true)},
     ${takeOut('trail_actor_day_counts', 'actor_days', ['actor_id', 'action', 'resource_type', 'day'], false)},
     ${takeOut('trail_actors', 'actors', ['actor_id'], false)}
     SELECT`,
    values: [organizationNo, from, to],
  });
}

/**
 * Events can come late, so the newest of an actor's by time may be among those that go: then an older one that stays is
 * the newest. Call it before they are deleted.
 */
export async function lowerLastTimes(
  tx: Queryable,
  organizationNo: number,
  span: { readonly from: number; readonly to: number; readonly countedThrough: number },
): Promise<void> {
  await tx.query({
    name: 'lower-last-times',
    text: `UPDATE trail_actors a SET last_occurred_at = newest.occurred_at
     FROM (SELECT actor_id, max(occurred_at) AS last FROM audit_events
       WHERE organization_no = $1 AND sequence >= $2 AND sequence < $3 GROUP BY actor_id) AS gone
     CROSS JOIN LATERAL (SELECT e.occurred_at FROM audit_events e
       WHERE e.organization_no = $1 AND e.actor_id = gone.actor_id AND e.sequence >= $3 AND e.sequence < $4
       ORDER BY e.occurred_at DESC, e.sequence DESC LIMIT 1) AS newest
     WHERE a.organization_no = $1 AND a.actor_id = gone.actor_id AND a.last_occurred_at <= gone.last`,
    values: [organizationNo, span.from, span.to, span.countedThrough],
  });
}
