import { AUDIT_ACTIONS } from '@veritrail/formats';

import type { Database } from '../../storage/database.ts';
import { countOverTime, MOST_DAYS_BY_HOUR, unitFor } from '../../trail/count-over-time.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { eventFilterMembers, filterOf } from '../event-query.ts';
import { nullable, Time } from '../schemas.ts';
import { Type } from '../type.ts';

const UNITS = ['hour', 'day'] as const;

const Histogram = Type.Object({
  unit: Type.Enum([...UNITS]),
  total: Type.Integer(),
  by_action: Type.Object(Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, Type.Integer()]))),
  failed_login_attempts: nullable(Type.Integer({ description: 'Null where an actor is named: not counted by actor.' })),
  items: Type.Array(
    Type.Object(
      { start: Time, events: Type.Integer() },
      { description: 'Of one unit; one without events is left out.' },
    ),
  ),
});

export function eventHistogramRoutes(door: Door, parts: { db: Database }): void {
  door.get(
    '/api/v1/compliance/audit-events/histogram',
    {
      config: { access: { organization: 'implied', role: 'analyst' } },
      schema: {
        operationId: 'countAuditEvents',
        tags: ['Audit trail'],
        summary: 'How many events a filter selects: in all, by action, and by hour or day in UTC, oldest first',
        description: `Exact, from counts that are kept by hour and day. Without \`unit\`: hours for a window of a week or less, otherwise days. Where hours are asked for and the window is open or longer than ${MOST_DAYS_BY_HOUR} days, it has days all the same; \`unit\` of the answer says which.`,
        querystring: Type.Object(
          { unit: Type.Optional(Type.Enum([...UNITS])), ...eventFilterMembers },
          { additionalProperties: false },
        ),
        response: answers({ 200: Histogram }, 401, 403, 404, 422, 503),
      },
    },
    async (request) => {
      const filter = filterOf(request.query);
      const unit = unitFor(filter, request.query.unit);
      const { no } = callerOf(request).organization;
      const { byAction, counts } = await parts.db.scoped(no, (tx) => countOverTime(tx, no, filter, unit), {
        snapshot: true,
        settled: true,
      });
      const events = new Map(byAction.map((one) => [one.action, one.events]));
      return {
        unit,
        total: byAction.reduce((sum, one) => sum + one.events, 0),
        by_action: Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, events.get(action) ?? 0])),
        failed_login_attempts:
          filter.actor_id === undefined ? byAction.reduce((sum, one) => sum + one.failedLogins, 0) : null,
        items: counts.map(({ unit: start, events: n }) => ({ start, events: n })),
      };
    },
  );
}
