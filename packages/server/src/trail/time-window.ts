import { LAST_SECOND, type Instant } from '@veritrail/formats';

/** Half-open: from `from`, to just before `to`. Undefined is open on that side. */
export interface Span {
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

/** A span that is open on neither side. */
type Bounds = { readonly [Side in keyof Span]: Instant };

/** A window cut into what counts by day, counts by hour and the events themselves have to answer for. */
export interface CutWindow {
  readonly days: readonly Span[];
  readonly hours: readonly Span[];
  readonly edges: readonly Span[];
}

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/**
 * Whole days, then whole hours on either side of them, then what is left: at most two pieces shorter than an hour.
 *
 * @param withHours false where only counts by day exist: the edges are then shorter than a day
 */
export function cutWindow(window: Span, withHours: boolean): CutWindow {
  const day = wholeUnits(window, DAY_SECONDS);
  const days = day === undefined ? [] : [day];
  if (!withHours) return { days, hours: [], edges: around(window, day) };
  const hour = wholeUnits(window, HOUR_SECONDS);
  return { days, hours: hour === undefined ? [] : around(hour, day), edges: around(window, hour) };
}

/**
 * The same with a whole day in place of an edge that is longer than half of it: what the day has besides is less to count,
 * and is to be taken off.
 *
 * @param cut without hours
 */
export function roundUp(cut: CutWindow): CutWindow & { readonly beyond: readonly Span[] } {
  let [days] = cut.days;
  const edges: Span[] = [];
  const beyond: Span[] = [];
  for (const edge of cut.edges) {
    const rest = restOfDay(edge);
    if (rest === undefined) {
      edges.push(edge);
    } else {
      days = days === undefined ? rest.day : extend(days, rest.day);
      beyond.push(rest.span);
    }
  }
  return { days: days === undefined ? [] : [days], hours: cut.hours, edges, beyond };
}

/** Of the day that an edge begins or ends with and has most of; undefined if it isn't so. */
function restOfDay({ from, to }: Span): { readonly day: Bounds; readonly span: Span } | undefined {
  if (from === undefined || to === undefined || (to.seconds - from.seconds) * 2 <= DAY_SECONDS) return undefined;
  const day = unitOf(from, 'day');
  if (day.to.seconds > LAST_SECOND || isBefore(day.to, to)) return undefined;
  if (!isBefore(day.from, from)) return { day, span: { from: to, to: day.to } };
  return isBefore(to, day.to) ? undefined : { day, span: { from: day.from, to: from } };
}

/** An end that is open stays so. */
function extend({ from, to }: Span, day: Bounds): Span {
  return {
    from: from !== undefined && isBefore(day.from, from) ? day.from : from,
    to: to !== undefined && isBefore(to, day.to) ? day.to : to,
  };
}

/** The window of filters whose ends are both inclusive. */
export function inclusiveWindow(start: Instant | undefined, end: Instant | undefined): Span {
  return { from: start, to: end === undefined ? undefined : afterwards(end) };
}

/** The hour that holds an instant, or the day. */
export function unitOf(instant: Instant, unit: 'hour' | 'day'): Bounds {
  const length = unit === 'hour' ? HOUR_SECONDS : DAY_SECONDS;
  const seconds = Math.floor(instant.seconds / length) * length;
  return { from: { seconds, micros: 0 }, to: { seconds: seconds + length, micros: 0 } };
}

/** What both spans hold. */
export function intersect(one: Span, other: Span): Span {
  return {
    from:
      one.from === undefined || (other.from !== undefined && isBefore(one.from, other.from)) ? other.from : one.from,
    to: one.to === undefined || (other.to !== undefined && isBefore(other.to, one.to)) ? other.to : one.to,
  };
}

export function isBefore(one: Instant, other: Instant): boolean {
  return one.seconds < other.seconds || (one.seconds === other.seconds && one.micros < other.micros);
}

function wholeUnits(window: Span, length: number): Span | undefined {
  const from = window.from && { seconds: ceil(window.from, length), micros: 0 };
  if (from !== undefined && from.seconds > LAST_SECOND) return undefined;
  const to = window.to && { seconds: Math.floor(window.to.seconds / length) * length, micros: 0 };
  return from !== undefined && to !== undefined && from.seconds >= to.seconds ? undefined : { from, to };
}

/** What `outer` has before and after `inner`, or all of it where there is no inner one. */
function around(outer: Span, inner: Span | undefined): Span[] {
  if (inner === undefined) return [outer];
  const pieces: Span[] = [];
  if (outer.from !== undefined && inner.from !== undefined && isBefore(outer.from, inner.from)) {
    pieces.push({ from: outer.from, to: inner.from });
  }
  if (outer.to !== undefined && inner.to !== undefined && isBefore(inner.to, outer.to)) {
    pieces.push({ from: inner.to, to: outer.to });
  }
  return pieces;
}

function ceil(instant: Instant, length: number): number {
  const lower = Math.floor(instant.seconds / length) * length;
  return lower === instant.seconds && instant.micros === 0 ? lower : lower + length;
}

/** A microsecond later, the next instant there is; undefined after the last. */
function afterwards({ seconds, micros }: Instant): Instant | undefined {
  if (micros < 999_999) return { seconds, micros: micros + 1 };
  return seconds < LAST_SECOND ? { seconds: seconds + 1, micros: 0 } : undefined;
}
