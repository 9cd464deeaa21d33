import type { Queryable } from '../storage/database.ts';
import { readPortions } from '../storage/read-portions.ts';
import { OBSERVED_FACTS, OBSERVED_FACT_NAMES, type ObservedFact } from './observed-facts.ts';

/** Stands for the organization where a service's id would be. */
export const ORGANIZATION_ITSELF = '00000000-0000-0000-0000-000000000000';

/** A stretch of time in which a collector read the same value again and again, never further apart than it counts. */
export interface ObservationSpan {
  /** ORGANIZATION_ITSELF for facts of the organization. */
  readonly service_id: string;
  readonly fact: ObservedFact;
  /** First and last reading. RFC 3339 in UTC, to the microsecond. */
  readonly first_at: string;
  readonly last_at: string;
  /** Canonical JSON. */
  readonly value: string;
  readonly collector_id: string;
  readonly collector_version: string;
}

const COLUMNS = 'service_id, fact, first_at, last_at, value, collector_id, collector_version';
/** Until when the last reading counts; `f` is FRESHNESS. */
const FRESH_UNTIL = `last_at + f.days * interval '24 hours'`;
const FRESHNESS = `(VALUES ${OBSERVED_FACT_NAMES.map((fact) => `('${fact}', ${OBSERVED_FACTS[fact].freshDays})`).join(', ')}) AS f (fact, days)`;
const CAPACITY_FRESH = `${OBSERVED_FACTS.capacity.freshDays} * interval '24 hours'`;

/** Requests that record observations of one organization take turns from here to the end of their transaction. */
export async function lockObservations(tx: Queryable, organizationNo: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1), $2)', ['observations', organizationNo]);
}

/** The newest span of each of these, as far as there is one. */
export async function newestSpans(
  tx: Queryable,
  organizationNo: number,
  of: readonly { readonly service_id: string; readonly fact: string }[],
): Promise<ObservationSpan[]> {
  const { rows } = await tx.query<ObservationSpan>(
    `SELECT n.* FROM unnest($2::uuid[], $3::text[]) AS asked (service_id, fact)
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM observation_spans s
       WHERE s.organization_no = $1 AND s.service_id = asked.service_id AND s.fact = asked.fact
       ORDER BY s.first_at DESC LIMIT 1) n`,
    [organizationNo, of.map((one) => one.service_id), of.map((one) => one.fact)],
  );
  return rows;
}

/** Opens the spans that aren't there and lengthens those that are; a span is told by service, fact and `first_at`. */
export async function putSpans(
  tx: Queryable,
  organizationNo: number,
  spans: readonly ObservationSpan[],
): Promise<void> {
  const column = (name: keyof ObservationSpan): string[] => spans.map((span) => span[name]);
  await tx.query(
    `INSERT INTO observation_spans (organization_no, ${COLUMNS})
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
     ON CONFLICT (organization_no, service_id, fact, first_at) DO UPDATE SET last_at = EXCLUDED.last_at`,
    [
      organizationNo,
      column('service_id'),
      column('fact'),
      column('first_at'),
      column('last_at'),
      column('value'),
      column('collector_id'),
      column('collector_version'),
    ],
  );
}

/** Of these ids, those of live services. */
export async function findLiveServices(
  tx: Queryable,
  organizationNo: number,
  serviceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ service_id: string }>(
    `SELECT service_id FROM service_versions
     WHERE organization_no = $1 AND service_id = ANY ($2::uuid[]) AND valid_to IS NULL`,
    [organizationNo, serviceIds],
  );
  return new Set(rows.map((row) => row.service_id));
}

/** A span as callers see it: with the time until which its last reading counts. */
export type ListedSpan = ObservationSpan & { readonly fresh_until: string };
interface SpanPage {
  readonly spans: readonly ListedSpan[];
  readonly total: number;
}

/** The newest span of every fact, stale ones too: of every live service and of the organization, or of one of them. */
export async function listCurrentSpans(
  tx: Queryable,
  organizationNo: number,
  serviceId: string | null,
  page: { readonly limit: number; readonly offset: number },
): Promise<SpanPage> {
  const newest = `
    FROM (
      SELECT service_id FROM service_versions WHERE organization_no = $1 AND valid_to IS NULL
      UNION SELECT '${ORGANIZATION_ITSELF}') AS subject
    CROSS JOIN ${FRESHNESS}
    CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM observation_spans s
      WHERE s.organization_no = $1 AND s.service_id = subject.service_id AND s.fact = f.fact
      ORDER BY s.first_at DESC LIMIT 1) n
    WHERE ($2::uuid IS NULL OR subject.service_id = $2)`;
  const { rows } = await tx.query<ListedSpan>(
    `SELECT n.*, n.${FRESH_UNTIL} AS fresh_until ${newest} ORDER BY n.service_id, n.fact LIMIT $3 OFFSET $4`,
    [organizationNo, serviceId, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(`SELECT count(*) AS n ${newest}`, [organizationNo, serviceId]);
  return { spans: rows, total: count.rows[0]?.n ?? 0 };
}

/** The history of a fact, newest first: of one service, ended or not, or of all and the organization. */
export async function listSpansOfFact(
  tx: Queryable,
  organizationNo: number,
  of: { readonly serviceId: string | null; readonly fact: ObservedFact },
  page: { readonly limit: number; readonly offset: number },
): Promise<SpanPage> {
  const ofFact = `FROM observation_spans s JOIN ${FRESHNESS} ON f.fact = s.fact
     WHERE s.organization_no = $1 AND s.fact = $3 AND ($2::uuid IS NULL OR s.service_id = $2)`;
  const { rows } = await tx.query<ListedSpan>(
    `SELECT s.service_id, s.fact, s.first_at, s.last_at, s.value, s.collector_id, s.collector_version,
       s.${FRESH_UNTIL} AS fresh_until ${ofFact} ORDER BY s.first_at DESC, s.service_id LIMIT $4 OFFSET $5`,
    [organizationNo, of.serviceId, of.fact, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(`SELECT count(*) AS n ${ofFact}`, [
    organizationNo,
    of.serviceId,
    of.fact,
  ]);
  return { spans: rows, total: count.rows[0]?.n ?? 0 };
}

/**
 * Every span that says something about a time in [from, to): begun before `to`, and its last reading counted beyond
 * `from`. Of services (ended ones too) and of the organization, by service, fact and time; spans of a fact don't overlap,
 * but one may still be fresh when the next begins.
 *
 * Capacity differs a little at each reading. Its percents are rounded up to tens and readings that then say the same are
 * one span, so that what comes back doesn't grow with how often somebody looked. A reading's text is worked out once: in
 * line, PostgreSQL would parse it again for each comparison.
 */
export function readObservationSpans(
  tx: Queryable,
  organizationNo: number,
  from: Date,
  to: Date,
): AsyncGenerator<ObservationSpan[], void> {
  return readPortions<ObservationSpan>(
    tx,
    `WITH rounded AS MATERIALIZED (
       SELECT service_id, first_at, last_at, collector_id, collector_version,
         format('{"alert_open":%s,"used_percent":%s}', v.value -> 'alert_open',
           ((v.value ->> 'used_percent')::integer + 9) / 10 * 10) AS value
       FROM observation_spans s CROSS JOIN LATERAL (SELECT s.value::jsonb AS value) AS v
       WHERE organization_no = $1 AND fact = 'capacity' AND first_at < $3
         AND last_at > $2::timestamptz - ${CAPACITY_FRESH}),
     begun AS (
       SELECT *, value IS DISTINCT FROM lag(value) OVER w
           OR collector_id IS DISTINCT FROM lag(collector_id) OVER w
           OR collector_version IS DISTINCT FROM lag(collector_version) OVER w
           OR first_at > lag(last_at) OVER w + ${CAPACITY_FRESH} AS is_new
       FROM rounded WINDOW w AS (PARTITION BY service_id ORDER BY first_at)),
     numbered AS (
       SELECT *, count(*) FILTER (WHERE is_new) OVER (PARTITION BY service_id ORDER BY first_at) AS run FROM begun)
     SELECT s.service_id, s.fact, s.first_at, s.last_at, s.value, s.collector_id, s.collector_version
     FROM observation_spans s JOIN ${FRESHNESS} ON f.fact = s.fact
     WHERE s.organization_no = $1 AND s.fact <> 'capacity' AND s.first_at < $3
       AND s.last_at > $2::timestamptz - f.days * interval '24 hours'
     UNION ALL
     SELECT service_id, 'capacity', min(first_at), max(last_at), min(value), min(collector_id), min(collector_version)
     FROM numbered GROUP BY service_id, run
     ORDER BY service_id, fact, first_at`,
    [organizationNo, from, to],
  );
}
