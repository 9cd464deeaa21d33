import { isIP } from 'node:net';

import {
  ACCEPTED_TIMES,
  AUDIT_ACTIONS,
  CLOCK_SKEW_SECONDS,
  ExactJson,
  formatTimestamp,
  parseTimestamp,
} from '@veritrail/formats';
import type { AuditAction, Instant, JsonValue } from '@veritrail/formats';

import { TrailError } from './trail-error.ts';

/** An event as a caller states it, checked and in canonical form; not yet signed, placed or stored. */
export interface EventDraft {
  /** Lower-case UUID of the caller's, which makes a retry safe; without one the server gives one. */
  readonly id: string | undefined;
  readonly action: AuditAction;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly actor_id: string;
  readonly actor_username: string | null;
  /** Without one it is the server's clock, to the second. */
  readonly occurred: Instant | undefined;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  /** Canonical JSON text of an object (docs/formats/exact-json.md). */
  readonly detailsText: string;
}

/**
 * Most bytes of UTF-8 of each member. The first three are in B-tree keys, where PostgreSQL takes 2,704 bytes in all;
 * details are bounded so that a page of 500 events stays below 64 MB.
 */
export const EVENT_LIMITS = {
  resource_type: 256,
  resource_id: 1024,
  actor_id: 512,
  actor_username: 1024,
  user_agent: 4096,
  details: 65_536,
} as const;

export const MAX_EVENTS_A_REQUEST = 1000;

const MEMBERS = new Set([
  'id',
  'action',
  'resource_type',
  'resource_id',
  'actor_id',
  'actor_username',
  'timestamp',
  'ip_address',
  'user_agent',
  'details',
]);
const ACTIONS: ReadonlySet<string> = new Set(AUDIT_ACTIONS);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NO_DETAILS = '{}';

/**
 * Checks what an attacker may have sent, parsed with `exactMember: 'details'`. Hand-written because it runs a thousand
 * times a request; the published schema says the same and a test holds them together.
 *
 * @param where names the event in refusals, such as `events[3]`; empty for a single one
 * @throws {TrailError} `event_invalid`, naming the member and what to put there; `event_in_future`
 */
export function readEventDraft(value: JsonValue | undefined, where: string, now: Date): EventDraft {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactJson) {
    throw invalid(where, 'must be an object');
  }
  for (const name of Object.keys(value)) {
    if (!MEMBERS.has(name))
      throw invalid(where, 'has a member that no event has; leave it out or move it into details');
  }
  const action = value['action'];
  if (typeof action !== 'string' || !ACTIONS.has(action)) {
    throw invalid(member(where, 'action'), `must be one of ${AUDIT_ACTIONS.join(', ')}`);
  }
  return {
    id: readId(value['id'], where),
    action: action as AuditAction,
    resource_type: readText(value['resource_type'], where, 'resource_type'),
    resource_id: readText(value['resource_id'], where, 'resource_id'),
    actor_id: readText(value['actor_id'], where, 'actor_id'),
    actor_username: readOptionalText(value['actor_username'], where, 'actor_username'),
    occurred: readTime(value['timestamp'], where, now),
    ip_address: readAddress(value['ip_address'], where),
    user_agent: readOptionalText(value['user_agent'], where, 'user_agent'),
    detailsText: readDetails(value['details'], where),
  };
}

/** The body of POST /audit-events: one event, or `{"events": […]}`. */
export function readEventDrafts(
  body: JsonValue,
  now: Date,
): { readonly drafts: EventDraft[]; readonly batch: boolean } {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, 'events')) {
    return { drafts: [readEventDraft(body, '', now)], batch: false };
  }
  const { events, ...others } = body as { [name: string]: JsonValue };
  if (!Array.isArray(events) || Object.keys(others).length > 0) {
    throw invalid('events', 'must be an array of events and the only member');
  }
  if (events.length === 0 || events.length > MAX_EVENTS_A_REQUEST) {
    throw invalid('events', `must hold 1 to ${MAX_EVENTS_A_REQUEST} events; send more in several requests`);
  }
  return { drafts: events.map((event, index) => readEventDraft(event, `events[${index}]`, now)), batch: true };
}

function readId(value: JsonValue | undefined, where: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || !UUID.test(value)) throw invalid(member(where, 'id'), 'must be a UUID');
  return value.toLowerCase();
}

function readText(value: JsonValue | undefined, where: string, name: keyof typeof EVENT_LIMITS): string {
  if (typeof value !== 'string' || value === '')
    throw invalid(member(where, name), 'must be a string that is not empty');
  if (value.includes('\0')) throw invalid(member(where, name), 'must not hold the character U+0000');
  const limit = EVENT_LIMITS[name];
  // A UTF-16 unit takes at most three bytes, so most strings need no counting.
  if (value.length * 3 > limit && Buffer.byteLength(value) > limit) {
    throw invalid(member(where, name), `must be at most ${limit} bytes of UTF-8`);
  }
  return value;
}

function readOptionalText(
  value: JsonValue | undefined,
  where: string,
  name: 'actor_username' | 'user_agent',
): string | null {
  if (value === undefined || value === null) return null;
  return value === '' ? '' : readText(value, where, name);
}

function readAddress(value: JsonValue | undefined, where: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > 64 || isIP(value) === 0) {
    throw invalid(member(where, 'ip_address'), 'must be an IPv4 or IPv6 address');
  }
  return value;
}

function readTime(value: JsonValue | undefined, where: string, now: Date): Instant | undefined {
  if (value === undefined || value === null) return undefined;
  const instant = typeof value === 'string' && value.length <= 64 ? parseTimestamp(value) : undefined;
  if (instant === undefined) {
    throw invalid(member(where, 'timestamp'), `must be ${ACCEPTED_TIMES}, such as 2026-01-15T10:30:00Z`);
  }
  if (instant.seconds > now.getTime() / 1000 + CLOCK_SKEW_SECONDS) {
    const skew = formatTimestamp({ seconds: Math.floor(now.getTime() / 1000), micros: 0 });
    throw new TrailError(
      'event_in_future',
      `${member(where, 'timestamp')} is more than five minutes ahead of the server's clock, which says ${skew}.`,
    );
  }
  return instant;
}

function readDetails(value: JsonValue | undefined, where: string): string {
  if (value === undefined || value === null) return NO_DETAILS;
  if (!(value instanceof ExactJson)) throw invalid(member(where, 'details'), 'must be an object');
  const { text } = value;
  if (text.length * 3 > EVENT_LIMITS.details && Buffer.byteLength(text) > EVENT_LIMITS.details) {
    throw invalid(member(where, 'details'), `must be at most ${EVENT_LIMITS.details} bytes of compact JSON`);
  }
  return text;
}

function member(where: string, name: string): string {
  return where === '' ? name : `${where}.${name}`;
}

function invalid(where: string, what: string): TrailError {
  return new TrailError('event_invalid', `${where === '' ? 'The event' : where} ${what}.`);
}
