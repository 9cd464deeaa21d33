import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../../server/test/support/test-server.ts';
import { makeWorld, recordEvent } from '../../server/test/support/world.ts';
import { backoffMs } from '../src/backoff.ts';
import {
  closeClients,
  credentialOf,
  event,
  openClient,
  range,
  removeSpools,
  spoolFolder,
  thingIds,
  things,
} from './support/scene.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
afterEach(async () => {
  await closeClients();
  removeSpools();
});

type Fetch = typeof globalThis.fetch;

/** The edge of the world: what happens to the first requests, before or after the server has seen them. */
function troubled(...troubles: ('lost on the way' | 'answer lost' | Response)[]): { fetch: Fetch; bodies: string[] } {
  const bodies: string[] = [];
  const fetch: Fetch = async (input, init) => {
    bodies.push(init?.body as string);
    const trouble = troubles.shift();
    if (trouble instanceof Response) return trouble;
    if (trouble === 'lost on the way') throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    const response = await globalThis.fetch(input, init);
    if (trouble !== 'answer lost') return response;
    await response.arrayBuffer();
    throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
  };
  return { fetch, bodies };
}

describe.each([
  ['with a spool', true],
  ['in memory', false],
])('%s', (_, spooled) => {
  const place = () => (spooled ? { spoolDirectory: spoolFolder() } : {});

  it('events are on the server once, in the order of record, over many batches', async () => {
    const world = await makeWorld(server);
    const { client, problems } = await openClient(server, world, { ...place(), batchEvents: 70 });
    await Promise.all(range(1000).map((_, index) => client.record(event(index))));
    await client.flush();
    expect(await thingIds(server, world)).toEqual(range(1000));
    expect(client.stats).toMatchObject({ waiting: 0, waitingBytes: 0, recorded: 1000, rejected: 0, retries: 0 });
    expect(client.stats.requests).toBeGreaterThanOrEqual(15);
    expect(problems).toEqual([]);
  });

  it('a request that was lost, and one whose answer was lost, come again with the same ids', async () => {
    const world = await makeWorld(server);
    const { fetch, bodies } = troubled('lost on the way', 'answer lost', new Response('', { status: 503 }));
    const { client, problems } = await openClient(server, world, { ...place(), fetch });
    await Promise.all([0, 1, 2].map((index) => client.record(event(index))));
    await client.flush();
    expect(await thingIds(server, world)).toEqual(range(3));
    expect(bodies).toHaveLength(4);
    const ids = bodies.map((body) =>
      (JSON.parse(body) as { events: { id: string }[] }).events.slice(0, 1).map(({ id }) => id),
    );
    expect(new Set(ids.flat()).size).toBe(1);
    expect(problems.map(({ kind }) => kind)).toEqual(['unreachable']);
    expect(client.stats.retries).toBe(3);
  });

  it.each([408, 429, 500, 502, 503, 504])('%i is asked again', async (status) => {
    const world = await makeWorld(server);
    const { fetch, bodies } = troubled(new Response('', { status }));
    const { client } = await openClient(server, world, { ...place(), fetch });
    await client.deliver(event(0));
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('an event that the server refuses is put aside with the reason, and those around it keep their order', async () => {
    const world = await makeWorld(server);
    const options = place();
    const { client, problems } = await openClient(server, world, { ...options, flushMs: 300 });
    const future = '2999-01-01T00:00:00Z';
    const outcomes = Promise.allSettled(
      [0, 1, 2, 3, 4, 5].map((index) =>
        client.record(event(index, index === 2 || index === 5 ? { timestamp: future } : {})),
      ),
    );
    await client.flush();
    const rejectedNow = (await outcomes).map((one) => one.status === 'rejected');
    expect(rejectedNow).toEqual([0, 1, 2, 3, 4, 5].map((index) => !spooled && (index === 2 || index === 5)));
    expect(await thingIds(server, world)).toEqual(['t-0', 't-1', 't-3', 't-4']);
    expect(client.stats).toMatchObject({ recorded: 4, rejected: 2, waiting: 0 });
    expect(problems).toEqual([
      expect.objectContaining({
        kind: 'rejected',
        status: 422,
        message: expect.stringContaining('five minutes ahead'),
      }),
      expect.objectContaining({ kind: 'rejected', status: 422, event: expect.stringContaining('"t-5"') }),
    ]);
    if (!('spoolDirectory' in options)) return;
    const aside = readFileSync(join(options.spoolDirectory ?? '', 'rejected.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(aside.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        status: 422,
        detail: expect.stringContaining('ahead'),
        event: expect.objectContaining({ resource_id: 't-2' }),
      }),
      expect.objectContaining({ event: expect.objectContaining({ resource_id: 't-5' }) }),
    ]);
  });

  it('an event whose time is ahead by a fast clock waits until the server takes it, with those behind it', async () => {
    const world = await makeWorld(server);
    const { client, problems } = await openClient(server, world, { ...place(), flushMs: 300 });
    const timestamp = new Date(Date.now() + 5 * 60_000 + 2500);
    const all = [0, 1, 2].map((index) => client.record(event(index, index === 1 ? { timestamp } : {})));
    await client.flush();
    await Promise.all(all);
    expect(await thingIds(server, world)).toEqual(['t-0', 't-1', 't-2']);
    expect(client.stats).toMatchObject({ recorded: 3, rejected: 0, waiting: 0 });
    expect(problems).toEqual([
      { kind: 'clock', status: 422, message: expect.stringContaining('five minutes ahead of the server') as string },
    ]);
    const { requests, retries } = client.stats;
    expect([requests < 8, retries > 0 && retries < 5]).toEqual([true, true]);
  });

  it('an id that another event has makes only its own event fail', async () => {
    const world = await makeWorld(server);
    const { id } = (await recordEvent(server, world)).json as { id: string };
    const { client } = await openClient(server, world, { ...place(), flushMs: 300 });
    const sent = [client.deliver(event(0)), client.deliver(event(1, { id })), client.deliver(event(2))];
    const outcomes = await Promise.allSettled(sent);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'refused', facts: { status: 409 } } });
    expect(await thingIds(server, world)).toEqual(['t-0', 't-2']);
  });

  it('a refusal that names nobody is narrowed down to its event', async () => {
    const world = await makeWorld(server);
    const bodies: string[] = [];
    const fetch: Fetch = async (input, init) => {
      bodies.push(init?.body as string);
      return bodies.at(-1)?.includes('"t-37"') ? new Response('', { status: 413 }) : globalThis.fetch(input, init);
    };
    const { client, problems } = await openClient(server, world, { ...place(), fetch, flushMs: 300 });
    const all = Promise.allSettled(range(100).map((_, index) => client.record(event(index))));
    await client.flush();
    await all;
    expect(await thingIds(server, world)).toEqual(range(100).filter((id) => id !== 't-37'));
    expect(problems).toMatchObject([{ kind: 'rejected', status: 413 }]);
    expect(bodies.length).toBeLessThan(20);
  });

  it('a credential that is refused stops the sending and loses nothing', async () => {
    const world = await makeWorld(server);
    const { apiKey } = credentialOf(world.keys.recorder.bearer);
    const { client, problems } = await openClient(server, world, { ...place(), apiKey, apiSecret: 'wrong' });
    const outcome = client.record(event(0)).then(
      () => 'safe',
      () => 'lost with the process',
    );
    await expect(client.flush()).rejects.toMatchObject({ code: 'stopped', facts: { status: 401 } });
    expect(client.stats).toMatchObject({ state: 'stopped', waiting: 1, recorded: 0 });
    const { requests } = client.stats;
    const more = client.record(event(1)).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.stats).toMatchObject({ state: 'stopped', waiting: 2, requests });
    expect(problems.map(({ kind, status }) => [kind, status])).toEqual([['stopped', 401]]);
    expect(await client.close({ timeoutMs: 100 })).toEqual({ unsent: 2 });
    expect(await outcome).toBe(spooled ? 'safe' : 'lost with the process');
    await more;
  });

  it.each([
    ['a portal that answers 200 to everything', new Response('<html>Sign in</html>', { status: 200 })],
    ['a list that is not of these events', new Response('{"items":[{"id":"x"}]}', { status: 201 })],
    ['a redirect', new Response('', { status: 302, headers: { location: 'http://127.0.0.1:1/' } })],
  ])('%s is not taken for the server', async (_, response) => {
    const world = await makeWorld(server);
    const { fetch } = troubled(response);
    const { client } = await openClient(server, world, { ...place(), fetch });
    const recorded = client.record(event(0));
    await expect(client.flush()).rejects.toMatchObject({ code: 'stopped' });
    await client.flush();
    await recorded;
    expect(await thingIds(server, world)).toEqual(['t-0']);
  });
});

describe('what the server keeps', () => {
  it('comes back from deliver byte for byte', async () => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world);
    const details = { big: 12345678901234567890n, text: '"]}\\', ключ: ['😀'] };
    const sent = [0, 1, 2].map((index) => client.deliver(event(index, { details })));
    for (const { id, bytes, event: parsed } of await Promise.all(sent)) {
      const path = `/api/v1/compliance/audit-events/${id}`;
      const stored = await server.call('GET', path, { auth: world.keys.analyst.bearer });
      expect(Buffer.from(bytes).equals(stored.bytes)).toBe(true);
      expect(stored.text).toContain('"big":12345678901234567890');
      expect(parsed).toMatchObject({ id, details: { text: '"]}\\' } });
    }
  });

  it('has the time of record, not of arrival', async () => {
    const world = await makeWorld(server);
    const { client } = await openClient(server, world, { clock: () => new Date('2026-01-15T10:30:00.5Z') });
    await client.record(event(0));
    expect((await things(server, world))[0]?.timestamp).toMatch(/^2026-01-15T10:30:00\.50*Z$/);
  });
});

describe('the spool', () => {
  it('is sent by the next client, and empty afterwards', async () => {
    const world = await makeWorld(server);
    const spoolDirectory = spoolFolder();
    const away = { spoolDirectory, baseUrl: 'http://127.0.0.1:1' };
    const first = await openClient(server, world, away);
    for (let index = 0; index < 20; index += 1) await first.client.record(event(index));
    expect(await first.client.close({ timeoutMs: 20 })).toEqual({ unsent: 20 });
    expect(first.problems.map(({ kind }) => kind)).toEqual(['unreachable']);

    const second = await openClient(server, world, { spoolDirectory });
    expect(await second.client.close()).toEqual({ unsent: 0 });
    expect(await thingIds(server, world)).toEqual(range(20));
    expect(readdirSync(spoolDirectory)).toEqual([]);
  });

  it('refuses a second client', async () => {
    const world = await makeWorld(server);
    const spoolDirectory = spoolFolder();
    await openClient(server, world, { spoolDirectory });
    await expect(openClient(server, world, { spoolDirectory })).rejects.toMatchObject({ code: 'spool_in_use' });
  });

  it('is full rather than silent', async () => {
    const world = await makeWorld(server);
    const spoolDirectory = spoolFolder();
    const { client } = await openClient(server, world, {
      spoolDirectory,
      spoolBytes: 1024 * 1024,
      baseUrl: 'http://127.0.0.1:1',
    });
    const details = { fill: 'x'.repeat(50_000) };
    const outcomes = await Promise.allSettled(range(40).map((_, index) => client.record(event(index, { details }))));
    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThan(10);
    expect(client.stats.waiting).toBe(taken);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'spool_full' } });
  });
});

it('memory is bounded too, and what is left at close is told to those who wait', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world, { spoolBytes: 1024 * 1024, baseUrl: 'http://127.0.0.1:1' });
  const details = { fill: 'x'.repeat(50_000) };
  const outcomes = Promise.allSettled(range(40).map((_, index) => client.record(event(index, { details }))));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { unsent } = await client.close({ timeoutMs: 10 });
  const codes = (await outcomes).map((one) =>
    one.status === 'rejected' ? (one.reason as { code: string }).code : 'taken',
  );
  expect(codes).toEqual([
    ...Array.from({ length: unsent }, () => 'closed'),
    ...Array.from({ length: 40 - unsent }, () => 'spool_full'),
  ]);
  expect(unsent).toBeGreaterThan(10);
  await expect(client.record(event(0))).rejects.toMatchObject({ code: 'closed' });
});

it('waits grow, spread, end at half a minute, and are never shorter than the server asks', () => {
  const tries = (failures: number, asked: number) => Array.from({ length: 200 }, () => backoffMs(failures, asked));
  expect(Math.max(...tries(1, 0))).toBeLessThanOrEqual(200);
  expect(Math.min(...tries(5, 0))).toBeGreaterThanOrEqual(1600);
  expect(new Set(tries(5, 0)).size).toBeGreaterThan(100);
  expect(Math.max(...tries(1000, 0))).toBeLessThanOrEqual(30_000);
  expect(Math.min(...tries(1, 7000))).toBeGreaterThanOrEqual(7000);
  expect(Math.max(...tries(1, 7000))).toBeLessThanOrEqual(8000);
});

it.each([
  ['seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 2000).toUTCString()],
])('Retry-After in %s is waited for', async (_, header) => {
  const world = await makeWorld(server);
  const { fetch } = troubled(new Response('', { status: 503, headers: { 'retry-after': header() } }));
  const { client } = await openClient(server, world, { fetch });
  const from = performance.now();
  await client.record(event(0));
  // A date has whole seconds, so up to one of the two may be gone.
  expect(performance.now() - from).toBeGreaterThan(900);
});

it.each([
  ['no key', { apiKey: '' }],
  ['no address', { baseUrl: 'trail.example.com' }],
  ['a batch larger than the server takes', { batchEvents: 1001 }],
])('%s is refused at once', async (_, options) => {
  const world = await makeWorld(server);
  await expect(openClient(server, world, options)).rejects.toMatchObject({ code: 'option_invalid' });
});
