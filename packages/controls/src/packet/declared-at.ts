import type { Declaration } from './declarations.ts';

/** The records in force at a moment: of each, its newest version by then, unless that one had run out. Oldest first. */
export function declaredAt<T>(records: readonly Declaration<T>[], at: string): Declaration<T>[] {
  const newest = new Map<string, Declaration<T>>();
  for (const record of records) {
    if (record.declared_at > at) continue;
    newest.delete(record.record_id);
    newest.set(record.record_id, record);
  }
  return [...newest.values()].filter((record) => record.valid_until > at);
}
