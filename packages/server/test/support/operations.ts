import { randomUUID } from 'node:crypto';

import { takeSample } from '../../src/posture/take-sample.ts';
import { declaredData } from './declared-data.ts';
import { organizationNo } from './retention-scene.ts';
import { beginTwoFactor, codeOf, turnOnTwoFactor } from './two-factor.ts';
import { addMember, insist, EVENT, makeKey, makeService, recordEvent, SERVICE, type World } from './world.ts';
import { asOwner, type TestServer } from './test-server.ts';

export interface Scene {
  readonly server: TestServer;
  readonly world: World;
}

/** One request that is right in everything; a second one made from it must not stand in the way of the first. */
export interface Request {
  readonly path: string;
  readonly body?: Record<string, unknown>;
  /** What somebody does to their own account: whose credential any user here has to send in place of their own. */
  readonly auth?: string;
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

const SCOPE = { owner: 'Ann Example', data: declaredData('')['scope_categories'] };

const ofDeclaration = async ({ server, world }: Scene): Promise<Request> => {
  const path = world.path(`/declarations/scope_categories/${randomUUID()}`);
  await insist(server.call)(201, 'PUT', path, { auth: world.keys.admin.basic, body: SCOPE });
  return { path };
};

const EVENTS = '/api/v1/compliance/audit-events';
const EXPORT = '/api/v1/compliance/export';
const HOLDS = '/api/v1/compliance/legal-holds';

const REPORTS = '/compliance-reports';

/** Made anew for each request, so that none stands in the way of another. */
const ofPacket =
  (rest: string, framework = 'soc2') =>
  async (scene: Scene): Promise<Request> => ({
    path: scene.world.path(`${REPORTS}/${await makePacket(scene, framework)}${rest}`),
  });

async function makePacket({ server, world }: Scene, framework: string): Promise<string> {
  await insist(server.call)(200, 'PUT', world.path(`/compliance-subscriptions/${framework}`), {
    auth: world.keys.admin.basic,
  });
  const made = await insist(server.call)(201, 'POST', world.path(REPORTS), {
    auth: world.keys.member.basic,
    body: { framework },
  });
  return (made.json as { report_id: string }).report_id;
}

async function declareDoraProvider({ server, world }: Scene): Promise<void> {
  await insist(server.call)(201, 'PUT', world.path(`/declarations/dora_provider/${randomUUID()}`), {
    auth: world.keys.admin.basic,
    body: {
      owner: 'Ann',
      data: {
        legal_name: 'Example Cloud AB',
        identifier: { type: 'EUID', value: 'SE.5560000000' },
        country: 'SE',
        parent: null,
      },
    },
  });
}

const TWO_FACTOR = '/api/v1/auth/two-factor';

/** Of somebody made for it, whose two-factor sign-in is on. */
const ofTwoFactor =
  (rest: string) =>
  async ({ server, world }: Scene): Promise<Request> => {
    const person = await addMember(server, world.id, world.owner.bearer, 'member');
    const { recoveryCodes } = await turnOnTwoFactor(server, person);
    const body = { password: person.password, code: recoveryCodes[0] };
    return { path: `${TWO_FACTOR}${rest}`, body, auth: person.bearer };
  };

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
    name: `GET ${TWO_FACTOR}`,
    who: 'user',
    in: 'none',
    success: 200,
    request: () => ({ path: TWO_FACTOR }),
  },
  {
    name: `POST ${TWO_FACTOR}`,
    who: 'user',
    in: 'none',
    success: 200,
    fixed: ['password'],
    async request({ server, world }) {
      const { bearer: auth, password } = await addMember(server, world.id, world.owner.bearer, 'member');
      return { path: TWO_FACTOR, body: { password }, auth };
    },
  },
  {
    name: `POST ${TWO_FACTOR}/confirm`,
    who: 'user',
    in: 'none',
    success: 200,
    fixed: ['code'],
    async request({ server, world }) {
      const person = await addMember(server, world.id, world.owner.bearer, 'member');
      const { secret } = await beginTwoFactor(server, person);
      return { path: `${TWO_FACTOR}/confirm`, body: { code: codeOf(secret) }, auth: person.bearer };
    },
  },
  {
    name: `POST ${TWO_FACTOR}/recovery-codes`,
    who: 'user',
    in: 'none',
    success: 200,
    fixed: ['password', 'code'],
    request: ofTwoFactor('/recovery-codes'),
  },
  {
    name: `POST ${TWO_FACTOR}/disable`,
    who: 'user',
    in: 'none',
    success: 204,
    fixed: ['password', 'code'],
    request: ofTwoFactor('/disable'),
  },
  {
    name: 'GET /api/v1/auth/methods',
    who: 'anyone',
    in: 'none',
    success: 200,
    request: () => ({ path: '/api/v1/auth/methods' }),
  },
  {
    name: 'GET /api/v1/auth/oidc/start',
    who: 'anyone',
    in: 'none',
    success: 302,
    request: () => ({ path: `/api/v1/auth/oidc/start?binding=${'b'.repeat(43)}` }),
  },
  {
    name: 'GET /api/v1/auth/oidc/callback',
    who: 'anyone',
    in: 'none',
    success: 302,
    request: () => ({ path: '/api/v1/auth/oidc/callback?code=x&state=y' }),
  },
  {
    name: 'POST /api/v1/auth/oidc/session',
    who: 'anyone',
    in: 'none',
    success: 200,
    fixed: ['code', 'binding'],
    // As if somebody had come back from the identity provider, which is another test's matter.
    async request({ server, world }) {
      const [code, binding] = [randomUUID(), randomUUID() + randomUUID()];
      await asOwner(server.databaseUrl, (client) =>
        client.query(
          `INSERT INTO sign_in_handovers VALUES (sha256($1::bytea), sha256($2::bytea), $3, now() + interval '1 minute')`,
          [Buffer.from(code), Buffer.from(binding), world.owner.id],
        ),
      );
      return { path: '/api/v1/auth/oidc/session', body: { code, binding } };
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

  { name: 'GET /organizations/{orgId}/samples', who: 'member', in: 'path', success: 200, request: at('/samples') },
  {
    name: 'GET /organizations/{orgId}/samples/{day}',
    who: 'member',
    in: 'path',
    success: 200,
    async request({ server, world }) {
      const now = new Date();
      await takeSample(server.running.house.ground, await organizationNo(server, world), now);
      return { path: world.path(`/samples/${now.toISOString().slice(0, 10)}`) };
    },
  },
  {
    name: 'POST /organizations/{orgId}/observations',
    who: 'admin',
    in: 'path',
    success: 201,
    fixed: ['observations'],
    request: async ({ server, world }) => ({
      path: world.path('/observations'),
      body: {
        collector: { id: 'scanner', version: '1.0.0' },
        observations: [{ service_id: await makeService(server, world), fact: 'tls_required', value: true }],
      },
    }),
  },
  {
    name: 'GET /organizations/{orgId}/observations',
    who: 'member',
    in: 'path',
    success: 200,
    request: at('/observations'),
  },
  {
    name: 'PUT /organizations/{orgId}/declarations/{kind}/{recordId}',
    who: 'admin',
    in: 'path',
    success: 201,
    fixed: ['valid_until', 'data'],
    request: ({ world }) => ({ path: world.path(`/declarations/scope_categories/${randomUUID()}`), body: SCOPE }),
  },
  {
    name: 'DELETE /organizations/{orgId}/declarations/{kind}/{recordId}',
    who: 'admin',
    in: 'path',
    success: 204,
    request: ofDeclaration,
  },
  {
    name: 'GET /organizations/{orgId}/declarations',
    who: 'member',
    in: 'path',
    success: 200,
    request: at('/declarations'),
  },
  {
    name: 'GET /organizations/{orgId}/declarations/{kind}/{recordId}',
    who: 'member',
    in: 'path',
    success: 200,
    request: ofDeclaration,
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
    name: 'POST /organizations/{orgId}/compliance-reports',
    who: 'member',
    in: 'path',
    success: 201,
    fixed: ['framework', 'period_start', 'period_end'],
    async request({ server, world }) {
      await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/soc2'), {
        auth: world.keys.admin.basic,
      });
      return { path: world.path(REPORTS), body: { framework: 'soc2' } };
    },
  },
  {
    name: 'GET /organizations/{orgId}/compliance-reports',
    who: 'member',
    in: 'path',
    success: 200,
    request: at(REPORTS),
  },
  {
    name: 'GET /organizations/{orgId}/compliance-reports/{reportId}',
    who: 'member',
    in: 'path',
    success: 200,
    request: ofPacket(''),
  },
  {
    name: 'GET /organizations/{orgId}/compliance-reports/{reportId}/pdf',
    who: 'member',
    in: 'path',
    success: 200,
    request: ofPacket('/pdf'),
  },
  {
    name: 'GET /organizations/{orgId}/compliance-reports/{reportId}/annex/{template}',
    who: 'member',
    in: 'path',
    success: 200,
    async request(scene) {
      await declareDoraProvider(scene);
      return ofPacket('/annex/B_05.01', 'dora')(scene);
    },
  },
  {
    name: 'GET /organizations/{orgId}/compliance-reports/{reportId}/diff',
    who: 'member',
    in: 'path',
    success: 200,
    async request(scene) {
      const one = await makePacket(scene, 'soc2');
      return ofPacket(`/diff?with=${one}`)(scene);
    },
  },
  {
    name: 'GET /organizations/{orgId}/compliance-schedules',
    who: 'member',
    in: 'path',
    success: 200,
    request: at('/compliance-schedules'),
  },
  {
    name: 'PUT /organizations/{orgId}/compliance-schedules/{framework}',
    who: 'admin',
    in: 'path',
    success: 200,
    fixed: ['cadence'],
    async request({ server, world }) {
      await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/dora'), {
        auth: world.keys.admin.basic,
      });
      return { path: world.path('/compliance-schedules/dora'), body: { cadence: 'monthly' } };
    },
  },
  {
    name: 'DELETE /organizations/{orgId}/compliance-schedules/{framework}',
    who: 'admin',
    in: 'path',
    success: 204,
    async request({ server, world }) {
      const auth = world.keys.admin.basic;
      await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/gdpr_ropa'), { auth });
      const path = world.path('/compliance-schedules/gdpr_ropa');
      await insist(server.call)(200, 'PUT', path, { auth, body: { cadence: 'quarterly' } });
      return { path };
    },
  },
  {
    name: 'GET /organizations/{orgId}/compliance-subscriptions',
    who: 'member',
    in: 'path',
    success: 200,
    request: at('/compliance-subscriptions'),
  },
  {
    name: 'PUT /organizations/{orgId}/compliance-subscriptions/{framework}',
    who: 'admin',
    in: 'path',
    success: 200,
    request: at('/compliance-subscriptions/dora'),
  },
  {
    name: 'DELETE /organizations/{orgId}/compliance-subscriptions/{framework}',
    who: 'admin',
    in: 'path',
    success: 200,
    request: at('/compliance-subscriptions/dora'),
  },
  {
    name: 'GET /organizations/{orgId}/billing/charges',
    who: 'admin',
    in: 'path',
    success: 200,
    request: at('/billing/charges'),
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

  {
    name: 'GET /.well-known/compliance-signing-keys',
    who: 'anyone',
    in: 'none',
    success: 200,
    request: () => ({ path: '/.well-known/compliance-signing-keys' }),
  },
  { name: 'GET /healthz', who: 'anyone', in: 'none', success: 200, request: () => ({ path: '/healthz' }) },
  { name: 'GET /readyz', who: 'anyone', in: 'none', success: 200, request: () => ({ path: '/readyz' }) },
  { name: 'GET /metrics', who: 'anyone', in: 'none', success: 200, request: () => ({ path: '/metrics' }) },
];

/** Pages and documents, which the OpenAPI document doesn't describe. Anyone may read them. */
export const HIDDEN_OPERATIONS: readonly string[] = [
  'GET /',
  'GET /assets/{name}',
  'GET /assets/invitation.js',
  'GET /assets/page.css',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /docs/problems',
  'GET /invitation',
  'GET /openapi.json',
  'GET /robots.txt',
  'GET /sign-in',
  'GET /verify',
];

/** `GET` and what follows it in an operation's name. */
export function methodOf(operation: Pick<Operation, 'name'>): string {
  return operation.name.split(' ')[0] ?? '';
}
