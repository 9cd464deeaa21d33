import type { Declaration, DeclarationKind, Declarations } from './declarations.ts';
import type { Evidence } from './evidence.ts';
import type { ReasonCode } from './packet.ts';
import { later, type Stretch } from './spans.ts';
import { compareText } from './text.ts';

/** Those that hold at `time`, by id. */
export function inForce<Kind extends DeclarationKind>(
  evidence: Evidence,
  kind: Kind,
  time: string,
): Declarations[Kind][number][] {
  return recordsInForce<Declarations[Kind][number]>(evidence.declarations[kind], time);
}

export function recordsInForce<Record extends Declaration<unknown>>(
  records: readonly Record[],
  time: string,
): Record[] {
  return records.filter((record) => record.declared_at <= time && record.valid_until > time).toSorted(byRecord);
}

/** Of records that replace each other, the last said. */
export function latest<T>(records: readonly Declaration<T>[]): Declaration<T> | undefined {
  return records.toSorted((a, b) => compareText(a.declared_at, b.declared_at) || byRecord(a, b)).at(-1);
}

export function byRecord(a: Declaration<unknown>, b: Declaration<unknown>): number {
  return compareText(a.record_id, b.record_id) || a.version - b.version;
}

/**
 * What its owner says now of each record of a kind, by id: its newest version. One that was withdrawn is among them: what
 * it contradicts stays, and it supports nothing.
 */
export function newestOf<Kind extends DeclarationKind>(evidence: Evidence, kind: Kind): Declarations[Kind][number][] {
  const newest = new Map<string, Declarations[Kind][number]>();
  for (const record of evidence.declarations[kind] as readonly Declarations[Kind][number][]) {
    if ((newest.get(record.record_id)?.version ?? 0) < record.version) newest.set(record.record_id, record);
  }
  return [...newest.values()].toSorted(byRecord);
}

/** Versions that held at some time of a stretch, its end included; each speaks of its own part of it. */
export function heldWithin<Record extends Declaration<unknown>>(
  records: readonly Record[],
  { from, to }: Stretch,
): Record[] {
  return records
    .filter((record) => record.declared_at <= to && record.valid_until > from)
    .toSorted((a, b) => compareText(a.declared_at, b.declared_at) || byRecord(a, b));
}

/**
 * The first part of a stretch for which none of `records` held: nobody says how things stood before they were declared.
 *
 * @param lead a time: until then nobody may have come to declare it yet, such as on a service's first day
 */
export function firstGap(
  records: readonly Declaration<unknown>[],
  stretch: Stretch,
  lead: string,
): { readonly from: string; readonly reason: ReasonCode } | undefined {
  const held = heldWithin(records, stretch);
  let until = stretch.from;
  for (const [i, { declared_at: since, valid_until: end }] of held.entries()) {
    if (since > until && (i > 0 || since > lead)) {
      return { from: until, reason: i === 0 ? 'history_shorter_than_period' : 'fact_stale' };
    }
    until = later(until, end);
  }
  if (held.length === 0) {
    return {
      from: until,
      reason: records.some((record) => record.valid_until <= until) ? 'fact_stale' : 'fact_missing',
    };
  }
  return until < stretch.to ? { from: until, reason: 'fact_stale' } : undefined;
}
