import type { Declaration, DeclarationData } from '../declarations.ts';
import { newestOf } from '../declared.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { NamedRule } from '../rule.ts';
import { DAY_SECONDS, isAhead, secondsOf, timeOf } from '../times.ts';
import { askedWithin, type ServiceFilter } from './service-filters.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

/** Every service that ended in the period: its storage and keys were destroyed, its backups ran out when they should. */
export function disposalRecorded({ where }: { readonly where?: ServiceFilter } = {}): NamedRule {
  return {
    name: 'disposal_recorded',
    parameters: where === undefined ? {} : { where: { name: where.name, parameters: where.parameters } },
    judge: (context) => {
      const { head, evidence, services } = context;
      const found = new Findings();
      for (const service of services) {
        const ended = service.ended_at;
        if (ended === null || ended < head.period_start || ended > head.period_end) continue;
        const { included } = askedWithin(where, service, context);
        if (included === false) continue;
        const item = found.item(service.service_id, serviceItem(service));
        if (included !== true) item.leavesOpen(included.what, included.reason);
        const records = newestOf(evidence, 'disposal_record').filter(
          ({ data }) => data.service_id === service.service_id,
        );
        judgeDisposal(service, { ended, now: head.generated_at }, records, item);
      }
      if (evidence.declarations.disposal_record.length > 0) found.bases.add('declared');
      if (found.population === 0) found.lacks('at least one service that ended in the period', 'vacuous_scope');
      return found;
    },
  };
}

function judgeDisposal(
  service: ServiceEvidence,
  { ended, now }: { readonly ended: string; readonly now: string },
  records: readonly Declaration<DeclarationData['disposal_record']>[],
  item: ItemFindings,
): void {
  const standing = records.filter(({ withdrawn }) => !withdrawn).map(({ data }) => data);
  if (standing.length === 0) item.leavesOpen('a record of its disposal');
  if (records.length === 0) return;
  // Storage may go shortly before the service is called ended, and nothing goes at a time that is still to come.
  const earliest = timeOf(secondsOf(ended) - DAY_SECONDS);
  const happened = (time: string | null, from: string): boolean => time !== null && time >= from && !isAhead(time, now);
  if (!standing.some((record) => happened(record.volumes_destroyed_at, earliest)))
    item.leavesOpen('when its storage was destroyed');
  if (!standing.some((record) => happened(record.keys_destroyed_at, earliest)))
    item.leavesOpen('when its keys were destroyed');
  if (!standing.some((record) => happened(record.backups_expired_at, service.created_at)))
    item.leavesOpen('when its backups ran out');
  const retention = service.backup_retention_days
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .findLast((span) => span.from <= ended)?.value;
  if (retention === undefined) {
    item.leavesOpen('how long its backups were kept');
    return;
  }
  // A day more: backups run out at the day's clean-up, not at the second.
  const limit = timeOf(secondsOf(ended) + (retention + 1) * DAY_SECONDS);
  for (const { data } of records) {
    const { backups_expired_at: time } = data;
    if (time !== null && time > limit)
      item.fails(`its backups were kept past the stated ${retention} days`, limit, time);
  }
}
