import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { statusesOf } from '../support/answer.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, SERVICE, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());

interface Version {
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly name: string;
  readonly tls_enabled: boolean;
}

const admin = () => ({ auth: world.keys.admin.basic });

async function history(
  id: string,
  query = '',
): Promise<{ items: Version[]; total: number; page: number; page_size: number }> {
  return (await insist(server.call)(200, 'GET', world.path(`/services/${id}/history${query}`), admin())).json;
}

/** Actions of the events about one thing, in order. */
async function deedsOn(id: string): Promise<string[]> {
  return (await readTrail(server, world)).filter((event) => event.resource_id === id).map((event) => event.action);
}

describe('a service', () => {
  it('is given back as it was sent, by each door', async () => {
    const call = insist(server.call);
    const facts = {
      ...SERVICE,
      zones: ['us-nyc1', 'se-sto1', 'nowhere'],
      backup_encryption: null,
      storage_encrypted_at_rest: false,
      backup_schedule: 'none',
      backup_retention_days: 0,
    };
    const made = (await call(201, 'POST', world.path('/services'), { ...admin(), body: facts })).json;
    expect(made).toEqual({
      service_id: made.service_id,
      ...facts,
      created_at: expect.any(String),
      updated_at: made.created_at,
    });
    expect(Object.keys(made)).toEqual(['service_id', ...Object.keys(SERVICE), 'created_at', 'updated_at']);
    expect((await call(200, 'GET', world.path(`/services/${made.service_id}`), admin())).json).toEqual(made);
    const { items } = (await call(200, 'GET', world.path('/services'), admin())).json;
    expect(items.find((item: { service_id: string }) => item.service_id === made.service_id)).toEqual(made);
  });

  it('put under an id of the caller is 201, put again 200, and unchanged leaves neither version nor event', async () => {
    const id = randomUUID();
    const put = (body: object) => server.call('PUT', world.path(`/services/${id}`), { ...admin(), body });
    const first = await put(SERVICE);
    expect(first.status).toBe(201);
    await unchangedBy(server, async () => {
      const again = await put(SERVICE);
      expect([again.status, again.text]).toEqual([200, first.text]);
      const patched = await server.call('PATCH', world.path(`/services/${id}`), { ...admin(), body: { ...SERVICE } });
      expect([patched.status, patched.text]).toEqual([200, first.text]);
      expect((await server.call('PATCH', world.path(`/services/${id}`), { ...admin(), body: {} })).text).toBe(
        first.text,
      );
    });
    const other = await put({ ...SERVICE, tls_enabled: false });
    expect([other.status, other.json.tls_enabled, other.json.created_at]).toEqual([200, false, first.json.created_at]);
    expect(await deedsOn(id)).toEqual(['CREATE', 'UPDATE']);
  });

  it('put by ten at once under one id is created once', async () => {
    const id = randomUUID();
    const asked = Array.from({ length: 10 }, (_, at) =>
      server.call('PUT', world.path(`/services/${id}`), {
        ...admin(),
        body: { ...SERVICE, backup_retention_days: at },
      }),
    );
    expect(statusesOf(await Promise.all(asked))).toEqual([...Array<number>(9).fill(200), 201]);
    expect(await deedsOn(id)).toEqual(['CREATE', ...Array<string>(9).fill('UPDATE')]);
    const { items } = await history(id);
    expect(items).toHaveLength(10);
    expectUnbroken(items);
  });
});

/** From creation on exactly one version holds at every moment, and the last is open. */
function expectUnbroken(versions: readonly Version[], ended = false): void {
  const last = versions.at(-1);
  expect(last?.valid_to === null).toBe(!ended);
  for (const [at, version] of versions.entries()) {
    if (version.valid_to !== null) expect(isBefore(version.valid_from, version.valid_to)).toBe(true);
    const next = versions[at + 1];
    if (next !== undefined) expect(next.valid_from).toBe(version.valid_to);
  }
}

/** Of two times with up to six digits of fraction. */
function isBefore(one: string, other: string): boolean {
  const whole = (time: string): string => time.slice(0, 19) + (/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(6, '0');
  return whole(one) < whole(other);
}

describe('its history', () => {
  it('keeps what was replaced, with from when to when', async () => {
    const id = await makeService(server, world, { name: 'first' });
    for (const name of ['second', 'third']) {
      await insist(server.call)(200, 'PATCH', world.path(`/services/${id}`), { ...admin(), body: { name } });
    }
    const { items, total } = await history(id);
    expect([total, items.map((version) => version.name)]).toEqual([3, ['first', 'second', 'third']]);
    expectUnbroken(items);
    const service = (await insist(server.call)(200, 'GET', world.path(`/services/${id}`), admin())).json;
    expect([service.created_at, service.updated_at]).toEqual([items[0]?.valid_from, items[2]?.valid_from]);
    const change = (await readTrail(server, world)).find(
      (event) => event.resource_id === id && event.action === 'UPDATE',
    );
    expect(change?.details).toEqual({ changed: { name: { from: 'first', to: 'second' } } });
  });

  it('stays when the service ends, has the gap when it is made again, and is given in pages', async () => {
    const id = randomUUID();
    const path = world.path(`/services/${id}`);
    const call = insist(server.call);
    await call(201, 'PUT', path, { ...admin(), body: SERVICE });
    await call(201, 'POST', `${path}/backups`, {
      ...admin(),
      body: { completed_at: '2026-06-07T02:00:14Z', type: 'a', status: 'completed' },
    });
    await call(204, 'DELETE', path, admin());
    for (const [method, rest] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['GET', '/backups'],
    ] as const) {
      const body = method === 'PATCH' ? { body: { tls_enabled: false } } : {};
      expect([method, (await server.call(method, path + rest, { ...admin(), ...body })).status]).toEqual([method, 404]);
    }
    expect((await call(200, 'GET', world.path('/services'), admin())).text).not.toContain(id);
    expectUnbroken((await history(id)).items, true);

    const again = await call(201, 'PUT', path, { ...admin(), body: { ...SERVICE, name: 'again' } });
    const { items } = await history(id);
    expect(items.map((version) => version.name)).toEqual([SERVICE.name, 'again']);
    expect(isBefore(items[0]?.valid_to ?? '', items[1]?.valid_from ?? '')).toBe(true);
    expect(again.json.updated_at).toBe(items[1]?.valid_from);
    expect(await deedsOn(id)).toEqual(['CREATE', 'DELETE', 'CREATE']);
    expect((await call(200, 'GET', `${path}/backups`, admin())).json.total).toBe(1);

    expect(await history(id, '?page=2&page_size=1')).toMatchObject({
      items: [{ name: 'again' }],
      total: 2,
      page: 2,
      page_size: 1,
    });
    expect((await history(id, '?page=3&page_size=1')).items).toEqual([]);
  });

  it('of what never was is 404', async () => {
    expect((await server.call('GET', world.path(`/services/${randomUUID()}/history`), admin())).status).toBe(404);
  });

  it('is unbroken after twenty changes at once', async () => {
    const id = await makeService(server, world);
    const asked = Array.from({ length: 20 }, (_, at) =>
      insist(server.call)(200, 'PATCH', world.path(`/services/${id}`), { ...admin(), body: { name: `name ${at}` } }),
    );
    await Promise.all(asked);
    const { items } = await history(id);
    expect([items.length, new Set(items.map((version) => version.name)).size]).toEqual([21, 21]);
    expectUnbroken(items);
  });
});

describe('backups', () => {
  it('are given newest first, by when they were completed, in pages', async () => {
    const id = await makeService(server, world);
    const times = [
      '2026-06-03T00:00:00Z',
      '2026-06-05T00:00:00Z',
      '2026-06-01T00:00:00Z',
      '2026-06-05T00:00:00.5Z',
      '2026-06-04T00:00:00Z',
    ];
    for (const [at, completed_at] of times.entries()) {
      const body = { completed_at, type: 'automated', status: at % 2 === 0 ? 'completed' : 'failed' };
      await insist(server.call)(201, 'POST', world.path(`/services/${id}/backups`), { ...admin(), body });
    }
    const path = world.path(`/services/${id}/backups`);
    const whole = (await insist(server.call)(200, 'GET', path, admin())).json;
    const wanted = times.toSorted((one, other) => Date.parse(other) - Date.parse(one));
    expect(whole.items.map((item: { completed_at: string }) => item.completed_at)).toEqual(wanted);
    const page = (await insist(server.call)(200, 'GET', `${path}?page=2&page_size=2`, admin())).json;
    expect(page).toEqual({ items: whole.items.slice(2, 4), total: 5, page: 2, page_size: 2 });
  });

  it.each([
    [{ completed_at: '2999-01-01T00:00:00Z' }],
    [{ completed_at: '2026-06-07' }],
    [{ completed_at: '2026-06-07T02:00:60Z' }],
    [{ completed_at: '1969-06-07T02:00:00Z' }],
    [{ completed_at: 1_780_000_000 }],
    [{ status: 'running' }],
    [{ status: null }],
    [{ type: '' }],
  ])('with %j are refused', async (change) => {
    const id = await makeService(server, world);
    await unchangedBy(server, async () => {
      const body = { completed_at: '2026-06-07T02:00:14Z', type: 'automated', status: 'completed', ...change };
      expect((await server.call('POST', world.path(`/services/${id}/backups`), { ...admin(), body })).status).toBe(422);
    });
  });
});

describe('ten thousand services', () => {
  it('are as many as an organization keeps; one more is 409, by POST and by PUT, and a change still goes', async () => {
    const full = await makeWorld(server);
    const auth = full.keys.admin.basic;
    const id = await makeService(server, full);
    await asOwner(server.databaseUrl, async (client) => {
      const organization = `(SELECT organization_no FROM organizations WHERE organization_id = '${full.id}')`;
      await client.query(`
        INSERT INTO services (organization_no, service_id, created_at)
          SELECT ${organization}, gen_random_uuid(), now() FROM generate_series(2, 10000);
        INSERT INTO service_versions SELECT s.organization_no, s.service_id, now(), NULL, v.name, v.database_type, v.zones,
            v.storage_encrypted_at_rest, v.backup_encryption, v.tls_enabled, v.backup_schedule, v.backup_retention_days
          FROM services s, service_versions v
          WHERE s.organization_no = ${organization} AND v.service_id = '${id}' AND s.service_id <> v.service_id`);
    });
    await unchangedBy(server, async () => {
      expect((await server.call('POST', full.path('/services'), { auth, body: SERVICE })).status).toBe(409);
      expect((await server.call('PUT', full.path(`/services/${randomUUID()}`), { auth, body: SERVICE })).status).toBe(
        409,
      );
    });
    const change = await server.call('PATCH', full.path(`/services/${id}`), { auth, body: { tls_enabled: false } });
    expect(change.status).toBe(200);
    const report = await insist(server.call)(200, 'GET', full.path('/compliance-report'), { auth });
    expect(report.json.report.service_count).toBe(10_000);
    await insist(server.call)(204, 'DELETE', full.path(`/services/${id}`), { auth });
    expect((await server.call('POST', full.path('/services'), { auth, body: SERVICE })).status).toBe(201);
  });
});
