import type { NewBackup, ServiceFacts } from '@veritrail/server';

import type { DemoActor } from './cast.ts';
import { namedId, type Random } from './random.ts';
import { SERVICES, type DemoService } from './services.ts';

/** Something that happened to a service, at `at` milliseconds since the Unix epoch. */
export type PlannedRecord = { readonly at: number; readonly serviceId: string } & (
  | { readonly kind: 'put'; readonly by: DemoActor; readonly facts: ServiceFacts }
  | { readonly kind: 'change'; readonly by: DemoActor; readonly to: Partial<ServiceFacts> }
  | { readonly kind: 'remove'; readonly by: DemoActor }
  | { readonly kind: 'backup'; readonly backup: NewBackup }
);

export type PlannedBackup = Extract<PlannedRecord, { kind: 'backup' }>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of backups outside the stretches in which all of them fail. */
const FAILURE_RATE = 0.025;

/** Everything that happens to the services between two times, in time order. A few thousand, however many events. */
export function planRecords(start: number, end: number, random: Random): PlannedRecord[] {
  const records = SERVICES.flatMap((service) => planService(service, start, end, random));
  return records.toSorted((one, other) => one.at - other.at);
}

function planService(service: DemoService, start: number, end: number, random: Random): PlannedRecord[] {
  const serviceId = namedId(service.facts.name);
  const officeHours = (daysAgo: number): number => {
    const time = end - daysAgo * DAY;
    const planned = time - (time % DAY) + random.whole(8 * 60, 14 * 60) * MINUTE + random.whole(0, 59_999);
    return Math.min(Math.max(planned, start + random.whole(5, 300) * MINUTE), end);
  };
  const created = officeHours(service.createdDaysAgo);
  const changes = service.changes.map((change) => ({ ...change, at: officeHours(change.daysAgo) }));
  const removed = service.removed && { ...service.removed, at: officeHours(service.removed.daysAgo) };
  const records: PlannedRecord[] = [
    { kind: 'put', at: created, serviceId, by: service.by, facts: service.facts },
    ...changes.map(({ at, by, to }) => ({ kind: 'change', at, serviceId, by, to }) as const),
    ...(removed === undefined ? [] : [{ kind: 'remove', at: removed.at, serviceId, by: removed.by } as const]),
  ];

  let from = created;
  let schedule = service.facts.backup_schedule;
  const last = removed?.at ?? end;
  for (const change of [...changes, { at: last, to: {} as Partial<ServiceFacts> }]) {
    for (const slot of slots(schedule, from, change.at, service.backupHour)) {
      const completed = slot + random.whole(0, 9 * MINUTE);
      const fails = random.chance(FAILURE_RATE) || isFailing(service, completed, end);
      records.push(...backup(serviceId, completed, 'automated', fails, { from, until: change.at }, random));
    }
    from = change.at;
    schedule = change.to.backup_schedule ?? schedule;
  }
  for (const daysAgo of service.manualDaysAgo) {
    records.push(...backup(serviceId, officeHours(daysAgo), 'manual', false, { from: created, until: last }, random));
  }
  return records;
}

/** When a schedule's backups begin between two times. */
function* slots(
  schedule: ServiceFacts['backup_schedule'],
  from: number,
  until: number,
  hour: number,
): Generator<number> {
  if (schedule === 'none') return;
  const step = schedule === 'hourly' ? HOUR : DAY;
  for (
    let slot = from - (from % DAY) + (schedule === 'hourly' ? 12 * MINUTE : hour * HOUR);
    slot < until;
    slot += step
  ) {
    if (schedule !== 'weekly' || new Date(slot).getUTCDay() === 0) yield slot;
  }
}

/** None if it lies outside the time in which its service was there under this schedule. */
function backup(
  serviceId: string,
  completed: number,
  type: string,
  fails: boolean,
  time: { readonly from: number; readonly until: number },
  random: Random,
): PlannedBackup[] {
  const completedAt = completed - (completed % 1000);
  // The platform tells a little later.
  const at = completedAt + random.whole(2_000, 40_000);
  if (completedAt < time.from || at >= time.until) return [];
  const iso = `${new Date(completedAt).toISOString().slice(0, 19)}Z`;
  return [
    { kind: 'backup', at, serviceId, backup: { completed_at: iso, type, status: fails ? 'failed' : 'completed' } },
  ];
}

function isFailing({ failing }: DemoService, at: number, end: number): boolean {
  if (failing === undefined) return false;
  const from = end - failing.daysAgo * DAY;
  return at >= from && at < from + failing.days * DAY;
}
