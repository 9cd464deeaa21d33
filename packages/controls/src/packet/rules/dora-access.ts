import { declaredAt } from '../declared-at.ts';
import type { Rule } from '../rule.ts';
import { addMonths } from './calendar-months.ts';
import { functionsOf } from './dora-functions.ts';
import { servicesAtEnd } from './gdpr-record.ts';
import { openTally } from './open-tally.ts';

/**
 * RTS 21(e): access looked at often enough, and what the review said to remove is gone. Six months where a critical or
 * important function is supported, and also where nobody assessed that; twelve otherwise. Calendar months.
 */
export function accessReviewed(parameters: { readonly months: number; readonly criticalMonths: number }): Rule {
  return (context) => {
    const { evidence, head } = context;
    const tally = openTally();
    const { roles } = evidence.access;
    const relaxed = servicesAtEnd(context.services, head.period_end).every((service) => {
      const functions = functionsOf(context, service.service_id);
      return functions.length > 0 && functions.every(({ critical }) => critical === 'no');
    });
    const months = relaxed ? parameters.months : parameters.criticalMonths;
    const since = addMonths(head.period_end, -months).slice(0, 10);
    const reviews = declaredAt(evidence.declarations.access_review, head.period_end);
    const dates = reviews.map(({ data }) => data.reviewed_on).sort();
    tally.rests('observed');
    if (dates.length === 0) tally.missing('the record of a review of access');
    else tally.rests('declared');
    const whole = reviews.filter(({ data }) => data.scope === 'all' && data.reviewed_on >= since);
    const last = dates.at(-1);
    for (const { actor_id, kind, role, since: held } of roles) {
      const item = `${kind === 'user' ? 'user' : 'API key'} ${actor_id} (${role})`;
      const covered =
        whole.length > 0 ||
        held.slice(0, 10) >= since ||
        (isPrivileged(role) && reviews.some(({ data }) => data.scope === 'privileged' && data.reviewed_on >= since));
      if (last !== undefined && !covered) {
        tally.fail(actor_id, item, `not reviewed for more than ${months} months`, `${last}T00:00:00Z`, head.period_end);
      }
      const order = reviews.find(
        ({ data }) => data.removed.includes(actor_id) && held.slice(0, 10) <= data.reviewed_on,
      );
      if (order !== undefined) {
        const what = `access is still there, which the review of ${order.data.reviewed_on} said to remove`;
        tally.fail(actor_id, item, what, `${order.data.reviewed_on}T00:00:00Z`);
      }
    }
    return tally.close(roles.length);
  };
}

function isPrivileged(role: string): boolean {
  return role === 'owner' || role === 'admin';
}
