import type { NamedRule } from '../rule.ts';
import { quoted } from '../text.ts';
import { dayOf, isAhead } from '../times.ts';
import { eachRecord, type RecordCheck } from './records.ts';

/** A report whose own period reaches into this one, or a bridge over the rest. No report is of a period still to come. */
const reportReaches: RecordCheck<'subservice_organization'> = {
  name: 'report_reaches',
  parameters: {},
  judge: ({ name, report, bridge_until: bridge }, { head }) => {
    if (bridge !== null && dayOf(bridge) >= dayOf(head.period_end)) return undefined;
    if (report === null) return { open: `a report on ${quoted(name)}` };
    if (isAhead(report.period_end, head.generated_at)) {
      return { open: `a report on ${quoted(name)} whose period is over` };
    }
    return dayOf(report.period_end) >= dayOf(head.period_start)
      ? undefined
      : { fails: `its report ended on ${dayOf(report.period_end)}, before the period` };
  },
};

export function subservicesReported(): NamedRule {
  return eachRecord('subservice_organization', [reportReaches], { one: 'subservice organization' });
}
