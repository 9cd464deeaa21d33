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
import { readInt64 } from './read-rows.ts';

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

/** What a row checker reads, in this order: the texts are last, one behind the other. */
const AT = {
  sequence: 0,
  occurred_at: 1,
  recorded_at: 2,
  signature_key_no: 3,
  login_failed: 4,
  leaf_hash: 5,
  id: 6,
  signature: 7,
  action: 8,
  resource_type: 9,
  resource_id: 10,
  actor_id: 11,
  actor_username: 12,
  ip_address: 13,
  user_agent: 14,
  details: 15,
} as const;
export const CHECKED_COLUMNS = Object.keys(AT).join(', ');
const COLUMN_COUNT = Object.keys(AT).length;

/** Signature (11 bytes), flags (4) and the length of the header extension (4). */
const HEADER_BYTES = 19;
const ROW_HEADER_BYTES = 2;
const ID_DIGITS = 32;
const LENGTH_DIGITS = 8;
/**
 * Eight text columns as COPY has them, a length word or a null and then the bytes, if they are printable ASCII that
 * JSON takes as it is (in details, which is JSON, also quotes and backslashes). A text in PostgreSQL has no U+0000, so
 * none can pass for a length word.
 */
const PLAIN_TEXTS = /^(?:\0\0[^]{2}[ !#-[\]-~]*|\xff{4}){7}\0[^]{3}[ -~]*$/;

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
 * Recomputes all that a row claims: MAC, leaf hash, place, order in time. Works on the bytes as they come, since making
 * an object of each row first takes longer than all the hashing.
 *
 * @param range.from the sequence of the first row
 * @param range.to just past that of the last one
 * @param range.firstLeaf the first row's leaf hash when it was checked before
 */
export function createRowChecker(
  auditMac: AuditMac,
  range: { readonly from: number; readonly to: number; readonly firstLeaf: Buffer | undefined },
): RowChecker {
  const firstLeaf = range.firstLeaf?.toString('latin1');
  let rest: Buffer | undefined;
  let begun = false;
  let rows = 0;
  let expected = range.from;
  let recordedBefore = -Infinity;
  let recordedText: string | undefined;
  let finding: Finding | undefined;
  let last: { readonly sequence: number; readonly leaf: string; readonly recordedAt: number } | undefined;

  // The piece at hand: as bytes, as numbers, and as Latin-1, from which texts are cut without a call for each.
  let bytes: Buffer = Buffer.alloc(0);
  let view = new DataView(bytes.buffer);
  let chunk = '';
  /** Where the columns of the row at hand begin and end; a null ends before it begins. */
  const starts = new Int32Array(COLUMN_COUNT);
  const ends = new Int32Array(COLUMN_COUNT);
  /** Whether PLAIN_TEXTS takes the row at hand. */
  let isPlain = true;

  /** Finds the columns of the row at `start`. Where it ends; undefined if not all of it is there, -1 after the last. */
  function locate(start: number): number | undefined {
    const { length } = bytes;
    if (start + ROW_HEADER_BYTES > length) return undefined;
    if (view.getInt16(start) !== COLUMN_COUNT) return -1;
    let at = start + ROW_HEADER_BYTES;
    for (let column = 0; column < COLUMN_COUNT; column += 1) {
      if (at + 4 > length) return undefined;
      const size = view.getInt32(at);
      at += 4;
      starts[column] = at;
      ends[column] = at + size;
      if (size > 0) at += size;
    }
    return at > length ? undefined : at;
  }

  const start = (column: number): number => starts[column] ?? 0;
  const end = (column: number): number => ends[column] ?? 0;
  const text = (column: number): string =>
    isPlain ? chunk.substring(start(column), end(column)) : bytes.toString('utf8', start(column), end(column));
  const nullable = (column: number): string | null => (end(column) < start(column) ? null : text(column));

  function checkRow(): Finding | undefined {
    // Both at once, with the length word between them.
    const digits = bytes.toString('hex', start(AT.id), end(AT.signature));
    const id = uuid(digits);
    const fault = (code: FindingCode): Finding => ({ finding: code, sequence: expected, id });
    const sequence = readInt64(view, start(AT.sequence));
    if (sequence > expected) return { finding: 'sequence_gap', sequence: expected, id: null };
    if (sequence < expected) return { finding: 'sequence_double', sequence, id };
    const recordedAt = readInt64(view, start(AT.recorded_at));
    // Rows that were stored together have the same one.
    if (recordedAt !== recordedBefore) {
      recordedText = timeText(bytes, start(AT.recorded_at), formatWholeMilliseconds);
    }
    const timestamp = timeText(bytes, start(AT.occurred_at), formatTimestamp);
    // A time that can't be printed was never signed.
    if (timestamp === undefined) return fault('mac_wrong');
    if (recordedText === undefined) return fault('leaf_wrong');
    const keyNo = view.getInt16(start(AT.signature_key_no));
    const mac = digits.slice(ID_DIGITS + LENGTH_DIGITS);
    const keyId = known(() => auditMac.keyIdOf(keyNo));
    if (keyId === undefined) return { ...fault('key_unknown'), keyNo };
    isPlain = PLAIN_TEXTS.test(chunk.substring(start(AT.action) - 4, end(AT.details)));
    const event = {
      id,
      action: text(AT.action) as AuditAction,
      resource_type: text(AT.resource_type),
      resource_id: text(AT.resource_id),
      actor_id: text(AT.actor_id),
      actor_username: nullable(AT.actor_username),
      timestamp,
      ip_address: nullable(AT.ip_address),
      user_agent: nullable(AT.user_agent),
      detailsText: text(AT.details),
      signature: `sha256=${mac}`,
      recorded_at: recordedText,
      sequence,
      signature_key_id: keyId,
    };
    const { payload, entry } = auditEventTexts(event, isPlain);
    const verified = known(() => auditMac.verify(keyNo, payload, mac));
    if (verified === undefined) return { ...fault('key_unknown'), keyNo };
    if (!verified) return fault('mac_wrong');
    const leaf = chunk.substring(start(AT.leaf_hash), end(AT.leaf_hash));
    if (hash('sha256', `\0${entry}`, 'binary') !== leaf) return fault('leaf_wrong');
    if (firstLeaf !== undefined && sequence === range.from && firstLeaf !== leaf) return fault('leaf_wrong');
    if ((view.getUint8(start(AT.login_failed)) === 1) !== isFailedLogin(event)) return fault('flag_wrong');
    if (recordedAt < recordedBefore) return fault('time_backwards');
    recordedBefore = recordedAt;
    last = { sequence, leaf, recordedAt };
    expected += 1;
    rows += 1;
    return undefined;
  }

  function push(piece: Buffer): void {
    if (finding !== undefined) return;
    bytes = rest === undefined ? piece : Buffer.concat([rest, piece]);
    rest = undefined;
    let at = 0;
    if (!begun) {
      if (bytes.length < HEADER_BYTES) {
        rest = bytes;
        return;
      }
      begun = true;
      at = HEADER_BYTES + bytes.readInt32BE(HEADER_BYTES - 4);
    }
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    chunk = bytes.toString('latin1');
    for (let next = locate(at); next !== undefined && next !== -1; next = locate(at)) {
      finding = checkRow();
      if (finding !== undefined) return;
      at = next;
    }
    if (at < bytes.length) rest = bytes.subarray(at);
  }

  return {
    push,
    finish() {
      if (finding === undefined && expected < range.to) {
        finding = { finding: 'sequence_gap', sequence: expected, id: null };
      }
    },
    get rows() {
      return rows;
    },
    get finding() {
      return finding;
    },
    get last() {
      return last && { ...last, leafHash: Buffer.from(last.leaf, 'latin1') };
    },
  };
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
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20, 32)}`;
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
