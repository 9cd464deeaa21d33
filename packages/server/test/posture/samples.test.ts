import { createHash } from 'node:crypto';

import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { takeSample } from '../../src/posture/take-sample.ts';
import { startSampling } from '../../src/sampling.ts';
import type { Ground } from '../../src/tenancy/ground.ts';
import { asServer, organizationNo } from '../support/retention-scene.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let world: World;
let no: number;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const auth = () => world.keys.member.basic;
const ground = (): Ground => server.running.house.ground;

async function fresh(): Promise<void> {
  world = await makeWorld(server);
  no = await organizationNo(server, world);
}

async function backUp(serviceId: string, completed_at: string, status = 'completed'): Promise<void> {
  const body = { completed_at, type: 'automated', status };
  await insist(server.call)(201, 'POST', world.path(`/services/${serviceId}/backups`), {
    auth: world.keys.admin.basic,
    body,
  });
}

const list = async (query = '') =>
  (await insist(server.call)(200, 'GET', world.path(`/samples${query}`), { auth: auth() })).json;
const daysOf = async (): Promise<string[]> =>
  (await list('?to=2026-09-30')).items.map((item: { day: string }) => item.day);

describe('a sample', () => {
  beforeAll(fresh);

  it('holds each live service, since when its facts hold, and its newest completed backup', async () => {
    const [first, second, ended] = await Promise.all([1, 2, 3].map(() => makeService(server, world)));
    await insist(server.call)(204, 'DELETE', world.path(`/services/${ended}`), { auth: world.keys.admin.basic });
    await backUp(first ?? '', '2026-05-01T02:00:00.25Z');
    await backUp(first ?? '', '2026-05-02T02:00:00Z', 'failed');
    // Not there yet when the sample is taken.
    await backUp(first ?? '', '2026-07-01T02:00:00Z');
    const events = (await readTrail(server, world)).length;
    expect(await takeSample(ground(), no, new Date('2026-06-10T00:05:00.123Z'))).toBe(true);
    const services = (await insist(server.call)(200, 'GET', world.path('/services'), { auth: auth() })).json.items as {
      service_id: string;
      updated_at: string;
    }[];
    const answer = await insist(server.call)(200, 'GET', world.path('/samples/2026-06-10'), { auth: auth() });
    const last = { [first ?? '']: '2026-05-01T02:00:00.25Z', [second ?? '']: null };
    expect(answer.json).toEqual({
      day: '2026-06-10',
      sampled_at: '2026-06-10T00:05:00.123Z',
      service_count: 2,
      sha256: expect.any(String),
      content: services
        .map(({ service_id, updated_at }) => ({ service_id, valid_from: updated_at, last_backup_at: last[service_id] }))
        .sort((one, other) => (one.service_id < other.service_id ? -1 : 1)),
    });
    const content = answer.text.slice(answer.text.indexOf('"content":') + '"content":'.length, -1);
    expect(answer.json.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    // A look is no deed.
    expect(await readTrail(server, world)).toHaveLength(events);
  });

  it('of a day is taken once, whatever came since', async () => {
    await makeService(server, world);
    expect(await takeSample(ground(), no, new Date('2026-06-10T23:59:59.999Z'))).toBe(false);
    expect((await list('?from=2026-06-10&to=2026-06-10')).items).toMatchObject([{ service_count: 2 }]);
    expect(await takeSample(ground(), no, new Date('2026-06-11T00:00:00Z'))).toBe(true);
    expect((await list('?from=2026-06-11&to=2026-06-11')).items).toMatchObject([{ service_count: 3 }]);
  });

  it('is one even if five take it at once', async () => {
    const at = new Date('2026-06-12T00:05:00Z');
    const taken = await Promise.all([1, 2, 3, 4, 5].map(() => takeSample(ground(), no, at)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('of a day nobody looked is 404, and so is what is no day', async () => {
    for (const day of ['2026-06-09', '2026-02-30', '0000-01-01', 'today', '2026-06-10T00:00:00Z']) {
      expect([day, (await server.call('GET', world.path(`/samples/${day}`), { auth: auth() })).status]).toEqual([
        day,
        404,
      ]);
    }
  });

  it('of another organization is not shown', async () => {
    const other = await makeWorld(server);
    const answer = await server.call('GET', other.path('/samples/2026-06-10'), { auth: other.keys.owner.basic });
    expect(answer.status).toBe(404);
  });

  it('can be neither changed nor removed, by the server or by the owner of the schema', async () => {
    for (const statement of [
      `UPDATE posture_samples SET service_count = 0 WHERE organization_no = ${no}`,
      `DELETE FROM posture_samples WHERE organization_no = ${no}`,
      'TRUNCATE posture_samples',
    ]) {
      await expect(asServer(server, no, (client) => client.query(statement))).rejects.toThrow(/permission denied/);
      await expect(asOwner(server.databaseUrl, (client) => client.query(statement))).rejects.toThrow(/append-only/);
    }
  });

  it('can not be slipped in for another day or with another digest', async () => {
    const values = (day: string, content: string) =>
      `INSERT INTO posture_samples VALUES (${no}, '${day}', '2026-06-20T10:00:00Z', 0, '[]', sha256('${content}'))`;
    for (const statement of [values('2026-06-19', '[]'), values('2026-06-20', '[ ]')]) {
      await expect(asServer(server, no, (client) => client.query(statement))).rejects.toThrow(/check constraint/);
    }
  });
});

describe('the list of samples', () => {
  it('is oldest first, of the days asked for, in pages', async () => {
    await fresh();
    for (const day of ['03', '01', '02', '05']) await takeSample(ground(), no, new Date(`2026-03-${day}T12:00:00Z`));
    expect(await daysOf()).toEqual(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-05']);
    expect(await list('?from=2026-03-02&to=2026-03-05&page=2&page_size=2')).toMatchObject({
      items: [{ day: '2026-03-05' }],
      total: 3,
      page: 2,
      page_size: 2,
    });
    expect((await list('?from=2026-03-05&to=2026-03-01')).total).toBe(0);
    for (const query of ['?from=yesterday', '?to=2026-13-01', '?from=0000-01-01', '?day=2026-03-01']) {
      expect((await server.call('GET', world.path(`/samples${query}`), { auth: auth() })).status).toBe(422);
    }
  });
});

describe('the daily round', () => {
  it('waits until 00:05, catches up on the day of a start, and invents no day', async () => {
    await fresh();
    let now = '';
    const complaints: string[] = [];
    const diagnostics = pino({ level: 'warn' }, { write: (line) => void complaints.push(line) });
    const at = async (time: string): Promise<string[]> => {
      now = time;
      // Each start takes its first round at once; the end of it is waited for.
      const sampling = startSampling({ ground: { ...ground(), clock: () => new Date(now) }, diagnostics });
      await sampling.round();
      await sampling.stop();
      return daysOf();
    };
    expect(await at('2026-04-01T00:04:59.999Z')).toEqual([]);
    expect(await at('2026-04-01T00:05:00Z')).toEqual(['2026-04-01']);
    expect(await at('2026-04-01T17:00:00Z')).toEqual(['2026-04-01']);
    expect(await at('2026-04-04T13:00:00Z')).toEqual(['2026-04-01', '2026-04-04']);
    expect(complaints).toEqual([]);
  });

  it('takes one of an organization that came later, and of each day that comes', async () => {
    let now = '2026-04-10T10:00:00Z';
    const sampling = startSampling({
      ground: { ...ground(), clock: () => new Date(now) },
      diagnostics: pino({ level: 'silent' }),
    });
    await fresh();
    await sampling.round();
    expect(await daysOf()).toEqual(['2026-04-10']);
    await sampling.round();
    now = '2026-04-11T00:03:00Z';
    await sampling.round();
    now = '2026-04-11T00:06:00Z';
    await sampling.round();
    expect(await daysOf()).toEqual(['2026-04-10', '2026-04-11']);
    await sampling.stop();
  });

  it('goes on when one organization fails, tells it, and tries it again', async () => {
    const before = await makeWorld(server);
    await fresh();
    const failing = await organizationNo(server, before);
    const complaints: string[] = [];
    let broken = true;
    const { db } = ground();
    const scoped: typeof db.scoped = (of, ...rest) =>
      broken && of === failing ? Promise.reject(new Error('no room')) : db.scoped(of, ...rest);
    const sampling = startSampling({
      ground: { ...ground(), db: { ...db, scoped }, clock: () => new Date('2026-04-20T10:00:00Z') },
      diagnostics: pino({ level: 'warn' }, { write: (line) => void complaints.push(line) }),
    });
    await sampling.round();
    expect(await daysOf()).toEqual(['2026-04-20']);
    expect(complaints.join('')).toContain(`"organization_no":${failing}`);
    broken = false;
    await sampling.round();
    await sampling.stop();
    const there = await insist(server.call)(200, 'GET', before.path('/samples/2026-04-20'), {
      auth: before.keys.member.basic,
    });
    expect(there.json.service_count).toBe(0);
  });

  it('is taken by the server itself when it starts', async () => {
    // The first organization came into being before the first round.
    const { organization_id: first, api_key: key, api_secret: secret } = server.firstRun;
    const headers = { authorization: `Bearer ${key}.${secret}` };
    const now = new Date();
    if (now.getUTCHours() === 0 && now.getUTCMinutes() < 6) return;
    await expect
      .poll(async () => {
        const answer = await server.call('GET', `/organizations/${first}/samples`, { headers });
        return answer.json.items.map((item: { day: string }) => item.day);
      })
      .toContain(now.toISOString().slice(0, 10));
  });
});
