import { listApiKeys } from '../../tenancy/api-key-store.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { issueApiKey, withdrawApiKey } from '../../tenancy/manage-api-keys.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { AnyRole, ApiKey, ApiKeyPath, closed, items, Name, OrganizationPath, Time } from '../schemas.ts';
import { Type } from '../type.ts';

const IssuedKey = Type.Object({
  key: Type.String(),
  secret: Type.String({ description: 'Shown this once.' }),
  name: Type.String(),
  role: AnyRole,
  created_at: Time,
});

export function apiKeyRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;

  door.post(
    '/organizations/:orgId/api-keys',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'issueApiKey',
        tags: ['Organizations'],
        summary: 'Make an API key; its secret is shown this once',
        params: OrganizationPath,
        body: closed({ name: Name, role: AnyRole }),
        response: answers({ 201: IssuedKey }, 401, 403, 404, 422, 503),
      },
    },
    async (request, reply) => {
      const { createdAt, ...key } = await issueApiKey(ground, callerOf(request), request.body);
      return reply.code(201).send({ ...key, created_at: createdAt.toISOString() });
    },
  );

  door.get(
    '/organizations/:orgId/api-keys',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'listApiKeys',
        tags: ['Organizations'],
        summary: 'Live API keys with their last use',
        params: OrganizationPath,
        response: answers({ 200: items(ApiKey) }, 401, 403, 404),
      },
    },
    async (request) => {
      const rows = await listApiKeys(ground.db.direct, callerOf(request).organization.no);
      return { items: rows.map(({ api_key: key, ...row }) => ({ key, ...row })) };
    },
  );

  door.delete(
    '/organizations/:orgId/api-keys/:key',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'withdrawApiKey',
        tags: ['Organizations'],
        summary: 'Revoke an API key; it is refused from the next request on',
        params: ApiKeyPath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      await withdrawApiKey(ground, callerOf(request), request.params.key);
      return reply.code(204).send(null);
    },
  );
}
