import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, type World } from '../support/world.ts';

const DAY = 86_400_000;

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

interface Days {
  readonly service_id: string;
  readonly days: readonly { day: string; schedule: string; completed: number; failed: number }[];
}

async function read(query: string, of = world): Promise<{ items: Days[]; total: number }> {
  const answer = await insist(server.call)(200, 'GET', of.path(`/backup-days?${query}`), {
    auth: of.keys.member.basic,
  });
  return answer.json as { items: Days[]; total: number };
}

async function backup(service: string, daysAgo: number, status: 'completed' | 'failed'): Promise<string> {
  const time = new Date(Date.now() - daysAgo * DAY);
  const body = { completed_at: `${time.toISOString().slice(0, 11)}00:00:00Z`, type: 'automated', status };
  await insist(server.call)(201, 'POST', world.path(`/services/${service}/backups`), {
    auth: world.keys.admin.basic,
    body,
  });
  return body.completed_at.slice(0, 10);
}

/** As if the service had been there for longer. */
async function makeOlder(service: string, days: number): Promise<void> {
  await asOwner(server.databaseUrl, async (client) => {
    const older = [service, `${days} days`];
    await client.query(
      'UPDATE service_versions SET valid_from = valid_from - $2::interval WHERE service_id = $1',
      older,
    );
    await client.query('UPDATE services SET created_at = created_at - $2::interval WHERE service_id = $1', older);
  });
}

describe('backups by day', () => {
  it('count completed and failed ones of each day, today last', async () => {
    const service = await makeService(server, world);
    await makeOlder(service, 10);
    const today = await backup(service, 0, 'completed');
    await backup(service, 2, 'completed');
    await backup(service, 2, 'failed');
    const before = await backup(service, 2, 'completed');
    await backup(service, 3, 'failed');
    const { items, total } = await read(`service_id=${service}&days=4`);
    expect(total).toBe(1);
    expect(items[0]?.days.map(({ completed, failed }) => [completed, failed])).toEqual([
      [0, 1],
      [2, 1],
      [0, 0],
      [1, 0],
    ]);
    expect([items[0]?.days[3]?.day, items[0]?.days[1]?.day]).toEqual([today, before]);
  });

  it('show only days on which the service was there, with the schedule that it had at their end', async () => {
    const service = await makeService(server, world, { backup_schedule: 'weekly' });
    await makeOlder(service, 3);
    await insist(server.call)(200, 'PATCH', world.path(`/services/${service}`), {
      auth: world.keys.admin.basic,
      body: { backup_schedule: 'hourly' },
    });
    const { items } = await read(`service_id=${service}&days=30`);
    expect(items[0]?.days.map((one) => one.schedule)).toEqual(['weekly', 'weekly', 'weekly', 'hourly']);
  });

  it('are of live services, in the order of their list, in pages', async () => {
    const of = await makeWorld(server);
    const made = [
      await makeService(server, of),
      await makeService(server, of),
      await makeService(server, of),
      await makeService(server, of),
    ];
    await insist(server.call)(204, 'DELETE', of.path(`/services/${made[1]}`), { auth: of.keys.admin.basic });
    const left = [made[0], made[2], made[3]];
    const ids = async (query: string): Promise<string[]> => (await read(query, of)).items.map((one) => one.service_id);
    expect(await ids('days=1')).toEqual(left);
    expect([await ids('page_size=2'), await ids('page_size=2&page=2')]).toEqual([left.slice(0, 2), left.slice(2)]);
    expect(await ids(`service_id=${made[1]}`)).toEqual([]);
    expect((await read('page_size=2', of)).total).toBe(3);
  });

  it.each(['days=0', 'days=401', 'days=x', 'service_id=x', 'page_size=201', 'other=1'])('refuse %s', async (query) => {
    const auth = world.keys.member.basic;
    expect((await server.call('GET', world.path(`/backup-days?${query}`), { auth })).status).toBe(422);
  });
});
