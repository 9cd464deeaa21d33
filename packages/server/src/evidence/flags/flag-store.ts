import type { FlagRuleId } from '@veritrail/controls';
import { formatTimestamp, type Instant } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';
import { spanConditions, type Place } from '../../trail/event-filter.ts';
import { cutWindow, inclusiveWindow, type Span } from '../../trail/time-window.ts';
import { ActorMemory } from './actor-memory.ts';
import type { Flag, RuleMemory } from './flag-events.ts';
import type { SeenEvent } from './flag-rules.ts';
import type { ActiveRule } from './flag-settings.ts';
import { normalAddress } from './normal-address.ts';

/** Below which sequence all is looked at, held until the transaction ends; undefined if another process is at it. */
export async function lockFlagWatermark(tx: Queryable, organizationNo: number): Promise<number | undefined> {
  await tx.query('INSERT INTO flag_watermarks (organization_no) VALUES ($1) ON CONFLICT DO NOTHING', [organizationNo]);
  const { rows } = await tx.query<{ flagged_through: number }>(
    'SELECT flagged_through FROM flag_watermarks WHERE organization_no = $1 FOR UPDATE SKIP LOCKED',
    [organizationNo],
  );
  return rows[0]?.flagged_through;
}

/** What rules know of those of these actors who were there before. */
export async function readActors(
  tx: Queryable,
  organizationNo: number,
  actors: ReadonlySet<string>,
): Promise<RuleMemory> {
  const { rows } = await tx.query<{ actor_id: string; firstAt: number; lastAt: number; recent: string | null }>({
    name: 'flag-actors',
    text: `SELECT actor_id, (extract(epoch FROM first_at) * 1000)::float8 AS "firstAt",
             (extract(epoch FROM last_at) * 1000)::float8 AS "lastAt", recent
           FROM flag_actors WHERE organization_no = $1 AND actor_id = ANY ($2)`,
    values: [organizationNo, [...actors]],
  });
  return new Map(rows.map((row) => [row.actor_id, new ActorMemory(row)]));
}

interface ActorAddress {
  readonly actor: string;
  readonly address: string;
}

/** Adds those addresses of these events that were seen for their actors before. */
export async function readAddresses(
  tx: Queryable,
  organizationNo: number,
  events: readonly SeenEvent[],
  memory: RuleMemory,
): Promise<void> {
  const wanted = events.flatMap(({ actorId, ipAddress }) =>
    ipAddress === null ? [] : [{ actor: actorId, address: normalAddress(ipAddress) }],
  );
  if (wanted.length === 0) return;
  const { rows } = await tx.query<ActorAddress>(
    `SELECT DISTINCT actor, address FROM unnest($2::text[], $3::text[]) AS place (actor, address)
     JOIN flag_actor_addresses ON organization_no = $1 AND actor_id = actor AND ip_address = address`,
    [organizationNo, wanted.map(({ actor }) => actor), wanted.map(({ address }) => address)],
  );
  for (const { actor, address } of rows) memory.get(actor)?.addresses.add(address);
  const unknown = wanted.filter(({ actor, address }) => memory.get(actor)?.addresses.has(address) === false);
  await readOldSpellings(tx, organizationNo, unknown, memory);
}

/** More of them are not looked through: an address is then called new that may not be. */
const MOST_OLD_SPELLINGS = 100_000;

/** Version 1 of the rule kept IPv6 addresses as events spelled them. Only what is new after a rest gets here. */
async function readOldSpellings(
  tx: Queryable,
  organizationNo: number,
  unknown: readonly ActorAddress[],
  memory: RuleMemory,
): Promise<void> {
  if (unknown.length === 0) return;
  const { rows } = await tx.query<ActorAddress>(
    `SELECT actor_id AS actor, ip_address AS address FROM flag_actor_addresses
     WHERE organization_no = $1 AND actor_id = ANY ($2) AND ip_address LIKE '%:%'
     ORDER BY actor_id, ip_address LIMIT ${MOST_OLD_SPELLINGS}`,
    [organizationNo, [...new Set(unknown.map(({ actor }) => actor))]],
  );
  const wanted = new Set(unknown.map(({ actor, address }) => `${address} ${actor}`));
  for (const { actor, address } of rows) {
    const normal = normalAddress(address);
    if (wanted.has(`${normal} ${actor}`)) memory.get(actor)?.addresses.add(normal);
  }
}

/** What looking at the events from `from` to just before `to` brought. */
interface FlagStep {
  readonly flags: readonly Flag[];
  readonly memory: RuleMemory;
  readonly rules: readonly ActiveRule[];
  readonly from: number;
  readonly to: number;
  readonly at: Date;
}

/** Call with the watermark locked. All of it commits together, so a crash flags nothing twice and forgets nothing. */
export async function storeFlags(tx: Queryable, organizationNo: number, step: FlagStep): Promise<void> {
  if (step.flags.length > 0) await insertFlags(tx, organizationNo, step);
  const actors = [...step.memory];
  await tx.query({
    name: 'keep-flag-actors',
    text: `INSERT INTO flag_actors AS a (organization_no, actor_id, first_at, last_at, recent)
           SELECT $1, actor, to_timestamp(first / 1000), to_timestamp(last / 1000), acts
           FROM unnest($2::text[], $3::float8[], $4::float8[], $5::text[]) AS seen (actor, first, last, acts)
           ON CONFLICT (organization_no, actor_id) DO UPDATE SET first_at = least(a.first_at, excluded.first_at),
             last_at = greatest(a.last_at, excluded.last_at), recent = coalesce(excluded.recent, a.recent)`,
    values: [
      organizationNo,
      actors.map(([actor]) => actor),
      actors.map(([, memory]) => memory.firstAt),
      actors.map(([, memory]) => memory.lastAt),
      actors.map(([, memory]) => memory.changedRecent),
    ],
  });
  const places = actors.flatMap(([actor, { addresses }]) => Array.from(addresses, (address) => ({ actor, address })));
  await tx.query({
    name: 'keep-flag-actor-addresses',
    text: `INSERT INTO flag_actor_addresses (organization_no, actor_id, ip_address)
           SELECT $1, actor, address FROM unnest($2::text[], $3::text[]) AS place (actor, address)
           ON CONFLICT DO NOTHING`,
    values: [organizationNo, places.map(({ actor }) => actor), places.map(({ address }) => address)],
  });
  await extendSpans(tx, organizationNo, step);
  await tx.query('UPDATE flag_watermarks SET flagged_through = $2 WHERE organization_no = $1', [
    organizationNo,
    step.to,
  ]);
}

async function insertFlags(tx: Queryable, organizationNo: number, { flags, at }: FlagStep): Promise<void> {
  const parameters = new Map<ActiveRule, string>();
  for (const { rule } of flags) if (!parameters.has(rule)) parameters.set(rule, JSON.stringify(rule.parameters));
  // What was read of the events is enough: looking them up again may be planned as a walk over the whole trail.
  await tx.query(
    `INSERT INTO audit_flags (organization_no, sequence, rule, rule_version, parameters, reason, event_id, action,
       occurred_at, flagged_at)
     SELECT $1, sequence, rule, version, parameters, reason, id, action, occurred_at, $10
     FROM unnest($2::bigint[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::uuid[], $8::text[],
       $9::timestamptz[]) AS flag (sequence, rule, version, parameters, reason, id, action, occurred_at)`,
    [
      organizationNo,
      flags.map(({ event }) => event.sequence),
      flags.map(({ rule }) => rule.rule.id),
      flags.map(({ rule }) => rule.rule.version),
      flags.map(({ rule }) => parameters.get(rule)),
      flags.map(({ reason }) => reason),
      flags.map(({ event }) => event.id),
      flags.map(({ event }) => event.action),
      flags.map(({ event }) => formatTimestamp(instantOf(event.occurredAt))),
      at,
    ],
  );
}

/** @param time milliseconds since the Unix epoch; in a float64 its microseconds come out right until the year 2255 */
function instantOf(time: number): Instant {
  const micros = Math.round(time * 1000);
  const seconds = Math.floor(micros / 1e6);
  return { seconds, micros: micros - seconds * 1e6 };
}

/** Which runs of the trail each rule has looked at: one that was off for a while has a gap. */
async function extendSpans(tx: Queryable, organizationNo: number, step: FlagStep): Promise<void> {
  await tx.query(
    `WITH active AS (SELECT unnest($2::text[]) AS rule),
     extended AS (UPDATE flag_rule_spans s SET on_to = $4 FROM active
       WHERE s.organization_no = $1 AND s.rule = active.rule AND s.on_to = $3 RETURNING s.rule)
     INSERT INTO flag_rule_spans (organization_no, rule, on_from, on_to)
     SELECT $1, rule, $3, $4 FROM active WHERE rule NOT IN (SELECT rule FROM extended)`,
    [organizationNo, step.rules.map(({ rule }) => rule.id), step.from, step.to],
  );
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
    `SELECT coalesce(rule, '') AS rule, count(DISTINCT sequence) AS events FROM audit_flags
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
