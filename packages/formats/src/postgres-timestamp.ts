import { failRange, LAST_SECOND, type Instant } from './instant.ts';

/** Where PostgreSQL counts from: 2000-01-01T00:00:00Z. */
export const POSTGRES_EPOCH_SECONDS = 946_684_800;
const LENGTH = 8;

/**
 * Writes PostgreSQL's binary `timestamptz`: microseconds since 2000-01-01T00:00:00Z as a signed 64-bit integer, big
 * endian, 8 bytes at `offset`.
 *
 * @throws RangeError if there is no room for them
 */
export function writePostgresTimestamp(target: Uint8Array, offset: number, instant: Instant): void {
  checkRoom(target, offset);
  // 1,000,000 is 15,625 * 64: the product with the first factor is exact in a double, the second is a shift by 6 bits.
  const units = (instant.seconds - POSTGRES_EPOCH_SECONDS) * 15_625;
  const high = Math.floor(units / 0x4000000);
  const low = (units - high * 0x4000000) * 64 + instant.micros;
  writeUint32(target, offset, low >= 0x100000000 ? high + 1 : high);
  writeUint32(target, offset + 4, low);
}

/**
 * Reads what writePostgresTimestamp writes.
 *
 * @throws RangeError if there aren't 8 bytes
 * @throws FormatError `timestamp_range`, also for PostgreSQL's infinities
 */
export function readPostgresTimestamp(source: Uint8Array, offset: number): Instant {
  checkRoom(source, offset);
  const low = readInt32(source, offset + 4) >>> 0;
  const units = readInt32(source, offset) * 0x4000000 + (low >>> 6);
  const sinceEpoch = Math.floor(units / 15_625);
  const seconds = sinceEpoch + POSTGRES_EPOCH_SECONDS;
  if (seconds < 0 || seconds > LAST_SECOND) failRange();
  return { seconds, micros: (units - sinceEpoch * 15_625) * 64 + (low & 63) };
}

function checkRoom(bytes: Uint8Array, offset: number): void {
  if (offset < 0 || offset + LENGTH > bytes.length) throw new RangeError('A timestamp takes 8 bytes.');
}

// By hand, because making a DataView takes longer than all the rest.

/** Any whole number, modulo 2^32. */
function writeUint32(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
}

function readInt32(source: Uint8Array, offset: number): number {
  return (
    ((source[offset] ?? 0) << 24) |
    ((source[offset + 1] ?? 0) << 16) |
    ((source[offset + 2] ?? 0) << 8) |
    (source[offset + 3] ?? 0)
  );
}
