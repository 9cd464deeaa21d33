import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AuditMac } from '../../keyring/audit-mac.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { EXPORT_FORMATS, EXPORT_ORDERS, exportEvents, type ExportFormat } from '../../trail/export-events.ts';
import type { GroupCommit } from '../../trail/group-commit.ts';
import { completeExport, findExport, insertExport } from '../../trail/export-store.ts';
import { lockHead, readHead } from '../../trail/trail-store.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { eventFilterMembers, filterOf } from '../event-query.ts';
import { HttpError } from '../http-error.ts';
import { createPlaces } from '../places.ts';
import { AuditEventItem, nullable, Time, Uuid } from '../schemas.ts';
import { breakOffStalled } from '../stalled-reader.ts';
import { Type } from '../type.ts';

/** Each holds some megabytes and keeps a core busy; a few at once are enough. */
const MOST_EXPORTS_AT_ONCE = 8;
/** So that one organization's slow readers can't take every place. */
const MOST_OF_ONE_ORGANIZATION = 3;
/** Made while earlier bytes are on their way to a reader. */
const BYTES_AHEAD = 512 * 1024;
/** After each piece, which keeps this thread for less, while events wait to be recorded. */
const GIVE_WAY_MS = 2;

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

const Query = Type.Object(
  {
    format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { default: 'json' })),
    ...eventFilterMembers,
    after_sequence: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'Only events with a higher sequence: what came since an export whose manifest gave this as `last_sequence`, or ' +
          'the rest of one that broke off, if it was by sequence.',
      }),
    ),
    order: Type.Optional(
      Type.Enum([...EXPORT_ORDERS], {
        default: 'time',
        description: 'Oldest first by `timestamp`, then `sequence`; or by `sequence`, as they were recorded.',
      }),
    ),
  },
  { additionalProperties: false },
);

const Manifest = Type.Object({
  export_id: Uuid,
  format: Type.Enum([...EXPORT_FORMATS]),
  filter: Type.Object({}, { additionalProperties: true }),
  requested_at: Time,
  complete: Type.Boolean(),
  events: nullable(Type.Integer()),
  first_sequence: nullable(Type.Integer()),
  last_sequence: nullable(Type.Integer()),
  bytes: nullable(Type.Integer()),
  sha256: nullable(Type.String()),
  signature: nullable(Type.String()),
  signature_key_id: Type.String(),
});

const STREAM = {
  description: 'A JSON array of events, CSV with a header row, or one event a line',
  content: {
    'application/json': { schema: Type.Array(AuditEventItem) },
    'text/csv': { schema: Type.String() },
    'application/x-ndjson': { schema: Type.String() },
  },
};

export function exportRoutes(
  door: Door,
  parts: { ground: Ground; auditMac: AuditMac; groupCommit: Pick<GroupCommit, 'waiting'> },
): void {
  const { ground, auditMac, groupCommit } = parts;
  const giveWay = async (): Promise<void> => {
    if (groupCommit.waiting > 0) await sleep(GIVE_WAY_MS);
  };
  const places = createPlaces({ inAll: MOST_EXPORTS_AT_ONCE, ofOneOrganization: MOST_OF_ONE_ORGANIZATION });

  door.get(
    '/api/v1/compliance/export',
    {
      config: { access: { organization: 'implied', role: 'admin' } },
      schema: {
        operationId: 'exportAuditEvents',
        tags: ['Audit trail'],
        summary: 'Every event recorded before the request, or those a filter selects, as a stream',
        description:
          'Oldest first. `X-Export-Id` names the export; the trailer `X-Audit-Signature` comes after the last byte of a whole one, and `GET …/exports/{id}` tells the same.',
        querystring: Query,
        response: answers({ 200: STREAM }, 401, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const { format = 'json', order = 'time', after_sequence } = request.query;
      const filter = { ...filterOf(request.query), after_sequence };
      const { organization, actor } = callerOf(request);
      // No byte would be delivered, so it is no export. A stream, since an empty text would have a length.
      if (request.method === 'HEAD') return reply.header('content-type', MEDIA_TYPES[format]).send(Readable.from([]));
      const leave = places.take(organization.no);
      if (leave === undefined) {
        throw new HttpError('overloaded', 'Enough exports are running; ask again when one of them is done.');
      }
      const exportId = randomUUID();
      try {
        const plan = await ground.db.scoped(organization.no, async (tx) => {
          const { nextSequence: endSequence } = await lockHead(tx, organization.no);
          const { firstSequence } = await readHead(tx, organization.no);
          const key = auditMac.current;
          const made = { organizationNo: organization.no, format, filter, order, firstSequence, endSequence, key };
          const requestedAt = ground.clock();
          await insertExport(tx, { ...made, exportId, requestedBy: actor.id, requestedAt, macKeyId: key.keyId });
          await ground.recordDeed(tx, organization.no, actor, {
            action: 'EXPORT',
            resourceType: 'audit_events',
            resourceId: exportId,
            details: { format, filter: JSON.parse(JSON.stringify(filter)), order, end_sequence: endSequence },
          });
          return made;
        });
        let signature = '';
        const unsent = (): number => body.readableLength + reply.raw.writableLength;
        const whenClosed = (closed: () => void): void => {
          if (reply.raw.closed) closed();
          else reply.raw.once('close', closed);
        };
        const pieces = exportEvents({ db: ground.db, auditMac, unsent, whenClosed, giveWay }, plan, async (summary) => {
          await ground.db.scoped(organization.no, (tx) => completeExport(tx, organization.no, exportId, summary));
          signature = `sha256=${summary.mac}`;
        });
        const body = Readable.from(pieces, { objectMode: false, highWaterMark: BYTES_AHEAD });
        body.once('close', leave);
        breakOffStalled(reply.raw, unsent);
        // Called when the body is out; an export that broke off never gets here, so it has no trailer.
        reply.trailer('x-audit-signature', (_reply, _payload, done) => done(null, signature));
        return reply
          .headers({
            'content-type': MEDIA_TYPES[format],
            'content-disposition': `attachment; filename="audit-events-${exportId}.${format}"`,
            'x-export-id': exportId,
          })
          .send(body);
      } catch (error) {
        leave();
        throw error;
      }
    },
  );

  door.get(
    '/api/v1/compliance/exports/:id',
    {
      config: { access: { organization: 'implied', role: 'admin' } },
      schema: {
        operationId: 'readExport',
        tags: ['Audit trail'],
        summary: 'What an export held, and whether it is whole',
        params: Type.Object({ id: Uuid }),
        response: answers({ 200: Manifest }, 401, 403, 404, 503),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const row = await ground.db.scoped(organization.no, (tx) => findExport(tx, organization.no, request.params.id));
      if (row === undefined) throw new HttpError('not_found', 'Name an export by the X-Export-Id of its answer.');
      const { mac, mac_key_id, filter, ...shown } = row;
      return {
        ...shown,
        format: shown.format as ExportFormat,
        filter: JSON.parse(filter) as object,
        signature: mac === null ? null : `sha256=${mac}`,
        signature_key_id: mac_key_id,
      };
    },
  );
}
