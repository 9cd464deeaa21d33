import { auditEventCloser, formatAuditEvent, formatMilliseconds, type AuditEventStatement } from '@veritrail/formats';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import type { Queryable } from '../storage/database.ts';
import { encodeRows, type PlacedRow } from './copy-rows.ts';
import { EntryWriter } from './entry-writer.ts';
import { keyChangeEvent } from './key-change-event.ts';
import { readPrepared, signedUnder, type PreparedEvent } from './prepare-event.ts';
import { TrailError } from './trail-error.ts';
import { appendRows, findEvents, lockHead, type StoredEvent, type TrailHead } from './trail-store.ts';

/** The events of a request, as they are stored and given out. */
export interface RecordedEvents {
  /** Their entries as UTF-8, in the request's order, with a comma between two. A leaf hash covers such an entry. */
  readonly entries: Buffer;
  /** How many were stored now; the others are retries of what was stored before. */
  readonly fresh: number;
}

export type RequestOutcome = RecordedEvents | Error;

export interface Placement {
  readonly outcomes: RequestOutcome[];
  /** Undefined if there is none: all of it was stored before or is refused. */
  readonly rows: Buffer | undefined;
  /** The head behind the rows. */
  readonly head: TrailHead;
}

/**
 * Gives places to the events of several requests and stores them, under the trail's lock. A request is taken whole or,
 * if one of its ids belongs to another event, refused whole without hurting the others.
 *
 * If another key has its turn now than when the trail grew last, an event says so before all others; with no requests
 * it is the only one. What was signed under the key before is signed again: in a trail a retired key never returns.
 *
 * Durable when the transaction commits; before that nobody sees anything of it.
 *
 * @throws {KeyringError} `audit_key_behind` if the trail has events under a newer key than this server knows
 */
export async function appendEvents(
  tx: Queryable,
  organizationNo: number,
  requests: Requests,
  auditMac: AuditMac,
  now: Date,
): Promise<Placement> {
  const head = await lockHead(tx, organizationNo);
  const key = auditMac.current;
  if (head.macTurnNo !== null && head.macTurnNo > key.turnNo) throw auditMac.behind();
  const ids = callersIds(requests);
  const stored = ids.length === 0 ? NONE_STORED : await findEvents(tx, organizationNo, ids);
  const change = await keyChangeEvent(tx, head, key, now);
  const all = change === undefined ? requests : [[change], ...requests];
  const { outcomes, ...placement } = placeEvents({ organizationNo, head, key, stored, auditMac, now }, all);
  if (placement.rows !== undefined) await appendRows(tx, organizationNo, placement.rows, placement.head);
  return { ...placement, outcomes: change === undefined ? outcomes : outcomes.slice(1) };
}

/** Events of several requests. */
export type Requests = readonly (readonly PreparedEvent[])[];

export type StoredEvents = ReadonlyMap<string, StoredEvent>;
const NONE_STORED: StoredEvents = new Map();

/** Only ids that callers chose can have been stored before. */
export function callersIds(requests: Requests): string[] {
  const ids: string[] = [];
  for (const events of requests) for (const { callersId } of events) if (callersId !== undefined) ids.push(callersId);
  return ids;
}

/** As `appendEvents`, behind a head that the caller has seen; nothing is stored yet. */
export function placeEvents(
  at: {
    readonly organizationNo: number;
    readonly head: TrailHead;
    readonly key: MacKey;
    /** Of the ids that callers chose, those that the trail has. */
    readonly stored?: StoredEvents;
    readonly auditMac: AuditMac;
    readonly now: Date;
  },
  requests: Requests,
): Placement {
  const { head, key, stored = NONE_STORED, auditMac, now } = at;
  const recordedAt = Math.max(now.getTime(), head.lastRecordedAt);
  const close = auditEventCloser({ recorded_at: formatMilliseconds(recordedAt), signature_key_id: key.keyId });
  const placed: PlacedRow[] = [];
  const placedById = new Map<string, { readonly event: PreparedEvent; readonly closing: string }>();
  let sequence = head.nextSequence;

  const place = (prepared: PreparedEvent, entries: EntryWriter): void => {
    const event = signedUnder(key, prepared);
    const { callersId, bytes, rowStart, entryStart, entryEnd } = event;
    const closing = close(sequence);
    const leafHash = entries.addLeaf(bytes, entryStart, entryEnd, closing);
    placed.push({ bytes, start: rowStart, end: entryStart, sequence, leafHash });
    if (callersId !== undefined) placedById.set(callersId, { event, closing });
    sequence += 1;
  };

  const outcomes = requests.map((events): RequestOutcome => {
    const conflict = findConflict(events, stored, placedById);
    if (conflict !== undefined) {
      return new TrailError('event_id_conflict', `Another event is stored under the id ${conflict}; use a new one.`);
    }
    const entries = new EntryWriter(roomFor(events));
    let fresh = 0;
    for (const event of events) {
      const before = event.callersId === undefined ? undefined : stored.get(event.callersId);
      const twin = event.callersId === undefined ? undefined : placedById.get(event.callersId);
      if (before !== undefined) entries.add(Buffer.from(formatStoredEvent(before, auditMac)));
      else if (twin !== undefined) entries.add(entryOf(twin.event, twin.closing));
      else {
        place(event, entries);
        fresh += 1;
      }
    }
    return { entries: entries.entries(), fresh };
  });
  return {
    outcomes,
    rows: placed.length === 0 ? undefined : encodeRows({ ...at, keyNo: key.keyNo, recordedAt }, placed),
    head: placed.length === 0 ? head : { nextSequence: sequence, lastRecordedAt: recordedAt, macTurnNo: key.turnNo },
  };
}

function entryOf({ bytes, entryStart, entryEnd }: PreparedEvent, closing: string): Buffer {
  return Buffer.concat([bytes.subarray(entryStart, entryEnd), Buffer.from(closing)]);
}

/** What an entry has behind its MAC, and its separator. */
const CLOSING_BYTES = 160;

function roomFor(events: readonly PreparedEvent[]): number {
  return events.reduce((sum, event) => sum + event.entryEnd - event.entryStart + CLOSING_BYTES, 0);
}

export function formatStoredEvent(event: StoredEvent, auditMac: AuditMac): string {
  return formatAuditEvent({
    ...event,
    recorded_at: formatMilliseconds(Date.parse(event.recorded_at)),
    signature_key_id: auditMac.keyIdOf(event.signature_key_no),
  });
}

/**
 * An id may come again, in another request or the same one, if it brings the same event again.
 *
 * @returns the first that doesn't
 */
function findConflict(
  events: readonly PreparedEvent[],
  stored: ReadonlyMap<string, StoredEvent>,
  placed: ReadonlyMap<string, { readonly event: PreparedEvent }>,
): string | undefined {
  const own = new Map<string, PreparedEvent>();
  for (const event of events) {
    const { callersId: id } = event;
    if (id === undefined) continue;
    const before = stored.get(id);
    const twin = placed.get(id)?.event ?? own.get(id);
    const other = before ?? (twin === undefined ? undefined : readPrepared(twin));
    if (other !== undefined && !isSameEvent(event, other)) return id;
    own.set(id, event);
  }
  return undefined;
}

/** The clock's reading isn't part of what the caller said, so a retry without a timestamp matches any. */
function isSameEvent(prepared: PreparedEvent, other: AuditEventStatement): boolean {
  const event = readPrepared(prepared);
  return (
    event.action === other.action &&
    event.resource_type === other.resource_type &&
    event.resource_id === other.resource_id &&
    event.actor_id === other.actor_id &&
    event.actor_username === other.actor_username &&
    event.ip_address === other.ip_address &&
    event.user_agent === other.user_agent &&
    event.detailsText === other.detailsText &&
    (!prepared.timestampIsCallers || event.timestamp === other.timestamp)
  );
}
