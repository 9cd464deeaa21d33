import type { Basis } from '../evidence.ts';
import type { GateOutcome } from '../rule.ts';

/** A gate that nobody decided to close: the records, or what was declared, show that the control doesn't apply. */
export function excludedByRecords(sentence: string, bases: readonly Basis[] = ['declared']): GateOutcome {
  return { open: false, status: 'not_applicable', reason: 'excluded_by_records', bases, sentence };
}
