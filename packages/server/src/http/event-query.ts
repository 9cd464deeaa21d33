import { ACCEPTED_TIMES, parseTimestamp, type Instant } from '@veritrail/formats';

import type { EventFilter } from '../trail/event-filter.ts';
import { HttpError } from './http-error.ts';
import { Action } from './schemas.ts';
import { isBefore } from '../trail/time-window.ts';
import { Type } from './type.ts';

/** The filters that lists and exports share. */
export const eventFilterMembers = {
  action: Type.Optional(Action),
  resource_type: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  actor_id: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  start_date: Type.Optional(Type.String({ maxLength: 64, description: 'RFC 3339, inclusive' })),
  end_date: Type.Optional(Type.String({ maxLength: 64, description: 'RFC 3339, inclusive' })),
};

interface EventQuery {
  readonly action?: string;
  readonly resource_type?: string;
  readonly actor_id?: string;
  readonly start_date?: string;
  readonly end_date?: string;
}

/** @throws {HttpError} `request_invalid` for a time that isn't one, an end before its start, or U+0000 in a filter */
export function filterOf(query: EventQuery): EventFilter {
  const start = timeOf(query.start_date, 'start_date');
  const end = timeOf(query.end_date, 'end_date');
  if (start !== undefined && end !== undefined && isBefore(end, start)) {
    throw new HttpError('request_invalid', '`end_date` must not be before `start_date`.');
  }
  if (`${query.resource_type}${query.actor_id}`.includes('\0')) {
    throw new HttpError('request_invalid', 'A filter must not hold the character U+0000.');
  }
  return {
    action: query.action,
    resource_type: query.resource_type,
    actor_id: query.actor_id,
    start,
    end,
  };
}

function timeOf(text: string | undefined, name: string): Instant | undefined {
  const instant = text === undefined ? undefined : parseTimestamp(text);
  if (text !== undefined && instant === undefined) {
    throw new HttpError('request_invalid', `\`${name}\` must be ${ACCEPTED_TIMES}, such as 2026-01-15T10:30:00Z.`);
  }
  return instant;
}
