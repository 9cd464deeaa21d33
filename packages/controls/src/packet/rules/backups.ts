import type { BackupSchedule, ServiceEvidence, Span } from '../evidence.ts';
import type { PacketHead } from '../packet.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { lifeInPeriod, livesAtEnd, spanAt, type Stretch } from '../spans.ts';
import { counted } from '../text.ts';
import { secondsOf, timeOf } from '../times.ts';
import { servicesOf } from './each-service.ts';
import { checkSamples } from './samples.ts';
import type { ServiceFilter } from './service-filters.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

const INTERVAL_SECONDS: Readonly<Record<Exclude<BackupSchedule, 'none'>, number>> = {
  hourly: 3600,
  daily: 86_400,
  weekly: 604_800,
};
/** A backup may be this much later than its interval: runs take time and move. */
export const RECENCY_PERCENT = 150;

/**
 * Backups ran through the period: a schedule was set, the newest completed backup was recent at each sample and at the
 * end by the schedule in force then, and there was no longer stretch without one. A failed run counts for nothing.
 */
export function backupsContinuous({ where }: { readonly where?: ServiceFilter } = {}): NamedRule {
  return {
    name: 'backups_continuous',
    parameters: {
      recencyPercent: RECENCY_PERCENT,
      ...(where === undefined ? {} : { where: { name: where.name, parameters: where.parameters } }),
    },
    judge: (context) => {
      const found = new Findings();
      const asked: ServiceEvidence[] = [];
      for (const service of servicesOf(context, 'period')) {
        const included = where?.includes(service, context) ?? true;
        if (included === false) continue;
        asked.push(service);
        const item = found.item(service.service_id, serviceItem(service));
        if (included !== true) item.leavesOpen(included.what, included.reason);
        found.bases.add('observed');
        judgeService(context, service, item);
      }
      if (asked.length === 0) found.lacks('at least one service that this speaks of', 'vacuous_scope');
      checkSamples(context, asked, found);
      return found;
    },
  };
}

function judgeService({ head, evidence }: JudgeContext, service: ServiceEvidence, item: ItemFindings): void {
  const life = lifeInPeriod(service, head);
  if (life === undefined) return;
  const { backups, backup_schedule: schedules } = service;
  for (const span of schedules) {
    if (span.value === 'none') item.fails('no backup schedule', span.from, span.to);
  }
  for (const gap of backups.gaps) {
    item.fails(`no completed backup for longer than ${hours(gap.limit_seconds)}`, gap.from, gap.to);
  }
  if (backups.gaps_total > backups.gaps.length) item.leavesOpen('the rest of its gaps', 'population_incomplete');
  judgeSamples(evidence.samples.taken, service, life, head, item);
  judgeEnd(service, head, item);
}

function judgeSamples(
  taken: readonly string[],
  service: ServiceEvidence,
  life: Stretch,
  head: PacketHead,
  item: ItemFindings,
): void {
  const ages = service.backups.age_at_samples;
  if (ages.length !== taken.length) {
    item.leavesOpen('the age of its backups at each sample', 'population_incomplete');
    return;
  }
  const late: string[] = [];
  let unknown = false;
  for (const [i, time] of taken.entries()) {
    if (time < life.from || time >= life.to) continue;
    const limit = limitAt(service.backup_schedule, time, head);
    const age = ages[i] ?? null;
    if (limit === undefined) unknown = true;
    else if (limit !== 'none' && age === null) unknown ||= isOlder(service, time, limit);
    else if (limit !== 'none' && age !== null && age > limit) late.push(time);
  }
  if (unknown) item.leavesOpen('a completed backup within its schedule', 'fact_missing');
  const sorted = late.toSorted();
  const [first] = sorted;
  if (first !== undefined) {
    item.fails(`its newest backup was too old at ${counted(late.length, 'sample', 'samples')}`, first, sorted.at(-1));
  }
}

function judgeEnd(service: ServiceEvidence, head: PacketHead, item: ItemFindings): void {
  if (!livesAtEnd(service, head)) return;
  const limit = limitAt(service.backup_schedule, head.period_end, head);
  const last = service.backups.last_completed_at;
  if (limit === undefined) item.leavesOpen('its backup schedule', 'fact_missing');
  else if (limit === 'none') return;
  else if (last === null) {
    // One that is too young to be late hasn't shown that its backups run either.
    if (service.backups.failed > 0) item.fails('its backups failed, and none was completed', null, null);
    else item.leavesOpen('a completed backup', 'fact_missing');
  } else if (secondsOf(head.period_end) - secondsOf(last) > limit) {
    item.fails(`no completed backup for longer than ${hours(limit)}`, timeOf(secondsOf(last) + limit), null);
  }
}

/** A service younger than its limit can't be late yet. */
function isOlder(service: ServiceEvidence, time: string, limit: number): boolean {
  return secondsOf(time) - secondsOf(service.created_at) > limit;
}

function limitAt(schedules: readonly Span<BackupSchedule>[], time: string, head: PacketHead) {
  const schedule = spanAt(schedules, time, head.period_end)?.value;
  if (schedule === undefined || schedule === 'none') return schedule;
  return (INTERVAL_SECONDS[schedule] * RECENCY_PERCENT) / 100;
}

function hours(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour', 'hours') : `${minutes} minutes`;
}
