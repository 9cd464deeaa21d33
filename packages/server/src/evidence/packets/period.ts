import { ACCEPTED_TIMES, formatSeconds, formatTimestamp, parseTimestamp, type Instant } from '@veritrail/formats';

import { EvidenceError } from '../evidence-error.ts';

/** From `start` to just before `end`, whole seconds, RFC 3339 in UTC. */
export interface Period {
  readonly start: string;
  readonly end: string;
  /**
   * Before when a record must have come to belong to it: its end, or for a period that ends now the moment of reading,
   * since a record of this very second is no later than the packet.
   */
  readonly before: string;
}

/** Longer than three years would make a packet that nobody reads, and whose making nobody would wait for. */
const LONGEST_DAYS = 1100;
const DAY_MS = 86_400_000;
const FIRST = '1970-01-01T00:00:00Z';

/**
 * The assessment period of a packet that is made at `generatedAt`: until then and a calendar month long, unless said
 * otherwise.
 *
 * @param given as callers sent them: RFC 3339 with any offset
 * @throws {EvidenceError} `period_invalid`
 */
export function periodOf(
  generatedAt: string,
  given: { readonly period_start?: string | undefined; readonly period_end?: string | undefined },
): Period {
  const end = given.period_end === undefined ? generatedAt : wholeSecond('period_end', given.period_end);
  const start = given.period_start === undefined ? monthBefore(end) : wholeSecond('period_start', given.period_start);
  if (end > generatedAt) {
    throw new EvidenceError('period_invalid', '`period_end` must not lie in the future.');
  }
  // Times are text here, and nothing that is shown or stored is from before this.
  if (start < FIRST) throw new EvidenceError('period_invalid', 'Ask for a period that begins in 1970 or later.');
  if (start >= end) throw new EvidenceError('period_invalid', '`period_start` must lie before `period_end`.');
  if (Date.parse(end) - Date.parse(start) > LONGEST_DAYS * DAY_MS) {
    throw new EvidenceError('period_invalid', `Ask for a period of at most ${LONGEST_DAYS} days.`);
  }
  return { start, end, before: end === generatedAt ? nextSecond(end) : end };
}

function nextSecond(time: string): string {
  return formatSeconds(Date.parse(time) + 1000);
}

function wholeSecond(member: string, text: string): string {
  const instant: Instant | undefined = parseTimestamp(text);
  if (instant === undefined) {
    throw new EvidenceError('period_invalid', `\`${member}\` must be ${ACCEPTED_TIMES}, such as 2026-05-22T10:00:00Z.`);
  }
  return formatTimestamp({ seconds: instant.seconds, micros: 0 });
}

/** The same time of the day a calendar month earlier; the last day of that month where it has no such day. */
export function monthBefore(time: string): string {
  return monthsFrom(time, -1);
}

export function monthsFrom(time: string, months: number): string {
  const at = new Date(time);
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + months);
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
  return `${at.toISOString().slice(0, 19)}Z`;
}
