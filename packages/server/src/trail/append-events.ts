import { createHash } from 'node:crypto';

import { formatAuditEvent, formatMilliseconds, type AuditEvent } from '@veritrail/formats';

import type { AuditMac } from '../keyring/audit-mac.ts';
import type { Queryable } from '../storage/database.ts';
import { encodeRows, type PlacedEvent } from './copy-rows.ts';
import { keyChangeEvent } from './key-change-event.ts';
import { signedUnder, type PreparedEvent } from './prepare-event.ts';
import { TrailError } from './trail-error.ts';
import { appendRows, findEvents, lockHead, type StoredEvent } from './trail-store.ts';

/** An event as it is stored and given out: its entry's text, which is also what its leaf hash covers. */
export interface RecordedEvent {
  readonly text: string;
  /** False for a retry of what was stored before. */
  readonly isNew: boolean;
}

export type RequestOutcome = readonly RecordedEvent[] | TrailError;

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
  requests: readonly (readonly PreparedEvent[])[],
  auditMac: AuditMac,
  now: Date,
): Promise<RequestOutcome[]> {
  const head = await lockHead(tx, organizationNo);
  const key = auditMac.current;
  if (head.macTurnNo !== null && head.macTurnNo > key.turnNo) throw auditMac.behind();
  const stored = await alreadyStored(tx, organizationNo, requests);
  const recordedAt = Math.max(now.getTime(), Date.parse(head.lastRecordedAt));
  const recordedAtText = formatMilliseconds(recordedAt);
  const placed: PlacedEvent[] = [];
  const textsById = new Map<string, { readonly event: PreparedEvent; readonly text: string }>();
  let sequence = head.nextSequence;

  const place = (prepared: PreparedEvent): string => {
    const event = signedUnder(key, prepared);
    const text = formatAuditEvent(inPlace(event, sequence, recordedAtText, key.keyId));
    placed.push({ event, sequence, recordedAt, leafHash: leafHashOf(text) });
    sequence += 1;
    return text;
  };

  const change = await keyChangeEvent(tx, head, key, now);
  if (change !== undefined) place(change);

  const outcomes = requests.map((events): RequestOutcome => {
    const conflict = findConflict(events, stored, textsById);
    if (conflict !== undefined) {
      return new TrailError('event_id_conflict', `Another event is stored under the id ${conflict.id}; use a new one.`);
    }
    return events.map((event): RecordedEvent => {
      const before = stored.get(event.id);
      if (before !== undefined) return { text: formatStoredEvent(before, auditMac), isNew: false };
      const twin = textsById.get(event.id);
      if (twin !== undefined) return { text: twin.text, isNew: false };
      const text = place(event);
      if (event.idIsCallers) textsById.set(event.id, { event, text });
      return { text, isNew: true };
    });
  });
  if (placed.length > 0) {
    const rows = encodeRows(organizationNo, key.keyNo, placed);
    const grown = { nextSequence: sequence, lastRecordedAt: recordedAt, macTurnNo: key.turnNo };
    await appendRows(tx, organizationNo, rows, grown);
  }
  return outcomes;
}

export function formatStoredEvent(event: StoredEvent, auditMac: AuditMac): string {
  return formatAuditEvent({
    ...event,
    recorded_at: formatMilliseconds(Date.parse(event.recorded_at)),
    signature_key_id: auditMac.keyIdOf(event.signature_key_no),
  });
}

/** Only ids that callers chose can have been stored before. */
async function alreadyStored(
  tx: Queryable,
  organizationNo: number,
  requests: readonly (readonly PreparedEvent[])[],
): Promise<ReadonlyMap<string, StoredEvent>> {
  const ids: string[] = [];
  for (const events of requests) for (const event of events) if (event.idIsCallers) ids.push(event.id);
  return ids.length === 0 ? new Map() : findEvents(tx, organizationNo, ids);
}

/** An id may come again, in another request or the same one, if it brings the same event again. */
function findConflict(
  events: readonly PreparedEvent[],
  stored: ReadonlyMap<string, StoredEvent>,
  placed: ReadonlyMap<string, { readonly event: PreparedEvent }>,
): PreparedEvent | undefined {
  const own = new Map<string, PreparedEvent>();
  for (const event of events) {
    if (!event.idIsCallers) continue;
    const other = stored.get(event.id) ?? placed.get(event.id)?.event ?? own.get(event.id);
    if (other !== undefined && !isSameEvent(event, other)) return event;
    own.set(event.id, event);
  }
  return undefined;
}

/** The clock's reading isn't part of what the caller said, so a retry without a timestamp matches any. */
function isSameEvent(event: PreparedEvent, other: StoredEvent | PreparedEvent): boolean {
  return (
    event.action === other.action &&
    event.resource_type === other.resource_type &&
    event.resource_id === other.resource_id &&
    event.actor_id === other.actor_id &&
    event.actor_username === other.actor_username &&
    event.ip_address === other.ip_address &&
    event.user_agent === other.user_agent &&
    event.detailsText === other.detailsText &&
    (!event.timestampIsCallers || event.timestamp === other.timestamp)
  );
}

function inPlace(event: PreparedEvent, sequence: number, recordedAt: string, keyId: string): AuditEvent {
  return {
    id: event.id,
    action: event.action,
    resource_type: event.resource_type,
    resource_id: event.resource_id,
    actor_id: event.actor_id,
    actor_username: event.actor_username,
    timestamp: event.timestamp,
    ip_address: event.ip_address,
    user_agent: event.user_agent,
    detailsText: event.detailsText,
    signature: `sha256=${event.mac}`,
    recorded_at: recordedAt,
    sequence,
    signature_key_id: keyId,
  };
}

/** RFC 9162, 2.1.1: SHA-256 of 0x00 and the entry. Format: docs/formats/audit-leaf.md. */
function leafHashOf(entry: string): string {
  return createHash('sha256').update('\0').update(entry).digest('hex');
}
