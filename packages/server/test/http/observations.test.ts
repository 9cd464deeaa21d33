import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readObservationSpans, type ObservationSpan } from '../../src/posture/observation-store.ts';
import { OBSERVED_FACTS, type ObservedFact } from '../../src/posture/observed-facts.ts';
import { statusesOf } from '../support/answer.ts';
import { asServer, organizationNo } from '../support/retention-scene.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let world: World;
let service: string;

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(() => server.stop());
beforeEach(async () => {
  service = await makeService(server, world);
});

const HOUR = 3_600_000;
const MINUTE = 60_000;
const COLLECTOR = { id: 'scanner', version: '1.0.0' };

interface Sent {
  readonly service_id?: string;
  readonly fact: string;
  readonly value: unknown;
  readonly collected_at?: string;
}

const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();
const send = (observations: readonly Sent[], collector: object = COLLECTOR) =>
  server.call('POST', world.path('/observations'), {
    auth: world.keys.admin.basic,
    body: { collector, observations },
  });
const tls = (value: unknown, collected_at?: string): Sent => ({
  service_id: service,
  fact: 'tls_required',
  value,
  ...(collected_at !== undefined && { collected_at }),
});
const read = async (query: string) =>
  (await insist(server.call)(200, 'GET', world.path(`/observations${query}`), { auth: world.keys.member.basic })).json;
const history = async (fact = 'tls_required') => (await read(`?service_id=${service}&fact=${fact}`)).items;

const VALUES: Readonly<Record<ObservedFact, unknown>> = {
  tls_required: true,
  tls_min_version: '1.2',
  tls_certificate_not_after: '2027-01-01T00:00:00Z',
  auth_required: false,
  network_exposure: 'allow_list',
  storage_cipher: 'AES-256-XTS',
  backup_zones: ['se-sto1'],
  availability_topology: { nodes: 3, zones: 2, failover: true },
  capacity: { used_percent: 61, alert_open: false },
  version_and_patch: { engine: 'postgresql', version: '18.1', patched_at: '2026-05-01T10:00:00Z', end_of_life: null },
  backup_integrity_check: { method: 'checksums', passed: true },
  log_store: { oldest_record_at: '2026-01-01T00:00:00Z', newest_record_at: '2026-06-01T00:00:00Z' },
  mfa_enforced: true,
  shared_accounts: [],
  keys_register: [
    { key_id: 'k1', purpose: 'disk', created_at: '2026-01-01T00:00:00Z', rotated_at: null, retired_at: null },
  ],
  clock: { source: 'ntp', max_skew_ms: 4 },
  write_failures: { count: 0, longest_outage_seconds: 0 },
};

const ofFact = (fact: ObservedFact, value: unknown = VALUES[fact]): Sent => ({
  ...(OBSERVED_FACTS[fact].of === 'service' && { service_id: service }),
  fact,
  value,
});

const one = (fact: ObservedFact): object => VALUES[fact] as object;
const key = (of: number): object => ({ ...(VALUES.keys_register as object[])[0], key_id: `k${of}` });

describe('readings', () => {
  it('of every fact are given back as they were sent, each with the time that it counts', async () => {
    const facts = Object.keys(VALUES) as ObservedFact[];
    const answer = await send(facts.map((fact) => ofFact(fact)));
    expect([answer.status, answer.json]).toEqual([201, { recorded: facts.length, spans_opened: facts.length }]);
    for (const fact of facts) {
      const [newest] = (await read(`?fact=${fact}`)).items;
      expect(newest).toMatchObject({
        service_id: OBSERVED_FACTS[fact].of === 'service' ? service : null,
        fact,
        value: VALUES[fact],
        collector: COLLECTOR,
      });
      const counts = Date.parse(newest.fresh_until) - Date.parse(newest.last_at);
      expect([fact, counts]).toEqual([fact, OBSERVED_FACTS[fact].freshDays * 24 * HOUR]);
    }
    const current = await read(`?service_id=${service}`);
    expect(current.total).toBe(12);
    expect((await read('?service_id=00000000-0000-0000-0000-000000000000')).items).toHaveLength(5);
  });

  it('are one event of the request: who collected, and how many of each fact', async () => {
    await send([tls(true), ofFact('auth_required'), ofFact('mfa_enforced')], { id: 'of this test', version: '2' });
    const event = (await readTrail(server, world)).at(-1);
    expect(event).toMatchObject({
      action: 'CREATE',
      resource_type: 'observations',
      resource_id: 'of this test',
      details: {
        collector: { id: 'of this test', version: '2' },
        facts: { tls_required: 1, auth_required: 1, mfa_enforced: 1 },
      },
    });
  });

  it('that say the same within their time are one span; members in another order are the same', async () => {
    const value = { nodes: 3, zones: 2, failover: true };
    const times = [60, 40, 20, 0].map((hours) => ago(hours * HOUR));
    const [first, second, third, last] = times as [string, string, string, string];
    const at = (collected_at: string, of: object) => ({
      service_id: service,
      fact: 'availability_topology',
      value: of,
      collected_at,
    });
    // Older than a day: it no longer counts.
    expect((await send([at(first, value)])).status).toBe(422);
    expect((await send([at(third, value)])).json.spans_opened).toBe(1);
    expect((await send([at(last, { failover: true, zones: 2, nodes: 3 })])).json.spans_opened).toBe(0);
    expect(second < third).toBe(true);
    const [span, ...others] = await history('availability_topology');
    expect(others).toEqual([]);
    expect([Date.parse(span.first_at), Date.parse(span.last_at)]).toEqual([Date.parse(third), Date.parse(last)]);
  });

  it.each([
    ['another value', false, COLLECTOR],
    ['another version of the collector', true, { ...COLLECTOR, version: '1.0.1' }],
    ['another collector', true, { ...COLLECTOR, id: 'another' }],
  ])('with %s are a span of their own', async (_, value, collector) => {
    await send([tls(true, ago(2 * HOUR))]);
    expect((await send([tls(value, ago(HOUR))], collector)).json.spans_opened).toBe(1);
    expect((await history()).map((span: { value: boolean }) => span.value)).toEqual([value, true]);
  });

  it('that come after the last one stopped to count leave a gap', async () => {
    await send([tls(true)]);
    await asOwner(server.databaseUrl, async (client) => {
      // The trigger would refuse it; this is for superusers only.
      await client.query('SET session_replication_role = replica');
      await client.query(
        `UPDATE observation_spans SET first_at = first_at - interval '25 hours', last_at = last_at - interval '25 hours'
         WHERE service_id = $1`,
        [service],
      );
    });
    expect((await send([tls(true)])).json.spans_opened).toBe(1);
    const [newer, older] = await history();
    expect(Date.parse(newer.first_at)).toBeGreaterThan(Date.parse(older.fresh_until));
  });

  it('of one request follow one another', async () => {
    const times = [5, 4, 3, 2].map((hours) => ago(hours * HOUR));
    const values = [true, true, false, true];
    const answer = await send(values.map((value, index) => tls(value, times[index])));
    expect(answer.json).toEqual({ recorded: 4, spans_opened: 3 });
    expect((await history()).map((span: { value: boolean }) => span.value)).toEqual([true, false, true]);
  });

  it('sent again change nothing but the trail', async () => {
    const at = ago(HOUR);
    await send([tls(true, at)]);
    const before = await history();
    expect((await send([tls(true, at)])).json).toEqual({ recorded: 1, spans_opened: 0 });
    expect(await history()).toEqual(before);
  });

  it('of a service that ended stay readable, and no new ones come', async () => {
    await send([tls(true)]);
    await insist(server.call)(204, 'DELETE', world.path(`/services/${service}`), { auth: world.keys.admin.basic });
    expect((await send([tls(true)])).status).toBe(422);
    expect(await history()).toHaveLength(1);
    expect((await read(`?service_id=${service}`)).items).toEqual([]);
  });

  it('of many requests at once are kept all, and no two spans begin together', async () => {
    const times = Array.from({ length: 16 }, (_, index) => ago((16 - index) * MINUTE));
    const answers = await Promise.all(times.map((at, index) => send([tls(index % 2 === 0, at)])));
    const kept = statusesOf(answers).filter((status) => status === 201).length;
    expect(kept).toBeGreaterThan(0);
    const spans = await history();
    expect(spans.length).toBeLessThanOrEqual(kept);
    for (const [index, span] of spans.entries()) {
      const older = spans[index + 1];
      if (older !== undefined) expect(Date.parse(older.last_at)).toBeLessThan(Date.parse(span.first_at));
    }
  });

  it('of a thousand are taken, of one more not', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => tls(true, ago((2000 - index) * 1000)));
    expect((await send(many(1001))).status).toBe(422);
    expect((await send(many(1000))).json).toEqual({ recorded: 1000, spans_opened: 1 });
  });
});

describe('refused, and nothing is changed, is', () => {
  const other = randomUUID();
  it.each<[string, () => Sent]>([
    ['a reading of the future', () => tls(true, ago(-6 * MINUTE))],
    ['a reading that no longer counts', () => tls(true, ago(25 * HOUR))],
    ['a reading older than the newest', () => tls(true, ago(2 * HOUR))],
    ['another value at the same time', () => tls(true, '')],
    ['a time that is none', () => tls(true, '2026-06-07')],
    ['a time with a leap second', () => tls(true, '2016-12-31T23:59:60Z')],
    ['a service that is not there', () => ({ ...tls(true), service_id: other })],
    ['the nil UUID for a service', () => ({ ...tls(true), service_id: '00000000-0000-0000-0000-000000000000' })],
    ['a fact of a service without one', () => ({ fact: 'tls_required', value: true })],
    ['a fact of the organization with a service', () => ({ ...tls(true), fact: 'mfa_enforced' })],
    ['a fact that is not known', () => ({ ...tls(true), fact: 'is_compliant' })],
    ['a fact that the platform knows itself', () => ({ ...tls(true), fact: 'storage_encrypted_at_rest' })],
    ['the name of a prototype', () => ({ ...tls(true), fact: '__proto__' })],
    ['null', () => tls(null)],
    ['"true"', () => tls('true')],
    ['a fraction', () => ofFact('capacity', { used_percent: 61.5, alert_open: false })],
    ['too much', () => ofFact('capacity', { used_percent: 101, alert_open: false })],
    ['a member too many', () => ofFact('capacity', { used_percent: 61, alert_open: false, disk: 'sda' })],
    ['a member too few', () => ofFact('capacity', { used_percent: 61 })],
    ['a control character', () => ofFact('storage_cipher', 'AES\n256')],
    ['a long text', () => ofFact('storage_cipher', 'x'.repeat(101))],
    [
      'a long list',
      () =>
        ofFact(
          'backup_zones',
          Array.from({ length: 101 }, (_, index) => `zone-${index}`),
        ),
    ],
    ['a deep value', () => ofFact('backup_zones', JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`))],
    ['another version of TLS', () => ofFact('tls_min_version', '1.4')],
    ['a time of another zone inside a value', () => ofFact('tls_certificate_not_after', '2027-01-01T00:00:00+01:00')],
  ])('%s', async (_, make) => {
    const newest = ago(HOUR);
    await send([tls(false, newest)]);
    const made = make();
    const wrong = made.collected_at === '' ? { ...made, collected_at: newest } : made;
    await unchangedBy(server, async () => {
      const answer = await send([ofFact('auth_required'), wrong]);
      expect([answer.status, answer.json.detail]).toEqual([422, expect.stringMatching(/observation|service/i)]);
    });
  });

  it.each<[ObservedFact, string, (then: string) => object]>([
    ['version_and_patch', 'patched_at', (then) => ({ ...one('version_and_patch'), patched_at: then })],
    ['log_store', 'newest_record_at', (then) => ({ ...one('log_store'), newest_record_at: then })],
    ['log_store', 'oldest_record_at', (then) => ({ ...one('log_store'), oldest_record_at: then })],
    ['keys_register', '1.rotated_at', (then) => [key(0), { ...key(1), rotated_at: then }]],
    ['keys_register', '0.created_at', (then) => [{ ...key(0), created_at: then }]],
  ])('a %s whose %s is in the future', async (fact, member, valueAt) => {
    const ahead = (minutes: number) => ofFact(fact, valueAt(`${ago(-minutes * MINUTE).slice(0, 19)}Z`));
    await unchangedBy(server, async () => {
      const answer = await send([ofFact('auth_required'), ahead(6)]);
      expect([answer.status, answer.json.detail]).toEqual([
        422,
        `Give observation 1 a value whose ${member} is not in the future.`,
      ]);
    });
    expect((await send([ahead(4)])).status).toBe(201);
  });

  it('a service of another organization', async () => {
    const foreign = await makeWorld(server);
    const theirs = await makeService(server, foreign);
    await unchangedBy(server, async () => {
      expect((await send([{ ...tls(true), service_id: theirs }])).status).toBe(422);
    });
  });

  it('a collector without a name, or with too long a one', async () => {
    for (const collector of [{}, { id: '', version: '1' }, { id: 'x'.repeat(101), version: '1' }, { id: 'a' }, 'a']) {
      expect((await send([tls(true)], collector as object)).status).toBe(422);
    }
  });
});

describe('what is stored', () => {
  it('only grows, by the server or by the owner of the schema', async () => {
    await send([tls(true)]);
    const no = await organizationNo(server, world);
    const where = `WHERE service_id = '${service}'`;
    const shorter = `UPDATE observation_spans SET last_at = last_at - interval '1 second' ${where}`;
    const statements = [
      `UPDATE observation_spans SET value = 'false' ${where}`,
      `UPDATE observation_spans SET first_at = first_at - interval '1 day' ${where}`,
      `DELETE FROM observation_spans ${where}`,
      'TRUNCATE observation_spans',
    ];
    for (const statement of statements) {
      await expect(asServer(server, no, (client) => client.query(statement))).rejects.toThrow(/permission denied/);
    }
    await expect(asServer(server, no, (client) => client.query(shorter))).rejects.toThrow(
      /only grows|check constraint/,
    );
    for (const statement of [...statements, shorter]) {
      await expect(asOwner(server.databaseUrl, (client) => client.query(statement))).rejects.toThrow(
        /only grows|append-only|check constraint/,
      );
    }
  });

  it('is given out for a time: every span that said something then, in order', async () => {
    const no = await organizationNo(server, world);
    const place = async (fact: string, value: unknown, first: string, last: string) =>
      asServer(server, no, (client) =>
        client.query(`INSERT INTO observation_spans VALUES ($1, $2, $3, $4, $5, $6, 'scanner', '1')`, [
          no,
          service,
          fact,
          first,
          last,
          JSON.stringify(value),
        ]),
      );
    await place('tls_required', true, '2026-01-01T00:00:00Z', '2026-01-10T00:00:00Z');
    await place('tls_required', false, '2026-01-12T00:00:00Z', '2026-01-12T00:00:00Z');
    await place('backup_integrity_check', 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
    const between = async (from: string, to: string) => {
      const found = await server.running.house.db.scoped(no, async (tx) => {
        const spans: ObservationSpan[] = [];
        for await (const portion of readObservationSpans(tx, no, new Date(from), new Date(to))) spans.push(...portion);
        return spans;
      });
      return found.filter((span) => span.service_id === service).map((span) => [span.fact, span.value]);
    };
    const check = ['backup_integrity_check', '1'];
    const [on, off] = [
      ['tls_required', 'true'],
      ['tls_required', 'false'],
    ];
    expect(await between('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')).toEqual([check, on, off]);
    expect(await between('2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z')).toEqual([]);
    // A day after its last reading, and no later, the first still counts; the check counts for thirty.
    expect(await between('2026-01-10T23:59:59Z', '2026-01-12T00:00:00Z')).toEqual([check, on]);
    expect(await between('2026-01-11T00:00:00Z', '2026-01-12T00:00:00Z')).toEqual([check]);
    expect(await between('2026-01-31T00:00:00Z', '2026-03-12T00:00:00Z')).toEqual([]);
  });
});
