import type { Declaration, DeclarationKind, Declarations } from './declarations.ts';
import type { Evidence } from './evidence.ts';
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
  return compareText(a.record_id, b.record_id) || compareText(a.declared_at, b.declared_at);
}
