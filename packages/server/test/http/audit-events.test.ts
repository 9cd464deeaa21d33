import { createHmac, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { statusesOf, type Answer } from '../support/answer.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { AUDIT_SECRET, startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, insist, makeWorld, readTrail, recordEvent, type EventItem, type World } from '../support/world.ts';

let server: TestServer;
let world: World;
let other: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  other = await makeWorld(server);
});
afterAll(() => server.stop());

const EVENTS = '/api/v1/compliance/audit-events';

function post(of: World, body: unknown): Promise<Answer> {
  return server.call('POST', EVENTS, { auth: of.keys.recorder.bearer, body });
}

async function list(of: World, query: Record<string, string> = {}): Promise<Answer> {
  return insist(server.call)(200, 'GET', `${EVENTS}?${new URLSearchParams(query).toString()}`, {
    auth: of.keys.analyst.bearer,
  });
}

/** `X-Audit-Signature` over the bytes as they came, by Node and not by what made them. */
function expectSigned(answer: Answer): void {
  const mac = createHmac('sha256', AUDIT_SECRET).update(answer.bytes).digest('hex');
  expect(answer.headers['x-audit-signature']).toBe(`sha256=${mac}`);
}

describe('an event sent in', () => {
  it('comes back whole, in the published order, signed and placed', async () => {
    const began = new Date().toISOString().slice(0, 19);
    const answer = await post(world, EVENT);
    expect([answer.status, answer.headers['content-type']]).toEqual([201, 'application/json; charset=utf-8']);
    const event = answer.json as EventItem;
    expect(Object.keys(event).join(' ')).toBe(
      'id action resource_type resource_id actor_id actor_username timestamp ip_address user_agent details signature recorded_at sequence signature_key_id',
    );
    expect(event).toMatchObject(EVENT);
    // To the second, as the published examples are; and when it was stored, to the millisecond.
    expect(event.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(event.recorded_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(event.timestamp >= `${began}Z`).toBe(true);
    expect(answer.text).toBe(JSON.stringify(event));
    expectSigned(answer);
  });

  it('is found by its id with the same bytes, in a list too', async () => {
    const made = await recordEvent(server, world, { details: { '10': 1.5, '2': [true, null] } });
    const { id } = made.json as EventItem;
    for (const path of [`${EVENTS}/${id}`, `${EVENTS}/${id.toUpperCase()}`]) {
      const found = await insist(server.call)(200, 'GET', path, { auth: world.keys.analyst.basic });
      expect(found.text).toBe(made.text);
      expectSigned(found);
    }
    const page = await list(world, { page_size: '1' });
    expect(page.text).toContain(`{"items":[${made.text}],"total":`);
    expectSigned(page);
  });

  it('with null or nothing for what may be absent is kept with null', async () => {
    const { action, resource_type, resource_id, actor_id } = EVENT;
    const least = { action, resource_type, resource_id, actor_id };
    const absent = { actor_username: null, ip_address: null, user_agent: null };
    expect((await post(world, least)).json).toMatchObject({ ...least, ...absent, details: {} });
    expect((await post(world, { ...least, ...absent, timestamp: null, details: null, id: null })).json).toMatchObject(
      absent,
    );
  });

  it.each([
    ['2026-01-15T10:30:00Z', '2026-01-15T10:30:00Z'],
    ['2026-01-15t10:30:00z', '2026-01-15T10:30:00Z'],
    ['2026-01-15T11:30:00+01:00', '2026-01-15T10:30:00Z'],
    ['2026-01-14T22:30:00-12:00', '2026-01-15T10:30:00Z'],
    ['2026-01-15T10:30:00.120Z', '2026-01-15T10:30:00.12Z'],
    ['2026-01-15T10:30:00.1234569Z', '2026-01-15T10:30:00.123456Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
    ['2024-02-29T23:59:59.000001Z', '2024-02-29T23:59:59.000001Z'],
  ])('at %s is kept as %s, also when read back', async (given, kept) => {
    const made = await recordEvent(server, world, { timestamp: given });
    const { id, timestamp } = made.json as EventItem;
    expect(timestamp).toBe(kept);
    const found = await insist(server.call)(200, 'GET', `${EVENTS}/${id}`, { auth: world.keys.analyst.basic });
    expect(found.text).toBe(made.text);
  });

  it('may be five minutes ahead of the clock and no more', async () => {
    const ahead = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
    expect((await post(world, { ...EVENT, timestamp: ahead(290) })).status).toBe(201);
    const refused = await post(world, { ...EVENT, timestamp: ahead(310) });
    // Told apart by its type: the same event is taken later.
    expect(refused).toMatchObject({ status: 422, json: { type: '/docs/problems#event_in_future' } });
  });

  it.each([
    [{ action: 'EXPLODE' }, 'action'],
    [{ action: 'create' }, 'action'],
    [{ action: null }, 'action'],
    [{ timestamp: 'yesterday' }, 'timestamp'],
    [{ timestamp: '2026-02-30T00:00:00Z' }, 'timestamp'],
    [{ timestamp: '2026-01-15T10:30:60Z' }, 'timestamp'],
    [{ timestamp: '2026-01-15T10:30:00' }, 'timestamp'],
    [{ timestamp: '1969-12-31T23:59:59Z' }, 'timestamp'],
    [{ timestamp: 1_768_473_000 }, 'timestamp'],
    [{ resource_type: '' }, 'resource_type'],
    [{ resource_type: 'é'.repeat(129) }, 'resource_type'],
    [{ resource_id: 'a\0b' }, 'resource_id'],
    [{ resource_id: 'x'.repeat(1025) }, 'resource_id'],
    [{ actor_id: null }, 'actor_id'],
    [{ actor_id: 'x'.repeat(513) }, 'actor_id'],
    [{ actor_username: 5 }, 'actor_username'],
    [{ actor_username: '\0' }, 'actor_username'],
    [{ ip_address: '999.1.1.1' }, 'ip_address'],
    [{ ip_address: '203.0.113.45:80' }, 'ip_address'],
    [{ ip_address: '' }, 'ip_address'],
    [{ user_agent: 'x'.repeat(4097) }, 'user_agent'],
    [{ details: [1] }, 'details'],
    [{ details: 'text' }, 'details'],
    [{ details: { a: 'x'.repeat(65_536) } }, 'details'],
    [{ id: '7' }, 'id'],
    [{ id: 'urn:uuid:d4e5f6a7-8b9c-0d1e-2f3a-4b5c6d7e8f90' }, 'id'],
    [{ signature: 'sha256=00' }, 'member'],
    [{ sequence: 7 }, 'member'],
  ])('with %j is refused, and the sentence names it, alone and in a batch', async (change, name) => {
    await unchangedBy(server, async () => {
      const alone = await post(world, { ...EVENT, ...change });
      const inBatch = await post(world, { events: [EVENT, EVENT, { ...EVENT, ...change }] });
      expect([alone.status, inBatch.status]).toEqual([422, 422]);
      expect(alone.json.detail).toContain(name);
      expect(inBatch.json.detail).toContain('events[2]');
    });
  });

  it('fills its limits to the byte', async () => {
    const change = {
      resource_type: 'é'.repeat(128),
      resource_id: '😀'.repeat(256),
      actor_id: 'x'.repeat(512),
      user_agent: 'x'.repeat(4096),
      details: { a: 'x'.repeat(65_536 - 8) },
    };
    expect((await recordEvent(server, world, change)).json).toMatchObject(change);
  });
});

describe('a batch', () => {
  it('is answered in its own order, with places in a row, signed as a whole', async () => {
    const events = Array.from({ length: 100 }, (_, at) => ({
      ...EVENT,
      resource_id: `batch-${at}`,
      timestamp: '2026-01-01T00:00:00Z',
    }));
    const answer = await post(world, { events });
    expect(answer.status).toBe(201);
    expectSigned(answer);
    const items = answer.json.items as EventItem[];
    expect(items.map((item) => item.resource_id)).toEqual(events.map((event) => event.resource_id));
    const [first] = items;
    expect(items.map((item) => item.sequence)).toEqual(events.map((_, at) => (first?.sequence ?? 0) + at));
    expect(Object.keys(answer.json)).toEqual(['items']);
  });

  it('of one is answered as a batch', async () => {
    expect((await post(world, { events: [EVENT] })).json.items).toHaveLength(1);
  });

  it.each([
    [{ events: {} }],
    [{ events: [] }],
    [{ events: [EVENT], more: 1 }],
    [{ events: [[EVENT]] }],
    [{ events: [null] }],
    [[EVENT]],
  ])('in another form (%#) is refused', async (body) => {
    await unchangedBy(server, async () => expect((await post(world, body)).status).toBe(422));
  });
});

describe('an id of the caller', () => {
  it('makes a retry answer 200 with the first bytes, in whatever case and order it is sent', async () => {
    const id = randomUUID();
    const first = await post(world, { ...EVENT, id, details: { a: 1.0, b: '\u00e9' } });
    const raw = `{"details": {"a" : 1, "b":"\\u00E9"}, "id":"${id.toUpperCase()}", "user_agent":"Mozilla/5.0", "ip_address":"203.0.113.45",
      "actor_username":"jane.smith", "actor_id":"usr-1", "resource_id":"exp-1", "resource_type":"experiment", "action":"UPDATE"}`;
    const again = await server.call('POST', EVENTS, { auth: world.keys.admin.basic, raw });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.text).toBe(first.text);
    expectSigned(again);
  });

  it.each([
    { action: 'DELETE' },
    { resource_type: 'other' },
    { resource_id: 'other' },
    { actor_id: 'other' },
    { actor_username: null },
    { ip_address: '203.0.113.46' },
    { user_agent: '' },
    { details: {} },
    { details: { previous_status: 'draft' } },
    { timestamp: '2026-01-15T10:30:00.000001Z' },
  ])('with another event, %j, is 409 and changes nothing', async (change) => {
    const id = randomUUID();
    await recordEvent(server, world, { id, timestamp: '2026-01-15T10:30:00Z' });
    await unchangedBy(server, async () => {
      const answer = await post(world, { ...EVENT, id, timestamp: '2026-01-15T10:30:00Z', ...change });
      expect([answer.status, answer.json.detail]).toEqual([409, expect.stringContaining(id)]);
      const batch = await post(world, {
        events: [EVENT, { ...EVENT, id, timestamp: '2026-01-15T10:30:00Z', ...change }, EVENT],
      });
      expect(batch.status).toBe(409);
    });
  });

  it('twice in one batch is one event if they are the same, and refused if not', async () => {
    const id = randomUUID();
    const same = await post(world, { events: [{ ...EVENT, id }, EVENT, { ...EVENT, id }] });
    const items = same.json.items as EventItem[];
    expect([same.status, items[2], items[1]?.sequence]).toEqual([201, items[0], (items[0]?.sequence ?? 0) + 1]);
    const fresh = randomUUID();
    await unchangedBy(server, async () => {
      const answer = await post(world, {
        events: [
          { ...EVENT, id: fresh },
          { ...EVENT, id: fresh, action: 'DELETE' },
        ],
      });
      expect(answer.status).toBe(409);
    });
  });

  it('sent by sixteen at once is stored once, and all get the same bytes', async () => {
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => post(world, { ...EVENT, id, resource_type: 'raced' })),
    );
    expect(statusesOf(answers)).toEqual([...Array<number>(15).fill(200), 201]);
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect((await list(world, { resource_type: 'raced' })).json.total).toBe(1);
  });

  it('raced by sixteen different events is given to one, and the others are 409', async () => {
    const id = randomUUID();
    const sent = Array.from({ length: 16 }, (_, at) => ({
      ...EVENT,
      id,
      resource_type: 'fought',
      resource_id: `${at}`,
    }));
    const answers = await Promise.all(sent.map((event) => post(world, event)));
    expect(statusesOf(answers)).toEqual([201, ...Array<number>(15).fill(409)]);
    expect((await list(world, { resource_type: 'fought' })).json.total).toBe(1);
  });

  it('is free to be used by another organization too, and each sees its own', async () => {
    const id = randomUUID();
    await recordEvent(server, world, { id, resource_id: 'ours' });
    await recordEvent(server, other, { id, resource_id: 'theirs' });
    for (const [of, resource] of [
      [world, 'ours'],
      [other, 'theirs'],
    ] as const) {
      const found = await insist(server.call)(200, 'GET', `${EVENTS}/${id}`, { auth: of.keys.analyst.basic });
      expect(found.json.resource_id).toBe(resource);
    }
  });

  it('of another organization is 404, like one that is nowhere', async () => {
    const { id } = (await recordEvent(server, other)).json as EventItem;
    const there = await server.call('GET', `${EVENTS}/${id}`, { auth: world.keys.owner.basic });
    const nowhere = await server.call('GET', `${EVENTS}/${randomUUID()}`, { auth: world.keys.owner.basic });
    expect([there.status, there.text]).toEqual([404, nowhere.text]);
  });
});

describe('64 writers over two organizations', () => {
  it('leave two trails without gap, double or disorder, and nothing of one in the other', async () => {
    const writers = Array.from({ length: 64 }, async (_, at) => {
      const of = at % 2 === 0 ? world : other;
      for (let round = 0; round < 5; round += 1) {
        const resource_id = `${of.id} ${at} ${round}`;
        const event = { ...EVENT, resource_type: 'crowded', resource_id };
        const body = round === 2 ? { events: [event, { ...event, resource_id: `${resource_id} b` }] } : event;
        // Deeds take the same lock from other connections.
        if (round === 3)
          await server.call('PATCH', of.path(), { auth: of.keys.admin.bearer, body: { name: resource_id } });
        expect((await post(of, body)).status).toBe(201);
      }
    });
    await Promise.all(writers);
    for (const of of [world, other]) {
      const trail = await readTrail(server, of);
      expect(trail.map((event) => event.sequence)).toEqual(trail.map((_, at) => at));
      const times = trail.map((event) => event.recorded_at);
      expect(times).toEqual(times.toSorted());
      const crowded = trail.filter((event) => event.resource_type === 'crowded').map((event) => event.resource_id);
      expect([crowded.length, new Set(crowded).size]).toEqual([32 * 6, 32 * 6]);
      expect(crowded.filter((id) => !id.startsWith(of.id))).toEqual([]);
    }
  });
});
