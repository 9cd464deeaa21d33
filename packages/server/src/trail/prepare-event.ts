import {
  auditEventCloser,
  formatTimestamp,
  openAuditEvent,
  parseAuditEvent,
  parseExactJson,
  parseTimestamp,
  signatureMember,
  type AuditEvent,
} from '@veritrail/formats';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import { ROW_BYTES, writeRow } from './copy-rows.ts';
import { EventBytes } from './event-bytes.ts';
import type { EventDraft } from './event-draft.ts';
import { newEventId } from './event-id.ts';

/**
 * An event with everything that its MAC covers, as bytes: its row, and its entry up to its place in the trail. The place
 * is open, and the MAC doesn't cover it.
 */
export interface PreparedEvent {
  /** Undefined if the server gave it one. */
  readonly callersId: string | undefined;
  readonly timestampIsCallers: boolean;
  /** Which key made the MAC. */
  readonly keyNo: number;
  /** Shared with other events. */
  readonly bytes: Buffer;
  readonly rowStart: number;
  /** Where the row ends and the entry begins. */
  readonly entryStart: number;
  /** Of what `auditEventCloser` ends. */
  readonly entryEnd: number;
}

/**
 * Signs before the lock on the trail is taken: while one batch commits, the next is prepared.
 *
 * The server's own clock is cut to whole seconds, as the published examples have it; `recorded_at` keeps milliseconds.
 *
 * @param into where its bytes go, with those of others that are recorded along with it
 */
export function prepareEvent(
  draft: EventDraft,
  auditMac: Pick<AuditMac, 'current'>,
  now: Date,
  into?: EventBytes,
): PreparedEvent {
  return prepareUnder(auditMac.current, draft, now, into);
}

export function prepareUnder(key: MacKey, draft: EventDraft, now: Date, into = new EventBytes(0)): PreparedEvent {
  const occurred = draft.occurred ?? { seconds: Math.floor(now.getTime() / 1000), micros: 0 };
  // Spelled out: spreading an event costs more than signing it.
  const statement = {
    id: draft.id ?? newEventId(),
    action: draft.action,
    resource_type: draft.resource_type,
    resource_id: draft.resource_id,
    actor_id: draft.actor_id,
    actor_username: draft.actor_username,
    timestamp: formatTimestamp(occurred),
    ip_address: draft.ip_address,
    user_agent: draft.user_agent,
    detailsText: draft.detailsText,
    occurred,
    loginFailed: isFailedLogin(draft),
    mac: '',
  };
  const { payload, opening, isAscii } = openAuditEvent(statement);
  statement.mac = key.mac(payload, true);
  const entry = opening + signatureMember(statement.mac);

  // The entry has all that the row has, so it is no shorter.
  const entryBytes = isAscii ? entry.length : Buffer.byteLength(entry);
  const { chunk, at } = into.room(ROW_BYTES + 2 * entryBytes);
  const entryStart = writeRow(chunk, at, statement, isAscii);
  const entryEnd = entryStart + chunk.write(entry, entryStart, isAscii ? 'latin1' : 'utf8');
  into.keep(entryEnd);
  return {
    callersId: draft.id,
    timestampIsCallers: draft.occurred !== undefined,
    keyNo: key.keyNo,
    bytes: chunk,
    rowStart: at,
    entryStart,
    entryEnd,
  };
}

/** Signs again what waited while its key was retired; nothing that the MAC covers depends on the key. */
export function signedUnder(key: MacKey, event: PreparedEvent): PreparedEvent {
  if (event.keyNo === key.keyNo) return event;
  const said = readPrepared(event);
  const draft = { ...said, occurred: parseTimestamp(said.timestamp) };
  const { callersId, timestampIsCallers } = event;
  return { ...prepareUnder(key, draft, new Date()), callersId, timestampIsCallers };
}

const close = auditEventCloser({ recorded_at: '', signature_key_id: '' });

/** What a prepared event says. For the few that somebody asks about. */
export function readPrepared(event: PreparedEvent): Omit<AuditEvent, 'recorded_at' | 'sequence' | 'signature_key_id'> {
  const entry = event.bytes.toString('utf8', event.entryStart, event.entryEnd) + close(0);
  return parseAuditEvent(parseExactJson(entry, { exactMember: 'details', maxDepth: 1000 }));
}

/** `details.outcome` of a LOGIN is `"failure"`. The text is canonical, so what doesn't hold these bytes can't say it. */
export function isFailedLogin(event: Pick<EventDraft, 'action' | 'detailsText'>): boolean {
  if (event.action !== 'LOGIN' || !event.detailsText.includes('"outcome":"failure"')) return false;
  return (JSON.parse(event.detailsText) as { outcome?: unknown }).outcome === 'failure';
}
