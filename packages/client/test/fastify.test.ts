import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../../server/test/support/test-server.ts';
import { makeWorld, readTrail, type EventItem, type World } from '../../server/test/support/world.ts';
import { auditRequests } from '../src/fastify.ts';
import type { AuditClient } from '../src/index.ts';
import { closeClients, openClient } from './support/scene.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
afterEach(closeClients);

type Options = Parameters<typeof auditRequests>[1];

async function application(
  client: Pick<AuditClient, 'record'>,
  options: Partial<Options> = {},
): Promise<FastifyInstance> {
  const app = fastify();
  await app.register(auditRequests, {
    client,
    actor: ({ headers }: { headers: Record<string, unknown> }) => ({ id: String(headers['x-user']), username: 'jane' }),
    sensitive: ['/projects/:projectId/members/:memberId'],
    ...options,
  });
  app.post('/projects', async (_request, reply) => reply.code(201).send({ id: 1 }));
  app.get('/projects', async () => []);
  await app.register(async (scope) => {
    scope.get('/projects/:projectId/members/:memberId', async () => ({ name: 'secret of the body' }));
    scope.put('/projects/:projectId/members/:memberId', async () => ({}));
    scope.delete('/projects/:projectId', async (_request, reply) => reply.code(204).send());
    scope.patch('/broken/:id', async () => {
      throw new Error('inside');
    });
  });
  return app;
}

const headers = { 'x-user': 'usr-7', 'user-agent': 'browser', authorization: 'Bearer secret' };

async function recordedBy(world: World): Promise<EventItem[]> {
  return (await readTrail(server, world)).filter(({ actor_id: id }) => id === 'usr-7');
}

describe('requests of a Fastify application', () => {
  it('are recorded with what they did to what, and nothing of what they carried', async () => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world);
    const app = await application(client);
    await app.inject({
      method: 'POST',
      url: '/projects?token=query',
      headers,
      payload: { name: 'secret of the body' },
    });
    await app.inject({ method: 'PUT', url: '/projects/p%201/members/m-2', headers });
    await app.inject({ method: 'DELETE', url: '/projects/p1', headers });
    await app.inject({ method: 'GET', url: '/projects/p1/members/m-2', headers });
    await app.inject({ method: 'GET', url: '/projects', headers });
    await app.inject({ method: 'OPTIONS', url: '/projects', headers });
    await app.inject({ method: 'POST', url: '/nowhere', headers });
    await app.inject({ method: 'PATCH', url: '/broken/1', headers });
    await app.close();
    await client.flush();
    const events = await recordedBy(world);
    expect(events.map((one) => [one.action, one.resource_type, one.resource_id, one.details['status']])).toEqual([
      ['CREATE', 'projects', '*', 201],
      ['UPDATE', 'members', 'm-2', 200],
      ['DELETE', 'projects', 'p1', 204],
      ['READ', 'members', 'm-2', 200],
      ['UPDATE', 'broken', '1', 500],
    ]);
    expect(events[1]).toMatchObject({
      actor_username: 'jane',
      ip_address: '127.0.0.1',
      user_agent: 'browser',
      details: {
        method: 'PUT',
        route: '/projects/:projectId/members/:memberId',
        status: 200,
        duration_ms: expect.any(Number),
      },
    });
    expect(Object.keys(events[0]?.details ?? {})).toEqual(['method', 'route', 'status', 'duration_ms']);
    expect(JSON.stringify(events)).not.toMatch(/secret|query/);
  });

  it.each([false, true])('whose caller went away before the answer are recorded too, strict: %s', async (strict) => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world);
    const app = await application(client, { strict });
    let begun: () => void = () => undefined;
    const inHandler = new Promise<void>((resolve) => (begun = resolve));
    const gone = new AbortController();
    app.post('/slow/:id', async (_request, reply) => {
      const closed = new Promise((resolve) => reply.raw.once('close', resolve));
      begun();
      await closed;
      return {};
    });
    const base = await app.listen({ port: 0, host: '127.0.0.1' });
    const asked = fetch(`${base}/slow/1`, { method: 'POST', headers, signal: gone.signal });
    asked.catch(() => undefined);
    await inHandler;
    gone.abort();
    await expect
      .poll(() => recordedBy(world), { timeout: 10_000 })
      .toMatchObject([{ action: 'CREATE', resource_id: '1' }]);
    expect((await recordedBy(world))[0]?.details['completed']).toBe(strict ? undefined : false);
    expect((await fetch(`${base}/projects`, { method: 'POST', headers })).status).toBe(201);
    await expect.poll(() => recordedBy(world), { timeout: 10_000 }).toHaveLength(2);
    expect((await recordedBy(world))[1]?.details).not.toHaveProperty('completed');
    await app.close();
  });

  it('can be mapped otherwise', async () => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world);
    const app = await application(client, {
      action: ({ route, method }) =>
        route === '/projects' ? null : method === 'PUT' ? 'PERMISSION_CHANGE' : undefined,
      resource: ({ params }) => ({
        type: 'membership',
        id: `${String(params['projectId'])}/${String(params['memberId'])}`,
      }),
      details: () => ({ ticket: 'T-1' }),
    });
    await app.inject({ method: 'POST', url: '/projects', headers });
    await app.inject({ method: 'PUT', url: '/projects/p1/members/m-2', headers });
    await app.close();
    await client.flush();
    expect(await recordedBy(world)).toMatchObject([
      { action: 'PERMISSION_CHANGE', resource_type: 'membership', resource_id: 'p1/m-2', details: { ticket: 'T-1' } },
    ]);
  });

  it('can not get out of being recorded by what they are called', async () => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world);
    const app = await application(client);
    await app.inject({ method: 'DELETE', url: '/projects/a%00b', headers });
    await app.close();
    await client.flush();
    expect(await recordedBy(world)).toMatchObject([{ resource_id: 'a\uFFFDb' }]);
  });
});

const failing = { record: () => Promise.reject(new Error('away')) };

describe('when the event can not be recorded', () => {
  it('the request is none the worse, and the owner hears of it', async () => {
    const failures: unknown[] = [];
    const app = await application(failing, { onFailure: (error) => void failures.push(error) });
    const answer = await app.inject({ method: 'POST', url: '/projects', headers });
    expect([answer.statusCode, answer.json()]).toEqual([201, { id: 1 }]);
    await app.close();
    expect(failures).toMatchObject([{ message: 'away' }]);
  });

  it('nor is it for a mistake in the mapping', async () => {
    const failures: unknown[] = [];
    const app = await application(failing, {
      actor: () => {
        throw new Error('mistake');
      },
      onFailure: (error) => void failures.push(error),
    });
    expect((await app.inject({ method: 'POST', url: '/projects', headers })).statusCode).toBe(201);
    await app.close();
    expect(failures).toMatchObject([{ message: 'mistake' }]);
  });

  it('a strict application says so instead of answering', async () => {
    const app = await application(failing, { strict: true });
    const answer = await app.inject({ method: 'POST', url: '/projects', headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 503, detail: expect.stringContaining('could not be recorded') });
    expect((await app.inject({ method: 'GET', url: '/projects', headers })).statusCode).toBe(200);
    await app.close();
  });

  it('nor does it wait for ever', async () => {
    const app = await application(
      { record: () => new Promise(() => undefined) },
      { strict: true, strictTimeoutMs: 50 },
    );
    expect((await app.inject({ method: 'POST', url: '/projects', headers })).statusCode).toBe(503);
    await app.close();
  });
});

it('a strict application answers when the event is on the server', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world);
  const app = await application(client, { strict: true });
  const answer = await app.inject({ method: 'POST', url: '/projects', headers });
  expect([answer.statusCode, answer.json()]).toEqual([201, { id: 1 }]);
  expect(await recordedBy(world)).toMatchObject([{ action: 'CREATE', details: { status: 201 } }]);
  await app.close();
});
