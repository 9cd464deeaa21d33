import type { Histogram, PostureReport, PostureService, TrailCheck } from '../api/queries.ts';
import type { Tone } from '../ui/badge.tsx';
import { ago, count } from '../ui/format.ts';
import { isOverdue } from './backup-schedule.ts';

/** Something that somebody should look at, and where it is mended. */
export interface Attention {
  readonly tone: Extract<Tone, 'bad' | 'warn'>;
  readonly title: string;
  readonly detail: string;
  readonly to:
    | '/o/$orgId/records/services'
    | '/o/$orgId/records/services/$serviceId'
    | '/o/$orgId/audit/flags'
    | '/o/$orgId/audit';
  readonly serviceId?: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly action: string;
}

export interface TrailFacts {
  readonly check: TrailCheck | undefined;
  readonly flagged: number | undefined;
  readonly week: Histogram | undefined;
}

/** Worst first. Every line rests on a record; what there is no record of is said as that. */
export function whatNeedsAttention(report: PostureReport, trail: TrailFacts, now: Date): Attention[] {
  const found = [...ofTrail(trail), ...report.services.flatMap((service) => ofService(service, now))];
  if (report.service_count === 0) {
    found.push({
      tone: 'warn',
      title: 'No services are recorded',
      detail: 'Without them a posture report shows nothing.',
      to: '/o/$orgId/records/services',
      action: 'Record a service',
    });
  }
  const rank = { bad: 0, warn: 1 };
  return found.sort((one, other) => rank[one.tone] - rank[other.tone]);
}

function ofTrail({ check, week }: TrailFacts): Attention[] {
  const found: Attention[] = [];
  if (check?.result === 'diverged') {
    const bad = check.first_bad;
    const what = bad?.finding.replaceAll('_', ' ') ?? 'a difference';
    const place = bad === null || bad.sequence === null ? '' : ` at sequence ${bad.sequence}`;
    found.push({
      tone: 'bad',
      title: 'The stored trail is not what was signed',
      detail: `First found: ${what}${place}. Tell whoever runs this server.`,
      to: '/o/$orgId/audit',
      action: 'Open the audit log',
    });
  }
  const failures = week?.failed_login_attempts ?? 0;
  if (failures >= 20) {
    found.push({
      tone: 'warn',
      title: `${count(failures, 'failed login')} in the last 7 days`,
      detail: 'See whose they are, and whether one of them succeeded afterwards.',
      to: '/o/$orgId/audit',
      search: { action: 'LOGIN' },
      action: 'Open the logins',
    });
  }
  return found;
}

function ofService(service: PostureService, now: Date): Attention[] {
  const { name, service_id: serviceId } = service;
  const found: Attention[] = [];
  const add = (tone: Attention['tone'], title: string, detail: string, action: string): void => {
    found.push({ tone, title, detail, to: '/o/$orgId/records/services/$serviceId', serviceId, action });
  };
  if (!service.tls_enabled) add('bad', `${name}: connections are not encrypted`, 'TLS is off.', 'Open the service');
  if (!service.storage_encrypted_at_rest) {
    add('bad', `${name}: storage is not encrypted`, 'Data at rest lies in the clear.', 'Open the service');
  }
  const overdue = isOverdue(service.backup_schedule, service.last_backup_at, now);
  if (overdue === true) {
    const last = service.last_backup_at;
    add(
      'bad',
      `${name}: the ${service.backup_schedule} backup is overdue`,
      last === null ? 'No completed backup is recorded.' : `The last completed one was ${ago(last, now.getTime())}.`,
      'Open its backups',
    );
  }
  if (service.backup_schedule === 'none') {
    add(
      'warn',
      `${name}: no backups are scheduled`,
      'Fine for what can be made again, such as a cache.',
      'Open the service',
    );
  } else if (service.backup_encryption === null) {
    add('bad', `${name}: backups are not encrypted`, 'No cipher is recorded for them.', 'Open the service');
  }
  const unknown = service.zones.filter((_, at) => service.regions[at] === 'unknown');
  if (service.zones.length === 0)
    add('warn', `${name}: no zone is recorded`, 'Where its data lies is not shown.', 'Open the service');
  else if (unknown.length > 0) {
    add(
      'warn',
      `${name}: zone ${unknown.join(', ')} is not in the catalogue`,
      'Where that is can not be shown.',
      'Open the service',
    );
  } else if (!service.eu_residency) {
    add('warn', `${name}: data lies outside the EU`, `Zones: ${service.zones.join(', ')}.`, 'Open the service');
  }
  return found;
}
