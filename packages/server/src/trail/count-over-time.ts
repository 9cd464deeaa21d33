import type { Queryable } from '../storage/database.ts';
import { countByAction, readCountStanding, spread, type ActionCount, type UnitCount } from './count-store.ts';
import type { EventFilter } from './event-filter.ts';
import { inclusiveWindow } from './time-window.ts';

export type TimeUnit = 'hour' | 'day';

export interface CountsOverTime {
  readonly unit: TimeUnit;
  readonly byAction: readonly ActionCount[];
  /** Oldest first; units without an event are left out. */
  readonly counts: readonly UnitCount[];
}

const DAY_SECONDS = 86_400;
/** Some 744 bars: more of them than a screen has room for say nothing that days don't. */
export const MOST_DAYS_BY_HOUR = 31;
/** Up to here, hours are what somebody who looks closely wants. */
const DAYS_BY_HOUR = 7;

/** Hours for a window of a week or less or where they are asked for, unless there would be too many; otherwise days. */
export function unitFor(filter: EventFilter, asked?: TimeUnit): TimeUnit {
  const days = daysOf(filter);
  return days <= (asked === 'hour' ? MOST_DAYS_BY_HOUR : DAYS_BY_HOUR) && asked !== 'day' ? 'hour' : 'day';
}

function daysOf({ start, end }: EventFilter): number {
  return start === undefined || end === undefined ? Infinity : (end.seconds - start.seconds) / DAY_SECONDS;
}

/** How many events a filter selects, by action and over time; exact. Run it in a snapshot. */
export async function countOverTime(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  unit: TimeUnit,
): Promise<CountsOverTime> {
  const byAction = await countByAction(tx, organizationNo, filter);
  const standing = await readCountStanding(tx, organizationNo, filter.actor_id);
  const window = inclusiveWindow(filter.start, filter.end);
  const counts = await spread(tx, organizationNo, filter, standing, unit, window);
  return { unit, byAction, counts: counts.toReversed() };
}
