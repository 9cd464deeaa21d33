import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answer } from '../support/answer.ts';
import { methodOf, OPERATIONS, type Operation } from '../support/operations.ts';
import { faultsOf, samplesOf, type Schema } from '../support/schema-sample.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { turnOnTwoFactor } from '../support/two-factor.ts';
import { addMember, EVENT, insist, login, makeWorld, recordEvent, SERVICE, type World } from '../support/world.ts';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Described {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: Schema }[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly description?: string }>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title?: string; readonly version?: string };
  readonly servers: readonly { readonly url: string }[];
  readonly components: { readonly securitySchemes: Readonly<Record<string, { type: string; scheme: string }>> };
  readonly security: readonly Record<string, unknown>[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}

let server: TestServer;
let world: World;
let other: World;
let document: Document;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  other = await makeWorld(server);
  document = (await server.call('GET', '/openapi.json')).json as Document;
});
afterAll(() => server.stop());

const byName = OPERATIONS.map((operation) => [operation.name, operation] as const);

function described(operation: Operation): Described {
  const [method = '', path = ''] = operation.name.split(' ');
  const found = document.paths[path]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`${operation.name} is not in the document`);
  return found;
}

function bodySchema(operation: Operation): Schema | undefined {
  return described(operation).requestBody?.content?.['application/json']?.schema;
}

/** Fails unless status, media type and body of an answer are what the document says of them. */
function expectDocumented(operation: Operation, answer: Answer): void {
  const seen = `${operation.name} answered ${answer.status} ${answer.text.slice(0, 300)}`;
  const response = described(operation).responses[answer.status];
  expect(response, seen).toBeDefined();
  if (answer.status === 204 || answer.status === 302) {
    expect([answer.text, response?.content], seen).toEqual(['', undefined]);
    return;
  }
  const mediaType = (answer.headers['content-type'] ?? '').split(';')[0] ?? '';
  const content = response?.content ?? {};
  expect(Object.keys(content), seen).toContain(mediaType);
  const value: unknown = /^application\/(problem\+)?json$/.test(mediaType) ? answer.json : answer.text;
  expect(faultsOf(content[mediaType]?.schema ?? {}, value), seen).toEqual([]);
}

function authFor(operation: Operation): { auth?: string } {
  if (operation.who === 'anyone') return {};
  if (operation.name === 'POST /api/v1/auth/logout' || operation.who === 'user') return { auth: world.owner.bearer };
  return { auth: operation.who === 'writer' ? world.keys.recorder.bearer : world.keys.owner.basic };
}

describe('the document', () => {
  it('is OpenAPI 3.1 with a title, a version, a server and both schemes', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.stringMatching(/\S/), version: expect.stringMatching(/\S/) });
    expect(document.servers).toEqual([{ url: '/' }]);
    expect(Object.values(document.components.securitySchemes).map(({ type, scheme }) => [type, scheme])).toEqual([
      ['http', 'basic'],
      ['http', 'bearer'],
    ]);
    const schemes = Object.keys(document.components.securitySchemes);
    for (const name of document.security.flatMap((one) => Object.keys(one))) expect(schemes).toContain(name);
  });

  it('names each operation once, with a summary, tags and a description of each answer', () => {
    const ids = OPERATIONS.map((operation) => described(operation).operationId);
    expect(new Set(ids).size).toBe(OPERATIONS.length);
    for (const operation of OPERATIONS) {
      const { operationId, summary, tags, responses } = described(operation);
      expect(operationId, operation.name).toMatch(/^[a-z][a-zA-Z]+$/);
      expect([summary, tags?.length], operation.name).toEqual([expect.stringMatching(/\S/), 1]);
      for (const [status, { description }] of Object.entries(responses)) {
        expect([operation.name, status, description]).toEqual([
          operation.name,
          expect.stringMatching(/^\d{3}$/),
          expect.stringMatching(/\S/),
        ]);
      }
    }
  });

  it('declares exactly the parameters that its paths have', () => {
    for (const operation of OPERATIONS) {
      const wanted = [...operation.name.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = (described(operation).parameters ?? []).filter((one) => one.in === 'path');
      expect([operation.name, ...inPath.map((one) => one.name)]).toEqual([operation.name, ...wanted]);
      for (const parameter of inPath) expect(parameter.required, operation.name).toBe(true);
    }
  });

  it('has schemas that any validator takes, and no reference into nothing', () => {
    expect(JSON.stringify(document)).not.toContain('"$ref"');
    for (const operation of OPERATIONS) {
      const { parameters = [], requestBody, responses } = described(operation);
      const contents = [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
      for (const { schema } of [...parameters, ...contents]) expect(() => faultsOf(schema ?? {}, null)).not.toThrow();
    }
  });

  it('says who needs no credential, and of the others that one is needed', () => {
    for (const operation of OPERATIONS) {
      const { security, responses } = described(operation);
      const open = operation.who === 'anyone';
      expect([operation.name, security]).toEqual([operation.name, open ? [] : undefined]);
      if (!open) expect(Object.keys(responses), operation.name).toEqual(expect.arrayContaining(['401', '429', '503']));
    }
  });
});

describe('called with what its schema allows', () => {
  it.each(byName)('%s answers as documented', async (_, operation) => {
    const schema = bodySchema(operation);
    const samples = schema === undefined ? [undefined] : samplesOf(schema);
    for (const made of samples) {
      const { path, body, auth } = await operation.request({ server, world });
      const answer = await server.call(methodOf(operation), path, {
        ...authFor(operation),
        ...(auth !== undefined && { auth }),
        ...(made !== undefined && { body: withFixed(made, operation, body) }),
      });
      expect([answer.status, answer.status >= 400 && answer.text]).toEqual([operation.success, false]);
      expectDocumented(operation, answer);
      if (operation.name === 'POST /api/v1/auth/logout' || operation.name === 'POST /api/v1/auth/password') {
        Object.assign(world.owner, { bearer: await login(server, world.owner.email, world.owner.password) });
      }
    }
  });

  it('every query parameter is taken at its smallest and its largest', async () => {
    for (const operation of OPERATIONS) {
      const parameters = (described(operation).parameters ?? []).filter((one) => one.in === 'query');
      const { path } = await operation.request({ server, world });
      for (const { name, schema } of parameters) {
        // A packet to compare with: only one that there is will do.
        if (name === 'with') continue;
        for (const value of ends(schema)) {
          const query = new URLSearchParams({
            [name]: name.endsWith('_date') ? '2026-01-15T10:30:00Z' : name === 'month' ? '2026-01' : String(value),
          });
          const [bare = ''] = path.split('?');
          const answer = await server.call(methodOf(operation), `${bare}?${query.toString()}`, authFor(operation));
          expect([operation.name, name, value, answer.status]).toEqual([
            operation.name,
            name,
            value,
            operation.success,
          ]);
          expectDocumented(operation, answer);
        }
      }
    }
  });
});

/** The members that only the scene knows replace the made-up ones, in each event of a batch too. */
function withFixed(made: unknown, operation: Operation, known: Readonly<Record<string, unknown>> = {}): unknown {
  const events = (made as { events?: unknown[] }).events;
  if (events !== undefined) return { events: events.map((event) => withFixed(event, operation, known)) };
  const body = { ...(made as Record<string, unknown>) };
  for (const name of operation.fixed ?? []) {
    if (known[name] === undefined) delete body[name];
    else body[name] = known[name];
  }
  return body;
}

function ends(
  schema: Schema & {
    readonly maximum?: number;
    readonly minLength?: number;
    readonly maxLength?: number;
    readonly format?: string;
  },
): unknown[] {
  if (schema.enum !== undefined) return [...schema.enum];
  if (schema.format === 'uuid') return ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'];
  if (schema.format === 'date') return ['0001-01-01', '9999-12-31'];
  if (schema.type === 'integer') return [schema.minimum ?? 0, schema.maximum ?? 2 ** 53 - 1];
  return ['x'.repeat(schema.minLength ?? 1), 'x'.repeat(schema.maxLength ?? 1000)];
}

/** How each refusal that an operation documents is brought about; the statuses without an entry can't be by one call. */
const REFUSED: Readonly<Record<string, (operation: Operation) => Promise<Answer> | undefined>> = {
  402: async (operation) => {
    const { path, body } = await operation.request({ server, world });
    const theirs = path.replace(world.id, other.id);
    return server.call(methodOf(operation), theirs, { auth: other.keys.admin.basic, ...(body && { body }) });
  },
  401: async (operation) => {
    const { path, body } = await operation.request({ server, world });
    const wrong = operation.name.endsWith('/oidc/session')
      ? { ...body, code: 'not the code of anybody' }
      : { ...body, password: 'not the password of anybody' };
    return server.call(
      methodOf(operation),
      path,
      operation.who === 'anyone' ? { body: wrong } : { ...(body && { body }) },
    );
  },
  403: async (operation) => {
    const { path, body } = await operation.request({ server, world });
    const auth = operation.who === 'writer' ? world.keys.analyst.basic : world.keys.recorder.basic;
    return server.call(methodOf(operation), path, { auth, ...(body && { body }) });
  },
  404: async (operation) => {
    const { path, body } = await operation.request({ server, world });
    const named = operation.in === 'header' || operation.name === 'GET /api/v1/auth/me';
    const headers = named ? { 'x-organization-id': randomUUID() } : {};
    return server.call(methodOf(operation), path, { auth: other.keys.owner.bearer, headers, ...(body && { body }) });
  },
  422: async (operation) => {
    const { path } = await operation.request({ server, world });
    const { parameters = [] } = described(operation);
    if (operation.name === 'POST /api/v1/auth/logout')
      return server.call('POST', path, { auth: world.keys.owner.basic });
    if (bodySchema(operation) !== undefined)
      return server.call(methodOf(operation), path, { ...authFor(operation), body: { no: 'such' } });
    if (parameters.some((one) => one.in === 'query')) return server.call('GET', `${path}?no=such`, authFor(operation));
    return server.call(methodOf(operation), path, { auth: await loginOfTwoOrganizations() });
  },
  409: async (operation) => {
    const auth = world.owner.basic;
    const self = world.path(`/members/${world.owner.id}`);
    switch (operation.name) {
      case 'PATCH /organizations/{orgId}/members/{userId}':
        return server.call('PATCH', self, { auth, body: { role: 'admin' } });
      case 'DELETE /organizations/{orgId}/members/{userId}':
        return server.call('DELETE', self, { auth });
      case 'POST /organizations/{orgId}/members':
        return server.call('POST', world.path('/members'), {
          auth,
          body: { email: world.owner.email, name: 'A', role: 'member' },
        });
      case 'POST /api/v1/compliance/audit-events': {
        const id = randomUUID();
        await recordEvent(server, world, { id });
        return server.call('POST', '/api/v1/compliance/audit-events', {
          auth: world.keys.recorder.basic,
          body: { ...EVENT, id, action: 'DELETE' },
        });
      }
      case 'PUT /api/v1/compliance/legal-holds/{name}': {
        const { path, body } = await operation.request({ server, world });
        await insist(server.call)(201, 'PUT', path, { auth: world.keys.admin.basic, body });
        return server.call('PUT', path, { auth: world.keys.admin.basic, body: { reason: 'another' } });
      }
      case 'GET /organizations/{orgId}/compliance-reports/{reportId}':
      case 'GET /organizations/{orgId}/compliance-reports/{reportId}/pdf':
      case 'GET /organizations/{orgId}/compliance-reports/{reportId}/annex/{template}':
      case 'GET /organizations/{orgId}/compliance-reports/{reportId}/diff': {
        const { path } = await operation.request({ server, world });
        return server.call('GET', path.replace(/(?<=reports\/)[^/]+/, await failedPacket()), { auth });
      }
      case 'POST /api/v1/auth/two-factor': {
        const { path, body, auth: own = '' } = await operation.request({ server, world });
        await turnOnTwoFactor(server, { bearer: own, password: String(body?.['password']) });
        return server.call('POST', path, { auth: own, body });
      }
      case 'POST /api/v1/auth/two-factor/confirm':
      case 'POST /api/v1/auth/two-factor/recovery-codes':
      case 'POST /api/v1/auth/two-factor/disable': {
        // The owner of the world has it off.
        const { path, body } = await operation.request({ server, world });
        return server.call('POST', path, { auth: world.owner.bearer, body });
      }
      default:
        throw new Error(`nothing here brings ${operation.name} to 409`);
    }
  },
};

/** As one is left by a generation that died. */
async function failedPacket(): Promise<string> {
  const id = randomUUID();
  await asOwner(server.databaseUrl, (client) =>
    client.query(
      `INSERT INTO packets (organization_no, report_id, framework, schema_version, period_start, period_end,
         generated_at, requested_by, status, failure)
       SELECT organization_no, $1, 'soc2', '1.0', now() - interval '1 day', now(), now(), 'test', 'failed', 'internal'
       FROM organizations WHERE organization_id = $2`,
      [id, world.id],
    ),
  );
  return id;
}

async function loginOfTwoOrganizations(): Promise<string> {
  const person = await addMember(server, world.id, world.owner.basic, 'admin');
  const body = { name: 'Their own', billing_email: person.email };
  await insist(server.call)(201, 'POST', '/organizations', { auth: person.bearer, body });
  return person.bearer;
}

/** Other tests bring these about: they take ten thousand services or declarations, many failed logins, or a database that is away. */
const ELSEWHERE = new Set([
  'POST /organizations/{orgId}/services 409',
  'PUT /organizations/{orgId}/services/{serviceId} 409',
  'PUT /organizations/{orgId}/declarations/{kind}/{recordId} 409',
  ...OPERATIONS.flatMap((operation) => [`${operation.name} 429`, `${operation.name} 503`]),
]);

/** Where a refusal of a public operation takes more than a wrong password. */
async function refusedInvitation(): Promise<Answer> {
  const { email } = other.owner;
  const body = { email, name: 'Ann', role: 'member' };
  const invited = await insist(server.call)(201, 'POST', world.path('/members'), { auth: world.owner.basic, body });
  const token = (invited.json as { invitation_url: string }).invitation_url.split('#')[1];
  return server.call('POST', '/api/v1/auth/invitations', { body: { token, password: 'not the password of anybody' } });
}

describe('refused', () => {
  it.each(byName)('%s answers as documented', async (_, operation) => {
    const refusals = Object.keys(described(operation).responses).filter((status) => Number(status) >= 400);
    for (const status of refusals) {
      if (ELSEWHERE.has(`${operation.name} ${status}`)) continue;
      const special = operation.name === 'POST /api/v1/auth/invitations' && status === '401';
      const answer = special ? await refusedInvitation() : await REFUSED[status]?.(operation);
      if (answer === undefined) throw new Error(`nothing here brings ${operation.name} to ${status}`);
      expect([operation.name, answer.status, answer.text]).toEqual([
        operation.name,
        Number(status),
        expect.any(String),
      ]);
      expectDocumented(operation, answer);
    }
  });

  it('a service put again is 200, not 201, and documented too', async () => {
    const path = world.path(`/services/${randomUUID()}`);
    const asked = { auth: world.keys.admin.basic, body: SERVICE };
    const put = OPERATIONS.find(
      (operation) => operation.name.startsWith('PUT ') && operation.name.includes('{serviceId}'),
    );
    const statuses = [await server.call('PUT', path, asked), await server.call('PUT', path, asked)].map((answer) => {
      expectDocumented(put as Operation, answer);
      return answer.status;
    });
    expect(statuses).toEqual([201, 200]);
  });
});
