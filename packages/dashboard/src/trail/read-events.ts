import { ExactJson, parseAuditEvent, parseExactJson, type AuditEvent, type JsonValue } from '@veritrail/formats';
import { queryOptions } from '@tanstack/react-query';

import { ask } from '../api/call.ts';
import type { EventFilter } from '../api/queries.ts';

/** Events with their details as the exact text that was sent: a parsed and printed one has another MAC. */
export interface EventPage {
  readonly items: readonly AuditEvent[];
  readonly total: number;
}

export const PAGE_SIZE = 100;

export const eventPageQuery = (orgId: string, filter: EventFilter, page: number) =>
  queryOptions({
    queryKey: [orgId, 'events', filter, page],
    queryFn: async ({ signal }): Promise<EventPage> => {
      const response = await ask('get', '/api/v1/compliance/audit-events', {
        organization: orgId,
        query: { ...filter, page, page_size: PAGE_SIZE } as never,
        signal,
      });
      const answer = membersOf(parseExactJson(await response.text(), { exactMember: 'details' }));
      return { items: (answer['items'] as JsonValue[]).map(parseAuditEvent), total: answer['total'] as number };
    },
    staleTime: Infinity,
  });

export const eventQuery = (orgId: string, id: string) =>
  queryOptions({
    queryKey: [orgId, 'event', id],
    queryFn: async ({ signal }): Promise<AuditEvent> => {
      const response = await ask('get', '/api/v1/compliance/audit-events/{id}', {
        organization: orgId,
        path: { id },
        signal,
      });
      return parseAuditEvent(parseExactJson(await response.text(), { exactMember: 'details' }));
    },
    // What is recorded never changes.
    staleTime: Infinity,
  });

function membersOf(value: JsonValue): Readonly<Record<string, JsonValue>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactJson) return {};
  return value;
}
