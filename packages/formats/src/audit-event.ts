import { ExactJson, type JsonValue } from './exact-json.ts';
import { FormatError } from './format-error.ts';
import { escapeJson, jsonString, toAsciiJson } from './json-string.ts';

/** What an event may say was done, in the published order. */
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

/** What an event's MAC covers. The other members are covered by its leaf in the trail's tree only. */
export interface AuditEventPayload {
  readonly id: string;
  readonly action: AuditAction;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly actor_id: string;
  /** As formatTimestamp prints it. */
  readonly timestamp: string;
  /** The object `details` as canonical text (ExactJson.text), taken as it is. */
  readonly detailsText: string;
}

/** What is known of an event before it has its place in a trail. */
export interface AuditEventStatement extends AuditEventPayload {
  readonly actor_username: string | null;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
}

/** One event of a trail, as given out. */
export interface AuditEvent extends AuditEventStatement {
  /** `sha256=` and the MAC in lower-case hex. */
  readonly signature: string;
  /** As formatMilliseconds prints it. */
  readonly recorded_at: string;
  /** Place in the organization's trail: 0, 1, 2 … without gaps. */
  readonly sequence: number;
  /** Which secret made the MAC. */
  readonly signature_key_id: string;
}

/**
 * The text whose bytes (all ASCII) an audit event's MAC covers: seven members, in the published order.
 *
 * Consumers rebuild it with Python's json.dumps, so its defaults are part of our format: no spaces, and everything
 * outside printable ASCII (DEL included) as a lower-case \uXXXX escape. `detailsText` was fixed when the event was
 * recorded; parsing and printing it again would move integer-like keys and turn 1.0 into 1.
 *
 * Format: docs/formats/audit-event.md. Vectors: vectors/valid/audit-event/.
 *
 * @throws FormatError `json_lone_surrogate`
 */
export function auditEventPayload(event: AuditEventPayload): string {
  return toAsciiJson(`${beginning(event, escapeJson)}${timeMember(event, escapeJson)}${detailsMember(event)}}`);
}

/**
 * An event as given out: an item of a response, a line of an export, and, as UTF-8, the leaf entry of the trail's tree.
 * Fourteen members, the published eleven first; compact; raw Unicode; `details` as its canonical text.
 *
 * Format: docs/formats/audit-event.md. Vectors: vectors/valid/audit-event/.
 *
 * @throws FormatError `json_lone_surrogate`; `audit_event_shape` for a sequence that isn't an integer below 2^53
 */
export function formatAuditEvent(event: AuditEvent): string {
  const shared = {
    first: beginning(event, escapeJson),
    time: timeMember(event, escapeJson),
    details: detailsMember(event),
  };
  return entryOf(event, shared, escapeJson);
}

/**
 * What auditEventPayload gives, and formatAuditEvent's text up to the members of `auditEventCloser`: for whoever signs an
 * event before it has its place.
 *
 * @throws FormatError `json_lone_surrogate`
 */
export function openAuditEvent(event: AuditEventStatement): {
  readonly payload: string;
  readonly opening: string;
  /** Both are printable ASCII. */
  readonly isAscii: boolean;
} {
  const isAscii = isPlainEvent(event);
  const escape = isAscii ? asItIs : escapeJson;
  const first = beginning(event, escape);
  const time = timeMember(event, escape);
  const details = detailsMember(event);
  const payload = `${first}${time}${details}}`;
  return {
    payload: isAscii ? payload : toAsciiJson(payload),
    opening: openingOf(event, { first, time, details }, escape),
    isAscii,
  };
}

// Without quotes and backslashes.
const PLAIN = /^[ !#-[\]-~]*$/;
const PRINTABLE_ASCII = /^[ -~]*$/;

/** Whether all texts are printable ASCII, and none but details need an escape. Two looks take less time than one at each. */
function isPlainEvent(event: AuditEventStatement): boolean {
  const { id, action, resource_type, resource_id, actor_id, actor_username, timestamp, ip_address, user_agent } = event;
  const texts = id + action + resource_type + resource_id + actor_id + timestamp;
  const optional = (actor_username ?? '') + (ip_address ?? '') + (user_agent ?? '');
  return PLAIN.test(texts + optional) && PRINTABLE_ASCII.test(event.detailsText);
}

/**
 * What stands between an entry's opening and its end.
 *
 * @param mac 64 lower-case hex digits
 */
export function signatureMember(mac: string): string {
  return `,"signature":"sha256=${mac}"`;
}

/**
 * Ends entries that are recorded together: what openAuditEvent began, and then `signatureMember`.
 *
 * @returns for a sequence the rest of the entry, all ASCII; throws FormatError `audit_event_shape` if it isn't an integer
 *   below 2^53
 * @throws FormatError `json_lone_surrogate`
 */
export function auditEventCloser(
  shared: Pick<AuditEvent, 'recorded_at' | 'signature_key_id'>,
): (sequence: number) => string {
  const time = `,"recorded_at":${jsonString(shared.recorded_at)},"sequence":`;
  const key = `,"signature_key_id":${jsonString(shared.signature_key_id)}}`;
  return (sequence) => (isSequence(sequence) ? time + sequence + key : failShape('sequence'));
}

/**
 * What auditEventPayload and formatAuditEvent give, the members that both have being made once: for whoever checks the
 * MAC and the leaf of many events.
 *
 * @param isPlain the caller has seen that all texts are printable ASCII (0x20 to 0x7e) and that none but `detailsText`
 *   has a quote or a backslash, so that nothing needs an escape
 * @throws FormatError as those two
 */
export function auditEventTexts(
  event: AuditEvent,
  isPlain: boolean,
): { readonly payload: string; readonly entry: string } {
  const escape = isPlain ? asItIs : escapeJson;
  const first = beginning(event, escape);
  const time = timeMember(event, escape);
  const details = detailsMember(event);
  const payload = `${first}${time}${details}}`;
  return {
    payload: isPlain ? payload : toAsciiJson(payload),
    entry: entryOf(event, { first, time, details }, escape),
  };
}

/** What stands between the quotes of a string. */
type Escape = (value: string) => string;

/** For one that needs no escape. */
const asItIs: Escape = (value) => value;

// Each member in one piece: every piece more is garbage, and there are millions of events.

function beginning(event: AuditEventPayload, escape: Escape): string {
  return (
    `{"id":"${escape(event.id)}","action":"${escape(event.action)}","resource_type":"${escape(event.resource_type)}"` +
    `,"resource_id":"${escape(event.resource_id)}","actor_id":"${escape(event.actor_id)}"`
  );
}

function timeMember(event: AuditEventPayload, escape: Escape): string {
  return `,"timestamp":"${escape(event.timestamp)}"`;
}

function detailsMember(event: AuditEventPayload): string {
  return `,"details":${event.detailsText}`;
}

function optionalMember(name: string, value: string | null, escape: Escape): string {
  return value === null ? `,"${name}":null` : `,"${name}":"${escape(value)}"`;
}

interface SharedMembers {
  readonly first: string;
  readonly time: string;
  readonly details: string;
}

function entryOf(event: AuditEvent, shared: SharedMembers, escape: Escape): string {
  return openingOf(event, shared, escape) + closingOf(event, escape);
}

function openingOf(event: AuditEventStatement, shared: SharedMembers, escape: Escape): string {
  return (
    shared.first +
    optionalMember('actor_username', event.actor_username, escape) +
    shared.time +
    optionalMember('ip_address', event.ip_address, escape) +
    optionalMember('user_agent', event.user_agent, escape) +
    shared.details
  );
}

function closingOf(place: Omit<AuditEvent, keyof AuditEventStatement>, escape: Escape): string {
  if (!isSequence(place.sequence)) failShape('sequence');
  return (
    `,"signature":"${escape(place.signature)}","recorded_at":"${escape(place.recorded_at)}"` +
    `,"sequence":${place.sequence},"signature_key_id":"${escape(place.signature_key_id)}"}`
  );
}

const MEMBER_COUNT = 14;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

/**
 * Reads one event that somebody gave out, read with `parseExactJson(text, { exactMember: 'details' })`.
 *
 * Member order and white space are not looked at: whether the bytes are the server's is for the leaf hash of
 * formatAuditEvent's text to show.
 *
 * @throws FormatError `audit_event_shape`: a member is missing, unknown or of the wrong kind
 */
export function parseAuditEvent(item: JsonValue): AuditEvent {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || item instanceof ExactJson) {
    throw new FormatError('audit_event_shape', 'An audit event must be a JSON object.');
  }
  const members = new Map(Object.entries(item));
  const text = (name: string): string => {
    const value = members.get(name);
    return typeof value === 'string' ? value : failShape(name);
  };
  const textOrNull = (name: string): string | null => (members.get(name) === null ? null : text(name));

  const action = AUDIT_ACTIONS.find((known) => known === members.get('action')) ?? failShape('action');
  const details = members.get('details');
  if (!(details instanceof ExactJson)) failShape('details');
  const sequence = members.get('sequence');
  if (!isSequence(sequence)) failShape('sequence');
  const signature = text('signature');
  if (!SIGNATURE.test(signature)) failShape('signature');
  const event: AuditEvent = {
    id: text('id'),
    action,
    resource_type: text('resource_type'),
    resource_id: text('resource_id'),
    actor_id: text('actor_id'),
    actor_username: textOrNull('actor_username'),
    timestamp: text('timestamp'),
    ip_address: textOrNull('ip_address'),
    user_agent: textOrNull('user_agent'),
    detailsText: details.text,
    signature,
    recorded_at: text('recorded_at'),
    sequence,
    signature_key_id: text('signature_key_id'),
  };
  if (members.size !== MEMBER_COUNT) {
    throw new FormatError('audit_event_shape', 'An audit event must have no members but the fourteen of its format.');
  }
  return event;
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function failShape(member: string): never {
  throw new FormatError(
    'audit_event_shape',
    `The member "${member}" of an audit event is missing or not as its format has it.`,
  );
}
