import type { ServiceEvidence, Span } from '../evidence.ts';
import type { JudgeContext } from '../rule.ts';

/** The part of the period in which a service was there; undefined for one that had ended before, or began after. */
export function lifeIn({ head }: JudgeContext, service: ServiceEvidence): { from: string; to: string } | undefined {
  const from = service.created_at > head.period_start ? service.created_at : head.period_start;
  const to = service.ended_at !== null && service.ended_at < head.period_end ? service.ended_at : head.period_end;
  return from < to ? { from, to } : undefined;
}

/** The first stretch between `from` and `to` in which no span says anything. */
export function firstGap(
  spans: readonly Span<unknown>[],
  from: string,
  to: string,
): { from: string; to: string } | undefined {
  let known = from;
  for (const span of spans.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    if (span.from > known) break;
    if (span.to > known) known = span.to;
  }
  if (known >= to) return undefined;
  const next = spans.map((span) => span.from).filter((start) => start > known && start < to);
  return { from: known, to: next.sort()[0] ?? to };
}

/** What a fact was at a moment; the end of the period belongs to the span that reaches it. */
export function valueAt<T>(spans: readonly Span<T>[], at: string): Span<T> | undefined {
  return spans.findLast((span) => span.from <= at && span.to >= at);
}
