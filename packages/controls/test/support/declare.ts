import type { Declaration, DeclarationData, DeclarationKind, Evidence } from '../../src/index.ts';

/** Thirty days, until just before the packet is made. */
export const START = '2026-05-01T00:00:00Z';
export const END = '2026-05-31T00:00:00Z';
export const DAYS = 30;

/** Evidence that a test may change: the builders give a new one each time. */
export type Writable<T> = T extends readonly (infer Item)[]
  ? Writable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Writable<T[Key]> }
    : T;
export type Draft = Writable<Evidence>;

export function timeIn(seconds: number): string {
  return `${new Date(Date.parse(START) + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

export function declare<Kind extends DeclarationKind>(
  evidence: Draft,
  kind: Kind,
  data: DeclarationData[Kind],
  changes: Partial<Declaration<DeclarationData[Kind]>> = {},
): void {
  const records = evidence.declarations[kind] as unknown as Declaration<DeclarationData[Kind]>[];
  records.push({
    record_id: `${kind}-${records.length + 1}`,
    version: 1,
    owner: 'Ada Lovelace',
    declared_by: 'user-2',
    declared_at: '2026-04-01T00:00:00Z',
    valid_until: '2027-03-01T00:00:00Z',
    withdrawn: false,
    data,
    ...changes,
  });
}
