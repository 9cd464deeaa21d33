import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../support/test-server.ts';
import { EVENT, insist, makeWorld, readTrail, type EventItem, type World } from '../support/world.ts';

const EVENTS = '/api/v1/compliance/audit-events';
const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00Z');

let server: TestServer;
let world: World;
let trail: EventItem[];

interface Histogram {
  readonly unit: 'hour' | 'day';
  readonly total: number;
  readonly by_action: Record<string, number>;
  readonly failed_login_attempts: number | null;
  readonly items: readonly { readonly start: string; readonly events: number }[];
}

/** Every 37 minutes over ten days; each seventh a login, of which every other one failed. */
const sent = Array.from({ length: 390 }, (_, at) => ({
  ...EVENT,
  action: at % 7 === 0 ? 'LOGIN' : (['CREATE', 'UPDATE', 'DELETE'] as const)[at % 3],
  resource_type: ['feature_flag', 'user'][at % 2],
  actor_id: `actor-${at % 3}`,
  timestamp: new Date(START + at * 37 * 60_000).toISOString(),
  ...(at % 7 === 0 && { details: { outcome: at % 2 === 0 ? 'failure' : 'success' } }),
}));

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
  const body = { events: sent };
  await insist(server.call)(201, 'POST', EVENTS, { auth: world.keys.recorder.basic, body });
  trail = await readTrail(server, world);
});
afterAll(() => server.stop());

async function histogram(query: Record<string, string> = {}): Promise<Histogram> {
  const path = `${EVENTS}/histogram?${new URLSearchParams(query).toString()}`;
  return (await insist(server.call)(200, 'GET', path, { auth: world.keys.analyst.basic })).json as Histogram;
}

/** Counted from the events themselves. */
function counted(unit: 'hour' | 'day', which: (event: EventItem) => boolean): Histogram['items'] {
  const starts = new Map<string, number>();
  for (const { timestamp } of trail.filter(which).toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1))) {
    const start = unit === 'day' ? `${timestamp.slice(0, 10)}T00:00:00Z` : `${timestamp.slice(0, 13)}:00:00Z`;
    starts.set(start, (starts.get(start) ?? 0) + 1);
  }
  return [...starts].map(([start, events]) => ({ start, events }));
}

describe('a histogram', () => {
  it('counts the whole trail by day, oldest first, and by action with zeros', async () => {
    const found = await histogram();
    expect(found).toMatchObject({ unit: 'day', total: trail.length });
    expect(found.items).toEqual(counted('day', () => true));
    expect(Object.keys(found.by_action)).toHaveLength(9);
    expect(found.by_action['LOGIN']).toBe(trail.filter((event) => event.action === 'LOGIN').length);
    expect(found.by_action['EXPORT']).toBe(0);
    expect(found.failed_login_attempts).toBe(trail.filter((event) => event.details['outcome'] === 'failure').length);
  });

  it.each([
    [{ action: 'LOGIN' }, (event: EventItem) => event.action === 'LOGIN'],
    [{ resource_type: 'user' }, (event: EventItem) => event.resource_type === 'user'],
    [{ actor_id: 'actor-1' }, (event: EventItem) => event.actor_id === 'actor-1'],
    [
      { actor_id: 'actor-2', action: 'LOGIN' },
      (event: EventItem) => event.actor_id === 'actor-2' && event.action === 'LOGIN',
    ],
    [{ actor_id: 'nobody' }, () => false],
  ])('selects as the list does: %j', async (query, which) => {
    const window = { start_date: '2026-03-02T05:17:00Z', end_date: '2026-03-06T21:03:00.5Z' };
    const within = (event: EventItem): boolean =>
      which(event) && event.timestamp >= window.start_date && event.timestamp <= window.end_date;
    for (const unit of ['day', 'hour'] as const) {
      const found = await histogram({ ...query, ...window, unit });
      expect(found.items).toEqual(counted(unit, within));
      expect(found.total).toBe(trail.filter(within).length);
    }
  });

  it('has hours for a week or less and days for more, unless asked otherwise', async () => {
    const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();
    expect((await histogram({ start_date: at(0), end_date: at(7 * 24) })).unit).toBe('hour');
    expect((await histogram({ start_date: at(0), end_date: at(7 * 24 + 1) })).unit).toBe('day');
    expect((await histogram({ start_date: at(0) })).unit).toBe('day');
    expect((await histogram({ start_date: at(0), end_date: at(31 * 24), unit: 'hour' })).unit).toBe('hour');
  });

  it('has days where hours were asked for over more than 31 of them, and says so', async () => {
    const long = { start_date: '2026-03-01T00:00:00Z', end_date: '2026-04-01T00:00:01Z' };
    for (const query of [{}, { start_date: long.start_date }, long]) {
      expect((await histogram({ ...query, unit: 'hour' })).unit).toBe('day');
    }
  });

  it('says no number of failed logins where an actor is named', async () => {
    expect((await histogram({ actor_id: 'actor-0' })).failed_login_attempts).toBeNull();
  });

  it.each([
    { unit: 'minute' },
    { start_date: '2026-03-02T00:00:00Z', end_date: '2026-03-01T00:00:00Z' },
    { start_date: 'yesterday' },
  ])('is refused for %j', async (query) => {
    const path = `${EVENTS}/histogram?${new URLSearchParams(query).toString()}`;
    expect((await server.call('GET', path, { auth: world.keys.analyst.basic })).status).toBe(422);
  });
});
