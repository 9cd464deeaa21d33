import type { JudgeContext, NamedRule } from '../rule.ts';
import { later, spanAt } from '../spans.ts';
import { dayOf, DAY_SECONDS, secondsOf, timeInWords, timeOf } from '../times.ts';
import { atPeriodEnd, isBlank, namedRule, whyNone } from './declared-records.ts';
import { servicesOf } from './each-service.ts';
import { classificationsOf } from './service-filters.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

/**
 * Article 5(1)(e), in both directions: what is older than the policy allows was not deleted, what it keeps was. An entry is
 * as old as its recording here, since it may tell of a time long before. The trail is itself personal data: it names actors
 * and their addresses. Backups count with the limit that was declared for their data, where one was.
 *
 * @param parameters.slackDays removal runs in batches, so an end is never exact to the day
 */
export function storageLimited(parameters: { readonly slackDays: number }): NamedRule {
  return namedRule('storage_limited', parameters, (context) => {
    const found = new Findings();
    found.bases.add('observed');
    const trail = found.item('trail', 'the audit trail');
    checkReason(context, found, trail);
    checkAge(context, trail, parameters.slackDays);
    const { period_end: end, period_start: start } = context.head;
    for (const service of servicesOf(context, 'point')) {
      const item = found.item(service.service_id, serviceItem(service));
      const kept = spanAt(service.backup_retention_days, end, end);
      if (kept === undefined) item.leavesOpen('for how long backups are kept');
      for (const { data } of classificationsOf(service, context)) {
        const { retention_limit_days: limit } = data;
        if (limit === null || kept === undefined) continue;
        found.bases.add('declared');
        if (kept.value <= limit) continue;
        item.fails(`backups are kept ${kept.value} days, the declared limit is ${limit}`, later(kept.from, start));
      }
    }
    return found;
  });
}

function checkReason(context: JudgeContext, found: Findings, trail: ItemFindings): void {
  const reason = atPeriodEnd(context, 'retention_reason').findLast(({ data }) => !isBlank(data.reason))?.data;
  if (reason !== undefined) found.bases.add('declared');
  const due = reason !== undefined && reason.review_on < dayOf(context.head.period_end);
  if (context.evidence.audit_log.retention.mode === 'indefinite') {
    // For ever satisfies every minimum, and the limit only with a reason that somebody looks at again.
    if (reason === undefined) trail.fails('kept without a limit, and no reason is recorded');
    else if (due) trail.fails(`kept without a limit, and its review was due on ${reason.review_on}`);
  } else if (reason === undefined) {
    trail.leavesOpen('the recorded reason for the retention', whyNone(context, 'retention_reason'));
  } else if (due) trail.leavesOpen('a review of the reason for the retention', 'fact_stale');
}

function checkAge(context: JudgeContext, trail: ItemFindings, slackDays: number): void {
  const { recorded_since: since, retention } = context.evidence.audit_log;
  if (since === null) {
    trail.leavesOpen('an entry', 'vacuous_scope');
    return;
  }
  if (retention.mode === 'indefinite') return;
  const last = timeOf(secondsOf(context.head.generated_at) - (retention.days + slackDays) * DAY_SECONDS);
  if (since < last) {
    trail.fails(`holds entries recorded from ${timeInWords(since)} on, longer ago than its ${retention.days} days`);
  }
  checkRemoved(context, trail, slackDays);
}

/**
 * Entries that the policy keeps and that were removed. A policy that was shorter until lately looks the same; whoever knows
 * so can accept the exception with that reason. How young the oldest entry is tells nothing: there may have been few.
 */
export function checkRemoved({ evidence, head }: JudgeContext, trail: ItemFindings, slackDays: number): void {
  const { removed_up_to: removed, first_sequence, retention } = evidence.audit_log;
  if (first_sequence === 0) return;
  if (removed === null) {
    trail.leavesOpen('a record of what was removed', 'population_incomplete');
    return;
  }
  const kept = retention.mode === 'indefinite' ? 'without a limit' : `${retention.days} days`;
  const days = retention.mode === 'indefinite' ? Number.POSITIVE_INFINITY : retention.days - slackDays;
  if (secondsOf(head.generated_at) - secondsOf(removed) >= days * DAY_SECONDS) return;
  trail.fails(`entries of times up to ${timeInWords(removed)} were removed, and the policy is to keep them ${kept}`);
}
