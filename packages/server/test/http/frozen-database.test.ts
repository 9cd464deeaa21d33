import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { EmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../storage/scratch.ts';
import { freeze, startFreezablePostgres } from '../support/freeze.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, makeWorld, readTrail, type World } from '../support/world.ts';

const EVENTS = '/api/v1/compliance/audit-events';
/** What a caller may be kept waiting: the time of a request. */
const REQUEST_MS = 30_000;

const scratch = makeScratchFolder();
let postgres: EmbeddedPostgres;
let urlOf: (database: string) => string;
let server: TestServer;
let world: World;
let thaw = (): void => undefined;
beforeAll(async () => {
  postgres = await startFreezablePostgres(scratch.path);
  const { user, password, port, database } = postgres.owner;
  urlOf = (name) => `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
  await asOwner(urlOf(database), (client) => client.query('CREATE DATABASE hasty'));
  server = await startTestServer({ DATABASE_URL: urlOf(database) });
  world = await makeWorld(server);
});
afterAll(async () => {
  thaw();
  await server?.stop();
  await postgres?.stop();
  scratch.remove();
});

it(
  'a frozen database is answered for with 503 within the time of a request, and nothing is stored twice or lost',
  { timeout: 180_000 },
  async () => {
    const auth = world.keys.recorder.bearer;
    const single = { ...EVENT, id: randomUUID(), resource_type: 'frozen' };
    // More than the kernel takes of a body that nobody reads.
    const details = { said: 'x'.repeat(8000) };
    const events = Array.from({ length: 900 }, () => ({
      ...EVENT,
      id: randomUUID(),
      resource_type: 'frozen',
      details,
    }));
    const calls = (): Promise<{ status: number; headers: Readonly<Record<string, string>> }[]> =>
      Promise.all([
        server.call('POST', EVENTS, { auth, body: single }),
        server.call('POST', EVENTS, { auth, body: { events } }),
        server.call('GET', EVENTS, { auth: world.keys.analyst.bearer }),
        server.call('GET', '/api/v1/compliance/export', { auth: world.keys.admin.bearer }),
        server.call('GET', '/api/v1/compliance/reports/soc2', { auth: world.keys.admin.basic }),
      ]);
    // Under way as the database stops, on connections that are there.
    const underWay = Array.from({ length: 6 }, (_, number) =>
      server.call('POST', EVENTS, { auth, body: { ...single, id: randomUUID(), resource_id: `under-way-${number}` } }),
    );
    thaw = freeze(postgres);
    const from = performance.now();
    const answers = await calls();
    expect(performance.now() - from).toBeLessThan(REQUEST_MS);
    expect(answers.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
      answers.map(() => [503, '1']),
    );
    for (const { status } of await Promise.all(underWay)) expect([201, 503]).toContain(status);

    // Known to be silent, it is waited for no longer.
    const again = performance.now();
    expect((await calls()).map(({ status }) => status)).toEqual(answers.map(() => 503));
    expect(performance.now() - again).toBeLessThan(2000);
    expect((await server.call('GET', '/healthz')).status).toBe(200);
    expect((await server.call('GET', '/readyz')).status).toBe(503);

    thaw();
    await expect.poll(() => server.call('GET', '/readyz').then(({ status }) => status), { timeout: 20_000 }).toBe(200);
    for (const { status } of await calls()) expect([200, 201]).toContain(status);
    const stored = (await readTrail(server, world)).filter((one) => one.resource_type === 'frozen');
    const ids = stored.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining([single.id, ...events.map(({ id }) => id)]));
    // The database that stood still is in the diagnostics, as it should be.
    server.complaints.splice(0);
  },
);

it('who could not send their body, since nobody knew who they are, are not told to be faster', async () => {
  const hasty = await startTestServer({ DATABASE_URL: urlOf('hasty'), REQUEST_TIMEOUT_SECONDS: '2' });
  try {
    const { keys } = await makeWorld(hasty);
    const raw = Buffer.alloc(8_000_000, ' ');
    thaw = freeze(postgres);
    const answer = await hasty.call('POST', EVENTS, { auth: keys.recorder.bearer, raw });
    expect(answer).toMatchObject({ status: 503, json: { type: '/docs/problems#overloaded' } });
    expect(answer.headers['retry-after']).toBe('1');
  } finally {
    thaw();
    await expect.poll(() => hasty.call('GET', '/readyz').then(({ status }) => status), { timeout: 20_000 }).toBe(200);
    hasty.complaints.splice(0);
    await hasty.stop();
  }
});
