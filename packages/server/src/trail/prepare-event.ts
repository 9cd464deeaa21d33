import { auditEventPayload, formatTimestamp, openAuditEvent, type Instant } from '@veritrail/formats';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import type { EventDraft } from './event-draft.ts';
import { newEventId } from './event-id.ts';

/** An event with everything that its MAC covers. Only its place in the trail is open, which the MAC doesn't cover. */
export interface PreparedEvent extends Omit<EventDraft, 'id' | 'occurred'> {
  readonly id: string;
  readonly idIsCallers: boolean;
  readonly occurred: Instant;
  readonly timestamp: string;
  readonly timestampIsCallers: boolean;
  /** 64 lower-case hex digits, under the key of that number. */
  readonly mac: string;
  readonly keyNo: number;
  /** A refused login. Derived from what is signed, so that counting needs no look into details. */
  readonly loginFailed: boolean;
  /** The text of its entry up to its MAC and its place, which `auditEventCloser` gives. */
  readonly opening: string;
}

/**
 * Signs before the lock on the trail is taken: while one batch commits, the next is prepared.
 *
 * The server's own clock is cut to whole seconds, as the published examples have it; `recorded_at` keeps milliseconds.
 */
export function prepareEvent(draft: EventDraft, auditMac: Pick<AuditMac, 'current'>, now: Date): PreparedEvent {
  return prepareUnder(auditMac.current, draft, now);
}

export function prepareUnder(key: MacKey, draft: EventDraft, now: Date): PreparedEvent {
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
  };
  const { payload, opening } = openAuditEvent(statement);
  return {
    id: statement.id,
    idIsCallers: draft.id !== undefined,
    action: draft.action,
    resource_type: draft.resource_type,
    resource_id: draft.resource_id,
    actor_id: draft.actor_id,
    actor_username: draft.actor_username,
    occurred,
    timestamp: statement.timestamp,
    timestampIsCallers: draft.occurred !== undefined,
    ip_address: draft.ip_address,
    user_agent: draft.user_agent,
    detailsText: draft.detailsText,
    mac: key.mac(payload),
    keyNo: key.keyNo,
    loginFailed: isFailedLogin(draft),
    opening,
  };
}

/** Signs again what waited while its key was retired; nothing that the MAC covers depends on the key. */
export function signedUnder(key: MacKey, event: PreparedEvent): PreparedEvent {
  if (event.keyNo === key.keyNo) return event;
  return { ...event, mac: key.mac(auditEventPayload(event)), keyNo: key.keyNo };
}

/** `details.outcome` of a LOGIN is `"failure"`. The text is canonical, so what doesn't hold these bytes can't say it. */
export function isFailedLogin(event: Pick<EventDraft, 'action' | 'detailsText'>): boolean {
  if (event.action !== 'LOGIN' || !event.detailsText.includes('"outcome":"failure"')) return false;
  return (JSON.parse(event.detailsText) as { outcome?: unknown }).outcome === 'failure';
}
