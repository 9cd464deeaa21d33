import type { PreparedEvent } from './prepare-event.ts';

/** A prepared event in its place. */
export interface PlacedEvent {
  readonly event: PreparedEvent;
  readonly sequence: number;
  /** Milliseconds since the Unix epoch. */
  readonly recordedAt: number;
  /** 64 hex digits. */
  readonly leafHash: string;
}

/** Every column of audit_events, in the order in which `encodeRows` writes them. */
export const EVENT_COLUMNS =
  'organization_no, sequence, id, occurred_at, recorded_at, action, resource_type, resource_id, actor_id, ' +
  'actor_username, ip_address, user_agent, details, login_failed, signature, signature_key_no, leaf_hash';

const FIELDS = 17;
/** Signature, flags, header extension length: PostgreSQL manual, COPY, "Binary Format". */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_2000_SECONDS = 946_684_800;
/** Fixed-size columns with their length words, and room for the length words of the texts. */
const FIXED_BYTES = 320;

/** Rows in PostgreSQL's binary COPY format: no escaping, no parsing on the other side. */
export function encodeRows(organizationNo: number, keyNo: number, rows: readonly PlacedEvent[]): Buffer {
  let room = HEADER.length + TRAILER.length;
  for (const { event } of rows) room += FIXED_BYTES + 3 * textLength(event);
  const buffer = Buffer.allocUnsafe(room);
  let at = HEADER.copy(buffer);

  const int16 = (value: number): void => {
    at = buffer.writeInt16BE(value, at);
  };
  const int32 = (value: number): void => {
    at = buffer.writeInt32BE(value, at);
  };
  const int64 = (value: number): void => {
    int32(8);
    at = buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
    at = buffer.writeUInt32BE(value >>> 0, at);
  };
  const text = (value: string | null): void => {
    if (value === null) return int32(-1);
    const length = buffer.write(value, at + 4, 'utf8');
    int32(length);
    at += length;
  };
  const hex = (value: string, bytes: number): void => {
    int32(bytes);
    at += buffer.write(value, at, bytes, 'hex');
  };

  for (const { event, sequence, recordedAt, leafHash } of rows) {
    int16(FIELDS);
    int32(4);
    int32(organizationNo);
    int64(sequence);
    hex(event.id.replaceAll('-', ''), 16);
    int64((event.occurred.seconds - EPOCH_2000_SECONDS) * 1_000_000 + event.occurred.micros);
    int64((recordedAt - EPOCH_2000_SECONDS * 1000) * 1000);
    text(event.action);
    text(event.resource_type);
    text(event.resource_id);
    text(event.actor_id);
    text(event.actor_username);
    text(event.ip_address);
    text(event.user_agent);
    text(event.detailsText);
    int32(1);
    at = buffer.writeUInt8(event.loginFailed ? 1 : 0, at);
    hex(event.mac, 32);
    int32(2);
    int16(keyNo);
    hex(leafHash, 32);
  }
  at += TRAILER.copy(buffer, at);
  return buffer.subarray(0, at);
}

function textLength(event: PreparedEvent): number {
  return (
    event.action.length +
    event.resource_type.length +
    event.resource_id.length +
    event.actor_id.length +
    (event.actor_username?.length ?? 0) +
    (event.ip_address?.length ?? 0) +
    (event.user_agent?.length ?? 0) +
    event.detailsText.length
  );
}
