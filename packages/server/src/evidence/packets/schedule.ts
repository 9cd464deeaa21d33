import type { Cadence } from './schedule-store.ts';
import { monthsFrom } from './period.ts';

const MONTHS: Readonly<Record<Cadence, number>> = { monthly: 1, quarterly: 3 };

/** After midnight (UTC), so that the new day's sample is taken and what ended late has arrived. */
const AFTER_MS = 30 * 60_000;

/** When the packet of the calendar month or quarter that `at` lies in is due: half an hour after it ends. */
export function dueAfter(cadence: Cadence, at: Date): string {
  const month = at.getUTCMonth() - (at.getUTCMonth() % MONTHS[cadence]);
  const start = new Date(Date.UTC(at.getUTCFullYear(), month, 1)).toISOString();
  return new Date(Date.parse(monthsFrom(start, MONTHS[cadence])) + AFTER_MS).toISOString();
}

/** The calendar months that a run is about. */
export function periodOfRun(cadence: Cadence, dueAt: string): { period_start: string; period_end: string } {
  const end = `${new Date(Date.parse(dueAt) - AFTER_MS).toISOString().slice(0, 10)}T00:00:00Z`;
  return { period_start: monthsFrom(end, -MONTHS[cadence]), period_end: end };
}
