import { formatTimestamp, type Instant } from '@veritrail/formats';

import type { Queryable } from '../storage/database.ts';
import { equalityConditions, spanConditions, type EventFilter, type Place } from './event-filter.ts';
import { cutWindow, inclusiveWindow, isBefore, roundUp, unitOf, type Span } from './time-window.ts';

/** An actor with this many events has counts by day; below it, counting from the index is as quick. */
const EVENTS_TO_COUNT_BY_DAY = 2000;

/** Each hour and day is also counted over any action, any type of resource and both: in rows that hold '' there. */
export const withAny = (keys: string): string =>
  `GROUPING SETS ((${keys}, action, resource_type), (${keys}, action), (${keys}, resource_type), (${keys}))`;

export interface ActionCount {
  readonly action: string;
  readonly events: number;
  readonly failedLogins: number;
}

/** Of an actor there are counts by day, or `few`: also of one whom the trail doesn't know. */
export type ActorStanding = 'few' | 'by_day';

/** How far counting has come. */
export interface CountStanding {
  /** Everything below this sequence is counted. */
  readonly counted: number;
  /**
   * The condition on events above it. It has an upper end too: with a lower one alone, PostgreSQL takes the place for one in
   * a trail as long as the longest, expects most of the table, and reads all of it.
   */
  readonly above: string;
  readonly isAllCounted: boolean;
  /** Undefined where nobody was asked for. */
  readonly actor: ActorStanding | undefined;
}

export async function readCountStanding(
  tx: Queryable,
  organizationNo: number,
  actor: string | undefined,
): Promise<CountStanding> {
  const { rows } = await tx.query<{ counted: number; next: number; by_day: boolean | null }>({
    name: 'count-standing',
    text: `SELECT coalesce(c.counted_through, 0) AS counted, h.next_sequence AS next,
       (SELECT by_day FROM trail_actors a WHERE a.organization_no = $1 AND a.actor_id = $2) AS by_day
     FROM trail_heads h LEFT JOIN trail_counters c USING (organization_no) WHERE h.organization_no = $1`,
    values: [organizationNo, actor ?? null],
  });
  const { counted, next, by_day: byDay } = rows[0] ?? { counted: 0, next: 0, by_day: null };
  return {
    counted,
    above: `sequence >= ${counted} AND sequence < ${next}`,
    isAllCounted: counted >= next,
    actor: actor === undefined ? undefined : byDay === true ? 'by_day' : 'few',
  };
}

/** Below which sequence all is counted, and holds it until the transaction ends. Undefined if another process is counting this trail. */
export async function lockCounter(tx: Queryable, organizationNo: number): Promise<number | undefined> {
  await tx.query('INSERT INTO trail_counters (organization_no) VALUES ($1) ON CONFLICT DO NOTHING', [organizationNo]);
  const { rows } = await tx.query<{ counted_through: number }>(
    'SELECT counted_through FROM trail_counters WHERE organization_no = $1 FOR UPDATE SKIP LOCKED',
    [organizationNo],
  );
  return rows[0]?.counted_through;
}

/** As `lockCounter`, but waits for whoever is counting. */
export async function waitForCounter(tx: Queryable, organizationNo: number): Promise<number> {
  await tx.query('INSERT INTO trail_counters (organization_no) VALUES ($1) ON CONFLICT DO NOTHING', [organizationNo]);
  const { rows } = await tx.query<{ counted_through: number }>(
    'SELECT counted_through FROM trail_counters WHERE organization_no = $1 FOR UPDATE',
    [organizationNo],
  );
  return rows[0]?.counted_through ?? 0;
}

/**
 * Adds the events from `from` to just before `to` to the counts. Call with the counter locked; sequences are dense and
 * become visible in order, so nothing below `to` can still be on its way.
 */
export async function countEvents(tx: Queryable, organizationNo: number, from: number, to: number): Promise<void> {
  const byUnit = (unit: 'hour' | 'day'): string =>
    `INSERT INTO trail_${unit}_counts AS c (organization_no, action, resource_type, ${unit}, events, failed_logins)
     SELECT $1, coalesce(action, ''), coalesce(resource_type, ''), date_trunc('${unit}', hour) AS unit, sum(events),
       sum(failed_logins)
     FROM fresh_hours GROUP BY ${withAny('unit')}
     ON CONFLICT (organization_no, action, resource_type, ${unit}) DO UPDATE
     SET events = c.events + excluded.events, failed_logins = c.failed_logins + excluded.failed_logins`;
  // Each event is looked at once, and then what they are together. Who is counted by day comes from the totals, as a set
  // that is hashed whatever the planner thinks (hence IS TRUE): of an organization that came after the last ANALYZE it
  // expects hardly a row, and would look through all of its actors for each. All parts see the actors as they were before:
  // one who becomes frequent just now isn't counted by day yet, and is then, once, from the whole trail.
  const { rows: frequent } = await tx.query<{ actor_id: string }>({
    name: 'count-events',
    text: `WITH fresh AS MATERIALIZED (
       SELECT actor_id, action, resource_type, date_trunc('hour', occurred_at) AS hour, count(*) AS events,
         count(*) FILTER (WHERE login_failed) AS failed_logins, max(occurred_at) AS last_occurred_at
       FROM audit_events WHERE organization_no = $1 AND sequence >= $2 AND sequence < $3
       GROUP BY actor_id, action, resource_type, hour),
     fresh_hours AS MATERIALIZED (
       SELECT action, resource_type, hour, sum(events) AS events, sum(failed_logins) AS failed_logins
       FROM fresh GROUP BY action, resource_type, hour),
     hours AS (${byUnit('hour')}),
     days AS (${byUnit('day')}),
     fresh_actors AS MATERIALIZED (
       SELECT actor_id, action, resource_type, date_trunc('day', hour) AS unit, sum(events) AS events,
         max(last_occurred_at) AS last_occurred_at
       FROM fresh GROUP BY actor_id, action, resource_type, unit),
     totals AS (
       INSERT INTO trail_actors AS a (organization_no, actor_id, events, last_occurred_at)
       SELECT $1, actor_id, sum(events), max(last_occurred_at) FROM fresh_actors GROUP BY actor_id
       ON CONFLICT (organization_no, actor_id) DO UPDATE SET events = a.events + excluded.events,
         last_occurred_at = greatest(a.last_occurred_at, excluded.last_occurred_at)
       RETURNING actor_id, events, by_day),
     counter AS (UPDATE trail_counters SET counted_through = $3 WHERE organization_no = $1),
     actor_days AS (
       INSERT INTO trail_actor_day_counts AS c (organization_no, actor_id, action, resource_type, day, events)
       SELECT $1, actor_id, coalesce(action, ''), coalesce(resource_type, ''), unit, sum(events)
       FROM fresh_actors WHERE (actor_id IN (SELECT actor_id FROM totals WHERE by_day)) IS TRUE
       GROUP BY ${withAny('actor_id, unit')}
       ON CONFLICT (organization_no, actor_id, action, resource_type, day)
       DO UPDATE SET events = c.events + excluded.events)
     SELECT actor_id FROM totals WHERE events >= ${EVENTS_TO_COUNT_BY_DAY} AND NOT by_day`,
    values: [organizationNo, from, to],
  });
  for (const { actor_id: actor } of frequent) await countActorByDay(tx, organizationNo, actor, to);
}

async function countActorByDay(tx: Queryable, organizationNo: number, actor: string, to: number): Promise<void> {
  await tx.query(
    `INSERT INTO trail_actor_day_counts (organization_no, actor_id, action, resource_type, day, events)
     SELECT $1, $2, coalesce(action, ''), coalesce(resource_type, ''), date_trunc('day', occurred_at) AS unit, count(*)
     FROM audit_events WHERE organization_no = $1 AND actor_id = $2 AND sequence < $3
     GROUP BY ${withAny('unit')}`,
    [organizationNo, actor, to],
  );
  await tx.query('UPDATE trail_actors SET by_day = true WHERE organization_no = $1 AND actor_id = $2', [
    organizationNo,
    actor,
  ]);
}

/**
 * How many events a filter selects: exact, from counts where they are whole and from events at the edges and above the
 * watermark. Run it in a snapshot, so that watermark, counts and events are of one moment.
 */
export async function countTotal(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  { counted, above, isAllCounted, actor }: CountStanding,
): Promise<number> {
  const window = inclusiveWindow(filter.start, filter.end);
  const values: (string | number)[] = [];
  const { inEvents, inCounts } = conditions(organizationNo, filter, (value) => `$${values.push(value)}`);
  const events = (span: Span, sequences: string, sign = ''): string =>
    `SELECT ${sign}count(*) AS events FROM audit_events WHERE ${inEvents('occurred_at', span)} AND ${sequences}`;
  const cut = cutSpan(window, actor);
  const table = actor === undefined ? 'trail_day_counts' : 'trail_actor_day_counts';
  const parts = [
    ...cut.days.map((span) => `SELECT sum(events) AS events FROM ${table} WHERE ${inCounts('day', span)}`),
    ...cut.hours.map((span) => `SELECT sum(events) AS events FROM trail_hour_counts WHERE ${inCounts('hour', span)}`),
    ...cut.edges.map((span) => events(span, `sequence < ${counted}`)),
    ...cut.beyond.map((span) => events(span, `sequence < ${counted}`, '-')),
    ...(isAllCounted ? [] : [events(window, above)]),
  ];
  const { rows } = await tx.query<{ total: number }>(
    `SELECT coalesce(sum(events), 0)::bigint AS total FROM (${parts.join('\nUNION ALL\n')}) AS part`,
    values,
  );
  return rows[0]?.total ?? 0;
}

/**
 * The events that a filter selects, by action, counted as `countTotal` does. Failed logins are 0 where an actor is named:
 * nobody counts them by actor.
 */
export async function countByAction(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
): Promise<readonly ActionCount[]> {
  const { counted, above, actor: standing } = await readCountStanding(tx, organizationNo, filter.actor_id);
  const window = inclusiveWindow(filter.start, filter.end);
  const values: (string | number)[] = [];
  const place: Place = (value) => `$${values.push(value)}`;
  const { inEvents } = conditions(organizationNo, filter, place);
  const { action, resource_type: type = '', actor_id: actor } = filter;
  const failed = actor === undefined ? 'login_failed' : 'false';
  const events = (span: Span, sequences: string): string =>
    `SELECT action, count(*) AS events, count(*) FILTER (WHERE ${failed}) AS failed_logins FROM audit_events
     WHERE ${inEvents('occurred_at', span)} AND ${sequences} GROUP BY action`;
  const counts = (unit: 'hour' | 'day', span: Span): string => {
    const ofActor = actor === undefined ? 'true' : `actor_id = ${place(actor)}`;
    const ofAction = action === undefined ? `action <> ''` : `action = ${place(action)}`;
    const [table, logins] =
      actor === undefined ? [`trail_${unit}_counts`, 'failed_logins'] : ['trail_actor_day_counts', '0'];
    return `SELECT action, sum(events), sum(${logins}) FROM ${table}
      WHERE organization_no = ${place(organizationNo)} AND ${ofActor} AND ${ofAction} AND resource_type = ${place(type)}
        AND ${spanConditions(unit, span, place)} GROUP BY action`;
  };
  const isCounted = standing !== 'few';
  const cut = cutWindow(window, actor === undefined);
  const parts = isCounted
    ? [
        events(window, above),
        ...cut.days.map((span) => counts('day', span)),
        ...cut.hours.map((span) => counts('hour', span)),
        ...cut.edges.map((span) => events(span, `sequence < ${counted}`)),
      ]
    : [events(window, 'true')];
  const { rows } = await tx.query<{ action: string; events: number; failed: number }>(
    `SELECT action, sum(events)::bigint AS events, sum(failed_logins)::bigint AS failed
     FROM (${parts.join('\nUNION ALL\n')}) AS part GROUP BY action`,
    values,
  );
  return rows.map((row) => ({ action: row.action, events: row.events, failedLogins: row.failed }));
}

export interface UnitCount {
  /** RFC 3339: when the day or hour begins. */
  readonly unit: string;
  readonly events: number;
}

/**
 * How a filter's events spread over days, or over the hours of a span; newest first, units without any left out. Counted
 * units only partly inside the span are counted from events, and so is an actor for whom there are no such counts.
 */
export async function spread(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  { counted, above, isAllCounted, actor }: CountStanding,
  unit: 'day' | 'hour',
  span: Span,
): Promise<readonly UnitCount[]> {
  const values: (string | number)[] = [];
  const { inEvents, inCounts } = conditions(organizationNo, filter, (value) => `$${values.push(value)}`);
  const events = (part: Span, sequences: string, sign = ''): string => {
    const from = `FROM audit_events WHERE ${inEvents('occurred_at', part)} AND ${sequences}`;
    const only = onlyUnitOf(part, unit);
    // Grouping takes longer than finding.
    return only === undefined
      ? `SELECT date_trunc('${unit}', occurred_at) AS unit, ${sign}count(*) AS events ${from} GROUP BY unit`
      : `SELECT '${formatTimestamp(only)}'::timestamptz AS unit, ${sign}count(*) AS events ${from} HAVING count(*) > 0`;
  };
  const counts = (of: 'day' | 'hour', part: Span): string => {
    const table = filter.actor_id === undefined ? `trail_${of}_counts` : 'trail_actor_day_counts';
    return `SELECT date_trunc('${unit}', ${of}) AS unit, events FROM ${table} WHERE ${inCounts(of, part)}`;
  };
  // Of an actor there are counts by day only; a day's hours are counted one by one.
  const cut = cutSpan(span, actor);
  const areCounted = actor === undefined || (unit === 'day' && actor === 'by_day');
  const parts = areCounted
    ? [
        ...(isAllCounted ? [] : [events(span, above)]),
        ...cut.days.map((part) => counts(unit, part)),
        ...cut.hours.map((part) => counts('hour', part)),
        ...cut.edges.map((part) => events(part, `sequence < ${counted}`)),
        ...cut.beyond.map((part) => events(part, `sequence < ${counted}`, '-')),
      ]
    : [events(span, 'true')];
  const { rows } = await tx.query<UnitCount>(
    `SELECT unit, sum(events)::bigint AS events FROM (${parts.join('\nUNION ALL\n')}) AS part
     GROUP BY unit HAVING sum(events) > 0 ORDER BY unit DESC`,
    values,
  );
  return rows;
}

/** Into what there are counts of, and what is left: of an actor there are none by hour. */
function cutSpan(span: Span, actor: ActorStanding | undefined): ReturnType<typeof roundUp> {
  return actor === undefined ? { ...cutWindow(span, true), beyond: [] } : roundUp(cutWindow(span, false));
}

/** When the unit begins that holds all of the span; undefined if none does. */
function onlyUnitOf({ from, to }: Span, unit: 'day' | 'hour'): Instant | undefined {
  if (from === undefined || to === undefined) return undefined;
  const only = unitOf(from, unit);
  return isBefore(only.to, to) ? undefined : only.from;
}

/** A filter and a span as SQL, over the events and over their counts. */
function conditions(organizationNo: number, filter: EventFilter, place: Place) {
  const { action = '', resource_type = '' } = filter;
  const actor = (): string => (filter.actor_id === undefined ? 'true' : `actor_id = ${place(filter.actor_id)}`);
  return {
    inEvents: (column: string, span: Span): string =>
      `${equalityConditions(organizationNo, filter, place)} AND ${actor()} AND ${spanConditions(column, span, place)}`,
    inCounts: (column: string, span: Span): string =>
      `${equalityConditions(organizationNo, { action, resource_type }, place)} AND ${actor()}
       AND ${spanConditions(column, span, place)}`,
  };
}

/** Actors with an event in a window that ends at the present: later events there can only be minutes ahead. */
export async function countActorsIn(
  tx: Queryable,
  organizationNo: number,
  window: { readonly start: Instant; readonly end: Instant },
): Promise<number> {
  const { counted, above } = await readCountStanding(tx, organizationNo, undefined);
  const between = 'occurred_at >= $2 AND occurred_at <= $3';
  const { rows } = await tx.query<{ n: number }>(
    `SELECT count(*) AS n FROM (
       SELECT actor_id FROM trail_actors a WHERE organization_no = $1 AND last_occurred_at >= $2
         AND (last_occurred_at <= $3 OR EXISTS (SELECT 1 FROM audit_events e
           WHERE e.organization_no = $1 AND e.actor_id = a.actor_id AND e.sequence < $4 AND ${between}))
       UNION
       SELECT actor_id FROM audit_events WHERE organization_no = $1 AND ${above} AND ${between}) AS actor`,
    [organizationNo, formatTimestamp(window.start), formatTimestamp(window.end), counted],
  );
  return rows[0]?.n ?? 0;
}
