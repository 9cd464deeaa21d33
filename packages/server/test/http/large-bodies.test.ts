import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exchange, requestText } from '../support/raw-http.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asBasic, startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, makeWorld, recordEvent, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

describe('100 MB', () => {
  const MEGABYTE = Buffer.alloc(1024 * 1024, 0x20);

  function* announced(auth: string): Iterable<string | Buffer> {
    const headers = {
      Authorization: auth,
      'Content-Type': 'application/json',
      'Content-Length': String(100 * MEGABYTE.length),
    };
    yield requestText(`POST ${EVENTS} HTTP/1.1`, headers);
    for (let sent = 0; sent < 100; sent += 1) yield MEGABYTE;
    yield requestText('GET /healthz HTTP/1.1', { Connection: 'close' });
  }

  function* chunked(auth: string): Iterable<string | Buffer> {
    const headers = { Authorization: auth, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
    yield requestText(`POST ${EVENTS} HTTP/1.1`, headers);
    for (let sent = 0; sent < 100; sent += 1)
      yield Buffer.concat([Buffer.from('100000\r\n'), MEGABYTE, Buffer.from('\r\n')]);
    yield '0\r\n\r\n';
    yield requestText('GET /healthz HTTP/1.1', { Connection: 'close' });
  }

  it.each([
    ['announced', announced],
    ['in chunks, unannounced', chunked],
  ])(
    '%s are refused with 413, also to who sends all before listening, and the connection goes on',
    async (_, pieces) => {
      await unchangedBy(server, async () => {
        const { answers } = await exchange(server.port, pieces(world.keys.recorder.basic));
        expect(answers.map((answer) => answer.status)).toEqual([413, 200]);
      });
    },
  );

  it('from a stranger are refused without being read', async () => {
    const { answers } = await exchange(server.port, announced('Bearer nobody'), { enough: 1 });
    expect(answers.map((answer) => answer.status)).toEqual([401]);
  });

  it('twenty times at once leave the server as it was', async () => {
    const { rss } = process.memoryUsage();
    const auth = world.keys.recorder.basic;
    const refused = await Promise.all(
      Array.from({ length: 20 }, () => exchange(server.port, chunked(auth), { enough: 1 })),
    );
    expect(
      refused.map(({ answers }) => answers[0]?.status).filter((status) => status !== 413 && status !== 503),
    ).toEqual([]);
    // Those that were one too many at a time are told to the operator.
    for (const line of server.complaints.splice(0)) expect(line).toContain('Too many large bodies are being read');
    expect((await server.call('GET', '/healthz')).status).toBe(200);
    expect(await recordEvent(server, world)).toMatchObject({ status: 201 });
    // What is in flight at most, and a generous rest for the test's own buffers.
    expect(process.memoryUsage().rss - rss).toBeLessThan(400 * 1024 * 1024);
  });

  it('that break off in the middle leave nothing behind, however often', async () => {
    await unchangedBy(server, async () => {
      for (let time = 0; time < 30; time += 1) {
        const headers = {
          Authorization: world.keys.recorder.basic,
          'Content-Type': 'application/json',
          'Content-Length': '8000000',
        };
        const pieces = [requestText(`POST ${EVENTS} HTTP/1.1`, headers), MEGABYTE, MEGABYTE, MEGABYTE, MEGABYTE];
        await exchange(server.port, pieces, { abandon: true });
      }
    });
    // 120 MB were sent; had they stayed counted as being in memory, this would be refused as too much at once.
    expect((await server.call('POST', EVENTS, { auth: world.keys.recorder.basic, body: EVENT })).status).toBe(201);
  });
});

describe('a request that trickles in', () => {
  let slow: TestServer;
  beforeAll(async () => {
    slow = await startTestServer({ REQUEST_TIMEOUT_SECONDS: '1' });
  });
  afterAll(() => slow.stop());

  async function* trickle(head: string): AsyncIterable<string> {
    yield head;
    for (;;) {
      await sleep(100);
      yield '1';
    }
  }

  it('is cut off with 408, in its headers as in its body, while others are answered', async () => {
    const { api_key: key, api_secret: secret } = slow.firstRun;
    const body = { Authorization: asBasic(key, secret), 'Content-Type': 'application/json', 'Content-Length': '1000' };
    const waiting = Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        exchange(
          slow.port,
          trickle(
            at % 2 === 0
              ? 'GET /healthz HTTP/1.1\r\nHost: x\r\nX: '
              : requestText(`POST ${EVENTS} HTTP/1.1`, body, '['),
          ),
        ),
      ),
    );
    // They are cut off a second or two from now; until then thirty of them wait.
    for (let answered = 0; answered < 20; answered += 1) {
      expect((await slow.call('POST', EVENTS, { auth: body.Authorization, body: EVENT })).status).toBe(201);
      await sleep(20);
    }
    const statuses = (await waiting).map(({ answers, rest }) => [answers.map((answer) => answer.status), rest]);
    expect(statuses).toEqual(statuses.map(() => [[408], '']));
  });

  it.each(['', 'half of a body', 'zzz'])('after its answer is only cut off: nobody asked twice (%j)', async (sent) => {
    const headers = sent === 'zzz' ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': '1000' };
    const text = requestText(`POST ${EVENTS} HTTP/1.1`, { ...headers, 'Content-Type': 'application/json' });
    async function* late(): AsyncIterable<string> {
      yield text;
      await sleep(200);
      yield `${sent}\r\n`;
    }
    const { answers, rest } = await exchange(slow.port, late());
    expect([answers.map((answer) => answer.status), rest]).toEqual([[401], '']);
  });
});
