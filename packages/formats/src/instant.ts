import { daysFromDate, daysInMonth, formatDay, formatTimeOfDay } from './calendar.ts';
import { FormatError } from './format-error.ts';

/**
 * A point in time to the microsecond, from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.
 *
 * Two numbers, because the microseconds alone pass 2^53 in the year 2255 and a bigint takes twice as long to make and
 * to encode for PostgreSQL (postgres-timestamp.ts). Compare seconds, then micros.
 */
export interface Instant {
  /** Since the Unix epoch, 0 to 253,402,300,799. Leap seconds don't exist, as in POSIX time and PostgreSQL. */
  readonly seconds: number;
  /** 0 to 999,999. */
  readonly micros: number;
}

/** The last whole second that has a four-digit year. */
export const LAST_SECOND = 253_402_300_799;

/** Clocks differ: a time may be this much ahead of ours and have happened all the same. */
export const CLOCK_SKEW_SECONDS = 300;

/** Where a calendar day begins first, its date is 14 hours ahead of ours. */
export const FIRST_DAWN_SECONDS = 14 * 3600;

/** What `parseTimestamp` reads, for who is told that it couldn't: leap seconds and other years are RFC 3339 too. */
export const ACCEPTED_TIMES = 'an RFC 3339 time with a zone, from 1970 to 9999 and not a leap second';

/**
 * Reads an RFC 3339 `date-time` with any offset; digits after the sixth of the fraction are cut off, never rounded, so
 * that what is signed is what PostgreSQL's `timestamptz` can store.
 *
 * @returns undefined for any other text: no offset, a date that isn't in the calendar, a leap second, or an instant
 *   outside the range of Instant
 */
export function parseTimestamp(text: string): Instant | undefined {
  const { length } = text;
  // 20 is the shortest form.
  if (length < 20 || !hasSeparators(text)) return undefined;
  const century = twoDigitsAt(text, 0);
  const yearOfCentury = twoDigitsAt(text, 2);
  const month = twoDigitsAt(text, 5);
  const day = twoDigitsAt(text, 8);
  const hour = twoDigitsAt(text, 11);
  const minute = twoDigitsAt(text, 14);
  const second = twoDigitsAt(text, 17);
  if (century < 0 || yearOfCentury < 0) return undefined;
  const year = century * 100 + yearOfCentury;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;

  let pos = 19;
  let micros = 0;
  if (text.charCodeAt(pos) === 0x2e) {
    let scale = 100_000;
    for (pos++; pos < length; pos++) {
      const digit = text.charCodeAt(pos) - 0x30;
      if (digit < 0 || digit > 9) break;
      micros += digit * scale;
      scale = Math.floor(scale / 10);
    }
    if (pos === 20) return undefined;
  }

  const offset = offsetSeconds(text, pos);
  if (offset === undefined) return undefined;
  const seconds = daysFromDate(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  return seconds >= 0 && seconds <= LAST_SECOND ? { seconds, micros } : undefined;
}

function hasSeparators(text: string): boolean {
  return (
    text.charCodeAt(4) === 0x2d &&
    text.charCodeAt(7) === 0x2d &&
    (text.charCodeAt(10) | 0x20) === 0x74 &&
    text.charCodeAt(13) === 0x3a &&
    text.charCodeAt(16) === 0x3a
  );
}

/** @returns -1 unless both are ASCII digits */
function twoDigitsAt(text: string, pos: number): number {
  const tens = text.charCodeAt(pos) - 0x30;
  const ones = text.charCodeAt(pos + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** @returns how far local time is ahead of UTC; undefined if the text from `pos` to its end is not an offset */
function offsetSeconds(text: string, pos: number): number | undefined {
  if (pos === text.length) return undefined;
  const sign = text.charCodeAt(pos);
  if ((sign | 0x20) === 0x7a) return text.length === pos + 1 ? 0 : undefined;
  if ((sign !== 0x2b && sign !== 0x2d) || text.length !== pos + 6 || text.charCodeAt(pos + 3) !== 0x3a)
    return undefined;
  const hours = twoDigitsAt(text, pos + 1);
  const minutes = twoDigitsAt(text, pos + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  const ahead = hours * 3600 + minutes * 60;
  return sign === 0x2b ? ahead : -ahead;
}

/**
 * UTC with `Z`; without a fraction for a whole second, otherwise with as many digits as it needs, at most six.
 *
 * @throws FormatError `timestamp_range` for parts outside Instant's
 */
export function formatTimestamp(instant: Instant): string {
  const { seconds, micros } = instant;
  if (!Number.isInteger(micros) || micros < 0 || micros > 999_999) failRange();
  const whole = formatWholeSeconds(seconds);
  if (micros === 0) return `${whole}Z`;
  // A leading 1 keeps the zeros after the point; those at the end are divided away.
  let fraction = 1_000_000 + micros;
  if (fraction % 1000 === 0) fraction /= 1000;
  while (fraction % 10 === 0) fraction /= 10;
  return `${whole}.${String(fraction).slice(1)}Z`;
}

/**
 * UTC with exactly three digits of fraction, as `recorded_at` has it.
 *
 * @param epochMilliseconds whole, as from Date.now()
 * @throws FormatError `timestamp_range`
 */
export function formatMilliseconds(epochMilliseconds: number): string {
  if (!Number.isInteger(epochMilliseconds)) failRange();
  const seconds = Math.floor(epochMilliseconds / 1000);
  const fraction = String(1000 + (epochMilliseconds - seconds * 1000)).slice(1);
  return `${formatWholeSeconds(seconds)}.${fraction}Z`;
}

/**
 * UTC to the second, cut off, as posture reports have it.
 *
 * @param epochMilliseconds as from Date.now()
 * @throws FormatError `timestamp_range`
 */
export function formatSeconds(epochMilliseconds: number): string {
  return `${formatWholeSeconds(Math.floor(epochMilliseconds / 1000))}Z`;
}

// What is recorded together is often of one second.
let lastSeconds = -1;
let lastText = '';

function formatWholeSeconds(seconds: number): string {
  if (seconds === lastSeconds) return lastText;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LAST_SECOND) failRange();
  const day = Math.floor(seconds / 86_400);
  lastText = `${formatDay(day)}T${formatTimeOfDay(seconds - day * 86_400)}`;
  lastSeconds = seconds;
  return lastText;
}

export function failRange(): never {
  throw new FormatError(
    'timestamp_range',
    'A time must lie between 1970-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z.',
  );
}
