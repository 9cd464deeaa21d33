import { randomUUID } from 'node:crypto';

import type { ServiceEvidence } from '@veritrail/controls';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { gatherServices } from '../../../src/evidence/packets/gather-services.ts';
import { loadZoneCatalogue } from '../../../src/posture/zone-catalogue.ts';
import { organizationNo } from '../../support/retention-scene.ts';
import { asOwner, startTestServer, type TestServer } from '../../support/test-server.ts';
import { insist, makeWorld, SERVICE } from '../../support/world.ts';

const PERIOD = { start: '2026-05-01T00:00:00Z', end: '2026-05-11T00:00:00Z', before: '2026-05-11T00:00:00Z' };
const BEFORE = '2026-04-01T00:00:00Z';

let server: TestServer;
let no: number;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  no = await organizationNo(server, await makeWorld(server));
});

interface Version {
  readonly from: string;
  readonly to?: string;
  readonly schedule?: string;
  readonly zones?: readonly string[];
  readonly name?: string;
}

/** A service with a past, as only the database's owner can give it one. */
async function keep(versions: readonly Version[], deletedAt?: string): Promise<string> {
  const id = randomUUID();
  await asOwner(server.databaseUrl, async (client) => {
    await client.query('INSERT INTO services VALUES ($1, $2, $3, $4)', [no, id, versions[0]?.from, deletedAt ?? null]);
    for (const { from, to, schedule = 'daily', zones = ['se-sto1'], name = 'orders' } of versions) {
      await insertVersion(client, id, { from, to, schedule, zones, name });
    }
  });
  return id;
}

async function insertVersion(
  client: pg.Client,
  id: string,
  { from, to, schedule, zones, name }: Omit<Required<Version>, 'to'> & { to: string | undefined },
): Promise<void> {
  await client.query(
    `INSERT INTO service_versions (organization_no, service_id, valid_from, valid_to, name, database_type, zones,
       storage_encrypted_at_rest, backup_encryption, tls_enabled, backup_schedule, backup_retention_days)
     VALUES ($1, $2, $3, $4, $5, 'postgresql', $6, true, $7, true, $8, 14)`,
    [no, id, from, to ?? null, name, zones, SERVICE.backup_encryption, schedule],
  );
}

async function backUp(id: string, times: readonly string[], status = 'completed'): Promise<void> {
  await asOwner(server.databaseUrl, async (client) => {
    for (const at of times) {
      await client.query("INSERT INTO backups VALUES ($1, $2, $3, $4, 'automated', $5, $4)", [
        no,
        id,
        randomUUID(),
        at,
        status,
      ]);
    }
  });
}

async function gather(sampledAt: readonly string[] = []): Promise<ServiceEvidence[]> {
  return server.running.house.db.scoped(no, (tx) =>
    gatherServices(tx, no, {
      zones: loadZoneCatalogue(),
      period: PERIOD,
      now: Date.parse('2026-06-01T00:00:00Z'),
      sampledAt: sampledAt.map((at) => Date.parse(at)),
      backupAges: new Map(),
      observed: () => ({}),
      giveWay: async () => undefined,
    }),
  );
}

async function gaps(): Promise<(readonly [string, string, number])[]> {
  const [service] = await gather();
  return (service?.backups.gaps ?? []).map((gap) => [gap.from, gap.to, gap.limit_seconds]);
}

const days = (...of: number[]): string[] => of.map((day) => `2026-05-${String(day).padStart(2, '0')}T02:00:00Z`);

describe('gaps between backups', () => {
  it('are none while backups come as scheduled, the one before the period among them', async () => {
    const id = await keep([{ from: BEFORE }]);
    await backUp(id, ['2026-04-30T02:00:00Z', ...days(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]);
    expect(await gaps()).toEqual([]);
    expect((await gather())[0]?.backups).toMatchObject({ completed: 10, failed: 0, gaps_total: 0 });
  });

  it('count a failed backup as none', async () => {
    const id = await keep([{ from: BEFORE }]);
    await backUp(id, ['2026-04-30T02:00:00Z', ...days(1, 2, 3, 5, 6, 7, 8, 9, 10)]);
    await backUp(id, days(4), 'failed');
    expect(await gaps()).toEqual([['2026-05-03T02:00:00Z', '2026-05-05T02:00:00Z', 129_600]]);
    expect((await gather())[0]?.backups).toMatchObject({ failed: 1 });
  });

  it('are not filled by backups of which nobody told for more than a day', async () => {
    const id = await keep([{ from: BEFORE }]);
    await backUp(id, ['2026-04-30T02:00:00Z', ...days(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]);
    await asOwner(server.databaseUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      const late = `UPDATE backups SET recorded_at = completed_at + $2::interval WHERE service_id = $1 AND completed_at = $3`;
      await client.query(late, [id, '24 hours 1 second', days(4)[0]]);
      await client.query(late, [id, '24 hours', days(8)[0]]);
    });
    expect(await gaps()).toEqual([['2026-05-03T02:00:00Z', '2026-05-05T02:00:00Z', 129_600]]);
    expect((await gather())[0]?.backups).toMatchObject({ completed: 10 });
  });

  it('reach from the last backup before the period, and to its end', async () => {
    const id = await keep([{ from: BEFORE }]);
    await backUp(id, ['2026-04-20T02:00:00Z', ...days(4, 5, 6, 7, 8)]);
    expect(await gaps()).toEqual([
      ['2026-04-20T02:00:00Z', '2026-05-04T02:00:00Z', 129_600],
      ['2026-05-08T02:00:00Z', PERIOD.end, 129_600],
    ]);
  });

  it('begin anew with a tighter schedule', async () => {
    const id = await keep([
      { from: BEFORE, to: '2026-05-09T00:00:00Z', schedule: 'weekly' },
      { from: '2026-05-09T00:00:00Z' },
    ]);
    await backUp(id, ['2026-05-03T02:00:00Z', ...days(9, 10)]);
    expect(await gaps()).toEqual([]);
  });

  it('are not hidden by a schedule that is changed to and fro', async () => {
    const cuts = ['2026-05-02T00:00:00Z', '2026-05-02T01:00:00Z', '2026-05-03T00:00:00Z', '2026-05-03T01:00:00Z'];
    const id = await keep(
      [BEFORE, ...cuts].map((from, index) => ({
        from,
        ...(cuts[index] !== undefined && { to: cuts[index] }),
        schedule: index % 2 === 0 ? 'daily' : 'hourly',
      })),
    );
    await backUp(id, ['2026-05-01T02:00:00Z', ...days(4, 5, 6, 7, 8, 9, 10)]);
    expect(await gaps()).toContainEqual(['2026-05-01T02:00:00Z', '2026-05-04T02:00:00Z', 129_600]);
  });

  it('are none while nothing is scheduled, and the schedule says so', async () => {
    await keep([{ from: BEFORE, schedule: 'none' }]);
    const [service] = await gather();
    expect(service?.backups).toMatchObject({ completed: 0, last_completed_at: null, gaps: [], gaps_total: 0 });
    expect(service?.backup_schedule.map((span) => span.value)).toEqual(['none']);
  });

  it('of a service that never had one reach from its beginning', async () => {
    await keep([{ from: '2026-05-03T00:00:00Z' }]);
    expect(await gaps()).toEqual([['2026-05-03T00:00:00Z', PERIOD.end, 129_600]]);
  });
});

describe('services of a period', () => {
  it('hold one that ended in it, until then, and none that ended before or began after', async () => {
    const ended = '2026-05-05T12:00:00Z';
    const id = await keep([{ from: BEFORE, to: ended }], ended);
    await keep([{ from: BEFORE, to: PERIOD.start }], PERIOD.start);
    await keep([{ from: PERIOD.end }]);
    const services = await gather();
    expect(services.map((service) => [service.service_id, service.ended_at])).toEqual([[id, ended]]);
    expect(services[0]?.tls_enabled.map((span) => [span.from, span.to])).toEqual([[PERIOD.start, ended]]);
  });

  it('count as read when the last sample that saw a value was taken', async () => {
    await keep([{ from: BEFORE, to: '2026-05-05T00:00:00Z', schedule: 'weekly' }, { from: '2026-05-05T00:00:00Z' }]);
    const [service] = await gather(['2026-05-02T00:10:00Z', '2026-05-03T00:10:00Z', '2026-05-06T00:10:00Z']);
    expect(service?.backup_schedule.map((span) => [span.value, span.collected_at])).toEqual([
      ['weekly', '2026-05-03T00:10:00Z'],
      ['daily', '2026-06-01T00:00:00Z'],
    ]);
  });

  it('with fifty zones lie in each country once', async () => {
    const zones = loadZoneCatalogue()
      .list()
      .map(({ zone }) => zone);
    const fifty = Array.from({ length: 50 }, (_, index) => zones[index % zones.length] ?? '');
    await keep([{ from: BEFORE, zones: fifty }]);
    const [service] = await gather();
    const countries = service?.countries[0]?.value ?? [];
    expect(countries.length).toBeGreaterThan(1);
    expect(countries).toEqual([...new Set(countries)].sort());
    expect(service?.zones[0]?.value).toHaveLength(50);
    expect(service?.unknown_zones).toEqual([]);
  });

  it.each([
    ['without a zone', [], []],
    ['with an unknown zone beside a known one', ['se-sto1', 'xx-nowhere1'], ['xx-nowhere1']],
  ])('%s lie in no country that is known', async (_which, zones, unknown) => {
    await keep([{ from: BEFORE, zones }]);
    const [service] = await gather();
    expect(service).toMatchObject({ countries: [], residency: [], unknown_zones: unknown });
  });
});

describe('a service that ended and was made again under its id', () => {
  it('is two, each with what was its own', async () => {
    const id = await keep([
      { from: BEFORE, to: '2026-05-02T00:00:00Z' },
      { from: '2026-05-02T00:00:00Z', to: '2026-05-04T00:00:00Z', name: 'renamed' },
      { from: '2026-05-06T00:00:00Z', name: 'anew', schedule: 'weekly' },
    ]);
    await backUp(id, ['2026-04-30T02:00:00Z', ...days(1, 2, 6, 9)]);
    await backUp(id, days(3), 'failed');
    const found = await gather();
    expect(found.map(({ service_id, created_at, ended_at, name }) => [service_id, created_at, ended_at, name])).toEqual(
      [
        [id, BEFORE, '2026-05-04T00:00:00Z', 'renamed'],
        [id, '2026-05-06T00:00:00Z', null, 'anew'],
      ],
    );
    expect(found.map(({ backup_schedule }) => backup_schedule.map(({ from, to }) => [from, to]))).toEqual([
      [[PERIOD.start, '2026-05-04T00:00:00Z']],
      [['2026-05-06T00:00:00Z', PERIOD.end]],
    ]);
    expect(found.map(({ backups }) => backups)).toMatchObject([
      { completed: 2, failed: 1, last_completed_at: '2026-05-02T02:00:00Z', gaps: [{ from: '2026-05-02T02:00:00Z' }] },
      { completed: 2, failed: 0, last_completed_at: '2026-05-09T02:00:00Z', gaps: [] },
    ]);
  });

  it('is one where the first ended before the period, and did not live before it began anew', async () => {
    await keep([{ from: BEFORE, to: '2026-04-20T00:00:00Z' }, { from: '2026-05-06T00:00:00Z' }]);
    expect((await gather()).map(({ created_at, ended_at }) => [created_at, ended_at])).toEqual([
      ['2026-05-06T00:00:00Z', null],
    ]);
  });

  it('says when it was made for the second time, and shows none of the backups of the first', async () => {
    const world = await makeWorld(server);
    const auth = world.keys.admin.basic;
    const path = world.path(`/services/${randomUUID()}`);
    const first = await insist(server.call)(201, 'PUT', path, { auth, body: SERVICE });
    const backup = {
      completed_at: new Date(Date.now() - 3_600_000).toISOString(),
      type: 'automated',
      status: 'completed',
    };
    await insist(server.call)(201, 'POST', `${path}/backups`, { auth, body: backup });
    await insist(server.call)(204, 'DELETE', path, { auth });
    const second = await insist(server.call)(201, 'PUT', path, { auth, body: SERVICE });
    const created = (answer: { json: unknown }): string => (answer.json as { created_at: string }).created_at;
    expect(created(second) > created(first)).toBe(true);
    const lastBackup = async (): Promise<unknown> => {
      const report = await insist(server.call)(200, 'GET', world.path('/compliance-report'), { auth });
      const { services } = (report.json as { report: { services: { last_backup_at: string | null }[] } }).report;
      return services.map((service) => service.last_backup_at !== null);
    };
    expect(await lastBackup()).toEqual([false]);
    await insist(server.call)(201, 'POST', `${path}/backups`, { auth, body: backup });
    expect(await lastBackup()).toEqual([true]);
  });
});
