import type { FlagRuleId } from '@veritrail/controls';
import type { Instant } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';
import { spanConditions, type Place } from '../../trail/event-filter.ts';
import { cutWindow, inclusiveWindow, type Span } from '../../trail/time-window.ts';
import { placeOf, type Flag, type RuleMemory } from './flag-events.ts';
import type { ActiveRule } from './flag-settings.ts';
import type { RecentActs, SeenEvent } from './flag-rules.ts';

export interface FlagWatermark {
  readonly flaggedThrough: number;
  readonly recent: Map<string, RecentActs>;
}

/** Holds the watermark until the transaction ends; undefined if another process is at it. */
export async function lockFlagWatermark(tx: Queryable, organizationNo: number): Promise<FlagWatermark | undefined> {
  await tx.query('INSERT INTO flag_watermarks (organization_no) VALUES ($1) ON CONFLICT DO NOTHING', [organizationNo]);
  const { rows } = await tx.query<{ flagged_through: number; recent: string }>(
    'SELECT flagged_through, recent FROM flag_watermarks WHERE organization_no = $1 FOR UPDATE SKIP LOCKED',
    [organizationNo],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return { flaggedThrough: row.flagged_through, recent: new Map(Object.entries(JSON.parse(row.recent) as object)) };
}

export async function readSeenEvents(
  tx: Queryable,
  organizationNo: number,
  from: number,
  to: number,
): Promise<SeenEvent[]> {
  const { rows } = await tx.query<SeenEvent>({
    name: 'seen-events',
    text: `SELECT sequence, id, action, resource_id AS "resourceId", actor_id AS "actorId", ip_address AS "ipAddress",
             (extract(epoch FROM occurred_at) * 1000)::float8 AS "occurredAt",
             (extract(epoch FROM recorded_at) * 1000)::float8 AS "recordedAt", login_failed AS "loginFailed"
           FROM audit_events WHERE organization_no = $1 AND sequence >= $2 AND sequence < $3 ORDER BY sequence`,
    values: [organizationNo, from, to],
  });
  return rows;
}

/** What rules know of the actors of these events. */
export async function readActorMemory(
  tx: Queryable,
  organizationNo: number,
  actors: readonly string[],
): Promise<Omit<RuleMemory, 'recent'>> {
  const { rows } = await tx.query<{ actor_id: string; first: number; last: number }>(
    `SELECT actor_id, (extract(epoch FROM first_at) * 1000)::float8 AS first,
       (extract(epoch FROM last_at) * 1000)::float8 AS last
     FROM flag_actors WHERE organization_no = $1 AND actor_id = ANY ($2)`,
    [organizationNo, actors],
  );
  const places = await tx.query<{ actorId: string; ipAddress: string }>(
    `SELECT actor_id AS "actorId", ip_address AS "ipAddress" FROM flag_actor_addresses
     WHERE organization_no = $1 AND actor_id = ANY ($2)`,
    [organizationNo, actors],
  );
  return {
    firstAt: new Map(rows.map((row) => [row.actor_id, row.first])),
    lastAt: new Map(rows.map((row) => [row.actor_id, row.last])),
    addresses: new Set(places.rows.map(placeOf)),
  };
}

/** Call with the watermark locked. All of it commits together, so a crash flags nothing twice and forgets nothing. */
export async function storeFlags(
  tx: Queryable,
  organizationNo: number,
  step: {
    readonly events: readonly SeenEvent[];
    readonly flags: readonly Flag[];
    readonly memory: RuleMemory;
    readonly rules: readonly ActiveRule[];
    readonly from: number;
    readonly to: number;
    readonly at: Date;
  },
): Promise<void> {
  const { events, flags, memory } = step;
  if (flags.length > 0) {
    await tx.query(
      `INSERT INTO audit_flags (organization_no, sequence, rule, rule_version, parameters, reason, event_id, action,
         occurred_at, flagged_at)
       SELECT $1, sequence, rule, version, parameters, reason, id, action, to_timestamp(occurred / 1000), $9
       FROM unnest($2::bigint[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::uuid[], $8::text[], $10::float8[])
         AS flag (sequence, rule, version, parameters, reason, id, action, occurred)`,
      [
        organizationNo,
        flags.map((flag) => flag.event.sequence),
        flags.map((flag) => flag.rule),
        flags.map((flag) => flag.version),
        flags.map((flag) => flag.parameters),
        flags.map((flag) => flag.reason),
        flags.map((flag) => flag.event.id),
        flags.map((flag) => flag.event.action),
        step.at,
        flags.map((flag) => flag.event.occurredAt),
      ],
    );
  }
  const actors = [...new Set(events.map((event) => event.actorId))];
  await tx.query(
    `INSERT INTO flag_actors AS a (organization_no, actor_id, first_at, last_at)
     SELECT $1, actor, to_timestamp(first / 1000), to_timestamp(last / 1000)
     FROM unnest($2::text[], $3::float8[], $4::float8[]) AS seen (actor, first, last)
     ON CONFLICT (organization_no, actor_id) DO UPDATE
     SET first_at = least(a.first_at, excluded.first_at), last_at = greatest(a.last_at, excluded.last_at)`,
    [
      organizationNo,
      actors,
      actors.map((actor) => memory.firstAt.get(actor)),
      actors.map((actor) => memory.lastAt.get(actor)),
    ],
  );
  const places = new Map(events.filter((event) => event.ipAddress !== null).map((event) => [placeOf(event), event]));
  await tx.query(
    `INSERT INTO flag_actor_addresses (organization_no, actor_id, ip_address)
     SELECT $1, actor, address FROM unnest($2::text[], $3::text[]) AS place (actor, address) ON CONFLICT DO NOTHING`,
    [
      organizationNo,
      [...places.values()].map((event) => event.actorId),
      [...places.values()].map((event) => event.ipAddress),
    ],
  );
  await extendSpans(tx, organizationNo, step);
  await tx.query('UPDATE flag_watermarks SET flagged_through = $2, recent = $3 WHERE organization_no = $1', [
    organizationNo,
    step.to,
    JSON.stringify(Object.fromEntries(memory.recent)),
  ]);
}

/** Which runs of the trail each rule has looked at: one that was off for a while has a gap. */
async function extendSpans(
  tx: Queryable,
  organizationNo: number,
  step: { readonly rules: readonly ActiveRule[]; readonly from: number; readonly to: number },
): Promise<void> {
  for (const { rule } of step.rules) {
    const { rowCount } = await tx.query(
      'UPDATE flag_rule_spans SET on_to = $4 WHERE organization_no = $1 AND rule = $2 AND on_to = $3',
      [organizationNo, rule.id, step.from, step.to],
    );
    if (rowCount !== 0) continue;
    await tx.query('INSERT INTO flag_rule_spans (organization_no, rule, on_from, on_to) VALUES ($1, $2, $3, $4)', [
      organizationNo,
      rule.id,
      step.from,
      step.to,
    ]);
  }
}

export interface FlagCounts {
  /** Events with at least one flag. */
  readonly flaggedEvents: number;
  readonly byRule: Readonly<Partial<Record<FlagRuleId, number>>>;
  /** Rules that looked at the whole trail below `flaggedThrough`, in one run. */
  readonly rulesApplied: ReadonlySet<FlagRuleId>;
  readonly flaggedThrough: number;
}

/** Flags of events whose time lies in the window, both ends included. */
export async function countFlags(
  tx: Queryable,
  organizationNo: number,
  window: { readonly start: Instant; readonly end: Instant },
  firstSequence: number,
): Promise<FlagCounts> {
  const values: (string | number)[] = [organizationNo];
  const place: Place = (value) => `$${values.push(value)}`;
  const cut = cutWindow(inclusiveWindow(window.start, window.end), true);
  const counts = (unit: 'hour' | 'day', span: Span): string =>
    `SELECT rule, events FROM flag_counts
     WHERE organization_no = $1 AND unit = '${unit}' AND ${spanConditions('begins', span, place)}`;
  const flags = (span: Span): string =>
    `SELECT coalesce(rule, ''), count(DISTINCT sequence) FROM audit_flags
     WHERE organization_no = $1 AND ${spanConditions('occurred_at', span, place)} GROUP BY GROUPING SETS ((), (rule))`;
  const parts = [
    ...cut.days.map((span) => counts('day', span)),
    ...cut.hours.map((span) => counts('hour', span)),
    ...cut.edges.map(flags),
  ];
  const { rows: found } = await tx.query<{ rule: FlagRuleId | ''; n: number }>(
    `SELECT rule, sum(events)::bigint AS n FROM (${parts.join('\nUNION ALL\n')}) AS part GROUP BY rule`,
    values,
  );
  const applied = await tx.query<{ rule: FlagRuleId }>(
    `SELECT s.rule FROM flag_rule_spans s JOIN flag_watermarks w USING (organization_no)
     WHERE s.organization_no = $1 AND s.on_from <= $2 AND s.on_to = w.flagged_through`,
    [organizationNo, firstSequence],
  );
  const watermark = await tx.query<{ n: number }>(
    'SELECT flagged_through AS n FROM flag_watermarks WHERE organization_no = $1',
    [organizationNo],
  );
  return {
    flaggedEvents: found.find((row) => row.rule === '')?.n ?? 0,
    byRule: Object.fromEntries(found.filter((row) => row.rule !== '' && row.n > 0).map((row) => [row.rule, row.n])),
    rulesApplied: new Set(applied.rows.map((row) => row.rule)),
    flaggedThrough: watermark.rows[0]?.n ?? 0,
  };
}

export interface FlagRow {
  readonly event_id: string;
  readonly sequence: number;
  readonly timestamp: string;
  readonly action: string;
  readonly rule: string;
  readonly rule_version: number;
  /** JSON text. */
  readonly parameters: string;
  readonly reason: string;
  readonly flagged_at: string;
}

/** Newest first by the events' time, then sequence. */
export async function listFlags(
  tx: Queryable,
  organizationNo: number,
  filter: { readonly eventId?: string | undefined; readonly rule?: string | undefined },
  page: { readonly limit: number; readonly offset: number },
): Promise<{ flags: FlagRow[]; total: number }> {
  const where = `organization_no = $1 AND ($2::uuid IS NULL OR event_id = $2) AND ($3::text IS NULL OR rule = $3)`;
  const values = [organizationNo, filter.eventId ?? null, filter.rule ?? null];
  const { rows } = await tx.query<FlagRow>(
    `SELECT event_id, sequence, occurred_at AS timestamp, action, rule, rule_version, parameters, reason, flagged_at
     FROM audit_flags WHERE ${where} ORDER BY occurred_at DESC, sequence DESC, rule LIMIT $4 OFFSET $5`,
    [...values, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM audit_flags WHERE ${where}`, values);
  return { flags: rows, total: count.rows[0]?.n ?? 0 };
}
