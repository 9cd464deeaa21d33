import type { BackupDays } from '../api/queries.ts';

type Day = BackupDays['days'][number];
type Schedule = Day['schedule'];

/**
 * Whether a day's backups were as the service's schedule of that day wants them. `open` is what can't be told yet: today
 * before its backup, and the first days of a service.
 */
export type DayStanding = 'kept' | 'missed' | 'open' | 'unscheduled';

const HOUR = 3_600_000;
/** Of the hourly backups of a day; one may have slipped past midnight. */
const HOURLY_A_DAY = 23;

export function standingOf(days: readonly Day[], at: number, now: Date): DayStanding {
  const day = days[at];
  if (day === undefined || day.schedule === 'none') return 'unscheduled';
  const isToday = day.day === now.toISOString().slice(0, 10);
  const isFirst = at === 0;
  if (day.schedule === 'weekly') {
    const week = days.slice(Math.max(at - 6, 0), at + 1);
    if (week.some((one) => one.completed > 0)) return 'kept';
    return week.length < 7 ? 'open' : 'missed';
  }
  const wanted = day.schedule === 'daily' ? 1 : HOURLY_A_DAY;
  if (day.completed >= wanted) return 'kept';
  if (isToday && day.schedule === 'hourly') {
    const hours = Math.floor((now.getTime() % (24 * HOUR)) / HOUR);
    return day.completed >= hours - 1 ? 'open' : 'missed';
  }
  return isToday || isFirst ? 'open' : 'missed';
}

/** How old the newest completed backup may be, with some room for one that takes long. */
const BEARABLE_HOURS: Readonly<Record<Exclude<Schedule, 'none'>, number>> = { hourly: 3, daily: 30, weekly: 8 * 24 };

/** Undefined where no backups are wanted. */
export function isOverdue(schedule: string, lastBackupAt: string | null, now: Date): boolean | undefined {
  const hours = BEARABLE_HOURS[schedule as Exclude<Schedule, 'none'>] as number | undefined;
  if (hours === undefined) return undefined;
  return lastBackupAt === null || now.getTime() - Date.parse(lastBackupAt) > hours * HOUR;
}
