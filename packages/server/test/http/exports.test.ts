import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request as startRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { AUDIT_SECRET, startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, insist, makeWorld, type World } from '../support/world.ts';

const PATH = '/api/v1/compliance/export';
let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  // Later in the trail, earlier by time.
  const events = Array.from({ length: 30 }, (_, index) => ({
    ...EVENT,
    resource_id: `r-${index}`,
    timestamp: `2026-01-${String(30 - index).padStart(2, '0')}T10:00:00Z`,
  }));
  const auth = world.keys.recorder.bearer;
  await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', { auth, body: { events } });
});
afterAll(() => server.stop());

interface Line {
  readonly id: string;
  readonly sequence: number;
  readonly timestamp: string;
}

async function lines(query: string): Promise<{ lines: Line[]; manifest: Record<string, unknown> }> {
  const auth = world.keys.admin.basic;
  const answer = await insist(server.call)(200, 'GET', `${PATH}?format=ndjson&${query}`, { auth });
  const id = answer.headers['x-export-id'] ?? '';
  const manifest = await insist(server.call)(200, 'GET', `/api/v1/compliance/exports/${id}`, { auth });
  const texts = answer.text.split('\n').slice(0, -1);
  return {
    lines: texts.map((text) => JSON.parse(text) as Line),
    manifest: manifest.json as Record<string, unknown>,
  };
}

const sequencesOf = (found: readonly Line[]): number[] => found.map((line) => line.sequence);

describe('an export', () => {
  it('is oldest first by time, then sequence, unless it is asked for by sequence', async () => {
    const byTime = (await lines('')).lines;
    const sorted = [...byTime].sort(
      (a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || a.sequence - b.sequence,
    );
    expect(byTime).toEqual(sorted);
    const bySequence = sequencesOf((await lines('order=sequence')).lines);
    expect(bySequence).toEqual(bySequence.map((_, index) => index));
  });

  it('by sequence that broke off goes on after the last line that came', async () => {
    const whole = (await lines('order=sequence')).lines;
    const got = whole.slice(0, 13);
    const { lines: rest, manifest } = await lines(`order=sequence&after_sequence=${got.at(-1)?.sequence}`);
    expect([...got, ...rest].slice(0, whole.length)).toEqual(whole);
    expect(manifest).toMatchObject({ complete: true, filter: { order: 'sequence', after_sequence: 12 } });
  });

  it.each(['time', 'sequence'])('by %s goes on where the manifest of the last one ended', async (order) => {
    const before = await lines(`order=${order}`);
    expect(before.manifest).toMatchObject({ complete: true, events: before.lines.length, first_sequence: 0 });
    const last = before.manifest['last_sequence'] as number;
    const after = sequencesOf((await lines(`order=${order}&after_sequence=${last}`)).lines);
    // The two exports themselves, and what was read about them, are events too.
    expect(Math.min(...after)).toBe(last + 1);
  });
});

it('asked for by HEAD is no export: no byte, no manifest, no event', async () => {
  const auth = world.keys.admin.basic;
  const before = (await lines('order=sequence')).lines.length;
  for (const format of ['json', 'ndjson', 'csv']) {
    const answer = await insist(server.call)(200, 'HEAD', `${PATH}?format=${format}`, { auth });
    const { headers } = await insist(server.call)(200, 'GET', `${PATH}?format=${format}&action=LOGOUT`, { auth });
    expect(answer.headers['content-type']).toBe(headers['content-type']);
    expect([answer.text, answer.headers['x-export-id'], answer.headers['content-length']]).toEqual([
      '',
      undefined,
      undefined,
    ]);
  }
  const exportsSince = (await lines(`order=sequence&after_sequence=${before - 1}&action=EXPORT`)).lines;
  // The one that counted, and those by GET.
  expect(exportsSince).toHaveLength(4);
  expect((await server.call('HEAD', `${PATH}?format=exe`, { auth })).status).toBe(422);
});

describe('exports side by side', () => {
  const FORMATS = ['json', 'ndjson', 'csv'];
  /** Together far more than the kernel takes for a reader that waits. */
  const [EVENTS, SAID, EVENTS_A_REQUEST] = [3000, 8000, 250];
  let others: World[];
  beforeAll(async () => {
    others = await Promise.all([makeWorld(server), makeWorld(server)]);
    for (const [index, { keys }] of others.entries()) {
      const details = { said: String.fromCharCode(0x61 + index).repeat(SAID) };
      for (let sent = 0; sent < EVENTS; sent += EVENTS_A_REQUEST) {
        const events = Array.from({ length: EVENTS_A_REQUEST }, () => ({ ...EVENT, details }));
        const auth = keys.recorder.bearer;
        await insist(server.call)(201, 'POST', '/api/v1/compliance/audit-events', { auth, body: { events } });
      }
    }
  });

  const begin = async (of: World, format: string): Promise<IncomingMessage> => {
    const headers = { authorization: of.keys.admin.basic, te: 'trailers' };
    const request = startRequest({ port: server.port, path: `${PATH}?format=${format}`, headers, agent: false });
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    return answer;
  };

  /** @param pauseEvery waits a moment after about so many bytes */
  const readAll = async (answer: IncomingMessage, pauseEvery: number): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    let sincePause = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pieces.push(piece);
      sincePause += piece.length;
      if (sincePause < pauseEvery) continue;
      sincePause = 0;
      await sleep(50);
    }
    return Buffer.concat(pieces);
  };

  const check = async (of: World, answer: IncomingMessage, body: Buffer): Promise<void> => {
    const id = String(answer.headers['x-export-id']);
    const auth = of.keys.admin.basic;
    const { json } = await insist(server.call)(200, 'GET', `/api/v1/compliance/exports/${id}`, { auth });
    const signature = `sha256=${createHmac('sha256', AUDIT_SECRET).update(body).digest('hex')}`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    expect(answer.trailers['x-audit-signature']).toBe(signature);
    expect(json).toMatchObject({ complete: true, bytes: body.length, sha256, signature });
    const own = String.fromCharCode(0x61 + others.indexOf(of)).repeat(SAID);
    expect(body.toString().split(own).length).toBeGreaterThan(EVENTS);
  };

  it('are whole, and each only its own, whether their readers are quick or slow', async () => {
    const asked = FORMATS.flatMap((format) => others.map((of) => ({ of, format })));
    await Promise.all(
      asked.map(async ({ of, format }, index) => {
        const answer = await begin(of, format);
        await check(of, answer, await readAll(answer, index % 2 === 0 ? 2_000_000 : Infinity));
      }),
    );
  });

  it('of one organization whose readers take nothing leave places for another', async () => {
    const [mine, theirs] = others as [World, World];
    const stalled = await Promise.all(FORMATS.map((format) => begin(mine, format)));
    const refused = await server.call('GET', PATH, { auth: mine.keys.admin.basic });
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    const answer = await begin(theirs, 'json');
    await check(theirs, answer, await readAll(answer, Infinity));
    for (const one of stalled) one.destroy();
    await expect
      .poll(async () => (await server.call('GET', `${PATH}?action=LOGOUT`, { auth: mine.keys.admin.basic })).status)
      .toBe(200);
    // Each 503 is in the diagnostics, as it should be.
    server.complaints.splice(0);
  });

  it('leave room for others when readers go away', async () => {
    for (let round = 0; round < 12; round += 1) {
      const answer = await begin(others[round % 2] as World, FORMATS[round % 3] as string);
      await once(answer, 'readable');
      answer.destroy();
    }
    await expect
      .poll(async () => {
        const answer = await begin(others[0] as World, 'json');
        const body = await readAll(answer, Infinity);
        await check(others[0] as World, answer, body);
        return true;
      })
      .toBe(true);
  });
});
