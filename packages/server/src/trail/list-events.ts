import { parseTimestamp } from '@veritrail/formats';

import type { Queryable } from '../storage/database.ts';
import { countTotal, readCountStanding, spread, type CountStanding } from './count-store.ts';
import type { EventFilter } from './event-filter.ts';
import { inclusiveWindow, intersect, unitOf, type Span } from './time-window.ts';
import { readPage, readPageOfFew, type StoredEvent } from './trail-store.ts';

/** Up to here, walking the index from its end costs less than looking up where to begin. */
const SHORT_WALK = 1000;
const DAY_SECONDS = 86_400;

/**
 * A page of the events that a filter selects, newest first by time, then sequence, with their exact number. Run it in a
 * snapshot.
 *
 * A deep page isn't reached by skipping all events before it: counts by day, then by hour, tell in which hour it begins,
 * and only events of that hour are skipped.
 */
export async function listEvents(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ events: StoredEvent[]; total: number }> {
  const window = inclusiveWindow(filter.start, filter.end);
  const standing = await readCountStanding(tx, organizationNo, filter.actor_id);
  if (standing.actor === 'few') return readPageOfFew(tx, organizationNo, filter, window, page);
  if (page.offset <= SHORT_WALK) {
    const total = await countTotal(tx, organizationNo, filter, standing);
    if (page.offset >= total) return { events: [], total };
    return { events: await readPage(tx, organizationNo, filter, window, page), total };
  }
  const unit = standing.actor === undefined && isWithinADay(window) ? 'hour' : 'day';
  const units = await spread(tx, organizationNo, filter, standing, unit, window);
  const total = units.reduce((sum, { events }) => sum + events, 0);
  if (page.offset >= total) return { events: [], total };
  const found = narrow(units, unit, window, page.offset);
  const begin =
    unit === 'day'
      ? await findBeginning(tx, organizationNo, filter, standing, found)
      : { to: found.span.to, skip: found.skip };
  const span = { from: window.from, to: begin.to };
  return { events: await readPage(tx, organizationNo, filter, span, { limit: page.limit, offset: begin.skip }), total };
}

function isWithinADay({ from, to }: Span): boolean {
  return from !== undefined && to !== undefined && to.seconds - from.seconds <= DAY_SECONDS;
}

/** Within a day, the hour. Of an actor there are counts by day only, and a day's events are few. */
async function findBeginning(
  tx: Queryable,
  organizationNo: number,
  filter: EventFilter,
  standing: CountStanding,
  day: Beginning,
): Promise<{ to: Span['to']; skip: number }> {
  if (filter.actor_id !== undefined || day.skip <= SHORT_WALK) return { to: day.span.to, skip: day.skip };
  const hours = await spread(tx, organizationNo, filter, standing, 'hour', day.span);
  const hour = narrow(hours, 'hour', day.span, day.skip);
  return { to: hour.span.to, skip: hour.skip };
}

interface Beginning {
  readonly span: Span;
  readonly skip: number;
}

/** The unit in which the `offset`-th event lies, and how many of its own come before that one. */
function narrow(
  units: readonly { readonly unit: string; readonly events: number }[],
  name: 'day' | 'hour',
  window: Span,
  offset: number,
): Beginning {
  let skip = offset;
  for (const { unit, events } of units) {
    const instant = parseTimestamp(unit);
    if (instant !== undefined && skip < events) return { span: intersect(window, unitOf(instant, name)), skip };
    skip -= events;
  }
  throw new Error('a page lies past the events that were counted');
}
