import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { openDiagnostics, readConfiguration, startServer, type RunningServer } from '@veritrail/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import type { DemoFile, DemoRole } from '../src/demo/demo-file.ts';
import { DEMO_NAME, FILLING_NAME, finishOrganization } from '../src/demo/demo-organization.ts';
import { findFirstOwner, listOrganizationsNamed } from '../src/demo/demo-store.ts';
import { planActivity } from '../src/demo/plan-activity.ts';
import { planDeclarations } from '../src/demo/declarations.ts';
import { planRecords } from '../src/demo/plan-records.ts';
import { createProgressLine } from '../src/demo/progress.ts';
import { provideDemo, type Demo, type DemoOptions } from '../src/demo/provide-demo.ts';
import { namedId, seeded } from '../src/demo/random.ts';
import { asBasic, call, EVENTS, type Answer } from './support/calls.ts';
import { PROGRAM, readFirstRun } from './support/server-process.ts';
import { expectSound, readTrail, type TrailEvent } from './support/trail.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const EVENTS_SENT = 2500;
/** A Monday morning, and long ago for a server whose own clock is the real one. */
const END = new Date('2026-06-15T09:30:00.250Z');
const START = new Date(END.getTime() - 400 * DAY);
const OPTIONS: DemoOptions = { events: EVENTS_SENT, seed: 'of the tests', end: END };
/** Of the organization, its retention period; its new name, its owner and three keys. */
const BEGINNING = 2;
const ENDING = 5;

type DemoEvent = TrailEvent & {
  readonly actor_id: string;
  readonly actor_username: string;
  readonly timestamp: string;
  readonly ip_address: string;
  readonly user_agent: string;
  readonly recorded_at: string;
  readonly details: Record<string, unknown>;
};

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
let server: RunningServer;
let brokenOff: unknown;
let demo: Demo;
let abandoned: readonly string[];
let keys: DemoFile['keys'];
let trail: DemoEvent[];

beforeAll(async () => {
  const settings = { PORT: '0', DATA_DIR: dataDirectory, LOG_LEVEL: 'silent' };
  server = await startServer(readConfiguration(settings, scratch.path), openDiagnostics('silent'));
  const breaking = new AbortController();
  brokenOff = await provideDemo(server.house, {
    ...OPTIONS,
    signal: breaking.signal,
    onProgress: ({ share }) => share > 0.02 && breaking.abort(),
  }).catch((error: unknown) => error);
  demo = await provideDemo(server.house, { ...OPTIONS, onStart: (start) => (abandoned = start.abandoned) });
  keys = demo.file?.keys as DemoFile['keys'];
  trail = (await readTrail(server.baseUrl, as('analyst'))) as DemoEvent[];
});
afterAll(async () => {
  await server?.stop();
  scratch.remove();
});

function as(role: DemoRole): string {
  return asBasic(keys[role].key, keys[role].secret);
}

async function ask(path: string, role: DemoRole = 'owner'): Promise<Answer> {
  const answer = await call(server.baseUrl, 'GET', path, { auth: as(role) });
  expect(answer.status, answer.text).toBe(200);
  return answer;
}

const inDemo = (path: string): string => `/organizations/${demo.organizationId}${path}`;

describe('the trail of the demo', () => {
  test('is dense, and the published function verifies every event', () => {
    const { made } = demo;
    expect(made).toEqual({ events: EVENTS_SENT, records: made?.records, from: START, to: END });
    expect(made?.records).toBeGreaterThan(3000);
    expect(trail).toHaveLength(BEGINNING + EVENTS_SENT + (made?.records ?? 0) + ENDING);
    expectSound(trail, readFirstRun(dataDirectory).audit_hmac_secret);
  });

  test('was recorded in the order of its sequence, each event within half a day of its time and never before it', () => {
    let last = 0;
    for (const event of trail.slice(0, -ENDING)) {
      const recorded = Date.parse(event.recorded_at);
      const delay = recorded - Date.parse(event.timestamp);
      expect(recorded, event.text).toBeGreaterThanOrEqual(last);
      expect(delay, event.text).toBeGreaterThanOrEqual(0);
      expect(delay, event.text).toBeLessThanOrEqual(12 * HOUR);
      last = recorded;
    }
    expect(trail[0]).toMatchObject({
      action: 'CREATE',
      resource_type: 'organization',
      timestamp: '2025-05-11T09:30:00Z',
    });
    expect(last).toBeLessThanOrEqual(END.getTime());
    expect(last).toBeGreaterThan(END.getTime() - 12 * HOUR);
  });

  test('ends at the real time with what made the demo one', () => {
    const ending = trail.slice(-ENDING);
    expect(ending.map(({ action, resource_type }) => `${action} ${resource_type}`)).toEqual([
      'CONFIG_CHANGE organization',
      'CREATE member',
      'CREATE api_key',
      'CREATE api_key',
      'CREATE api_key',
    ]);
    expect(Math.abs(Date.now() - Date.parse(ending[0]?.recorded_at ?? ''))).toBeLessThan(10 * 60_000);
  });

  test('holds what seed, end and number determine, and nothing else', () => {
    const ofTheServer = new Set([
      'organization',
      'service',
      'backup',
      'observations',
      'declaration',
      'member',
      'api_key',
    ]);
    const sent = trail.filter(({ resource_type: type }) => !ofTheServer.has(type));
    const [start, end] = [START.getTime(), END.getTime()];
    const planned = [...planActivity(start, end, EVENTS_SENT, seeded('of the tests activity'))].flat();
    expect(sent.map((event) => ({ ...event, timestamp: Date.parse(event.timestamp) }))).toMatchObject(
      planned.map(({ body }) => ({ ...body, timestamp: Date.parse(body.timestamp) })),
    );
    const backups = planRecords(start, end, seeded('of the tests records')).filter(({ kind }) => kind === 'backup');
    const recorded = trail.filter(({ resource_type: type }) => type === 'backup');
    expect(recorded.map(({ details }) => details)).toEqual(
      backups.map((record) => record.kind === 'backup' && { service_id: record.serviceId, ...record.backup }),
    );
    const others = [...planActivity(start, end, EVENTS_SENT, seeded('another'))].flat();
    expect(others.map(({ body }) => body.resource_id)).not.toEqual(planned.map(({ body }) => body.resource_id));
  });

  test('shows every action, working days, failed logins and a burst of them', () => {
    const count = (matches: (event: DemoEvent) => boolean): number => trail.filter(matches).length;
    const actions = [
      'CREATE',
      'UPDATE',
      'DELETE',
      'READ',
      'LOGIN',
      'LOGOUT',
      'PERMISSION_CHANGE',
      'CONFIG_CHANGE',
      'EXPORT',
    ];
    for (const action of actions)
      expect(
        count((event) => event.action === action),
        action,
      ).toBeGreaterThan(5);
    const byPeople = trail.filter(({ actor_username: name }) => name.endsWith('@nordlicht.example'));
    const onWeekends = byPeople.filter(({ timestamp }) => [0, 6].includes(new Date(timestamp).getUTCDay()));
    expect(onWeekends.length * 10).toBeLessThan(byPeople.length);
    const failed = trail.filter(({ action, details }) => action === 'LOGIN' && details['outcome'] === 'failure');
    const burst = failed.filter(({ ip_address: address }) => address.startsWith('203.0.113.'));
    expect(burst).toHaveLength(25);
    expect(failed.length).toBeGreaterThan(burst.length);
    const times = burst.map(({ timestamp }) => Date.parse(timestamp));
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(15 * 60_000);
  });

  test('names nobody who could exist, and says it in more than ASCII and whole numbers', () => {
    for (const { ip_address: address, actor_username: name } of trail.slice(BEGINNING, -ENDING)) {
      expect(address).toMatch(/^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/);
      expect(name).toMatch(/^[a-z.]+@nordlicht\.example$|^(svc|client)-[a-z-]+$/);
    }
    const said = trail.map(({ text }) => text).join('\n');
    for (const part of [/Größere/, /株式会社/, /"p_value":0\.\d+/, /"rollout":\{"from":0/]) expect(said).toMatch(part);
  });
});

describe('the records of the demo', () => {
  test('are in a posture report that verifies and shows who is outside the EU', async () => {
    const { bytes, json } = await ask(inDemo('/compliance-report'));
    const { json: key } = await ask(inDemo('/compliance-report/verification-key'));
    const text = bytes.toString('utf8');
    const signed = text.slice('{"report":'.length, text.lastIndexOf(',"signature":'));
    expect(createHmac('sha256', key.verification_key).update(signed).digest('hex')).toBe(json.signature.value);

    const { report } = json;
    expect(report).toMatchObject({ service_count: 10, all_services_eu_residency: false });
    expect(report.audit_log).toMatchObject({ retention_policy_days: 730, oldest_entry_at: '2025-05-11T09:30:00Z' });
    const services = new Map<string, any>(report.services.map((service: { name: string }) => [service.name, service])); // oxlint-disable-line typescript/no-explicit-any
    expect(services.get('crm-us')).toMatchObject({
      zones: ['us-nyc1'],
      regions: ['north-america'],
      eu_residency: false,
    });
    expect(services.get('payments-uk')).toMatchObject({ zones: ['uk-lon1'], regions: ['europe'], eu_residency: false });
    expect(services.get('mätvärden')).toMatchObject({ eu_residency: true, backup_schedule: 'weekly' });
    expect(services.get('sessions-cache')).toMatchObject({ backup_schedule: 'none', last_backup_at: null });
    expect(services.has('reports-legacy')).toBe(false);
    for (const { name, backup_schedule: schedule, last_backup_at: last } of services.values()) {
      if (schedule === 'none') continue;
      const age = END.getTime() - Date.parse(last as string);
      expect(age, name as string).toBeLessThan(
        schedule === 'hourly' ? 3 * HOUR : schedule === 'daily' ? 2 * DAY : 15 * DAY,
      );
    }
  });

  test('keep when TLS was off, storage plain, data elsewhere and a service there', async () => {
    const history = async (name: string): Promise<Record<string, string>[]> =>
      (await ask(inDemo(`/services/${namedId(name)}/history`))).json.items;
    const search = await history('search-catalogue');
    expect(search.map(({ tls_enabled: tls }) => tls)).toEqual([true, false, true]);
    const days = (Date.parse(search[1]?.['valid_to'] ?? '') - Date.parse(search[1]?.['valid_from'] ?? '')) / DAY;
    expect(days).toBeGreaterThan(19);
    expect(days).toBeLessThan(23);
    const analytics = await history('analytics-warehouse');
    expect(analytics.map(({ storage_encrypted_at_rest: encrypted }) => encrypted)).toEqual([false, true]);
    const profiles = await history('customer-profiles');
    expect(profiles.map(({ zones }) => zones)).toEqual([['uk-lon1'], ['fi-hel1']]);
    const legacy = await history('reports-legacy');
    expect(Math.round((END.getTime() - Date.parse(legacy[0]?.['valid_to'] ?? '')) / DAY)).toBe(183);
  });

  test('have backups on schedule, of which a few fail and once several days in a row', async () => {
    const backups = async (name: string): Promise<{ completed_at: string; status: string }[]> =>
      (await ask(inDemo(`/services/${namedId(name)}/backups?page_size=1000`))).json.items;
    const orders = await backups('orders-prod');
    expect(orders.length).toBeGreaterThanOrEqual(399);
    const failed = orders.filter(({ status }) => status === 'failed').length;
    expect(failed).toBeGreaterThan(2);
    expect(failed).toBeLessThan(30);
    const run = (await backups('search-catalogue')).map(({ status }) => status[0]).join('');
    expect(run).toMatch(/cf{6,7}c/);
    const billing = await backups('billing-eu');
    const recent = billing.filter(({ completed_at: at }) => Date.parse(at) > END.getTime() - 13 * DAY);
    expect(recent).toHaveLength(13 * 24);
    expect(billing.length - recent.length).toBeLessThan(440);
    expect(await backups('sessions-cache')).toEqual([]);
  });
});

describe('what is kept about the services of the demo', () => {
  const items = async (path: string): Promise<any[]> => (await ask(inDemo(path))).json.items; // oxlint-disable-line typescript/no-explicit-any

  test('is a look a day at the time of the story, but for three days that nobody can fill in', async () => {
    const samples = await items('/samples?page_size=1000');
    expect(samples).toHaveLength(401 - 3);
    for (const { day, sampled_at: at } of samples.slice(1)) expect(at).toBe(`${day}T00:06:00Z`);
    const missing = [231, 230, 229].map((daysAgo) =>
      new Date(END.getTime() - daysAgo * DAY).toISOString().slice(0, 10),
    );
    for (const day of missing) expect(samples.map((sample) => sample.day)).not.toContain(day);
    const last = (await ask(inDemo(`/samples/${samples.at(-1).day}`))).json;
    expect(last).toMatchObject({ day: '2026-06-15', service_count: 10 });
    for (const { last_backup_at: at } of last.content) {
      if (at !== null) expect(Date.parse(at as string)).toBeLessThan(END.getTime());
    }
    expect(last.content.filter((one: { last_backup_at: unknown }) => one.last_backup_at === null)).toHaveLength(1);
  });

  test('is observed without a gap for every service, with two days that a database was public, and never its capacity', async () => {
    const services = await items('/services');
    for (const { service_id: id, name } of services) {
      for (const fact of ['auth_required', 'tls_required', 'network_exposure', 'tls_min_version']) {
        const spans = await items(`/observations?service_id=${id}&fact=${fact}`);
        expect([name, fact, spans.length]).toEqual([
          name,
          fact,
          name === 'crm-us' && fact === 'network_exposure' ? 3 : 1,
        ]);
        expect(Date.parse(spans[0].fresh_until)).toBeGreaterThan(END.getTime());
        expect(Date.parse(spans.at(-1).first_at)).toBeLessThan(END.getTime() - 119 * DAY);
      }
    }
    const [, opened] = await items(`/observations?service_id=${namedId('crm-us')}&fact=network_exposure`);
    expect(opened.value).toBe('public');
    const days = (Date.parse(opened.fresh_until) - Date.parse(opened.first_at)) / DAY;
    expect(days).toBeGreaterThan(2);
    expect(days).toBeLessThan(3);
    expect(await items('/observations?fact=capacity')).toEqual([]);
  });

  test('was declared by somebody, and is what the door would take', async () => {
    const declared = await items('/declarations');
    const planned = planDeclarations(END.getTime());
    expect(declared).toHaveLength(new Set(planned.map(({ kind, recordId }) => `${kind}/${recordId}`)).size);
    for (const { kind, record_id: id, owner, data, version } of declared) {
      const answer = await call(server.baseUrl, 'PUT', inDemo(`/declarations/${kind}/${id}`), {
        auth: as('owner'),
        body: { owner, data },
      });
      // What no longer holds is declared anew: the demo's end is long past for this server.
      expect([kind, id, answer.status, answer.text]).toEqual([kind, id, 200, expect.any(String)]);
      expect(answer.json.version).toBeGreaterThanOrEqual(version as number);
    }
  });
});

describe('there is one demo', () => {
  test('with keys that may do what their role may, in a file for the owner alone', async () => {
    const file = join(dataDirectory, 'demo.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      organization_id: demo.organizationId,
      name: DEMO_NAME,
      keys,
    });
    const event = { action: 'READ', resource_type: 'x', resource_id: 'x', actor_id: 'x' };
    const statuses = async (role: DemoRole): Promise<number[]> => [
      (await call(server.baseUrl, 'GET', inDemo('/api-keys'), { auth: as(role) })).status,
      (await call(server.baseUrl, 'GET', `${EVENTS}?page_size=1`, { auth: as(role) })).status,
      (await call(server.baseUrl, 'POST', EVENTS, { auth: as(role), body: event })).status,
    ];
    expect(await statuses('analyst')).toEqual([403, 200, 403]);
    expect(await statuses('recorder')).toEqual([403, 403, 201]);
    expect(await statuses('owner')).toEqual([200, 200, 201]);
  });

  test('which the first owner owns; a half-filled one nobody sees', async () => {
    const { email, password } = readFirstRun(dataDirectory);
    const { json } = await call(server.baseUrl, 'GET', '/organizations', { auth: asBasic(email, password) });
    expect(json.items.map(({ name, role }: Record<string, string>) => `${name}: ${role}`)).toEqual([
      'First organization: owner',
      `${DEMO_NAME}: owner`,
    ]);
    expect(brokenOff).toMatchObject({ code: 'interrupted' });
    const half = await listOrganizationsNamed(server.house.db.direct, [FILLING_NAME]);
    expect(half.map(({ organization_id: id }) => id)).toEqual(abandoned);
    expect(abandoned).toHaveLength(1);
  });

  test('and a later start makes no other', async () => {
    const again = await provideDemo(server.house, {
      ...OPTIONS,
      onStart: () => expect.unreachable(),
      onProgress: () => expect.unreachable(),
    });
    expect(again).toEqual({ ...demo, made: undefined });
    expect(await listOrganizationsNamed(server.house.db.direct, [DEMO_NAME])).toHaveLength(1);
  });

  test('which is finished with its file or not at all', async () => {
    const { db, ground, configuration } = server.house;
    const [half] = await listOrganizationsNamed(db.direct, [FILLING_NAME]);
    const owner = await findFirstOwner(db.direct);
    if (half === undefined || owner === undefined) throw new Error('the scene is not set');
    const elsewhere = join(scratch.path, 'elsewhere');
    mkdirSync(join(elsewhere, 'demo.json'), { recursive: true });
    const ref = { no: half.organization_no, id: half.organization_id };
    const house = { ground, configuration: { ...configuration, dataDirectory: elsewhere } };
    await expect(finishOrganization(house, ref, owner)).rejects.toThrow('EISDIR');
    rmdirSync(join(elsewhere, 'demo.json'));
    expect(await listOrganizationsNamed(db.direct, [FILLING_NAME])).toEqual([half]);
    const { rows } = await db.direct.query('SELECT 1 FROM memberships WHERE organization_no = $1', [ref.no]);
    expect(rows).toEqual([]);
  });
});

test.each([1, 999, 1000, 12_345])('%i events are planned exactly, in time order', (total) => {
  let [count, last] = [0, 0];
  for (const hour of planActivity(START.getTime(), END.getTime(), total, seeded('any'))) {
    for (const { at } of hour) {
      expect(at >= last && at < END.getTime()).toBe(true);
      [count, last] = [count + 1, at];
    }
  }
  expect(count).toBe(total);
});

test.each(['0', '2000001', '1e3'])('%s is refused as a number of events', (number) => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'serve', '--demo-events', number], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('Put a whole number from 1 to 2000000 there.');
});

describe('progress', () => {
  const shown = (isTTY: boolean): string => {
    let text = '';
    const write = (piece: Buffer, _: string, done: () => void): void => {
      text += piece.toString();
      done();
    };
    const out = Object.assign(new Writable({ write }), { isTTY, columns: 60 });
    let now = 0;
    const line = createProgressLine(out as unknown as NodeJS.WriteStream, () => (now += 50));
    for (let step = 1; step <= 200; step += 1) {
      line.show({ events: step * 100, records: 0, share: step / 200, at: new Date(START.getTime() + step * DAY) });
    }
    line.end();
    return text;
  };

  test('is one line on a terminal, which fits and is gone at the end', () => {
    const pieces = shown(true).split('\r\u001B[K');
    expect(pieces.length).toBeGreaterThan(50);
    for (const piece of pieces) expect(piece).toMatch(/^[^\n]{0,59}$/);
    expect(pieces.at(-2)).toContain('100 %  20,000 events');
    expect(pieces.at(-1)).toBe('');
  });

  test('is a line for each tenth elsewhere', () => {
    const lines = shown(false).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[4]).toMatch(/^ {3}50 % {2}10,000 events {2}[\d,]+\/s {2}2025-08-19$/);
  });
});
