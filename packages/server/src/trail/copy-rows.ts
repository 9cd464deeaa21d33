import { writePostgresTimestamp, type Instant } from '@veritrail/formats';

import type { EventDraft } from './event-draft.ts';

/** Every column of audit_events, in the order in which a row has them. */
export const EVENT_COLUMNS =
  'organization_no, sequence, id, occurred_at, recorded_at, action, resource_type, resource_id, actor_id, ' +
  'actor_username, ip_address, user_agent, details, login_failed, signature, signature_key_no, leaf_hash';

const FIELDS = 17;
/** Signature, flags, header extension length: PostgreSQL manual, COPY, "Binary Format". */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');

/** In a row, from its beginning: what depends on its place. Each value has its length before it. */
const AT = { organization: 6, sequence: 14, id: 26, occurred: 46, recorded: 58, texts: 66 } as const;
/** From its end. */
const BACK = { keyNo: 38, leaf: 32 } as const;
/** What `writeRow` takes beside the texts themselves. */
export const ROW_BYTES = AT.texts + 8 * 4 + 83;

/** What a row says whatever its place. */
export interface RowStatement extends Omit<EventDraft, 'id' | 'occurred'> {
  readonly id: string;
  readonly occurred: Instant;
  readonly loginFailed: boolean;
  /** 64 hex digits. */
  readonly mac: string;
}

/**
 * A row in PostgreSQL's binary COPY format (no escaping, no parsing on the other side), what depends on its place left
 * open.
 *
 * @param isAscii all its texts are
 * @returns where it ends
 */
export function writeRow(bytes: Buffer, start: number, row: RowStatement, isAscii: boolean): number {
  const encoding = isAscii ? 'latin1' : 'utf8';
  bytes.writeUInt16BE(FIELDS, start);
  bytes.writeUInt32BE(4, start + AT.organization - 4);
  bytes.writeUInt32BE(8, start + AT.sequence - 4);
  bytes.writeUInt32BE(16, start + AT.id - 4);
  writeUuid(bytes, start + AT.id, row.id);
  bytes.writeUInt32BE(8, start + AT.occurred - 4);
  writePostgresTimestamp(bytes, start + AT.occurred, row.occurred);
  bytes.writeUInt32BE(8, start + AT.recorded - 4);

  let at = start + AT.texts;
  const text = (value: string | null): void => {
    if (value === null) {
      at = bytes.writeInt32BE(-1, at);
      return;
    }
    const length = bytes.write(value, at + 4, encoding);
    bytes.writeInt32BE(length, at);
    at += 4 + length;
  };
  text(row.action);
  text(row.resource_type);
  text(row.resource_id);
  text(row.actor_id);
  text(row.actor_username);
  text(row.ip_address);
  text(row.user_agent);
  text(row.detailsText);

  at = bytes.writeUInt32BE(1, at);
  at = bytes.writeUInt8(row.loginFailed ? 1 : 0, at);
  at = bytes.writeUInt32BE(32, at);
  at += bytes.write(row.mac, at, 'hex');
  at = bytes.writeUInt32BE(2, at) + 2;
  at = bytes.writeUInt32BE(32, at) + 32;
  return at;
}

/** A row that was written, and its place. */
export interface PlacedRow {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly sequence: number;
  /** 32 bytes, one a character. */
  readonly leafHash: string;
}

/**
 * Rows for COPY, with what depends on their places.
 *
 * @param shared.recordedAt milliseconds since the Unix epoch
 */
export function encodeRows(
  shared: { readonly organizationNo: number; readonly keyNo: number; readonly recordedAt: number },
  rows: readonly PlacedRow[],
): Buffer {
  const { organizationNo, keyNo, recordedAt } = shared;
  const recorded = { seconds: Math.floor(recordedAt / 1000), micros: (recordedAt % 1000) * 1000 };
  let room = HEADER.length + TRAILER.length;
  for (const { start, end } of rows) room += end - start;
  const buffer = Buffer.allocUnsafe(room);
  let at = HEADER.copy(buffer);
  for (const { bytes, start, end, sequence, leafHash } of rows) {
    const next = at + bytes.copy(buffer, at, start, end);
    buffer.writeInt32BE(organizationNo, at + AT.organization);
    writeInt64(buffer, at + AT.sequence, sequence);
    writePostgresTimestamp(buffer, at + AT.recorded, recorded);
    buffer.writeInt16BE(keyNo, next - BACK.keyNo);
    buffer.write(leafHash, next - BACK.leaf, 'latin1');
    at = next;
  }
  TRAILER.copy(buffer, at);
  return buffer;
}

function writeInt64(bytes: Buffer, at: number, value: number): void {
  bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}

const MINUS = 0x2d;
const NIBBLES = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0);

function writeUuid(bytes: Buffer, start: number, uuid: string): void {
  let at = start;
  for (let digit = 0; digit < uuid.length; digit += 2) {
    if (uuid.charCodeAt(digit) === MINUS) digit += 1;
    const high = NIBBLES[uuid.charCodeAt(digit)] ?? 0;
    bytes[at++] = (high << 4) | (NIBBLES[uuid.charCodeAt(digit + 1)] ?? 0);
  }
}
