import { isDeepStrictEqual } from 'node:util';

import type { Basis, Span } from '@veritrail/controls';
import { formatSeconds } from '@veritrail/formats';

import type { Period } from './period.ts';

/** A value and from when to when it held, in milliseconds; undefined values are unknown and make no span. */
export interface Stretch<T> {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly value: T | undefined;
  /** When it was last read. */
  readonly collectedAt: number;
  readonly collector: string;
}

/**
 * Spans of one fact, from stretches in time order. Times are cut to seconds, and every value gets at least one of them:
 * what was wrong for half a second was wrong. What was so before the period and after it is cut off. Values that
 * changed in the period's very last second share it, which is the one place where spans of a fact overlap.
 *
 * @param freshMs how long a reading counts; for records that hold until they are replaced it bounds `valid_until` alone
 */
export function buildSpans<T>(
  stretches: readonly Stretch<T>[],
  period: Period,
  fact: { readonly basis: Basis; readonly freshMs: number },
): Span<T>[] {
  const start = Date.parse(period.start);
  const end = Date.parse(period.end);
  const runs: Run<T>[] = [];
  for (const { value, ...stretch } of stretches) {
    if (value === undefined || stretch.to <= start) continue;
    const before = runs.at(-1);
    if (before !== undefined && continues(before, stretch, value)) {
      before.to = stretch.to;
      before.until = Math.max(before.until, Math.min(end, wholeSecond(stretch.to)));
      before.collectedAt = Math.max(before.collectedAt, stretch.collectedAt);
      continue;
    }
    const at = Math.min(Math.max(before?.until ?? start, wholeSecond(stretch.from)), end - SECOND_MS);
    if (before !== undefined && before.at < at) before.until = Math.min(before.until, at);
    const until = Math.min(end, Math.max(at + SECOND_MS, wholeSecond(stretch.to)));
    runs.push({ ...stretch, value, at, until });
  }
  return runs.map((run) => ({
    from: formatSeconds(run.at),
    to: formatSeconds(run.until),
    value: run.value,
    basis: fact.basis,
    collector: run.collector,
    collected_at: formatSeconds(run.collectedAt),
    valid_until: formatSeconds(run.collectedAt + fact.freshMs),
  }));
}

interface Run<T> extends Omit<Stretch<T>, 'to' | 'collectedAt'> {
  to: number;
  collectedAt: number;
  readonly value: T;
  /** What is said of it: whole seconds within the period. */
  readonly at: number;
  until: number;
}

const SECOND_MS = 1000;

function continues<T>(run: Run<T>, next: Omit<Stretch<T>, 'value'>, value: T): boolean {
  return next.from <= run.to && next.collector === run.collector && isDeepStrictEqual(value, run.value);
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}
