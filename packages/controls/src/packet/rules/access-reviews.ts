import { newestOf } from '../declared.ts';
import { privilegedSince, rolesAtEnd } from '../membership.ts';
import type { NamedRule } from '../rule.ts';
import { dayOf, DAY_SECONDS, secondsOf, secondsOfDay, timeOf } from '../times.ts';
import { Findings } from './tally.ts';

/**
 * A review of who may act, not too long before the period's end, that saw all who were privileged then and whose removals
 * were carried out. Who became privileged after it isn't a fault, the next review being due later; it is just not shown
 * that anybody looked.
 */
export function accessReviewed(maxAgeDays: number): NamedRule {
  return {
    name: 'access_reviewed',
    parameters: { maxAgeDays },
    judge: (context) => {
      const { evidence, head } = context;
      const roles = rolesAtEnd(context);
      const found = new Findings();
      const end = dayOf(head.period_end);
      const records = newestOf(evidence, 'access_review').filter(({ data }) => dayOf(data.reviewed_on) <= end);
      const reviews = records.map(({ data }) => data);
      const item = found.item('review', 'the access review');
      const newest = records
        // What a review that was taken back said to remove still counts; that it was made doesn't.
        .filter(({ withdrawn }) => !withdrawn)
        .map(({ data }) => dayOf(data.reviewed_on))
        .toSorted()
        .at(-1);
      if (newest === undefined) item.leavesOpen('a record of one');
      else {
        found.bases.add('declared');
        const due = secondsOfDay(newest) + (maxAgeDays + 1) * DAY_SECONDS;
        if (secondsOf(head.period_end) >= due) {
          item.fails(`overdue: the last was on ${newest}`, timeOf(due), null, 'threshold_not_met');
        }
        for (const [id, since] of privilegedSince(context)) {
          // A review is of a day: who became privileged on that day may have been seen.
          if (dayOf(since) > newest) item.leavesOpen(`a review since account ${id} became privileged`);
        }
      }
      for (const review of reviews) {
        for (const id of review.removed) {
          const stays = roles.find((role) => role.actor_id === id && dayOf(role.since) <= dayOf(review.reviewed_on));
          if (stays === undefined) continue;
          item.fails(`account ${id} was to be removed and is still there`, null, null);
        }
      }
      if (roles.length === 0) found.lacks('the accounts that can act', 'vacuous_scope');
      return found;
    },
  };
}
