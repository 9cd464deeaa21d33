import type { ServiceEvidence, Span } from './evidence.ts';
import type { PacketHead, ReasonCode } from './packet.ts';
import { DAY_SECONDS, secondsOf, timeOf } from './times.ts';

/** A stretch of time; `to` is exclusive. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/**
 * The part of the period in which the service existed, at least a second of it, since times are cut to seconds: what was
 * there for half a second was there. Undefined if there is none. Times compare as text.
 */
export function lifeInPeriod(service: ServiceEvidence, { period_start, period_end }: PacketHead): Stretch | undefined {
  if (service.created_at > period_end || (service.ended_at !== null && service.ended_at < period_start)) {
    return undefined;
  }
  const from = later(service.created_at, period_start);
  const to = service.ended_at === null ? period_end : earlier(service.ended_at, period_end);
  if (from < to) return { from, to };
  if (from >= period_end) return { from: timeOf(secondsOf(period_end) - 1), to: period_end };
  return { from, to: timeOf(secondsOf(from) + 1) };
}

/**
 * Until when what collectors read and people say of it may begin to be known, and then stands for the time before: the end
 * of a service's first day, if that is in the period; but no more time is left unknown than known. Of an older service
 * everything has to be known from the period's start on.
 */
export function leadOf(service: ServiceEvidence, life: Stretch): string {
  return service.created_at < life.from ? life.from : firstDayEnd(life);
}

/** Of what began with a stretch, the end of its first day; of a shorter one its middle. */
export function firstDayEnd({ from, to }: Stretch): string {
  const half = Math.floor((secondsOf(to) - secondsOf(from)) / 2);
  return timeOf(secondsOf(from) + Math.min(DAY_SECONDS, half));
}

/** What is left of a stretch without `parts`, which don't overlap and are in order. */
export function without({ from, to }: Stretch, parts: readonly Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  let start = from;
  for (const part of parts) {
    if (part.from > start) left.push({ from: start, to: part.from });
    start = later(start, part.to);
  }
  return start < to ? [...left, { from: start, to }] : left;
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
  // The last, since values that changed in the period's last second share it.
  return spans.findLast(
    (span) => span.from <= time && (span.to > time || (span.to === periodEnd && time === periodEnd)),
  );
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
