import { createHmac } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Answer } from '../support/answer.ts';
import { createDatabase, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, recordEvent, SERVICE, type World } from '../support/world.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Report {
  readonly organization_id: string;
  readonly generated_at: string;
  readonly service_count: number;
  readonly all_services_eu_residency: boolean;
  readonly services: readonly (Record<string, unknown> & { readonly service_id: string })[];
  readonly audit_log: { retention_policy_days: number | null; entry_count: number; oldest_entry_at: string | null };
}

function read(world: World, of = server): Promise<Answer> {
  return insist(of.call)(200, 'GET', world.path('/compliance-report'), { auth: world.keys.member.basic });
}

async function reportOf(world: World): Promise<Report> {
  return (await read(world)).json.report as Report;
}

async function keyOf(world: World, of = server): Promise<{ key_id: string; verification_key: string }> {
  const path = world.path('/compliance-report/verification-key');
  return (await insist(of.call)(200, 'GET', path, { auth: world.keys.admin.basic })).json;
}

/** The first seed's script in other words: the bytes from the first `"report":` to the next `,"signature"`, and the key's own. */
function verifies(document: Buffer, key: string): boolean {
  const start = document.indexOf('"report":') + '"report":'.length;
  const end = document.indexOf(',"signature"', start);
  if (start < '"report":'.length || end === -1) return false;
  const mac = createHmac('sha256', Buffer.from(key, 'ascii')).update(document.subarray(start, end)).digest('hex');
  try {
    return (JSON.parse(document.toString('utf8')) as { signature: { value: string } }).signature.value === mac;
  } catch {
    return false;
  }
}

async function change(world: World, id: string, facts: object): Promise<void> {
  await insist(server.call)(200, 'PATCH', world.path(`/services/${id}`), { auth: world.keys.admin.basic, body: facts });
}

async function recordBackup(world: World, id: string, completed_at: string, type = 'automated', status = 'completed') {
  const body = { completed_at, type, status };
  await insist(server.call)(201, 'POST', world.path(`/services/${id}/backups`), { auth: world.keys.admin.basic, body });
}

describe('a posture report', () => {
  it('has the published members in the published order and no others, compact', async () => {
    const world = await makeWorld(server);
    const id = await makeService(server, world);
    await recordBackup(world, id, '2026-06-07T02:00:14Z');
    const answer = await read(world);
    const { report, signature } = answer.json;
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.text).toBe(JSON.stringify(answer.json));
    expect(Object.keys(answer.json)).toEqual(['report', 'signature']);
    expect(Object.keys(signature)).toEqual(['algorithm', 'value', 'key_id']);
    expect(Object.keys(report).join(' ')).toBe(
      'organization_id generated_at service_count all_services_eu_residency services audit_log',
    );
    expect(Object.keys(report.services[0]).join(' ')).toBe(
      'service_id name database_type zones regions eu_residency storage_encrypted_at_rest backup_encryption tls_enabled ' +
        'last_backup_at last_backup_type backup_schedule backup_retention_days',
    );
    expect(Object.keys(report.audit_log)).toEqual(['retention_policy_days', 'entry_count', 'oldest_entry_at']);
    expect(report).toMatchObject({ organization_id: world.id, service_count: 1 });
    expect(report.services).toEqual([
      {
        ...SERVICE,
        service_id: id,
        regions: ['europe'],
        eu_residency: true,
        last_backup_at: '2026-06-07T02:00:14Z',
        last_backup_type: 'automated',
      },
    ]);
    expect(report.generated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Math.abs(Date.parse(report.generated_at) - Date.now())).toBeLessThan(60_000);
    expect(signature).toEqual({
      algorithm: 'HMAC-SHA256',
      value: expect.stringMatching(/^[0-9a-f]{64}$/),
      key_id: expect.any(String),
    });
  });

  it('of no service shows nothing', async () => {
    const world = await makeWorld(server);
    expect(await reportOf(world)).toMatchObject({ service_count: 0, all_services_eu_residency: false, services: [] });
  });
});

describe('its signature', () => {
  it("verifies with the organization's key and no other's, and not with any one byte changed", async () => {
    const [world, other] = [await makeWorld(server), await makeWorld(server)];
    await makeService(server, world);
    const { bytes, json } = await read(world);
    const { key_id: keyId, verification_key: key } = await keyOf(world);
    expect(key).toMatch(/^[\x21-\x7e]{32,}$/);
    expect(json.signature.key_id).toBe(keyId);
    expect(verifies(bytes, key)).toBe(true);
    expect(verifies(bytes, (await keyOf(other)).verification_key)).toBe(false);
    expect((await keyOf(other)).key_id).not.toBe(keyId);
    const end = bytes.indexOf(',"signature"');
    for (let at = '{"report":'.length; at < end; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verifies(changed, key), `byte ${at}`).toBe(false);
    }
  });

  it('stays with its key over a restart, and what was stored stays byte for byte', async () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'veritrail-test-'));
    const settings = { DATA_DIR: join(folder, 'data'), DATABASE_URL: await createDatabase() };
    try {
      const before = await startTestServer(settings);
      const world = await makeWorld(before);
      const service = await makeService(before, world);
      const event = await recordEvent(before, world, { details: { a: [1.5, 'é'] } });
      const { verification_key: key } = await keyOf(world, before);
      await before.stop();

      const after = await startTestServer(settings, before);
      try {
        expect((await keyOf(world, after)).verification_key).toBe(key);
        const { bytes, json } = await read(world, after);
        expect([verifies(bytes, key), json.report.services[0].service_id]).toEqual([true, service]);
        const path = `/api/v1/compliance/audit-events/${event.json.id}`;
        expect((await after.call('GET', path, { auth: world.keys.analyst.bearer })).text).toBe(event.text);
        expect((await after.call('GET', world.path(), { auth: world.owner.bearer })).status).toBe(200);
        const next = (await recordEvent(after, world)).json.sequence as number;
        expect((await readTrail(after, world)).map((one) => one.sequence)).toEqual(
          Array.from({ length: next + 1 }, (_, at) => at),
        );
      } finally {
        await after.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('residency', () => {
  let world: World;
  let id: string;
  beforeAll(async () => {
    world = await makeWorld(server);
    id = await makeService(server, world);
  });

  it.each([
    [['se-sto1'], ['europe'], true],
    [['de-fra1', 'nl-ams1', 'fi-hel1'], ['europe', 'europe', 'europe'], true],
    [['us-nyc1', 'se-sto1'], ['north-america', 'europe'], false],
    [['se-sto1', 'us-nyc1'], ['europe', 'north-america'], false],
    [['eu-west-2'], ['europe'], false],
    [['eu-central-2'], ['europe'], false],
    [['no-svg1'], ['europe'], false],
    [['mars-1'], ['unknown'], false],
    [['se-sto1', 'mars-1'], ['europe', 'unknown'], false],
    [['SE-STO1'], ['unknown'], false],
    [['se-sto1 '], ['unknown'], false],
    [['constructor', '__proto__'], ['unknown', 'unknown'], false],
    [[], [], false],
  ])('of a service in %j is told zone by zone', async (zones, regions, eu) => {
    await change(world, id, { zones });
    const report = await reportOf(world);
    expect(report.services).toMatchObject([{ zones, regions, eu_residency: eu }]);
    expect(report.all_services_eu_residency).toBe(eu);
  });

  it('of all services is no sooner true than of each', async () => {
    await change(world, id, { zones: ['se-sto1'] });
    const odd = await makeService(server, world, { zones: ['us-nyc1'] });
    expect((await reportOf(world)).all_services_eu_residency).toBe(false);
    await change(world, odd, { zones: ['se-sto1'] });
    expect((await reportOf(world)).all_services_eu_residency).toBe(true);
    await change(world, odd, { zones: [] });
    expect((await reportOf(world)).all_services_eu_residency).toBe(false);
    await insist(server.call)(204, 'DELETE', world.path(`/services/${odd}`), { auth: world.keys.admin.basic });
    expect(await reportOf(world)).toMatchObject({ all_services_eu_residency: true, service_count: 1 });
  });
});

describe('the last backup', () => {
  it('is the newest that was completed, by when it was and not by when it was told, to the second', async () => {
    const world = await makeWorld(server);
    const id = await makeService(server, world);
    const last = async () => {
      const [service] = (await reportOf(world)).services;
      return [service?.['last_backup_at'], service?.['last_backup_type']];
    };
    expect(await last()).toEqual([null, null]);
    await recordBackup(world, id, '2026-06-09T00:00:00Z', 'automated', 'failed');
    expect(await last()).toEqual([null, null]);
    await recordBackup(world, id, '2026-06-07T02:00:14.999999Z', 'automated');
    expect(await last()).toEqual(['2026-06-07T02:00:14Z', 'automated']);
    await recordBackup(world, id, '2026-06-06T02:00:00Z', 'manual');
    expect(await last()).toEqual(['2026-06-07T02:00:14Z', 'automated']);
    await recordBackup(world, id, '2026-06-08T01:30:00+02:00', 'manual');
    expect(await last()).toEqual(['2026-06-07T23:30:00Z', 'manual']);
    // Another service's is another's.
    const second = await makeService(server, world);
    await recordBackup(world, second, '2026-06-10T00:00:00Z');
    expect(await last()).toEqual(['2026-06-07T23:30:00Z', 'manual']);
  });
});

describe('a backup from a clock that is ahead', () => {
  it('is in no report that was made before it', async () => {
    const world = await makeWorld(server);
    const id = await makeService(server, world);
    await recordBackup(world, id, '2026-06-07T02:00:14Z');
    await recordBackup(world, id, new Date(Date.now() + 4 * 60_000).toISOString(), 'manual');
    expect((await reportOf(world)).services[0]).toMatchObject({
      last_backup_at: '2026-06-07T02:00:14Z',
      last_backup_type: 'automated',
    });
  });

  it('and one of this very moment is in the next report', async () => {
    const world = await makeWorld(server);
    const id = await makeService(server, world);
    for (let round = 0; round < 5; round += 1) {
      const now = new Date().toISOString();
      await recordBackup(world, id, now);
      const { generated_at, services } = await reportOf(world);
      expect(services[0]?.['last_backup_at']).toBe(`${now.slice(0, 19)}Z`);
      expect(String(services[0]?.['last_backup_at']) <= generated_at).toBe(true);
    }
  });
});

describe('the audit log in it', () => {
  it('counts each event before it, and names the oldest time and the retention', async () => {
    const world = await makeWorld(server);
    const before = await readTrail(server, world);
    const first = (await reportOf(world)).audit_log;
    expect(first).toEqual({
      retention_policy_days: null,
      entry_count: before.length,
      oldest_entry_at: before.map((event) => event.timestamp).toSorted()[0],
    });
    await recordEvent(server, world, { timestamp: '1999-12-31T23:59:59.999999Z' });
    const body = { audit_retention_days: 365 };
    await insist(server.call)(200, 'PATCH', world.path(), { auth: world.keys.admin.basic, body });
    const second = (await reportOf(world)).audit_log;
    // The first report's own event, the one recorded, and the change.
    expect(second).toEqual({
      retention_policy_days: 365,
      entry_count: before.length + 3,
      oldest_entry_at: '1999-12-31T23:59:59Z',
    });
  });

  it('has who read the report, and who read the key that verifies it', async () => {
    const world = await makeWorld(server);
    const { signature } = (await read(world)).json;
    await keyOf(world);
    const [report, key] = (await readTrail(server, world)).slice(-2);
    expect(report).toMatchObject({
      action: 'READ',
      resource_type: 'posture_report',
      resource_id: world.id,
      actor_id: world.keys.member.id,
      details: { key_id: signature.key_id, service_count: 0 },
    });
    expect(key).toMatchObject({
      action: 'READ',
      resource_type: 'verification_key',
      resource_id: signature.key_id,
      actor_id: world.keys.admin.id,
    });
    const { verification_key: secret } = await keyOf(world);
    expect(JSON.stringify(await readTrail(server, world))).not.toContain(secret);
  });
});

describe('live', () => {
  it('a change that was acknowledged is in every report asked for after it', async () => {
    const world = await makeWorld(server);
    const ids = await Promise.all(Array.from({ length: 6 }, () => makeService(server, world)));
    await Promise.all(
      ids.map(async (id, at) => {
        for (let days = 1; days <= 5; days += 1) {
          await change(world, id, { backup_retention_days: at * 100 + days });
          const report = await reportOf(world);
          const service = report.services.find((one) => one.service_id === id);
          expect(service?.['backup_retention_days']).toBe(at * 100 + days);
        }
      }),
    );
  });

  it('a report is of one moment: while services are added, each is in it together with its event', async () => {
    const world = await makeWorld(server);
    const auth = world.keys.admin.basic;
    const key = (await keyOf(world)).verification_key;
    const before = (await readTrail(server, world)).length;
    let adding = true;
    const added = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 25; round += 1) {
          await insist(server.call)(201, 'POST', world.path('/services'), { auth, body: SERVICE });
        }
      }),
    ).finally(() => (adding = false));
    for (let reports = 0, more = true; more; reports += 1) {
      more = adding;
      const { bytes, json } = await read(world);
      const report = json.report as Report;
      expect(verifies(bytes, key)).toBe(true);
      expect(report.service_count).toBe(report.services.length);
      expect(report.audit_log.entry_count - report.service_count - reports).toBe(before);
    }
    await added;
  });

  it('services keep the order in which they were made', async () => {
    const world = await makeWorld(server);
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push(await makeService(server, world));
    await change(world, ids[0] ?? '', { name: 'changed last' });
    expect((await reportOf(world)).services.map((service) => service.service_id)).toEqual(ids);
  });
});
