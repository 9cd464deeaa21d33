import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, insist, makeWorld, readTrail, type EventItem, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

const EVENTS = '/api/v1/compliance/audit-events';
const START = Date.parse('2026-03-01T00:00:00Z');

/** A minute apart, in a shuffled order; three share each fifth minute. */
const sent = Array.from({ length: 120 }, (_, at) => ({
  ...EVENT,
  action: (['CREATE', 'UPDATE', 'DELETE'] as const)[at % 3] ?? 'CREATE',
  resource_type: ['feature_flag', 'user'][at % 2],
  resource_id: `resource-${at}`,
  actor_id: 'the one that is listed',
  timestamp: new Date(START + 60_000 * (at % 5 === 0 ? Math.floor(at / 15) * 15 : at)).toISOString(),
})).sort((one, other) => (one.resource_id < other.resource_id ? -1 : 1));

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  const body = { events: sent };
  await insist(server.call)(201, 'POST', EVENTS, { auth: world.keys.recorder.basic, body });
});
afterAll(() => server.stop());

interface Page {
  readonly items: readonly EventItem[];
  readonly total: number;
  readonly page: number;
  readonly page_size: number;
  readonly pages: number;
}

async function list(query: Record<string, string> = {}): Promise<Page> {
  const asked = new URLSearchParams({ actor_id: 'the one that is listed', ...query });
  return (await insist(server.call)(200, 'GET', `${EVENTS}?${asked.toString()}`, { auth: world.keys.analyst.basic }))
    .json as Page;
}

function at(minute: number): string {
  return new Date(START + 60_000 * minute).toISOString();
}

function within(start: number, end: number): number {
  return sent.filter(({ timestamp }) => timestamp >= at(start) && timestamp <= at(end)).length;
}

describe('a list', () => {
  it('has the published envelope and fifty items unless asked otherwise', async () => {
    const page = await list();
    expect(Object.keys(page)).toEqual(['items', 'total', 'page', 'page_size', 'pages']);
    expect(page).toMatchObject({ total: 120, page: 1, page_size: 50, pages: 3 });
    expect(page.items).toHaveLength(50);
  });

  it.each([
    [{ end_date: '9999-12-31T23:59:59.999999Z' }, 120],
    [{ end_date: '9999-12-31T23:59:59Z' }, 120],
    [{ start_date: '9999-12-31T00:00:00.000001Z' }, 0],
    [{ start_date: '9999-12-31T23:59:59.999999Z', end_date: '9999-12-31T23:59:59.999999Z' }, 0],
    [{ start_date: '1970-01-01T00:00:00Z', end_date: '9999-12-31T23:59:59.999999Z' }, 120],
  ])('reaches to both ends of time: %j', async (query, total) => {
    expect((await list(query)).total).toBe(total);
    // Without the actor the totals come from other counts.
    const asked = new URLSearchParams(query).toString();
    for (const path of [EVENTS, `${EVENTS}/histogram`]) {
      const auth = world.keys.analyst.basic;
      const found = (await insist(server.call)(200, 'GET', `${path}?${asked}`, { auth })).json as Page;
      expect([path, found.total >= total, found.total === 0]).toEqual([path, true, total === 0]);
    }
  });

  it('is newest first by time, and of one time by sequence', async () => {
    const { items } = await list({ page_size: '500' });
    const key = (item: EventItem): string => `${item.timestamp} ${String(item.sequence).padStart(9, '0')}`;
    const keys = items.map(key);
    expect(keys).toEqual(keys.toSorted().reverse());
    // Some do share a time, or the second half of the property would say nothing.
    expect(new Set(items.map((item) => item.timestamp)).size).toBeLessThan(items.length);
  });

  it.each([1, 7, 50, 119, 120, 121, 500])('in pages of %i is the whole, each event once', async (size) => {
    const seen: string[] = [];
    for (let page = 1; page <= Math.min(Math.ceil(120 / size), 20); page += 1) {
      const found = await list({ page: `${page}`, page_size: `${size}` });
      expect([found.page, found.page_size, found.pages, found.total]).toEqual([page, size, Math.ceil(120 / size), 120]);
      seen.push(...found.items.map((item) => item.id));
    }
    const whole = (await list({ page_size: '500' })).items.map((item) => item.id);
    expect(seen).toEqual(whole.slice(0, seen.length));
    expect(seen.length).toBe(Math.min(120, size * 20));
  });

  it.each(['4', '99', '1000000', '1000000000'])(
    'past its end, page %s, is empty and says how much there is',
    async (page) => {
      expect(await list({ page })).toEqual({ items: [], total: 120, page: Number(page), page_size: 50, pages: 3 });
    },
  );

  it('of nothing has no pages', async () => {
    expect(await list({ actor_id: 'nobody' })).toEqual({ items: [], total: 0, page: 1, page_size: 50, pages: 0 });
  });
});

describe('a filter', () => {
  it.each([
    [{ action: 'DELETE' }, 40],
    [{ resource_type: 'user' }, 60],
    [{ action: 'DELETE', resource_type: 'user' }, 20],
    [{ resource_type: 'use' }, 0],
    [{ resource_type: 'User' }, 0],
    [{ resource_type: 'user ' }, 0],
    [{ resource_type: '%' }, 0],
    [{ resource_type: "' OR true --" }, 0],
    [{ action: 'LOGIN' }, 0],
    [{ actor_id: 'the one that is liste' }, 0],
  ])('%j selects exactly what is equal', async (query, total) => {
    const page = await list({ ...query, page_size: '500' });
    expect([page.total, page.items.length]).toEqual([total, total]);
    for (const item of page.items) expect(item).toMatchObject(query);
  });

  it('on the time has both its ends within', async () => {
    for (const [start, end] of [
      [10, 19],
      [11, 11],
      [0, 0],
      [15, 15],
      [0, 119],
      [119, 500],
    ] as const) {
      const page = await list({ start_date: at(start), end_date: at(end), page_size: '500' });
      expect([start, end, page.total]).toEqual([start, end, within(start, end)]);
    }
    expect((await list({ start_date: at(60) })).total).toBe(within(60, 1e6));
    expect((await list({ end_date: at(60) })).total).toBe(within(0, 60));
    expect((await list({ end_date: '2026-02-28T23:59:59.999999Z' })).total).toBe(0);
    expect((await list({ start_date: '2026-03-01T00:00:00.000001Z', end_date: at(1) })).total).toBe(within(1, 1));
  });

  it('on the time may be in any zone', async () => {
    const wanted = within(10, 19);
    for (const [start_date, end_date] of [
      ['2026-03-01T01:10:00+01:00', '2026-03-01T01:19:00+01:00'],
      ['2026-02-28T14:10:00-10:00', '2026-03-01T05:49:00+05:30'],
      ['2026-03-01t00:10:00z', '2026-03-01T00:19:00.0Z'],
    ] as const) {
      expect((await list({ start_date, end_date })).total).toBe(wanted);
    }
  });

  it('finds the events of the server by their actor, which is a key or a user', async () => {
    const deeds = await list({ actor_id: world.owner.id });
    expect(deeds.total).toBeGreaterThan(0);
    expect(new Set(deeds.items.map((item) => item.actor_username))).toEqual(new Set([world.owner.email]));
    const trail = await readTrail(server, world);
    expect(deeds.total).toBe(trail.filter((event) => event.actor_id === world.owner.id).length);
  });
});

describe('reading', () => {
  it('a list or an event leaves no event', async () => {
    const before = (await readTrail(server, world)).length;
    const { items } = await list();
    await insist(server.call)(200, 'GET', `${EVENTS}/${items[0]?.id}`, { auth: world.keys.analyst.basic });
    expect((await readTrail(server, world)).length).toBe(before);
  });
});
