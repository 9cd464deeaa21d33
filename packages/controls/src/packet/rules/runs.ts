import type { NamedRule } from '../rule.ts';
import { timeInWords } from '../times.ts';
import { Findings } from './tally.ts';

/** Packets that fell due in the period were made. */
export function runsCompleted(): NamedRule {
  return {
    name: 'runs_completed',
    parameters: {},
    judge: ({ evidence }) => {
      const found = new Findings();
      for (const { due_at: due, status } of evidence.scheduled_runs) {
        found.bases.add('observed');
        const item = found.item(due, `the run due at ${timeInWords(due)}`);
        if (status !== 'complete') item.fails(status === 'failed' ? 'it failed' : 'it was missed', due, due);
      }
      if (found.population === 0) found.lacks('a schedule with runs in the period', 'vacuous_scope');
      return found;
    },
  };
}
