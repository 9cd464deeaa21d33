import { randomUUID } from 'node:crypto';

import { insist, EVENT, makeKey, makeService, recordEvent, SERVICE, type World } from './world.ts';
import type { TestServer } from './test-server.ts';

export interface Scene {
  readonly server: TestServer;
  readonly world: World;
}

/** One request that is right in everything; a second one made from it must not stand in the way of the first. */
export interface Request {
  readonly path: string;
  readonly body?: Record<string, unknown>;
}

export interface Operation {
  /** As the OpenAPI document has it. */
  readonly name: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
  /**
   * `anyone` without a credential, `any` credential, a `user`, or the least role in the organization; `writer` is an
   * admin or a recorder.
   */
  readonly who: 'anyone' | 'any' | 'user' | 'member' | 'analyst' | 'admin' | 'owner' | 'writer';
  /** Where the organization is named: in the path, by X-Organization-Id or the credential itself, or not at all. */
  readonly in: 'path' | 'header' | 'none';
  /** What those who may call it get. */
  readonly success: number;
  /** Members of the body that a schema can't invent; the others are made up from it. */
  readonly fixed?: readonly string[];
  request(scene: Scene): Promise<Request> | Request;
}

const at =
  (rest: string, body?: Record<string, unknown>) =>
  ({ world }: Scene): Request => ({
    path: world.path(rest),
    ...(body !== undefined && { body }),
  });

const ofService =
  (rest: string, body?: Record<string, unknown>) =>
  async ({ server, world }: Scene): Promise<Request> => ({
    path: world.path(`/services/${await makeService(server, world)}${rest}`),
    ...(body !== undefined && { body }),
  });

const ofMember =
  (body?: Record<string, unknown>) =>
  async ({ server, world }: Scene): Promise<Request> => {
    const auth = world.keys.owner.basic;
    const member = { email: newEmail(), name: 'Ann', role: 'member' };
    const added = await insist(server.call)(201, 'POST', world.path('/members'), { auth, body: member });
    const { user_id: id } = added.json as { user_id: string };
    return { path: world.path(`/members/${id}`), ...(body !== undefined && { body }) };
  };

function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

const EVENTS = '/api/v1/compliance/audit-events';
const EXPORT = '/api/v1/compliance/export';
const HOLDS = '/api/v1/compliance/legal-holds';

/** Every operation there is, and who may call it. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'POST /api/v1/auth/login',
    who: 'anyone',
    in: 'none',
    success: 200,
    fixed: ['email', 'password'],
    request: ({ world }) => ({
      path: '/api/v1/auth/login',
      body: { email: world.owner.email, password: world.owner.password },
    }),
  },
  // Who may: only the bearer of a session has something to end, see the tests of tenancy.
  {
    name: 'POST /api/v1/auth/logout',
    who: 'any',
    in: 'none',
    success: 204,
    request: () => ({ path: '/api/v1/auth/logout' }),
  },
  { name: 'GET /api/v1/auth/me', who: 'any', in: 'none', success: 200, request: () => ({ path: '/api/v1/auth/me' }) },
  {
    name: 'POST /api/v1/auth/password',
    who: 'user',
    in: 'none',
    success: 204,
    fixed: ['current_password', 'new_password'],
    request: ({ world }) => ({
      path: '/api/v1/auth/password',
      body: { current_password: world.owner.password, new_password: world.owner.password },
    }),
  },
  {
    name: 'POST /api/v1/auth/invitations',
    who: 'anyone',
    in: 'none',
    success: 204,
    fixed: ['token', 'password'],
    async request({ server, world }) {
      const member = { email: newEmail(), name: 'Ann', role: 'member' };
      const auth = world.keys.owner.basic;
      const added = await insist(server.call)(201, 'POST', world.path('/members'), { auth, body: member });
      const { invitation_url: url } = added.json as { invitation_url: string };
      return {
        path: '/api/v1/auth/invitations',
        body: { token: url.slice(url.indexOf('#') + 1), password: 'a password of her own' },
      };
    },
  },

  {
    name: 'POST /organizations',
    who: 'user',
    in: 'none',
    success: 201,
    request: () => ({ path: '/organizations', body: { name: 'Another', billing_email: 'billing@example.com' } }),
  },
  { name: 'GET /organizations', who: 'member', in: 'none', success: 200, request: () => ({ path: '/organizations' }) },
  { name: 'GET /organizations/{orgId}', who: 'member', in: 'path', success: 200, request: at('') },
  {
    name: 'PATCH /organizations/{orgId}',
    who: 'admin',
    in: 'path',
    success: 200,
    request: at('', { audit_retention_days: 365 }),
  },
  { name: 'GET /organizations/{orgId}/members', who: 'member', in: 'path', success: 200, request: at('/members') },
  {
    name: 'POST /organizations/{orgId}/members',
    who: 'admin',
    in: 'path',
    success: 201,
    fixed: ['email', 'role'],
    request: ({ world }) => ({
      path: world.path('/members'),
      body: { email: newEmail(), name: 'Ann', role: 'member' },
    }),
  },
  {
    name: 'PATCH /organizations/{orgId}/members/{userId}',
    who: 'admin',
    in: 'path',
    success: 200,
    fixed: ['role'],
    request: ofMember({ role: 'analyst' }),
  },
  {
    name: 'DELETE /organizations/{orgId}/members/{userId}',
    who: 'admin',
    in: 'path',
    success: 204,
    request: ofMember(),
  },
  {
    name: 'GET /organizations/{orgId}/invitations',
    who: 'admin',
    in: 'path',
    success: 200,
    request: at('/invitations'),
  },
  {
    name: 'DELETE /organizations/{orgId}/invitations/{userId}',
    who: 'admin',
    in: 'path',
    success: 204,
    async request({ server, world }) {
      const member = { email: newEmail(), name: 'Ann', role: 'member' };
      const auth = world.keys.owner.basic;
      const added = await insist(server.call)(201, 'POST', world.path('/members'), { auth, body: member });
      return { path: world.path(`/invitations/${(added.json as { user_id: string }).user_id}`) };
    },
  },
  {
    name: 'POST /organizations/{orgId}/api-keys',
    who: 'admin',
    in: 'path',
    success: 201,
    fixed: ['role'],
    request: at('/api-keys', { name: 'Key', role: 'recorder' }),
  },
  { name: 'GET /organizations/{orgId}/api-keys', who: 'admin', in: 'path', success: 200, request: at('/api-keys') },
  {
    name: 'DELETE /organizations/{orgId}/api-keys/{key}',
    who: 'admin',
    in: 'path',
    success: 204,
    async request({ server, world }) {
      return { path: world.path(`/api-keys/${(await makeKey(server, world.id, world.owner.basic, 'recorder')).id}`) };
    },
  },

  { name: 'GET /zones', who: 'any', in: 'none', success: 200, request: () => ({ path: '/zones' }) },
  {
    name: 'POST /organizations/{orgId}/services',
    who: 'admin',
    in: 'path',
    success: 201,
    request: at('/services', SERVICE),
  },
  { name: 'GET /organizations/{orgId}/services', who: 'member', in: 'path', success: 200, request: at('/services') },
  {
    name: 'GET /organizations/{orgId}/services/{serviceId}',
    who: 'member',
    in: 'path',
    success: 200,
    request: ofService(''),
  },
  {
    name: 'PUT /organizations/{orgId}/services/{serviceId}',
    who: 'admin',
    in: 'path',
    success: 201,
    request: ({ world }) => ({ path: world.path(`/services/${randomUUID()}`), body: SERVICE }),
  },
  {
    name: 'PATCH /organizations/{orgId}/services/{serviceId}',
    who: 'admin',
    in: 'path',
    success: 200,
    request: ofService('', { tls_enabled: false }),
  },
  {
    name: 'DELETE /organizations/{orgId}/services/{serviceId}',
    who: 'admin',
    in: 'path',
    success: 204,
    request: ofService(''),
  },
  {
    name: 'GET /organizations/{orgId}/services/{serviceId}/history',
    who: 'member',
    in: 'path',
    success: 200,
    request: ofService('/history'),
  },
  {
    name: 'POST /organizations/{orgId}/services/{serviceId}/backups',
    who: 'admin',
    in: 'path',
    success: 201,
    fixed: ['completed_at'],
    request: ofService('/backups', { completed_at: '2026-06-07T02:00:14Z', type: 'automated', status: 'completed' }),
  },
  {
    name: 'GET /organizations/{orgId}/services/{serviceId}/backups',
    who: 'member',
    in: 'path',
    success: 200,
    request: ofService('/backups'),
  },
  {
    name: 'GET /organizations/{orgId}/backup-days',
    who: 'member',
    in: 'path',
    success: 200,
    request: at('/backup-days'),
  },

  {
    name: 'GET /organizations/{orgId}/compliance-report',
    who: 'member',
    in: 'path',
    success: 200,
    request: at('/compliance-report'),
  },
  {
    name: 'GET /organizations/{orgId}/compliance-report/verification-key',
    who: 'admin',
    in: 'path',
    success: 200,
    request: at('/compliance-report/verification-key'),
  },

  {
    name: 'POST /api/v1/compliance/audit-events',
    who: 'writer',
    in: 'header',
    success: 201,
    fixed: ['timestamp', 'id'],
    request: () => ({ path: EVENTS, body: EVENT }),
  },
  {
    name: 'GET /api/v1/compliance/audit-events',
    who: 'analyst',
    in: 'header',
    success: 200,
    request: () => ({ path: EVENTS }),
  },
  {
    name: 'GET /api/v1/compliance/audit-events/{id}',
    who: 'analyst',
    in: 'header',
    success: 200,
    async request({ server, world }) {
      const { id } = (await recordEvent(server, world)).json as { id: string };
      return { path: `${EVENTS}/${id}` };
    },
  },
  {
    name: 'GET /api/v1/compliance/audit-events/histogram',
    who: 'analyst',
    in: 'header',
    success: 200,
    request: () => ({ path: `${EVENTS}/histogram` }),
  },

  {
    name: 'GET /api/v1/compliance/export',
    who: 'admin',
    in: 'header',
    success: 200,
    request: () => ({ path: EXPORT }),
  },
  {
    name: 'GET /api/v1/compliance/exports/{id}',
    who: 'admin',
    in: 'header',
    success: 200,
    async request({ server, world }) {
      const answer = await insist(server.call)(200, 'GET', EXPORT, { auth: world.keys.admin.bearer });
      return { path: `/api/v1/compliance/exports/${answer.headers['x-export-id']}` };
    },
  },
  {
    name: 'GET /api/v1/compliance/reports/soc2',
    who: 'admin',
    in: 'header',
    success: 200,
    request: () => ({ path: '/api/v1/compliance/reports/soc2' }),
  },
  {
    name: 'GET /api/v1/compliance/reports/iso27001',
    who: 'admin',
    in: 'header',
    success: 200,
    request: () => ({ path: '/api/v1/compliance/reports/iso27001' }),
  },
  {
    name: 'GET /api/v1/compliance/flags',
    who: 'analyst',
    in: 'header',
    success: 200,
    request: () => ({ path: '/api/v1/compliance/flags' }),
  },

  {
    name: 'GET /api/v1/compliance/trail-check',
    who: 'analyst',
    in: 'header',
    success: 200,
    request: () => ({ path: '/api/v1/compliance/trail-check' }),
  },
  {
    name: 'PUT /api/v1/compliance/legal-holds/{name}',
    who: 'admin',
    in: 'header',
    success: 201,
    request: () => ({ path: `${HOLDS}/${randomUUID()}`, body: { reason: 'a case at court' } }),
  },
  {
    name: 'DELETE /api/v1/compliance/legal-holds/{name}',
    who: 'owner',
    in: 'header',
    success: 204,
    async request({ server, world }) {
      const path = `${HOLDS}/${randomUUID()}`;
      await insist(server.call)(201, 'PUT', path, {
        auth: world.keys.admin.basic,
        body: { reason: 'a case at court' },
      });
      return { path };
    },
  },
  {
    name: 'GET /api/v1/compliance/legal-holds',
    who: 'admin',
    in: 'header',
    success: 200,
    request: () => ({ path: HOLDS }),
  },

  { name: 'GET /healthz', who: 'anyone', in: 'none', success: 200, request: () => ({ path: '/healthz' }) },
  { name: 'GET /readyz', who: 'anyone', in: 'none', success: 200, request: () => ({ path: '/readyz' }) },
  { name: 'GET /metrics', who: 'anyone', in: 'none', success: 200, request: () => ({ path: '/metrics' }) },
];

/** Pages and documents, which the OpenAPI document doesn't describe. Anyone may read them. */
export const HIDDEN_OPERATIONS: readonly string[] = [
  'GET /',
  'GET /assets/*',
  'GET /assets/invitation.js',
  'GET /assets/page.css',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /docs/json',
  'GET /docs/problems',
  'GET /docs/static/index.html',
  'GET /docs/static/swagger-initializer.js',
  'GET /docs/yaml',
  'GET /invitation',
  'GET /o/*',
  'GET /openapi.json',
  'GET /robots.txt',
  'GET /sign-in',
  'GET /verify',
];

/** `GET` and what follows it in an operation's name. */
export function methodOf(operation: Pick<Operation, 'name'>): string {
  return operation.name.split(' ')[0] ?? '';
}
