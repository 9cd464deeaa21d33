import { hash } from 'node:crypto';

import {
  auditEventTexts,
  FormatError,
  formatMilliseconds,
  formatTimestamp,
  readPostgresTimestamp,
  type AuditAction,
} from '@veritrail/formats';

import type { AuditMac } from '../keyring/audit-mac.ts';
import { KeyringError } from '../keyring/keyring-error.ts';
import { isFailedLogin } from './prepare-event.ts';

/**
 * What can be wrong with a trail, in the order in which it is looked for.
 *
 * - `head_differs`: rows lie outside the places that the head says are taken, or the head's time isn't the newest row's
 * - `sequence_gap`: the place has no row
 * - `sequence_double`: the place has two
 * - `key_unknown`: the row names a MAC key that never was
 * - `mac_wrong`: the MAC isn't that of the payload
 * - `leaf_wrong`: the leaf hash isn't that of the entry, so a member that the MAC leaves out was changed; or the row
 *   isn't the one that was checked before
 * - `flag_wrong`: `login_failed` isn't what the event says
 * - `time_backwards`: `recorded_at` is before that of the row before
 * - `counts_differ`: the counts by hour, by day or by actor aren't those of the rows
 */
export const FINDINGS = [
  'head_differs',
  'sequence_gap',
  'sequence_double',
  'key_unknown',
  'mac_wrong',
  'leaf_wrong',
  'flag_wrong',
  'time_backwards',
  'counts_differ',
] as const;
export type FindingCode = (typeof FINDINGS)[number];

export interface Finding {
  readonly finding: FindingCode;
  /** Null where no single place is wrong. */
  readonly sequence: number | null;
  /** The id in the row, if there is a row. */
  readonly id: string | null;
  /** The row's key number, for `key_unknown`. */
  readonly keyNo?: number;
}

/** The columns that a row checker expects, in its order. */
export const CHECKED_COLUMNS =
  'sequence, id, occurred_at, recorded_at, signature, signature_key_no, leaf_hash, login_failed, action, ' +
  'resource_type, resource_id, actor_id, actor_username, ip_address, user_agent, details';

const COLUMN_COUNT = 16;
/** Signature (11 bytes), flags (4) and the length of the header extension (4). */
const HEADER_BYTES = 19;
const ROW_HEADER_BYTES = 2;
const NOT_ASCII = /[^\0-\x7f]/;

export interface RowChecker {
  /** Takes the next bytes of a binary COPY of CHECKED_COLUMNS in order of sequence; rows may be cut anywhere. */
  push(piece: Buffer): void;
  /** Call after the last piece. */
  finish(): void;
  /** Rows without fault so far; after a finding no more are looked at. */
  readonly rows: number;
  readonly finding: Finding | undefined;
  /** Of the last row without fault. */
  readonly last: CheckedRow | undefined;
}

export interface CheckedRow {
  readonly sequence: number;
  readonly leafHash: Buffer;
  /** Microseconds since 2000, as PostgreSQL counts. */
  readonly recordedAt: number;
}

/**
 * Recomputes all that a row claims: MAC, leaf hash, place, order in time.
 *
 * @param range.from the sequence of the first row
 * @param range.to just past that of the last one
 * @param range.firstLeaf the first row's leaf hash when it was checked before
 */
export function createRowChecker(
  auditMac: AuditMac,
  range: { readonly from: number; readonly to: number; readonly firstLeaf: Buffer | undefined },
): RowChecker {
  const { from, to, firstLeaf } = range;
  let rest: Buffer | undefined;
  let begun = false;
  let rows = 0;
  let expected = from;
  let recordedBefore = -Infinity;
  let finding: Finding | undefined;
  let last: CheckedRow | undefined;

  /** Where the row that begins at `start` ends; undefined if not all of it is there, -1 for the end of the COPY. */
  function endOfRow(bytes: Buffer, start: number): number | undefined {
    if (start + ROW_HEADER_BYTES > bytes.length) return undefined;
    if (bytes.readInt16BE(start) !== COLUMN_COUNT) return -1;
    let at = start + ROW_HEADER_BYTES;
    for (let column = 0; column < COLUMN_COUNT; column += 1) {
      if (at + 4 > bytes.length) return undefined;
      at += 4 + Math.max(0, bytes.readInt32BE(at));
    }
    return at > bytes.length ? undefined : at;
  }

  function push(piece: Buffer): void {
    if (finding !== undefined) return;
    const bytes = rest === undefined ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    if (!begun) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes;
        return;
      }
      begun = true;
      at = HEADER_BYTES + bytes.readInt32BE(HEADER_BYTES - 4);
    }
    // One call for all texts of the piece; what isn't ASCII is decoded again by itself.
    const text = bytes.toString('latin1');
    for (;;) {
      const end = endOfRow(bytes, at);
      if (end === undefined || end === -1) break;
      finding = checkRow(bytes, text, at + ROW_HEADER_BYTES);
      if (finding !== undefined) return;
      rows += 1;
      at = end;
    }
    rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }

  function checkRow(bytes: Buffer, chunk: string, start: number): Finding | undefined {
    let at = start;
    /** The next column's first byte; `at` is then behind it. */
    const column = (): number => {
      const begin = at + 4;
      at = begin + bytes.readInt32BE(at);
      return begin;
    };
    const hex = (): string => {
      const begin = column();
      return bytes.toString('hex', begin, at);
    };
    const nullable = (): string | null => {
      if (bytes.readInt32BE(at) === -1) {
        at += 4;
        return null;
      }
      return text();
    };
    const text = (): string => {
      const begin = column();
      const value = chunk.substring(begin, at);
      return NOT_ASCII.test(value) ? bytes.toString('utf8', begin, at) : value;
    };

    const sequence = readInt64(bytes, column());
    const id = uuid(hex());
    const fault = (code: FindingCode, keyNo?: number): Finding => ({
      finding: code,
      sequence: expected,
      id,
      ...(keyNo !== undefined && { keyNo }),
    });
    if (sequence > expected) return { finding: 'sequence_gap', sequence: expected, id: null };
    if (sequence < expected) return { finding: 'sequence_double', sequence, id };

    const occurredAt = column();
    const recordedAtAt = column();
    const recordedAt = readInt64(bytes, recordedAtAt);
    const mac = hex();
    const keyNo = bytes.readInt16BE(column());
    const leafAt = column();
    const leafHash = bytes.subarray(leafAt, at);
    const loginFailed = bytes[column()] === 1;
    const timestamp = timeText(bytes, occurredAt, formatTimestamp);
    const recordedText = timeText(bytes, recordedAtAt, formatWholeMilliseconds);
    // A time that can't be printed was never signed.
    if (timestamp === undefined) return fault('mac_wrong');
    if (recordedText === undefined) return fault('leaf_wrong');
    const keyId = known(() => auditMac.keyIdOf(keyNo));
    if (keyId === undefined) return fault('key_unknown', keyNo);
    const event = {
      id,
      action: text() as AuditAction,
      resource_type: text(),
      resource_id: text(),
      actor_id: text(),
      actor_username: nullable(),
      timestamp,
      ip_address: nullable(),
      user_agent: nullable(),
      detailsText: text(),
      signature: `sha256=${mac}`,
      recorded_at: recordedText,
      sequence,
      signature_key_id: keyId,
    };
    const { payload, entry } = auditEventTexts(event);
    const verified = known(() => auditMac.verify(keyNo, payload, mac));
    if (verified === undefined) return fault('key_unknown', keyNo);
    if (!verified) return fault('mac_wrong');
    if (hash('sha256', `\0${entry}`, 'hex') !== leafHash.toString('hex')) return fault('leaf_wrong');
    if (sequence === from && firstLeaf !== undefined && !firstLeaf.equals(leafHash)) return fault('leaf_wrong');
    if (loginFailed !== isFailedLogin(event)) return fault('flag_wrong');
    if (recordedAt < recordedBefore) return fault('time_backwards');
    recordedBefore = recordedAt;
    last = { sequence, leafHash, recordedAt };
    expected += 1;
    return undefined;
  }

  return {
    push,
    finish() {
      if (finding === undefined && expected < to) finding = { finding: 'sequence_gap', sequence: expected, id: null };
    },
    get rows() {
      return rows;
    },
    get finding() {
      return finding;
    },
    get last() {
      return last;
    },
  };
}

/** Exact below 2^53, and never equal to a smaller one above. */
function readInt64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

/** Undefined for what no row of ours holds: infinity, or a time outside the years that the format has. */
function timeText(
  bytes: Buffer,
  at: number,
  format: (instant: { readonly seconds: number; readonly micros: number }) => string | undefined,
): string | undefined {
  try {
    return format(readPostgresTimestamp(bytes, at));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** `recorded_at` has whole milliseconds; what is below them would be cut off unseen. */
function formatWholeMilliseconds(instant: { readonly seconds: number; readonly micros: number }): string | undefined {
  const { seconds, micros } = instant;
  return micros % 1000 === 0 ? formatMilliseconds(seconds * 1000 + micros / 1000) : undefined;
}

function uuid(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** What the safe answers about a key; undefined for one that it doesn't have. */
function known<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof KeyringError) return undefined;
    throw error;
  }
}
