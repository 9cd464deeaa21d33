import { CLOCK_SKEW_SECONDS, FIRST_DAWN_SECONDS, parseTimestamp } from '@veritrail/formats';

import type { PacketHead } from './packet.ts';

export const DAY_SECONDS = 86_400;

/** Seconds since the epoch; NaN for what is no time, which no comparison holds for, so that it never supports anything. */
export function secondsOf(time: string): number {
  return parseTimestamp(time)?.seconds ?? Number.NaN;
}

/** Of a calendar day, YYYY-MM-DD, its first second. */
export function secondsOfDay(day: string): number {
  return secondsOf(`${day}T00:00:00Z`);
}

export function timeOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/**
 * Whether what happened then is no later than the period: before its end, and for one that ends as the packet is made in
 * that very second too.
 */
export function isByEnd(time: string, { period_end: end, generated_at: made }: PacketHead): boolean {
  return time < end || (time === end && end === made);
}

export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/**
 * Whether a time or a day is later than `now`, so that nothing can have happened then yet; so is what is no time.
 *
 * @param when a time, or a day, which is only ahead when it has begun nowhere
 */
export function isAhead(when: string, now: string): boolean {
  const begins = when.length === 10 ? secondsOfDay(when) - FIRST_DAWN_SECONDS : secondsOf(when);
  return !(begins <= secondsOf(now));
}

/** Whether what was read says of something that it happened later than it was read, by more than clocks differ. */
export function isAheadOfReading(when: string, { collected_at: read }: { readonly collected_at: string }): boolean {
  return isAhead(when, timeOf(secondsOf(read) + CLOCK_SKEW_SECONDS));
}

/** `2026-06-22 10:00:00 UTC`. */
export function timeInWords(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

export function spanInWords(from: string | null, to: string | null): string {
  if (from === null) return to === null ? '' : `until ${timeInWords(to)}`;
  if (to === null) return `from ${timeInWords(from)}`;
  return from === to ? `at ${timeInWords(from)}` : `from ${timeInWords(from)} to ${timeInWords(to)}`;
}

/**
 * The same day `months` later, or the month's last if there is none: a calendar span, which a number of days isn't.
 *
 * @param months may be negative
 */
export function addMonths(time: string, months: number): string {
  const date = new Date(secondsOf(time) * 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months + 1, 0);
  date.setUTCDate(Math.min(day, date.getUTCDate()));
  return timeOf(date.getTime() / 1000);
}
