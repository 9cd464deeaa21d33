import { newestOf } from '../declared.ts';
import type { NamedRule } from '../rule.ts';
import { DAY_SECONDS, isAhead, secondsOf, timeOf } from '../times.ts';
import { Findings } from './tally.ts';

/**
 * Every flagged event was looked at by a named person in time. Where triage is kept at all, an event without it past the
 * limit is known to have none; where none is, nothing is known. A decision before its event, or still to come, is none.
 */
export function flagsTriaged(days: number): NamedRule {
  return {
    name: 'flags_triaged',
    parameters: { days },
    judge: ({ evidence, head }) => {
      const found = new Findings();
      const { flags, flags_total: total } = evidence.audit_log;
      const records = newestOf(evidence, 'flag_triage');
      const seen = new Set<string>();
      for (const flag of flags) {
        if (seen.has(flag.event_id)) continue;
        seen.add(flag.event_id);
        const item = found.item(flag.event_id, `event ${flag.sequence} (${flag.event_id})`);
        const limit = timeOf(secondsOf(flag.occurred_at) + days * DAY_SECONDS);
        const own = records.filter(
          ({ data, withdrawn }) =>
            !withdrawn &&
            data.event_id === flag.event_id &&
            data.decided_at >= flag.occurred_at &&
            !isAhead(data.decided_at, head.generated_at),
        );
        if (own.some(({ data }) => data.decided_at <= limit)) continue;
        if (own.length > 0) item.fails(`triaged only after ${days} days`, flag.occurred_at, null, 'threshold_not_met');
        else if (records.length === 0 || head.generated_at <= limit) item.leavesOpen('a triage decision');
        else item.fails(`not triaged within ${days} days`, flag.occurred_at, null, 'threshold_not_met');
      }
      if (found.population > 0) found.bases.add('derived');
      if (records.length > 0) found.bases.add('declared');
      if (total > flags.length) found.lacks(`all ${total} flags (${flags.length} are listed)`, 'population_incomplete');
      if (flags.length === 0) found.lacks('at least one flagged event', 'vacuous_scope');
      return found;
    },
  };
}
