import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { beginUpload, eventLine, NDJSON_HEADERS, UPLOAD_PATH } from '../support/upload.ts';
import { EVENT, makeWorld, readTrail, recordEvent, type World } from '../support/world.ts';

let server: TestServer;
beforeAll(async () => {
  // So short that an upload outlasts it while a test waits for seconds only.
  server = await startTestServer({ REQUEST_TIMEOUT_SECONDS: '2' });
});
afterAll(() => server.stop());

function upload(world: World, raw: string | Buffer, auth = world.keys.recorder.bearer) {
  return server.call('POST', UPLOAD_PATH, { auth, raw, headers: NDJSON_HEADERS });
}

async function uploaded(world: World) {
  return (await readTrail(server, world)).filter(({ resource_type: type }) => type === EVENT.resource_type);
}

function numbered(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => eventLine({ resource_id: `r-${from + index}` }));
}

describe('an upload', () => {
  it('that says it is encoded is 415 and records nothing', async () => {
    const world = await makeWorld(server);
    for (const one of [{ 'content-encoding': 'gzip' }, { 'content-type': 'application/x-ndjson; charset=latin1' }]) {
      const headers = { ...NDJSON_HEADERS, ...one };
      const auth = world.keys.recorder.bearer;
      expect((await server.call('POST', UPLOAD_PATH, { auth, raw: eventLine(), headers })).status).toBe(415);
    }
    expect(await uploaded(world)).toEqual([]);
  });

  it('records every line once, in order, over many batches', async () => {
    const world = await makeWorld(server);
    const lines = numbered(2500);
    const answer = await upload(world, lines.join(''));
    expect([answer.status, answer.json]).toEqual([
      200,
      { accepted: 2500, duplicates: 0, last_line: 2500, refused: null },
    ]);
    const recorded = await uploaded(world);
    expect(recorded.map(({ resource_id: id }) => id)).toEqual(lines.map((_, index) => `r-${index}`));

    const again = await upload(world, lines.join(''));
    expect(again.json).toEqual({ accepted: 0, duplicates: 2500, last_line: 2500, refused: null });
    expect(await uploaded(world)).toHaveLength(2500);
  });

  it('takes CRLF, blank lines, no last line feed, and an empty body', async () => {
    const world = await makeWorld(server);
    const text = `\r\n${eventLine().replace('\n', '\r\n')}\n   \n${eventLine().trimEnd()}`;
    expect((await upload(world, text)).json).toEqual({ accepted: 2, duplicates: 0, last_line: 5, refused: null });
    expect((await upload(world, '\n\n')).json).toEqual({ accepted: 0, duplicates: 0, last_line: 2, refused: null });
    expect(await uploaded(world)).toHaveLength(2);
  });

  it('keeps details as exact as the JSON form does', async () => {
    const world = await makeWorld(server);
    const line = eventLine().replace(
      '"details":{',
      '"details":{"n":123456789012345678901234567890,"f":1.0,"2":0,"1":0,',
    );
    expect((await upload(world, line)).status).toBe(200);
    const { id } = JSON.parse(line) as { id: string };
    const { text } = await server.call('GET', `${UPLOAD_PATH}/${id}`, { auth: world.keys.analyst.bearer });
    expect(text).toContain('"details":{"n":123456789012345678901234567890,"f":1.0,"2":0,"1":0,');
  });
});

describe('the first bad line ends an upload, and all lines before it are recorded:', () => {
  const cases: [name: string, bad: string | Buffer, status: number, says: RegExp][] = [
    ['no JSON', 'nonsense\n', 422, /^Line 1201: /],
    ['no id', eventLine({ id: undefined }), 422, /^Line 1201: The event needs an id/],
    ['a member that is wrong', eventLine({ action: 'SHOUT' }), 422, /^Line 1201: action must be one of/],
    ['a batch', '{"events":[]}\n', 422, /^Line 1201: The event has a member/],
    ['two members of one name', '{"id":1,"id":2}\n', 422, /^Line 1201: /],
    ['not UTF-8', Buffer.from([0xff, 0x0a]), 422, /^Line 1201 is not UTF-8/],
    ['too long a line', `"${'x'.repeat(600_000)}"\n`, 422, /^Line 1201 is longer than/],
    ['too long a line that never ends', 'x'.repeat(600_000), 422, /^Line 1201 is longer than/],
  ];
  it.each(cases)('%s', async (_, bad, status, says) => {
    const world = await makeWorld(server);
    const before = numbered(1200).join('');
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bad as string), Buffer.from(numbered(50).join(''))]);
    const answer = await upload(world, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({
      line: 1201,
      accepted: 1200,
      duplicates: 0,
      detail: expect.stringMatching(says),
    });
    expect(await uploaded(world)).toHaveLength(1200);
  });

  it('an id that another event has', async () => {
    const world = await makeWorld(server);
    const taken = (await recordEvent(server, world, { resource_id: 'first' })).json as { id: string };
    const lines = [...numbered(700), eventLine({ id: taken.id }), ...numbered(20)];
    const answer = await upload(world, lines.join(''));
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ line: 701, accepted: 700, detail: expect.stringContaining(taken.id) });
    expect(await uploaded(world)).toHaveLength(701);
  });

  it('and a sender in the middle of a long body hears of it', async () => {
    const world = await makeWorld(server);
    async function* endless() {
      yield 'nonsense\n';
      for (;;) yield numbered(100).join('');
    }
    const dispatcher = new Agent();
    const { statusCode, body } = await request(`${server.baseUrl}${UPLOAD_PATH}`, {
      method: 'POST',
      headers: { ...NDJSON_HEADERS, authorization: world.keys.recorder.bearer },
      body: endless() as never,
      dispatcher,
    });
    expect(statusCode).toBe(422);
    expect(await body.json().catch(() => ({ line: 1 }))).toMatchObject({ line: 1 });
    await dispatcher.destroy();
  });
});

describe('who may upload', () => {
  it('is who may record', async () => {
    const world = await makeWorld(server);
    const statuses: Record<string, number> = {};
    for (const [role, { bearer }] of Object.entries(world.keys)) {
      statuses[role] = (await upload(world, eventLine(), bearer)).status;
    }
    expect(statuses).toEqual({ owner: 200, admin: 200, analyst: 403, member: 403, recorder: 200 });
  });

  it('and into no other organization', async () => {
    const [world, other] = [await makeWorld(server), await makeWorld(server)];
    const headers = { ...NDJSON_HEADERS, 'x-organization-id': other.id };
    const answer = await server.call('POST', UPLOAD_PATH, {
      auth: world.keys.recorder.bearer,
      raw: eventLine(),
      headers,
    });
    expect(answer.status).toBe(404);
    expect(await uploaded(other)).toEqual([]);
  });

  it('other addresses take no lines', async () => {
    const world = await makeWorld(server);
    const answer = await server.call('POST', world.path('/services'), {
      auth: world.keys.admin.bearer,
      raw: eventLine(),
      headers: NDJSON_HEADERS,
    });
    expect(answer.status).toBe(415);
  });
});

describe('time', () => {
  it('does not end an upload that keeps moving, however long it takes', async () => {
    const world = await makeWorld(server);
    const sent = beginUpload(server, world.keys.recorder.bearer);
    const from = performance.now();
    let count = 0;
    while (performance.now() - from < 6000) {
      await sent.send(numbered(20, count).join(''));
      count += 20;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    sent.end();
    expect(await sent.answer).toEqual({
      status: 200,
      json: { accepted: count, duplicates: 0, last_line: count, refused: null },
    });
    sent.socket.destroy();
  });

  it('ends one that trickles, after recording what came whole', async () => {
    const world = await makeWorld(server);
    const sent = beginUpload(server, world.keys.recorder.bearer);
    await sent.send(numbered(3).join(''));
    const trickle = setInterval(() => void sent.send(' '), 200);
    const { status, json } = await sent.answer;
    clearInterval(trickle);
    expect([status, json['line'], json['accepted']]).toEqual([408, 4, 3]);
    expect(await uploaded(world)).toHaveLength(3);
    sent.socket.destroy();
  });

  it('keeps what came whole from a sender who vanishes', async () => {
    const world = await makeWorld(server);
    const sent = beginUpload(server, world.keys.recorder.bearer);
    await sent.send(`${numbered(5).join('')}{"id":"`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    sent.socket.destroy();
    await expect.poll(() => uploaded(world)).toHaveLength(5);
  });
});

describe('while a batch waits for the database', () => {
  it('nothing more is read, and the commit goes on where it was', { timeout: 30_000 }, async () => {
    const world = await makeWorld(server);
    await recordEvent(server, world, { resource_type: 'other' });
    const sent = beginUpload(server, world.keys.recorder.bearer);
    const long = 'x'.repeat(4000);
    let taken = 0;
    await asOwner(server.databaseUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT * FROM trail_heads FOR UPDATE');
      // Once the buffers on the way are full the system takes no more.
      for (let more = true; more && taken < 20_000; taken += 100) {
        const text = Array.from({ length: 100 }, () => eventLine({ user_agent: long })).join('');
        const stuck = new Promise<false>((resolve) => setTimeout(() => resolve(false), 1000));
        more = await Promise.race([sent.send(text).then(() => true), stuck]);
      }
      await client.query('ROLLBACK');
    });
    expect(taken).toBeLessThan(20_000);
    sent.end();
    expect(await sent.answer).toMatchObject({ status: 200, json: { accepted: taken, last_line: taken } });
    sent.socket.destroy();
  });
});

it('one organization can not take every place for uploads', async () => {
  const [world, other] = [await makeWorld(server), await makeWorld(server)];
  const open = Array.from({ length: 7 }, () => beginUpload(server, world.keys.recorder.bearer));
  const refused: number[] = [];
  for (const one of open)
    void one.answer.then(
      ({ status }) => refused.push(status),
      () => refused.push(0),
    );
  await expect.poll(() => refused, { timeout: 10_000 }).toEqual([503, 503, 503]);
  expect((await upload(other, eventLine())).status).toBe(200);
  for (const one of open) one.end();
  const statuses = (await Promise.all(open.map((one) => one.answer))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  for (const one of open) one.socket.destroy();
  // To be told to come again is no complaint of the inside.
  server.complaints.splice(0);
  expect((await upload(world, eventLine())).status).toBe(200);
});

it('a server that stops ends its uploads after the lines that came', async () => {
  const stopping = await startTestServer();
  const world = await makeWorld(stopping);
  const sent = beginUpload(stopping, world.keys.recorder.bearer);
  await sent.send(numbered(7).join(''));
  // Lines wait for their batch, so only the server could tell that they are there.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const stopped = stopping.running.app.close();
  expect(await sent.answer).toMatchObject({ status: 503, json: { line: 8, accepted: 7 } });
  sent.socket.destroy();
  await stopped;
  stopping.complaints.splice(0);
  await stopping.stop();
});
