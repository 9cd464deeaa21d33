import { decide } from '../decide.ts';
import type { NamedRule, PacketControl } from '../rule.ts';
import { Findings } from './tally.ts';

const NAME = 'previous_exceptions_tracked';

/**
 * Each exception of the packet before has a state in this one: it is there again, the records of this period support
 * the control, or a named person took it out. One that turned into "not known" vanished.
 */
export function previousExceptionsTracked(controls: () => readonly PacketControl[]): NamedRule {
  return {
    name: NAME,
    parameters: {},
    judge: ({ head, evidence }) => {
      const found = new Findings();
      const { previous } = evidence;
      if (previous === undefined) return found.lacks('an earlier packet', 'vacuous_scope');
      found.bases.add('derived');
      for (const id of new Set(previous.exceptions)) {
        const control = controls().find((candidate) => candidate.id === id);
        // Itself it can't judge: it would ask without end. What it found is in the list too.
        if (control?.rule.name === NAME) continue;
        const item = found.item(id, `the earlier exception of ${id}`);
        if (control === undefined) item.leavesOpen('the control in this edition of the catalogue');
        else if (decide(control, head, evidence).status === 'insufficient_evidence') {
          item.fails('it is gone, and the records do not show that it was closed');
        }
      }
      if (found.population === 0) found.lacks('at least one exception in the packet before', 'vacuous_scope');
      return found;
    },
  };
}
