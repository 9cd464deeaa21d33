import { FRAMEWORKS, type Framework } from '@veritrail/formats';

import type { Queryable } from '../storage/database.ts';
import { spansBetween, type SubscriptionSpan } from './subscription-store.ts';

/** What one run of a subscription costs in one calendar month. Days are UTC, the first and the last one included. */
export interface Charge {
  readonly framework: Framework;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly days: number;
  readonly daysInMonth: number;
  readonly priceCents: number;
  readonly amountCents: number;
}

export interface Bill {
  /** `YYYY-MM` */
  readonly month: string;
  /** A closed month's charges never change again. */
  readonly closed: boolean;
  readonly charges: readonly Charge[];
  readonly totalCents: number;
}

const DAY_MS = 86_400_000;

/** Servers' clocks differ a little; a subscription noted at the very end of a month must still be in it when it closes. */
const CLOSES_AFTER_MS = 3_600_000;

/** @param month `YYYY-MM`, from 2000 on */
export async function billMonth(tx: Queryable, organizationNo: number, month: string, now: Date): Promise<Bill> {
  const { start, end } = boundsOf(month);
  return bill(month, await spansBetween(tx, organizationNo, new Date(start), new Date(end)), now);
}

/**
 * The rule: each UTC day on which a subscription was on at any time is charged once, with the month's price over the days
 * of that month. The day on which it began counts; so does the one on which it was ended. If it began again on a day that
 * is charged already, the new run counts from the day after.
 *
 * Cents are rounded (half up) on the running sum of a framework's runs and not on each, so that a month in several runs
 * never costs more than the month.
 */
export function bill(month: string, spans: readonly SubscriptionSpan[], now: Date): Bill {
  const { start, end } = boundsOf(month);
  const [monthFirst, monthLast] = [dayOf(start), dayOf(end) - 1];
  const daysInMonth = monthLast - monthFirst + 1;
  const charges: Charge[] = [];
  for (const { id: framework } of FRAMEWORKS) {
    let charged = monthFirst - 1;
    let sum = 0;
    for (const span of spans.filter((one) => one.framework === framework)) {
      const first = Math.max(charged + 1, dayOf(Date.parse(span.subscribed_at)));
      const last = Math.min(monthLast, lastDayOf(span, now));
      if (last < first) continue;
      const days = last - first + 1;
      const before = sum;
      sum += span.price_cents * days;
      charged = last;
      charges.push({
        framework,
        firstDay: formatDay(first),
        lastDay: formatDay(last),
        days,
        daysInMonth,
        priceCents: span.price_cents,
        amountCents: quotient(sum, daysInMonth) - quotient(before, daysInMonth),
      });
    }
  }
  return {
    month,
    closed: now.getTime() >= end + CLOSES_AFTER_MS,
    charges,
    totalCents: charges.reduce((total, { amountCents }) => total + amountCents, 0),
  };
}

/** The end isn't part of a span: one that ends at midnight wasn't on on the day that begins there. */
function lastDayOf(span: SubscriptionSpan, now: Date): number {
  if (span.cancelled_at === null) return dayOf(now.getTime());
  const [from, to] = [Date.parse(span.subscribed_at), Date.parse(span.cancelled_at)];
  return Math.max(dayOf(from), dayOf(to - 1));
}

function boundsOf(month: string): { start: number; end: number } {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  return { start: Date.UTC(year, number - 1, 1), end: Date.UTC(year, number, 1) };
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function quotient(sum: number, divisor: number): number {
  return Math.floor((2 * sum + divisor) / (2 * divisor));
}
