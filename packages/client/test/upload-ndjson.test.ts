import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../../server/test/support/test-server.ts';
import { makeWorld } from '../../server/test/support/world.ts';
import type { UploadProgress } from '../src/index.ts';
import { closeClients, event, openClient, range, thingIds } from './support/scene.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
afterEach(closeClients);

function line(number: number, change: object = {}): string {
  return `${JSON.stringify({ id: randomUUID(), ...event(number), ...change })}\n`;
}

/** Cut where it hurts. */
function* pieces(text: string, bytes: number): Generator<Buffer> {
  const whole = Buffer.from(text);
  for (let start = 0; start < whole.length; start += bytes) yield whole.subarray(start, start + bytes);
}

it('an upload of many parts is recorded once, in order, and says how far it is', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world);
  // Some megabytes, so that there are several parts.
  const lines = range(2000).map((_, index) => line(index, { details: { ü: 'é'.repeat(1000) } }));
  const text = lines.join('');
  const progress: UploadProgress[] = [];
  const onProgress = (one: UploadProgress) => void progress.push(one);
  const bytes = Buffer.byteLength(text);
  const summary = await client.uploadNdjson(pieces(text, 7919), { onProgress });
  expect(summary).toEqual({ lines: 2000, bytes, accepted: 2000, duplicates: 0 });
  expect(progress.length).toBeGreaterThan(1);
  expect(progress.at(-1)).toEqual({ lines: 2000, bytes });
  expect(await thingIds(server, world)).toEqual(range(2000));
  expect(await client.uploadNdjson([text])).toEqual({ lines: 2000, bytes, accepted: 0, duplicates: 2000 });
});

it('a part whose answer was lost is sent again and recorded once', async () => {
  const world = await makeWorld(server);
  let calls = 0;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init);
    calls += 1;
    if (calls === 1) throw new TypeError('fetch failed');
    return response;
  };
  const { client } = await openClient(server, world, { fetch });
  const waits: (string | undefined)[] = [];
  const onProgress = ({ waitsBecause }: UploadProgress) => void waits.push(waitsBecause);
  const text = range(30)
    .map((_, index) => line(index))
    .join('');
  expect(await client.uploadNdjson([text], { onProgress })).toMatchObject({ lines: 30, accepted: 0, duplicates: 30 });
  expect(waits).toEqual(['The server can not be reached: fetch failed.', undefined]);
  expect(await thingIds(server, world)).toEqual(range(30));
});

it('a bad line is named by its number in the whole source, and all before it are recorded', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world);
  const lines = range(3000).map((_, index) => line(index, { details: { fill: 'x'.repeat(1000) } }));
  lines[2700] = line(2700, { id: undefined });
  await expect(client.uploadNdjson(pieces(lines.join(''), 50_000))).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/^Line 2701: The event needs an id/),
    facts: { status: 422, line: 2701, accepted: 2700 },
  });
  expect(await thingIds(server, world)).toEqual(range(2700));
});

it('a line that never ends is refused without being collected', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world);
  let given = 0;
  function* endless() {
    yield line(0);
    for (;;) {
      given += 1;
      yield 'x'.repeat(10_000);
    }
  }
  await expect(client.uploadNdjson(endless())).rejects.toMatchObject({
    code: 'refused',
    facts: { line: 2, accepted: 1 },
  });
  expect(given).toBeLessThan(100);
  expect(await thingIds(server, world)).toEqual(['t-0']);
});

it('nothing is as good as an empty source', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world);
  expect(await client.uploadNdjson([])).toEqual({ lines: 0, bytes: 0, accepted: 0, duplicates: 0 });
});

it('a credential that is refused ends it at once', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world, { apiSecret: 'wrong' });
  await expect(client.uploadNdjson([line(0)])).rejects.toMatchObject({ code: 'stopped', facts: { status: 401 } });
});
