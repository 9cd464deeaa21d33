import { declaredAt } from '../declared-at.ts';
import type { JudgeContext, Rule } from '../rule.ts';
import { addDays, blank } from './gdpr-duties.ts';
import { servicesAtEnd } from './gdpr-record.ts';
import { openTally, serviceItem, type OpenTally } from './open-tally.ts';

const TRAIL = 'audit trail';

/**
 * Article 5(1)(e), in both directions: what is older than the policy allows wasn't deleted, what is missing inside it was.
 * A trail is itself processing of personal data: it names actors and their addresses. Backups count with the limit that
 * was declared for the data, where one was.
 */
export function storageLimited(parameters: { readonly slackDays: number }): Rule {
  return (context) => {
    const { evidence, head, services } = context;
    const tally = openTally();
    tally.rests('observed');
    noteReason(context, tally);
    noteAge(context, tally, parameters.slackDays);
    const limits = declaredAt(evidence.declarations.data_classification, head.period_end);
    const there = servicesAtEnd(services, head.period_end);
    for (const service of there) {
      const { service_id } = service;
      const retention = service.backup_retention_days.findLast(({ from }) => from <= head.period_end);
      const limit = limits.findLast(({ data }) => data.service_id === service_id)?.data.retention_limit_days ?? null;
      if (limit !== null) tally.rests('declared');
      if (retention === undefined || retention.to < head.period_end) {
        tally.unknown(service_id, serviceItem(service), 'for how long backups are kept');
      } else if (limit !== null && retention.value > limit) {
        const what = `backups kept ${retention.value} days, the declared limit is ${limit}`;
        tally.fail(service_id, serviceItem(service), what, retention.from, retention.to);
      }
    }
    return tally.close(1 + there.length);
  };
}

function noteReason({ evidence, head }: JudgeContext, tally: OpenTally): void {
  const reason = declaredAt(evidence.declarations.retention_reason, head.period_end).at(-1)?.data;
  if (reason !== undefined) tally.rests('declared');
  const recorded = reason !== undefined && !blank(reason.reason);
  const due = recorded && reason.review_on < head.period_end.slice(0, 10);
  if (evidence.audit_log.retention.mode === 'indefinite') {
    // Kept for ever satisfies every minimum, and the limit only with a reason that somebody looks at again.
    if (!recorded) tally.fail(TRAIL, TRAIL, 'kept without limit, and no reason is recorded');
    else if (due) tally.fail(TRAIL, TRAIL, `kept without limit, and its review was due on ${reason.review_on}`);
  } else if (!recorded) tally.unknown(TRAIL, TRAIL, 'why it is kept as long as it is');
  else if (due)
    tally.unknown(TRAIL, TRAIL, `the reason for its retention was to be reviewed on ${reason.review_on}`, 'fact_stale');
}

function noteAge({ evidence: { audit_log }, head }: JudgeContext, tally: OpenTally, slackDays: number): void {
  if (audit_log.oldest_entry_at === null) {
    tally.unknown(TRAIL, TRAIL, 'the trail holds no entry', 'vacuous_scope');
    return;
  }
  if (audit_log.retention.mode === 'indefinite') return;
  const { days } = audit_log.retention;
  const { oldest_entry_at: oldest } = audit_log;
  if (oldest < addDays(head.generated_at, -days - slackDays)) {
    tally.fail(TRAIL, TRAIL, `holds entries older than its ${days} days`, oldest);
  }
  noteRemoval(audit_log, head.generated_at, tally, slackDays);
}

/** Entries inside the retention that are gone: the trail didn't begin with its oldest entry, and that one is too young. */
export function noteRemoval(
  audit_log: JudgeContext['evidence']['audit_log'],
  generatedAt: string,
  tally: OpenTally,
  slackDays: number,
): void {
  const { oldest_entry_at: oldest, first_sequence, retention } = audit_log;
  if (oldest === null || first_sequence === 0) return;
  const due = retention.mode === 'days' ? addDays(generatedAt, -retention.days + slackDays) : '';
  if (retention.mode === 'indefinite' || oldest > due) {
    const what = `entries before ${oldest} are gone, younger than its retention allows`;
    tally.fail(TRAIL, TRAIL, what, null, oldest);
  }
}
