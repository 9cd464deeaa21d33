import type { ServiceEvidence, Span } from './evidence.ts';
import type { PacketHead, ReasonCode } from './packet.ts';

/** A stretch of time; `to` is exclusive. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** The part of the period in which the service existed; undefined if there is none. Times compare as text. */
export function lifeInPeriod(service: ServiceEvidence, head: PacketHead): Stretch | undefined {
  const from = later(service.created_at, head.period_start);
  const to = service.ended_at === null ? head.period_end : earlier(service.ended_at, head.period_end);
  return from < to ? { from, to } : undefined;
}

/** Whether the service was there when the period ended. */
export function livesAtEnd(service: ServiceEvidence, head: PacketHead): boolean {
  return service.created_at <= head.period_end && (service.ended_at === null || service.ended_at > head.period_end);
}

export interface Unknown {
  readonly from: string;
  readonly to: string;
  readonly reason: ReasonCode;
}

/** What a reading of this basis is worth as support. A person's word about a fact that is observed elsewhere isn't. */
export function supports(span: Span<unknown>): boolean {
  return span.basis !== 'declared';
}

/**
 * The first stretch of `life` for which no span says what the fact was.
 *
 * Throughout, with no tolerance: a hole between two looks is where a contradiction would have been, and whoever left its
 * span out would otherwise have turned an exception into an attestation.
 *
 * @param lead a time: until then a fact may not have been read yet, such as on a service's first day
 */
export function firstUnknown(spans: readonly Span<unknown>[], life: Stretch, lead: string): Unknown | undefined {
  const known = spans
    .filter((span) => span.from < life.to && span.to > life.from)
    .toSorted((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from)));
  let until = life.from;
  let before: Span<unknown> | undefined;
  for (const span of known) {
    if (span.from > until && !(before === undefined && span.from <= lead)) break;
    if (!supports(span)) return { from: later(span.from, life.from), to: span.to, reason: 'fact_declared_only' };
    before = span;
    // What was read doesn't count past its freshness, whatever the span says.
    const fresh = earlier(span.to, span.valid_until);
    if (fresh > until) until = fresh;
    if (fresh < span.to) break;
  }
  if (until >= life.to) return undefined;
  const next = known.find((span) => span.from > until);
  const stale = before !== undefined && until >= before.valid_until;
  return { from: until, to: next?.from ?? life.to, reason: stale ? 'fact_stale' : 'fact_missing' };
}

/** The span that holds at `time`, the period's end included. */
export function spanAt<T>(spans: readonly Span<T>[], time: string, periodEnd: string): Span<T> | undefined {
  return spans.find((span) => span.from <= time && (span.to > time || (span.to === periodEnd && time === periodEnd)));
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
