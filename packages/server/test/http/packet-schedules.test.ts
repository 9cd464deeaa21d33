import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Answer } from '../support/answer.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  world = await makeWorld(server);
  const auth = world.keys.admin.basic;
  await insist(server.call)(200, 'PUT', world.path('/compliance-subscriptions/soc2'), { auth });
});

function put(framework: string, body: object = { cadence: 'monthly' }): Promise<Answer> {
  return server.call('PUT', world.path(`/compliance-schedules/${framework}`), { auth: world.keys.admin.basic, body });
}

function remove(framework: string): Promise<Answer> {
  return server.call('DELETE', world.path(`/compliance-schedules/${framework}`), { auth: world.keys.admin.basic });
}

async function list(): Promise<{ items: { framework: string; cadence: string }[]; runs: unknown[] }> {
  const auth = world.keys.member.basic;
  return (await insist(server.call)(200, 'GET', world.path('/compliance-schedules'), { auth })).json as Awaited<
    ReturnType<typeof list>
  >;
}

async function deeds(): Promise<unknown[]> {
  const events = await readTrail(server, world, '&resource_type=packet_schedule');
  return events.map(({ action, resource_id: id, details }) => [action, id, details['cadence']]);
}

describe('a schedule', () => {
  it('is due half an hour after the running month or quarter ends', async () => {
    const monthly = (await put('soc2')).json as { next_due_at: string };
    const quarterly = (await put('soc2', { cadence: 'quarterly' })).json as { next_due_at: string };
    const now = new Date();
    const nextMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 0, 30);
    const nextQuarter = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (now.getUTCMonth() % 3) + 3, 1, 0, 30);
    expect([Date.parse(monthly.next_due_at), Date.parse(quarterly.next_due_at)]).toEqual([nextMonth, nextQuarter]);
  });

  it('that is asked for again stays as it is, and only changes are events', async () => {
    const first = await put('soc2');
    const again = await put('soc2');
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    await put('soc2', { cadence: 'quarterly' });
    expect((await list()).items).toMatchObject([{ framework: 'soc2', cadence: 'quarterly' }]);
    expect((await remove('soc2')).status).toBe(204);
    expect(await deeds()).toEqual([
      ['CREATE', 'soc2', 'monthly'],
      ['UPDATE', 'soc2', 'quarterly'],
      ['DELETE', 'soc2', undefined],
    ]);
    expect(await list()).toEqual({ items: [], runs: [] });
  });

  it('that is asked for by several at once is made once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => put('soc2')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await deeds()).toEqual([['CREATE', 'soc2', 'monthly']]);
  });

  it('needs a subscription', async () => {
    expect((await put('dora')).status).toBe(402);
    expect(await list()).toEqual({ items: [], runs: [] });
    expect(await deeds()).toEqual([]);
  });

  it.each([
    ['another cadence', 422, 'soc2', { cadence: 'weekly' }],
    ['another member', 422, 'soc2', { cadence: 'monthly', day: 3 }],
    ['another framework', 404, 'hipaa', { cadence: 'monthly' }],
  ])('is refused with %s', async (_what, status, framework, body) => {
    expect((await put(framework, body)).status).toBe(status);
    expect(await deeds()).toEqual([]);
  });

  it('that is not there can not be removed', async () => {
    expect((await remove('soc2')).status).toBe(404);
    expect(await deeds()).toEqual([]);
  });
});
