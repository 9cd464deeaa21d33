import { isIP } from 'node:net';

import { AuditClientError } from './client-error.ts';
import { jsonText } from './json-text.ts';
import { millisecondsOf } from './rfc3339.ts';

export const AUDIT_ACTIONS = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'READ',
  'LOGIN',
  'LOGOUT',
  'PERMISSION_CHANGE',
  'CONFIG_CHANGE',
  'EXPORT',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What happened, as the caller states it. */
export interface AuditEventInput {
  readonly action: AuditAction;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly actor_id: string;
  readonly actor_username?: string | null;
  /** RFC 3339. Without one it is the moment of `record`, to the millisecond. */
  readonly timestamp?: string | Date;
  readonly ip_address?: string | null;
  readonly user_agent?: string | null;
  /** JSON; a BigInt is an exact integer. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** A UUID of your own. Without one the event gets a UUIDv7 at once. */
  readonly id?: string;
}

/** An event as it waits: one line of JSON without the line feed. It begins with the id, so that it can be told apart unparsed. */
export interface QueuedEvent {
  readonly id: string;
  readonly line: string;
}

const ID_PREFIX = '{"id":"';
const ID_END = ID_PREFIX.length + 36;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Most bytes of UTF-8 of each member, as the server has them. */
const LIMITS = {
  resource_type: 256,
  resource_id: 1024,
  actor_id: 512,
  actor_username: 1024,
  user_agent: 4096,
  details: 65_536,
} as const;

/** A whole event is never longer than this, whatever its texts need in escapes. */
export const MAX_LINE_BYTES = 512 * 1024;

/**
 * Checks what the server would refuse later, when nobody is there to hear it any more, and fixes the event's bytes.
 *
 * @throws {AuditClientError} `event_invalid`, naming the member and what to put there
 */
export function prepareEvent(input: AuditEventInput, newId: () => string, now: Date): QueuedEvent {
  const id = input.id === undefined ? newId() : input.id.toLowerCase();
  if (!UUID.test(id)) throw invalid('id', 'must be a UUID');
  if (!AUDIT_ACTIONS.includes(input.action)) throw invalid('action', `must be one of ${AUDIT_ACTIONS.join(', ')}`);
  const event = {
    id,
    action: input.action,
    resource_type: requiredText(input, 'resource_type'),
    resource_id: requiredText(input, 'resource_id'),
    actor_id: requiredText(input, 'actor_id'),
    actor_username: optionalText(input, 'actor_username'),
    timestamp: timeText(input.timestamp ?? now),
    ip_address: address(input.ip_address),
    user_agent: optionalText(input, 'user_agent'),
  };
  // The members before are well-formed strings, so only the details need the exact writer.
  const line = `${JSON.stringify(event).slice(0, -1)},"details":${detailsText(input.details)}}`;
  if (Buffer.byteLength(line) > MAX_LINE_BYTES)
    throw invalid('The event', `must be at most ${MAX_LINE_BYTES} bytes as JSON`);
  return { id, line };
}

/** Of a line that `prepareEvent` made; undefined for any other. */
export function idOfLine(line: string): string | undefined {
  const id = line.slice(ID_PREFIX.length, ID_END);
  return line.startsWith(ID_PREFIX) && UUID.test(id) ? id : undefined;
}

function requiredText(input: AuditEventInput, name: 'resource_type' | 'resource_id' | 'actor_id'): string {
  const value: unknown = input[name];
  if (typeof value !== 'string' || value === '') throw invalid(name, 'must be a string that is not empty');
  return checkText(value, name);
}

function optionalText(input: AuditEventInput, name: 'actor_username' | 'user_agent'): string | null {
  const value: unknown = input[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(name, 'must be a string');
  return checkText(value, name);
}

function checkText(value: string, name: keyof typeof LIMITS): string {
  if (!value.isWellFormed())
    throw invalid(name, 'holds half a surrogate pair, which has no UTF-8 form; repair the text');
  if (value.includes('\0')) throw invalid(name, 'must not hold the character U+0000');
  if (Buffer.byteLength(value) > LIMITS[name]) throw invalid(name, `must be at most ${LIMITS[name]} bytes of UTF-8`);
  return value;
}

function timeText(value: string | Date): string {
  if (value instanceof Date && Number.isNaN(value.getTime())) throw invalid('timestamp', 'must be a valid time');
  const text = value instanceof Date ? value.toISOString() : value;
  if (typeof text !== 'string' || millisecondsOf(text) === undefined) {
    throw invalid(
      'timestamp',
      'must be an RFC 3339 time with a zone, such as 2026-01-15T10:30:00Z, in the calendar and not before 1970',
    );
  }
  return text;
}

function address(value: string | null | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > 64 || isIP(value) === 0) {
    throw invalid('ip_address', 'must be an IPv4 or IPv6 address');
  }
  return value;
}

function detailsText(details: AuditEventInput['details']): string {
  if (details === undefined) return '{}';
  if (typeof details !== 'object' || details === null || Array.isArray(details))
    throw invalid('details', 'must be an object');
  const text = jsonText(details, 'details');
  if (!text.startsWith('{')) throw invalid('details', 'must be an object');
  if (Buffer.byteLength(text) > LIMITS.details)
    throw invalid('details', `must be at most ${LIMITS.details} bytes of compact JSON`);
  return text;
}

function invalid(what: string, problem: string): AuditClientError {
  return new AuditClientError('event_invalid', `${what} ${problem}.`);
}
