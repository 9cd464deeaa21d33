import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import express, { Router } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../../server/test/support/test-server.ts';
import { makeWorld, readTrail, type EventItem, type World } from '../../server/test/support/world.ts';
import { auditRequests } from '../src/express.ts';
import type { AuditClient, RequestAuditOptions } from '../src/index.ts';
import { closeClients, openClient } from './support/scene.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const running = new Set<Server>();
afterEach(async () => {
  for (const one of running) one.closeAllConnections();
  await Promise.all([...running].map((one) => new Promise((closed) => one.close(closed))));
  running.clear();
  await closeClients();
});

/** @returns calls it */
async function application(
  client: Pick<AuditClient, 'record'>,
  options: Partial<RequestAuditOptions<express.Request>> = {},
) {
  const app = express();
  app.use(
    auditRequests<express.Request>({
      client,
      actor: (request) => ({ id: request.get('x-user') ?? '' }),
      sensitive: (route) => route.endsWith('/members/:memberId'),
      ...options,
    }),
  );
  const members = Router({ mergeParams: true });
  members.get('/members/:memberId', (_request, response) => void response.json({ name: 'secret of the body' }));
  members.put('/members/:memberId', (_request, response) => void response.json({}));
  app.post('/projects', (_request, response) => void response.status(201).json({ id: 1 }));
  app.get('/projects', (_request, response) => void response.json([]));
  app.delete('/projects/:projectId', (_request, response) => void response.status(204).end());
  app.delete('/files/*path', (_request, response) => void response.sendStatus(204));
  app.post('/streams/:id', (_request, response) => {
    response.write('part');
    response.end('end');
  });
  app.use('/guarded', (request, response, next) =>
    request.get('x-pass') === undefined ? void response.status(401).end('no') : next(),
  );
  app.use('/vaults/:vaultId', (_request, response) => void response.status(403).end('no'));
  app.use('/failing', (_request, _response, next) => next(Object.assign(new Error('no'), { status: 403 })));
  app.patch('/broken/:id', () => {
    throw Object.assign(new Error('inside'), { status: 500, expose: false, stack: '' });
  });
  app.delete('/guarded/items/:id', (_request, response) => void response.sendStatus(204));
  app.use('/projects/:projectId', members);
  const http = createServer(app);
  running.add(http);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const { port } = http.address() as AddressInfo;
  return async (method: string, path: string, body?: string) => {
    const headers = { 'x-user': 'usr-7', 'user-agent': 'browser', authorization: 'Bearer secret' };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

async function recordedBy(world: World): Promise<EventItem[]> {
  return (await readTrail(server, world)).filter(({ actor_id: id }) => id === 'usr-7');
}

describe('requests of an Express application', () => {
  it('are recorded with what they did to what, and nothing of what they carried', async () => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world);
    const call = await application(client);
    await call('POST', '/projects?token=query', 'secret of the body');
    await call('PUT', '/projects/p1/members/m-2');
    await call('DELETE', '/projects/p1');
    await call('GET', '/projects/p1/members/m-2');
    await call('GET', '/projects');
    await call('POST', '/nowhere');
    await call('DELETE', '/files/a/b%00c');
    await call('PATCH', '/broken/1');
    await expect.poll(() => recordedBy(world)).toHaveLength(6);
    const events = await recordedBy(world);
    expect(events.map((one) => [one.action, one.resource_type, one.resource_id, one.details['status']])).toEqual([
      ['CREATE', 'projects', '*', 201],
      ['UPDATE', 'members', 'm-2', 200],
      ['DELETE', 'projects', 'p1', 204],
      ['READ', 'members', 'm-2', 200],
      ['DELETE', 'files', 'a/b\uFFFDc', 204],
      ['UPDATE', 'broken', '*', 500],
    ]);
    expect(events[5]?.details['route']).toBe('/broken/:id');
    expect(events[1]).toMatchObject({
      ip_address: '127.0.0.1',
      user_agent: 'browser',
      details: { method: 'PUT', route: '/projects/p1/members/:memberId', status: 200, duration_ms: expect.any(Number) },
    });
    expect(Object.keys(events[0]?.details ?? {})).toEqual(['method', 'route', 'status', 'duration_ms']);
    expect(JSON.stringify(events)).not.toMatch(/secret|query/);
  });

  it.each([false, true])(
    'that a middleware refuses before their route are recorded too, strict: %s',
    async (strict) => {
      const world = await makeWorld(server);
      const { client } = await openClient(server, world);
      const call = await application(client, { strict });
      expect((await call('DELETE', '/guarded/items/1')).status).toBe(401);
      expect((await call('DELETE', '/failing/1')).status).toBe(403);
      expect((await call('PUT', '/vaults/v%201/items/1')).status).toBe(403);
      expect((await call('GET', '/guarded/items/1')).status).toBe(401);
      expect((await call('DELETE', '/nowhere')).status).toBe(404);
      await expect.poll(() => recordedBy(world)).toHaveLength(3);
      expect(await recordedBy(world)).toMatchObject([
        { action: 'DELETE', resource_type: 'guarded', resource_id: '*', details: { route: '/guarded', status: 401 } },
        { action: 'DELETE', resource_type: '(none)', resource_id: '*', details: { route: '(none)', status: 403 } },
        { action: 'UPDATE', resource_type: 'vaults', resource_id: 'v 1', details: { route: '/vaults/:vaultId' } },
      ]);
    },
  );
});

const failing = { record: () => Promise.reject(new Error('away')) };

describe('when the event can not be recorded', () => {
  it('the request is none the worse, and the owner hears of it', async () => {
    const failures: unknown[] = [];
    const call = await application(failing, { onFailure: (error) => void failures.push(error) });
    expect(await call('POST', '/projects')).toMatchObject({ status: 201, text: '{"id":1}' });
    await expect.poll(() => failures).toMatchObject([{ message: 'away' }]);
  });

  it('a strict application says so instead of answering', async () => {
    const call = await application(failing, { strict: true });
    const answer = await call('POST', '/projects');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({ detail: expect.stringContaining('could not be recorded') });
    expect((await call('GET', '/projects')).status).toBe(200);
    expect((await call('POST', '/nowhere')).status).toBe(404);
  });

  it('a strict answer that is half out never looks whole', async () => {
    const call = await application(failing, { strict: true });
    await expect(call('POST', '/streams/1')).rejects.toThrow(/terminated|fetch failed/);
  });

  it('nor does it wait for ever', async () => {
    const call = await application(
      { record: () => new Promise(() => undefined) },
      { strict: true, strictTimeoutMs: 50 },
    );
    expect((await call('DELETE', '/projects/1')).status).toBe(503);
  });
});

it('a strict application answers when the event is on the server', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world);
  const call = await application(client, { strict: true });
  expect(await call('POST', '/projects')).toMatchObject({ status: 201, text: '{"id":1}' });
  expect(await recordedBy(world)).toMatchObject([{ action: 'CREATE', details: { status: 201 } }]);
  expect((await call('POST', '/streams/1')).text).toBe('partend');
  expect(await recordedBy(world)).toHaveLength(2);
});
