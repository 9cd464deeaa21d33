import type { Ground } from '../../tenancy/ground.ts';
import { listHolds } from '../../trail/hold-store.ts';
import { placeHold, releaseHold } from '../../trail/legal-holds.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { closed, items, nullable, Paging, Time } from '../schemas.ts';
import { Type } from '../type.ts';

const HoldPath = Type.Object({
  name: Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' }),
});

const Hold = Type.Object({
  name: Type.String(),
  reason: Type.String(),
  placed_by: Type.String(),
  placed_at: Time,
  released_by: nullable(Type.String()),
  released_at: nullable(Time),
});

const Body = closed({
  reason: Type.String({
    minLength: 1,
    maxLength: 2000,
    pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
    description: 'Why nothing may be removed; it goes into the trail.',
  }),
});

export function legalHoldRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;

  door.put(
    '/api/v1/compliance/legal-holds/:name',
    {
      config: { access: { organization: 'implied', role: 'admin' } },
      schema: {
        operationId: 'placeLegalHold',
        tags: ['Audit trail'],
        summary: 'Place a legal hold: nothing of the trail is removed while any is in force',
        params: HoldPath,
        body: Body,
        response: answers({ 200: Hold, 201: Hold }, 401, 403, 404, 409, 422, 503),
      },
    },
    async (request, reply) => {
      const { hold, placed } = await placeHold(ground, callerOf(request), request.params.name, request.body.reason);
      return reply.code(placed ? 201 : 200).send(hold);
    },
  );

  door.delete(
    '/api/v1/compliance/legal-holds/:name',
    {
      config: { access: { organization: 'implied', role: 'owner' } },
      schema: {
        operationId: 'releaseLegalHold',
        tags: ['Audit trail'],
        summary: 'Release a legal hold; it stays listed',
        params: HoldPath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const released = await releaseHold(ground, callerOf(request), request.params.name);
      if (!released) throw new HttpError('not_found', 'Name a hold that is in force.');
      return reply.code(204).send(null);
    },
  );

  door.get(
    '/api/v1/compliance/legal-holds',
    {
      config: { access: { organization: 'implied', role: 'admin' } },
      schema: {
        operationId: 'listLegalHolds',
        tags: ['Audit trail'],
        summary: 'Legal holds, those in force first, then newest first',
        querystring: Paging,
        response: answers({ 200: items(Hold) }, 401, 403, 404, 422, 503),
      },
    },
    async (request) => {
      const { page = 1, page_size: limit = 500 } = request.query;
      const { organization } = callerOf(request);
      const found = await ground.db.scoped(organization.no, (tx) =>
        listHolds(tx, organization.no, { limit, offset: (page - 1) * limit }),
      );
      return { items: found };
    },
  );
}
