import {
  formatMilliseconds,
  formatTimestamp,
  readPostgresTimestamp,
  type AuditAction,
  type AuditEvent,
} from '@veritrail/formats';

import { copyOut, type CopyRoom } from '../storage/copy-out.ts';
import type { Queryable } from '../storage/database.ts';

/** The columns that `decodeRows` expects, in its order. */
export const READ_COLUMNS =
  'id, action, resource_type, resource_id, actor_id, actor_username, occurred_at, ip_address, user_agent, details, ' +
  'signature, recorded_at, sequence, signature_key_no';

const COLUMN_COUNT = 14;
/** Signature (11 bytes), flags (4) and the length of the header extension (4). */
const HEADER_BYTES = 19;

/**
 * The rows of a query over READ_COLUMNS in PostgreSQL's binary COPY format, the fastest way to get many of them out.
 * The whole answer is in memory: the query limits it.
 */
export function copyRows(tx: Queryable, query: string, room?: CopyRoom): Promise<Buffer> {
  return copyOut(tx, `COPY (${query}) TO STDOUT (FORMAT binary)`, room);
}

/** Where the first row of what `copyRows` got begins, if there is one. */
export function firstRowIn(bytes: Buffer): number {
  return HEADER_BYTES + bytes.readInt32BE(HEADER_BYTES - 4);
}

/** Whether there is a row, and not the end. Its columns begin two bytes further. */
export function isRow(bytes: Buffer, at: number): boolean {
  return bytes.readInt16BE(at) === COLUMN_COUNT;
}

/** Exact below 2^53, and never equal to a smaller one above. */
export function readInt64(view: DataView, at: number): number {
  return view.getInt32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
}

/** What `copyRows` got, without reading most of it. */
export interface RowsSurvey {
  readonly count: number;
  /** Undefined if there is no row. */
  readonly last: AuditEvent | undefined;
  /** Of every key that signed one of them, by number. */
  readonly keyIds: ReadonlyMap<number, string>;
}

export function surveyRows(bytes: Buffer, keyIdOf: (keyNo: number) => string): RowsSurvey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const keyIds = new Map<number, string>();
  let keyNo: number | undefined;
  let at = firstRowIn(bytes);
  let count = 0;
  let last = at;
  while (isRow(bytes, at)) {
    count += 1;
    last = at;
    at += 2;
    for (let column = 0; column < COLUMN_COUNT; column += 1) at += 4 + Math.max(0, view.getInt32(at));
    // The last column. Most rows have the key of the one before.
    const own = view.getInt16(at - 2);
    if (own === keyNo) continue;
    keyNo = own;
    keyIds.set(own, keyIdOf(own));
  }
  return { count, last: count === 0 ? undefined : decodeFrom(bytes, last, keyIdOf).next().value, keyIds };
}

/** Reads what `copyRows` got. `keyIdOf` turns a row's key number into the key's id. */
export function decodeRows(bytes: Buffer, keyIdOf: (keyNo: number) => string): Generator<AuditEvent, undefined> {
  return decodeFrom(bytes, firstRowIn(bytes), keyIdOf);
}

function* decodeFrom(
  bytes: Buffer,
  start: number,
  keyIdOf: (keyNo: number) => string,
): Generator<AuditEvent, undefined> {
  let at = start;

  const text = (): string | null => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length === -1) return null;
    const begin = at;
    at += length;
    return bytes.toString('utf8', begin, at);
  };
  const filled = (): string => text() ?? '';
  const hex = (): string => {
    const begin = at + 4;
    at = begin + bytes.readInt32BE(at);
    return bytes.toString('hex', begin, at);
  };
  const skipTo = (length: number): number => {
    const begin = at + 4;
    at = begin + length;
    return begin;
  };

  while (isRow(bytes, at)) {
    at += 2;
    yield {
      id: uuid(hex()),
      action: filled() as AuditAction,
      resource_type: filled(),
      resource_id: filled(),
      actor_id: filled(),
      actor_username: text(),
      timestamp: formatTimestamp(readPostgresTimestamp(bytes, skipTo(8))),
      ip_address: text(),
      user_agent: text(),
      detailsText: filled(),
      signature: `sha256=${hex()}`,
      recorded_at: milliseconds(readPostgresTimestamp(bytes, skipTo(8))),
      sequence: Number(bytes.readBigInt64BE(skipTo(8))),
      signature_key_id: keyIdOf(bytes.readInt16BE(skipTo(2))),
    };
  }
}

function uuid(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

function milliseconds(instant: { readonly seconds: number; readonly micros: number }): string {
  return formatMilliseconds(instant.seconds * 1000 + Math.floor(instant.micros / 1000));
}
