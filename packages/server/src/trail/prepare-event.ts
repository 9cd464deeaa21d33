import { auditEventPayload, formatTimestamp, type Instant } from '@veritrail/formats';
import { v7 as uuidv7 } from 'uuid';

import type { AuditMac, MacKey } from '../keyring/audit-mac.ts';
import type { EventDraft } from './event-draft.ts';

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
}

/**
 * Signs before the lock on the trail is taken: while one batch commits, the next is prepared.
 *
 * The server's own clock is cut to whole seconds, as the published examples have it; `recorded_at` keeps milliseconds.
 */
export function prepareEvent(draft: EventDraft, auditMac: AuditMac, now: Date): PreparedEvent {
  return prepareUnder(auditMac.current, draft, now);
}

export function prepareUnder(key: MacKey, draft: EventDraft, now: Date): PreparedEvent {
  const occurred = draft.occurred ?? { seconds: Math.floor(now.getTime() / 1000), micros: 0 };
  const event = {
    ...draft,
    id: draft.id ?? uuidv7(),
    idIsCallers: draft.id !== undefined,
    occurred,
    timestamp: formatTimestamp(occurred),
    timestampIsCallers: draft.occurred !== undefined,
  };
  const mac = key.mac(auditEventPayload(event));
  return { ...event, mac, keyNo: key.keyNo, loginFailed: isFailedLogin(event) };
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
