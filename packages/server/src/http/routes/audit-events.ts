import type { JsonValue } from '@veritrail/formats';

import type { AuditMac } from '../../keyring/audit-mac.ts';
import type { Metrics } from '../../metrics.ts';
import type { Trail } from '../../trail/trail.ts';
import { readEventDrafts } from '../../trail/event-draft.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { eventFilterMembers, filterOf } from '../event-query.ts';
import { HttpError } from '../http-error.ts';
import { AuditEventItem, EventBody, EventsBody, items, Uuid } from '../schemas.ts';
import { createAuditEventUpload, NDJSON, uploadRefusals, UploadSummary } from './audit-event-upload.ts';
import { Type } from '../type.ts';

/** A thousand ordinary events with room to spare; larger details go in smaller batches. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const BATCH_OPEN = Buffer.from('{"items":[');
const BATCH_CLOSE = Buffer.from(']}');

const Query = Type.Object(
  {
    page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 })),
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    ...eventFilterMembers,
  },
  { additionalProperties: false },
);

const EventPage = Type.Object({
  items: Type.Array(AuditEventItem),
  total: Type.Integer(),
  page: Type.Integer(),
  page_size: Type.Integer(),
  pages: Type.Integer(),
});

export function auditEventRoutes(
  door: Door,
  parts: { trail: Trail; auditMac: AuditMac; clock: () => Date; metrics: Metrics; requestTimeoutSeconds: number },
): void {
  const { trail, auditMac } = parts;
  const upload = createAuditEventUpload(door, parts);
  const signed = (body: string | Buffer) => ({
    'content-type': 'application/json; charset=utf-8',
    'x-audit-signature': `sha256=${auditMac.mac(body)}`,
  });

  function record(organizationNo: number, body: JsonValue) {
    const { drafts, batch } = readEventDrafts(body, parts.clock());
    return { batch, recording: trail.record(organizationNo, drafts) };
  }

  door.post(
    '/api/v1/compliance/audit-events',
    {
      bodyLimit: MAX_BODY_BYTES,
      config: {
        access: { organization: 'implied', role: 'admin', recorder: true },
        exactMember: 'details',
        uploads: true,
      },
      // readEventDrafts checks what the schema says, faster and with the place of what is wrong.
      validatorCompiler: () => () => true,
      schema: {
        operationId: 'recordAuditEvents',
        tags: ['Audit trail'],
        summary: 'Record one event, or up to 1,000 as {"events": […]}: all or nothing; or any number as lines',
        description:
          'Answers when the events are durable. With an `id` of your own a retry is safe: the same event again is answered with 200 and the first bytes.\n\n' +
          'As application/x-ndjson the body is one event a line, of any length, each with an `id`. Lines are recorded in batches as they come, so it is not ' +
          'all or nothing: the first bad line ends the upload, and the refusal names it. Sent again, what was recorded counts as duplicates. Lines that come at less than 1 KiB/s are cut off with 408.',
        body: { content: { 'application/json': { schema: EventsBody }, [NDJSON]: { schema: EventBody } } },
        response: {
          ...answers(
            {
              200: Type.Union([AuditEventItem, items(AuditEventItem), UploadSummary]),
              201: Type.Union([AuditEventItem, items(AuditEventItem)]),
            },
            401,
            403,
            404,
          ),
          ...uploadRefusals,
        },
      },
    },
    async (request, reply) => {
      if (request.body === request.raw) return upload(request, reply);
      const { organization } = callerOf(request);
      const { batch, recording } = record(organization.no, request.body as JsonValue);
      // While a thousand events wait for the disk, what they were read from need not.
      request.body = undefined;
      const { entries, fresh } = await recording;
      const body = batch ? Buffer.concat([BATCH_OPEN, entries, BATCH_CLOSE]) : entries;
      parts.metrics.eventsRecorded.inc(fresh);
      const status = fresh > 0 ? 201 : 200;
      return reply.code(status).headers(signed(body)).send(body);
    },
  );

  door.get(
    '/api/v1/compliance/audit-events',
    {
      config: { access: { organization: 'implied', role: 'analyst' } },
      schema: {
        operationId: 'listAuditEvents',
        tags: ['Audit trail'],
        summary: 'Events, newest first, filtered and paged',
        querystring: Query,
        response: answers({ 200: EventPage }, 401, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const { page = 1, page_size: pageSize = 50 } = request.query;
      const filter = filterOf(request.query);
      const { items: found, total } = await trail.list(callerOf(request).organization.no, filter, {
        limit: pageSize,
        offset: (page - 1) * pageSize,
      });
      const pages = Math.ceil(total / pageSize);
      const text = `{"items":[${found.join(',')}],"total":${total},"page":${page},"page_size":${pageSize},"pages":${pages}}`;
      return reply.headers(signed(text)).send(text);
    },
  );

  door.get(
    '/api/v1/compliance/audit-events/:id',
    {
      config: { access: { organization: 'implied', role: 'analyst' } },
      schema: {
        operationId: 'readAuditEvent',
        tags: ['Audit trail'],
        summary: 'One event',
        params: Type.Object({ id: Uuid }),
        response: answers({ 200: AuditEventItem }, 401, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const text = await trail.find(callerOf(request).organization.no, request.params.id.toLowerCase());
      if (text === undefined) throw new HttpError('not_found', 'Name an event that the list of events shows.');
      return reply.headers(signed(text)).send(text);
    },
  );
}
