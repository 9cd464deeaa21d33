import type { ControlFinding, Packet } from '@veritrail/controls';

import { dayAndTimeOr } from './times.ts';
import { BASIS_WORDS, KIND_WORDS, REASON_WORDS, ROLE_WORDS, STATUS_WORDS } from './words.ts';

type Print = (text: string) => string;

export function viewControls(controls: readonly ControlFinding[], print: Print) {
  return controls.map((control, index) => ({
    /** What the table of controls points to; the control's own id may hold anything. */
    label: `control-${index}`,
    id: print(control.control_id),
    title: print(control.title),
    category: print(control.category.replaceAll('_', ' ')),
    about: `${ROLE_WORDS[control.role]}; ${KIND_WORDS[control.kind]}`,
    context: control.role === 'context',
    status: control.status,
    word: STATUS_WORDS[control.status],
    assertion: print(control.assertion),
    counts: [control.counts.population, control.counts.passing, control.counts.failing, control.counts.unknown],
    reasons: control.reasons.map((reason) => REASON_WORDS[reason] ?? print(reason)),
    failing: control.failing_items.map(({ item, what, from, to }) => [
      print(item),
      print(what),
      dayAndTimeOr(from, 'not given'),
      dayAndTimeOr(to, 'not given'),
    ]),
    failing_left: control.counts.failing - control.failing_items.length,
    refs: control.evidence_refs.map(print),
    bases: control.bases.map((basis) => BASIS_WORDS[basis] ?? print(basis)).join(', '),
    does_not_show: control.does_not_show === null ? null : print(control.does_not_show),
  }));
}

export function viewNotCovered(entries: Packet['not_covered'], print: Print) {
  return entries.map(({ control_id, title, why }) => [print(control_id), print(title), print(why)]);
}
