import { ACCEPTED_TIMES, formatTimestamp, parseTimestamp } from '@veritrail/formats';

import { listBackups } from '../../posture/backup-store.ts';
import { changeService, createService, putService, removeService } from '../../posture/change-service.ts';
import { PostureError } from '../../posture/posture-error.ts';
import { recordBackup } from '../../posture/record-backup.ts';
import type { ServiceFacts } from '../../posture/service.ts';
import { findService, listServices, listVersions } from '../../posture/service-store.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import {
  Backup,
  closed,
  items,
  OrganizationPath,
  paged,
  pageOf,
  Paging,
  Service,
  ServiceChangeBody,
  ServiceFactsBody,
  ServicePath,
  ServiceVersion,
  Time,
} from '../schemas.ts';
import { Type } from '../type.ts';

export function serviceRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;
  const reading = { access: { organization: 'path', role: 'member' } } as const;
  const changing = { access: { organization: 'path', role: 'admin' } } as const;

  door.post(
    '/organizations/:orgId/services',
    {
      config: changing,
      schema: {
        operationId: 'createService',
        tags: ['Records'],
        summary: 'Record a service',
        params: OrganizationPath,
        body: ServiceFactsBody,
        response: answers({ 201: Service }, 401, 403, 404, 409, 422, 503),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await createService(ground, callerOf(request), request.body as ServiceFacts)),
  );

  door.get(
    '/organizations/:orgId/services',
    {
      config: reading,
      schema: {
        operationId: 'listServices',
        tags: ['Records'],
        summary: 'Services as they stand now, oldest first',
        params: OrganizationPath,
        response: answers({ 200: items(Service) }, 401, 403, 404),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      return { items: await ground.db.scoped(organization.no, (tx) => listServices(tx, organization.no)) };
    },
  );

  door.get(
    '/organizations/:orgId/services/:serviceId',
    {
      config: reading,
      schema: {
        operationId: 'readService',
        tags: ['Records'],
        summary: 'One service as it stands now',
        params: ServicePath,
        response: answers({ 200: Service }, 401, 403, 404),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const service = await ground.db.scoped(organization.no, (tx) =>
        findService(tx, organization.no, idOf(request.params)),
      );
      if (service === undefined) throw noService();
      return service;
    },
  );

  door.put(
    '/organizations/:orgId/services/:serviceId',
    {
      config: changing,
      schema: {
        operationId: 'putService',
        tags: ['Records'],
        summary: 'Create or replace a service under an id of your own',
        params: ServicePath,
        body: ServiceFactsBody,
        response: answers({ 200: Service, 201: Service }, 401, 403, 404, 409, 422, 503),
      },
    },
    async (request, reply) => {
      const id = idOf(request.params);
      const { service, created } = await putService(ground, callerOf(request), id, request.body);
      return reply.code(created ? 201 : 200).send(service);
    },
  );

  door.patch(
    '/organizations/:orgId/services/:serviceId',
    {
      config: changing,
      schema: {
        operationId: 'changeService',
        tags: ['Records'],
        summary: 'Change some facts of a service; what was true before stays readable',
        params: ServicePath,
        body: ServiceChangeBody,
        response: answers({ 200: Service }, 401, 403, 404, 422, 503),
      },
    },
    async (request) =>
      changeService(ground, callerOf(request), idOf(request.params), request.body as Partial<ServiceFacts>),
  );

  door.delete(
    '/organizations/:orgId/services/:serviceId',
    {
      config: changing,
      schema: {
        operationId: 'removeService',
        tags: ['Records'],
        summary: 'End a service; its history and backups stay',
        params: ServicePath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      await removeService(ground, callerOf(request), idOf(request.params));
      return reply.code(204).send(null);
    },
  );

  door.get(
    '/organizations/:orgId/services/:serviceId/history',
    {
      config: reading,
      schema: {
        operationId: 'readServiceHistory',
        tags: ['Records'],
        summary: 'What was true of a service from when to when, oldest first; of ended ones too',
        params: ServicePath,
        querystring: Paging,
        response: answers({ 200: paged(ServiceVersion) }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { limit, offset, page } = pageOf(request.query);
      const { versions, total } = await ground.db.scoped(organization.no, (tx) =>
        listVersions(tx, organization.no, idOf(request.params), { limit, offset }),
      );
      if (total === 0) throw noService();
      return { items: versions, total, page, page_size: limit };
    },
  );

  door.post(
    '/organizations/:orgId/services/:serviceId/backups',
    {
      config: changing,
      schema: {
        operationId: 'recordBackup',
        tags: ['Records'],
        summary: 'Record a backup, completed or failed',
        params: ServicePath,
        body: closed({
          completed_at: Time,
          type: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$' }),
          status: Type.Enum(['completed', 'failed']),
        }),
        response: answers({ 201: Backup }, 401, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const completed = parseTimestamp(request.body.completed_at);
      if (completed === undefined) {
        throw new HttpError(
          'request_invalid',
          `\`completed_at\` must be ${ACCEPTED_TIMES}, such as 2026-06-07T02:00:14Z.`,
        );
      }
      const backup = await recordBackup(ground, callerOf(request), idOf(request.params), {
        ...request.body,
        completed_at: formatTimestamp(completed),
      });
      return reply.code(201).send(backup);
    },
  );

  door.get(
    '/organizations/:orgId/services/:serviceId/backups',
    {
      config: reading,
      schema: {
        operationId: 'listBackups',
        tags: ['Records'],
        summary: 'Backups of a service, newest first',
        params: ServicePath,
        querystring: Paging,
        response: answers({ 200: paged(Backup) }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { limit, offset, page } = pageOf(request.query);
      const serviceId = idOf(request.params);
      const { backups, total } = await ground.db.scoped(organization.no, async (tx) => {
        if ((await findService(tx, organization.no, serviceId)) === undefined) throw noService();
        return listBackups(tx, organization.no, serviceId, { limit, offset });
      });
      return { items: backups, total, page, page_size: limit };
    },
  );
}

/** As the trail writes it: ids are compared without case and kept in lower case (RFC 9562, section 4). */
function idOf(path: { readonly serviceId: string }): string {
  return path.serviceId.toLowerCase();
}

function noService(): PostureError {
  return new PostureError('service_not_found', 'Name a service that the list of services shows.');
}
