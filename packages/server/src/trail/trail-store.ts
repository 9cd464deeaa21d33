import type { AuditEvent } from '@veritrail/formats';
import pg from 'pg';

import { copyIn } from '../storage/copy-in.ts';
import type { Append } from '../storage/append-session.ts';
import type { Queryable } from '../storage/database.ts';
import { EVENT_COLUMNS } from './copy-rows.ts';
import { conditionsOf, spanConditions, type EventFilter, type Place } from './event-filter.ts';
import type { Span } from './time-window.ts';

/** Where the next event goes. */
export interface TrailHead {
  readonly nextSequence: number;
  /** Milliseconds since the Unix epoch; `recorded_at` never goes back along the sequence. */
  readonly lastRecordedAt: number;
  /** In which turn of the MAC keys the newest event was signed; null before the first. */
  readonly macTurnNo: number | null;
}

export interface TrailExtent {
  readonly entryCount: number;
  readonly oldestEntryAt: string | null;
}

/**
 * Takes the trail's lock, before anything of its tail is read, until the transaction ends: places are given out one
 * after the other and become visible in order, so there are no gaps and nobody can skip a late commit.
 */
export async function lockHead(tx: Queryable, organizationNo: number): Promise<TrailHead> {
  const select = {
    name: 'lock-head',
    text: 'SELECT next_sequence, last_recorded_at, mac_turn_no FROM trail_heads WHERE organization_no = $1 FOR UPDATE',
    values: [organizationNo],
  };
  let { rows } = await tx.query<{ next_sequence: number; last_recorded_at: string; mac_turn_no: number | null }>(
    select,
  );
  if (rows.length === 0) {
    await tx.query(
      `INSERT INTO trail_heads (organization_no, last_recorded_at) VALUES ($1, 'epoch') ON CONFLICT DO NOTHING`,
      [organizationNo],
    );
    ({ rows } = await tx.query(select));
  }
  const [row] = rows;
  if (row === undefined) throw new Error('the head of the trail is out of reach');
  return {
    nextSequence: row.next_sequence,
    lastRecordedAt: Date.parse(row.last_recorded_at),
    macTurnNo: row.mac_turn_no,
  };
}

const COPY_EVENTS = `COPY audit_events_shared (${EVENT_COLUMNS}) FROM STDIN (FORMAT binary)`;

/** Call under the lock, with rows that begin at the head's sequence. */
export async function appendRows(tx: Queryable, organizationNo: number, rows: Buffer, head: TrailHead): Promise<void> {
  const move = moveHead({
    organizationNo: `${organizationNo}`,
    next: `${head.nextSequence}`,
    time: `to_timestamp(${head.lastRecordedAt}::float8 / 1000)`,
    turn: `${head.macTurnNo ?? 'NULL'}`,
  });
  await copyIn(tx, [COPY_EVENTS, move], rows);
}

/**
 * Rows behind a head that the caller takes to be there. If another writer has moved it, the append fails with what
 * `isHeadElsewhere` knows; who is about to is waited for.
 */
export function appendBehind(
  organizationNo: number,
  from: TrailHead,
  rows: Buffer,
  to: TrailHead,
): Omit<Append, 'onCommitted'> {
  const values = [organizationNo, from.nextSequence, to.nextSequence, to.lastRecordedAt, to.macTurnNo];
  return { before: { statement: MOVE_HEAD_FROM, values }, copy: COPY_EVENTS, rows };
}

const HEAD_TIME = 'to_timestamp($4 / 1000)';

/** Dividing by no rows ends the transaction before anything is copied. */
const MOVE_HEAD_FROM = {
  name: 'move_head_from',
  text: `(integer, bigint, bigint, float8, integer) AS
    WITH moved AS (${moveHead({ organizationNo: '$1', next: '$3', time: HEAD_TIME, turn: '$5' })}
      AND next_sequence = $2 AND mac_turn_no = $5 AND last_recorded_at <= ${HEAD_TIME} RETURNING 1)
    SELECT 1 / count(*) FROM moved`,
};

/** Division by zero, or an id that has come in meanwhile: it is to be placed again, under the lock. */
export function isHeadElsewhere(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '22012' || error.code === '23505');
}

type MoveValue = 'organizationNo' | 'next' | 'time' | 'turn';

/** Each of its values as SQL: a literal, or the place of a parameter. */
function moveHead({ organizationNo, next, time, turn }: Readonly<Record<MoveValue, string>>): string {
  return `UPDATE trail_heads SET next_sequence = ${next}, last_recorded_at = ${time}, mac_turn_no = ${turn}
          WHERE organization_no = ${organizationNo}`;
}

/** An event as it is stored, with the number of its MAC key in place of the key's id. */
export type StoredEvent = Omit<AuditEvent, 'signature_key_id'> & { readonly signature_key_no: number };

const SELECT_EVENT = `SELECT id, action, resource_type, resource_id, actor_id, actor_username, occurred_at AS timestamp,
  ip_address, user_agent, details AS "detailsText", 'sha256=' || encode(signature, 'hex') AS signature, recorded_at,
  sequence, signature_key_no FROM audit_events`;

export async function findEvents(
  tx: Queryable,
  organizationNo: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  const { rows } = await tx.query<StoredEvent>({
    name: 'find-events',
    text: `${SELECT_EVENT} WHERE organization_no = $1 AND id = ANY ($2::uuid[])`,
    values: [organizationNo, ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The events that have these sequences; those that no event has are left out. */
export async function findPlaces(
  tx: Queryable,
  organizationNo: number,
  sequences: readonly number[],
): Promise<StoredEvent[]> {
  const { rows } = await tx.query<StoredEvent>(
    `${SELECT_EVENT} WHERE organization_no = $1 AND sequence = ANY ($2::bigint[])`,
    [organizationNo, sequences],
  );
  return rows;
}

/** The sequences of the newest events about a type of resource, newest first. */
export async function findSequences(
  tx: Queryable,
  organizationNo: number,
  resourceType: string,
  limit: number,
): Promise<number[]> {
  const { rows } = await tx.query<{ sequence: number }>(
    `SELECT sequence FROM audit_events WHERE organization_no = $1 AND resource_type = $2
     ORDER BY occurred_at DESC, sequence DESC LIMIT $3`,
    [organizationNo, resourceType, limit],
  );
  return rows.map((row) => row.sequence);
}

/**
 * Newest first by time, then sequence, from the end of the span. The index alone is walked for what is skipped.
 *
 * Of an organization that came after the last ANALYZE the planner expects hardly a row, and takes any index for as good as
 * any other. So the page is found first, and each of its events by the order of their primary key.
 */
export async function readPage(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  span: Span,
  page: { readonly limit: number; readonly offset: number },
): Promise<StoredEvent[]> {
  const values: (string | number)[] = [];
  const place: Place = (value) => `$${values.push(value)}`;
  const { rows } = await tx.query<StoredEvent>(
    `WITH page AS MATERIALIZED (
       ${placesOf(organizationNo, filter, span, place)} LIMIT ${page.limit} OFFSET ${page.offset})
     SELECT event.* FROM page CROSS JOIN LATERAL (${eventAt(organizationNo, place)}) AS event
     ORDER BY timestamp DESC, sequence DESC`,
    values,
  );
  return rows;
}

/** The same of so few events that looking at all of them once also counts them. */
export async function readPageOfFew(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  span: Span,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ events: StoredEvent[]; total: number }> {
  const values: (string | number)[] = [];
  const place: Place = (value) => `$${values.push(value)}`;
  const { rows } = await tx.query<StoredEvent & { total: number; id: string | null }>(
    `WITH found AS MATERIALIZED (${placesOf(organizationNo, filter, span, place)}),
     page AS MATERIALIZED (SELECT place FROM found LIMIT ${page.limit} OFFSET ${page.offset})
     SELECT event.*, total FROM (SELECT count(*) AS total FROM found) AS counted
     LEFT JOIN (page CROSS JOIN LATERAL (${eventAt(organizationNo, place)}) AS event) ON true
     ORDER BY timestamp DESC, sequence DESC`,
    values,
  );
  return {
    events: rows.filter((row) => row.id !== null).map(({ total: _total, ...event }) => event),
    total: rows[0]?.total ?? 0,
  };
}

/** Their sequences as `place`, newest first by time. */
function placesOf(organizationNo: number, filter: EventFilter, span: Span, place: Place): string {
  const equality = { action: filter.action, resource_type: filter.resource_type, actor_id: filter.actor_id };
  return `SELECT sequence AS place FROM audit_events
    WHERE ${conditionsOf(organizationNo, equality, place)} AND ${spanConditions('occurred_at', span, place)}
    ORDER BY occurred_at DESC, sequence DESC`;
}

function eventAt(organizationNo: number, place: Place): string {
  return `${SELECT_EVENT} WHERE organization_no = ${place(organizationNo)} AND sequence >= place AND sequence <= place
    ORDER BY sequence LIMIT 1`;
}

/** When the entry in that place was recorded; undefined if there is none. */
export async function recordedAt(tx: Queryable, organizationNo: number, sequence: number): Promise<string | undefined> {
  const { rows } = await tx.query<{ recorded_at: string }>({
    name: 'recorded-at',
    text: 'SELECT recorded_at FROM audit_events WHERE organization_no = $1 AND sequence = $2',
    values: [organizationNo, sequence],
  });
  return rows[0]?.recorded_at;
}

/** Where the trail ends now, without holding it. */
export async function readHead(
  tx: Queryable,
  organizationNo: number,
): Promise<{ readonly firstSequence: number; readonly nextSequence: number }> {
  const { rows } = await tx.query<{ first_sequence: number; next_sequence: number }>({
    name: 'read-head',
    text: 'SELECT first_sequence, next_sequence FROM trail_heads WHERE organization_no = $1',
    values: [organizationNo],
  });
  return { firstSequence: rows[0]?.first_sequence ?? 0, nextSequence: rows[0]?.next_sequence ?? 0 };
}

/** Two index probes, however long the trail is. */
export async function trailExtent(tx: Queryable, organizationNo: number): Promise<TrailExtent> {
  const { rows } = await tx.query<{ entries: number; oldest: string | null }>({
    name: 'trail-extent',
    text: `SELECT h.next_sequence - h.first_sequence AS entries,
             (SELECT e.occurred_at FROM audit_events e WHERE e.organization_no = $1
              ORDER BY e.occurred_at, e.sequence LIMIT 1) AS oldest
           FROM trail_heads h WHERE h.organization_no = $1`,
    values: [organizationNo],
  });
  return { entryCount: rows[0]?.entries ?? 0, oldestEntryAt: rows[0]?.oldest ?? null };
}
