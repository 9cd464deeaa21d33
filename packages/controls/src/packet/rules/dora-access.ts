import { newestOf } from '../declared.ts';
import { isPrivileged, rolesAtEnd } from '../membership.ts';
import type { NamedRule } from '../rule.ts';
import { compareText, listed } from '../text.ts';
import { addMonths, dayOf } from '../times.ts';
import { namedRule, startOf } from './declared-records.ts';
import { functionsByService } from './dora-functions.ts';
import { servicesOf } from './each-service.ts';
import { Findings } from './tally.ts';

/**
 * RTS 21(e): everybody who can act was looked at often enough, and who was to be removed is gone. Six calendar months where
 * a critical or important function is supported, and also where nobody assessed that; twelve otherwise.
 */
export function accessReviewedInMonths(parameters: { readonly months: number; readonly critical: number }): NamedRule {
  return namedRule('access_reviewed_in_months', parameters, (context) => {
    const { evidence, head } = context;
    const found = new Findings();
    const services = servicesOf(context, 'point');
    const byService = functionsByService(context);
    const isRelaxed = services.every(({ service_id: id }) => {
      const functions = byService.get(id) ?? [];
      return functions.length > 0 && functions.every(({ critical }) => critical === 'no');
    });
    const months = isRelaxed && services.length > 0 ? parameters.months : parameters.critical;
    const since = dayOf(addMonths(head.period_end, -months));
    const records = newestOf(evidence, 'access_review').filter(
      ({ data }) => dayOf(data.reviewed_on) <= dayOf(head.period_end),
    );
    const reviews = records.map(({ data }) => data);
    const standing = records.filter(({ withdrawn }) => !withdrawn).map(({ data }) => data);
    if (reviews.length > 0) found.bases.add('declared');
    for (const account of rolesAtEnd(context)) {
      const { actor_id: id, kind, role, since: held } = account;
      found.bases.add('observed');
      const item = found.item(id, `account ${id} (${kind === 'user' ? 'user' : 'API key'}, ${role})`);
      const looked = standing.filter(({ scope }) => scope === 'all' || isPrivileged(account));
      const last = looked
        .map(({ reviewed_on: on }) => dayOf(on))
        .toSorted(compareText)
        .at(-1);
      if (dayOf(held) < since && (last === undefined || last < since)) {
        if (reviews.length === 0) item.leavesOpen('a review of access');
        else item.fails(`not reviewed within ${months} months`, last === undefined ? held : startOf(last));
      }
      const orders = reviews.filter(
        (review) => review.removed.includes(id) && dayOf(held) <= dayOf(review.reviewed_on),
      );
      const days = orders.map(({ reviewed_on: on }) => dayOf(on)).toSorted(compareText);
      const [first] = days;
      if (first === undefined) continue;
      item.fails(`still there, and the review of ${listed(days)} said to remove it`, startOf(first));
    }
    if (standing.length === 0) found.lacks('a record of a review of access', 'fact_missing');
    if (found.population === 0) found.lacks('the accounts that can act', 'vacuous_scope');
    return found;
  });
}
