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
 * what was wrong for half a second was wrong. What was so before the period and after it is cut off.
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
  const spans: Span<T>[] = [];
  let free = start;
  let open: (Stretch<T> & { readonly value: T; at: number; until: number }) | undefined;
  const close = (): void => {
    if (open === undefined) return;
    spans.push({
      from: formatSeconds(open.at),
      to: formatSeconds(open.until),
      value: open.value,
      basis: fact.basis,
      collector: open.collector,
      collected_at: formatSeconds(open.collectedAt),
      valid_until: formatSeconds(open.collectedAt + fact.freshMs),
    });
    free = open.until;
    open = undefined;
  };
  for (const stretch of stretches) {
    if (stretch.value === undefined || stretch.to <= start || stretch.from >= end) continue;
    const known = { ...stretch, value: stretch.value };
    if (
      open !== undefined &&
      known.from <= open.to &&
      known.collector === open.collector &&
      isDeepStrictEqual(known.value, open.value)
    ) {
      const until = Math.max(open.until, Math.min(end, second(known.to)));
      open = { ...open, to: known.to, until, collectedAt: Math.max(open.collectedAt, known.collectedAt) };
      continue;
    }
    close();
    const at = Math.max(free, second(known.from));
    const until = Math.min(end, Math.max(at + 1000, second(known.to)));
    // A burst of changes in the period's last second has no seconds left; the last one second is shared backwards.
    if (until <= at) continue;
    open = { ...known, at, until };
  }
  close();
  return spans;
}

function second(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
