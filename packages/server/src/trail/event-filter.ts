import { formatTimestamp, type Instant } from '@veritrail/formats';

import type { Span } from './time-window.ts';

/** Which events. Undefined members let everything through. */
export interface EventFilter {
  readonly action?: string | undefined;
  readonly resource_type?: string | undefined;
  readonly actor_id?: string | undefined;
  /** Both ends inclusive. */
  readonly start?: Instant | undefined;
  readonly end?: Instant | undefined;
  /** Exclusive. */
  readonly after_sequence?: number | undefined;
}

/** Puts a value into a statement: as a parameter, or as a literal. */
export type Place = (value: string | number) => string;

/** A filter as SQL over audit_events. */
export function conditionsOf(organizationNo: number, filter: EventFilter, place: Place): string {
  const conditions = [equalityConditions(organizationNo, filter, place)];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value !== undefined) conditions.push(`${condition} ${place(value)}`);
  };
  add('actor_id =', filter.actor_id);
  add('occurred_at >=', filter.start && formatTimestamp(filter.start));
  add('occurred_at <=', filter.end && formatTimestamp(filter.end));
  add('sequence >', filter.after_sequence);
  return conditions.join(' AND ');
}

/** The part of a filter that counts by hour and day can answer too; their columns have the same names. */
export function equalityConditions(organizationNo: number, filter: EventFilter, place: Place): string {
  const conditions = [`organization_no = ${place(organizationNo)}`];
  if (filter.action !== undefined) conditions.push(`action = ${place(filter.action)}`);
  if (filter.resource_type !== undefined) conditions.push(`resource_type = ${place(filter.resource_type)}`);
  return conditions.join(' AND ');
}

/** That a column of times lies in a span. */
export function spanConditions(column: string, span: Span, place: Place): string {
  const from = span.from === undefined ? 'true' : `${column} >= ${place(formatTimestamp(span.from))}`;
  const to = span.to === undefined ? 'true' : `${column} < ${place(formatTimestamp(span.to))}`;
  return `${from} AND ${to}`;
}
