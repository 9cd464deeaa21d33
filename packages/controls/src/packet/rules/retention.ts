import { inForce } from '../declared.ts';
import type { NamedRule } from '../rule.ts';
import { dayOf } from '../times.ts';
import { spanAt } from '../spans.ts';
import { servicesOf } from './each-service.ts';
import { classificationsOf, type ServiceFilter } from './service-filters.ts';
import { Findings, serviceItem } from './tally.ts';

/** What is kept of a service goes no longer than its declared limit: backups, and the audit log beside a recorded reason. */
export function retainedWithinLimit(where: ServiceFilter): NamedRule {
  return {
    name: 'retained_within_limit',
    parameters: { where: { name: where.name, parameters: where.parameters } },
    judge: (context) => {
      const { evidence, head } = context;
      const found = new Findings();
      const { retention } = evidence.audit_log;
      for (const service of servicesOf(context, 'point')) {
        const included = where.includes(service, context);
        if (included === false) continue;
        const item = found.item(service.service_id, serviceItem(service));
        if (included !== true) item.leavesOpen(included.what, included.reason);
        const limits = classificationsOf(service, context).flatMap(({ data }) => data.retention_limit_days ?? []);
        const limit = limits.length === 0 ? undefined : Math.min(...limits);
        const span = spanAt(service.backup_retention_days, head.period_end, head.period_end);
        if (span !== undefined) found.bases.add(span.basis);
        if (limits.length > 0) found.bases.add('declared');
        if (limit === undefined) item.leavesOpen('the limit declared for its data');
        if (span === undefined) item.leavesOpen('how long its backups are kept');
        if (limit === undefined) continue;
        if (span !== undefined && span.value > limit) {
          item.fails(`its backups are kept for ${span.value} days, longer than its limit of ${limit}`, span.from, null);
        }
        const isOver = retention.mode === 'indefinite' || retention.days > limit;
        if (isOver && !hasReason(evidence, head)) {
          const kept = retention.mode === 'indefinite' ? 'without end' : `for ${retention.days} days`;
          item.fails(
            `the audit log is kept ${kept}, longer than its limit of ${limit} days, without a recorded reason`,
          );
        }
      }
      if (found.population === 0) found.lacks('at least one service that this speaks of', 'vacuous_scope');
      return found;
    },
  };
}

function hasReason(evidence: Parameters<typeof inForce>[0], head: { readonly period_end: string }): boolean {
  return inForce(evidence, 'retention_reason', head.period_end).some(
    ({ data }) => data.reason !== '' && dayOf(data.review_on) >= dayOf(head.period_end),
  );
}
