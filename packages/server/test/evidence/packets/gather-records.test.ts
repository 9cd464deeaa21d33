import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { gatherObservations, type GatheredObservations } from '../../../src/evidence/packets/gather-observations.ts';
import { gatherSamples } from '../../../src/evidence/packets/gather-samples.ts';
import { insertSample } from '../../../src/posture/sample-store.ts';
import { organizationNo } from '../../support/retention-scene.ts';
import { asOwner, startTestServer, type TestServer } from '../../support/test-server.ts';
import { makeWorld } from '../../support/world.ts';

const PERIOD = { start: '2026-05-01T12:00:00Z', end: '2026-06-05T12:00:00Z', before: '2026-06-05T12:00:00Z' };
const giveWay = async (): Promise<void> => undefined;
const at = (day: number, hour = 0): Date => new Date(Date.UTC(2026, 4, day, hour));

let server: TestServer;
let no: number;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  no = await organizationNo(server, await makeWorld(server));
});

describe('daily samples', () => {
  async function sample(when: Date, services: readonly object[]): Promise<void> {
    const content = JSON.stringify(services);
    await server.running.house.db.scoped(no, (tx) =>
      insertSample(tx, no, {
        day: when.toISOString().slice(0, 10),
        sampled_at: when,
        service_count: services.length,
        content,
      }),
    );
  }

  it('are those taken within the period, and each whole day without one is missing', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const seen = (id: string, last: Date | null) => ({ service_id: id, valid_from: at(1), last_backup_at: last });
    await sample(at(1, 1), [seen(one, null)]); // before the period, on its first day
    await sample(at(2, 1), [seen(one, null)]);
    await sample(at(20, 1), [seen(one, at(19, 1)), seen(other, at(20, 0))]);
    await sample(at(36, 1), [seen(other, null)]); // the last day
    await sample(at(36 + 1, 1), [seen(other, null)]); // after it
    const { samples, sampledAt, backupAges } = await server.running.house.db.scoped(no, (tx) =>
      gatherSamples(tx, no, PERIOD, giveWay),
    );
    expect(samples.taken).toEqual(['2026-05-02T01:00:00Z', '2026-05-20T01:00:00Z', '2026-06-05T01:00:00Z']);
    expect(sampledAt).toHaveLength(3);
    // 34 whole days lie in it; 35 times a day's length.
    expect(samples.expected).toBe(35);
    expect(samples.missing).toHaveLength(32);
    expect(samples.missing).not.toContain('2026-05-20');
    expect(samples.missing).not.toContain('2026-05-01');
    expect(backupAges.get(one)).toEqual([null, 86_400, null]);
    expect(backupAges.get(other)).toEqual([null, 3600, null]);
  });

  it('of a period shorter than a day: one is expected', async () => {
    const end = '2026-05-01T13:00:00Z';
    const { samples } = await server.running.house.db.scoped(no, (tx) =>
      gatherSamples(tx, no, { ...PERIOD, end, before: end }, giveWay),
    );
    expect(samples).toEqual({ interval: 'P1D', expected: 1, taken: [], missing: [] });
  });
});

describe('what collectors read', () => {
  const service = randomUUID();

  async function read(fact: string, stretches: readonly (readonly [Date, Date, unknown, string?])[]): Promise<void> {
    await asOwner(server.databaseUrl, async (client) => {
      for (const [first, last, value, version = '1'] of stretches) {
        await client.query("INSERT INTO observation_spans VALUES ($1, $2, $3, $4, $5, $6, 'scanner', $7)", [
          no,
          service,
          fact,
          first,
          last,
          JSON.stringify(value),
          version,
        ]);
      }
    });
  }

  async function spans(fact: string): Promise<unknown[]> {
    const gathered = await gather();
    return (gathered.of(service)[fact] ?? []).map(({ from, to, value }) => [from, to, value]);
  }

  function gather(): Promise<GatheredObservations> {
    return server.running.house.db.scoped(no, (tx) => gatherObservations(tx, no, PERIOD, giveWay));
  }

  it('holds until the last reading is no longer fresh, or another value was read', async () => {
    await read('tls_required', [
      [at(3), at(5), true],
      [at(5, 12), at(6), false],
      [at(10), at(11), true],
    ]);
    expect(await spans('tls_required')).toEqual([
      ['2026-05-03T00:00:00Z', '2026-05-05T12:00:00Z', true],
      ['2026-05-05T12:00:00Z', '2026-05-07T00:00:00Z', false],
      ['2026-05-10T00:00:00Z', '2026-05-12T00:00:00Z', true],
    ]);
  });

  it('of capacity is one span while it rounds up to the same ten, and never less than was read', async () => {
    const capacity = (used: number, open = false) => ({ used_percent: used, alert_open: open });
    await read('capacity', [
      [at(3), at(3), capacity(61)],
      [at(3, 12), at(3, 12), capacity(69)],
      [at(4), at(4), capacity(70)],
      [at(4, 12), at(4, 12), capacity(71)],
      [at(5), at(5), capacity(71, true)],
      [at(8), at(8), capacity(75, true)],
    ]);
    expect(await spans('capacity')).toEqual([
      ['2026-05-03T00:00:00Z', '2026-05-04T12:00:00Z', capacity(70)],
      ['2026-05-04T12:00:00Z', '2026-05-05T00:00:00Z', capacity(80)],
      ['2026-05-05T00:00:00Z', '2026-05-06T00:00:00Z', capacity(80, true)],
      ['2026-05-08T00:00:00Z', '2026-05-09T00:00:00Z', capacity(80, true)],
    ]);
  });

  it('names each collector in each version that read', async () => {
    await read('tls_required', [
      [at(3), at(4), true, '1'],
      [at(4, 12), at(5), true, '2'],
    ]);
    expect((await gather()).collectors).toEqual([
      { id: 'scanner@1', version: '1' },
      { id: 'scanner@2', version: '2' },
    ]);
    expect(await spans('tls_required')).toHaveLength(2);
  });

  it('is refused where it is more than a packet may have, before all of it is read', async () => {
    await asOwner(server.databaseUrl, (client) =>
      client.query(
        `INSERT INTO observation_spans
         SELECT $1, $2, 'tls_required', at, at, (n % 2 = 0)::text, 'scanner', '1'
         FROM generate_series(1, 400000) AS n, LATERAL (SELECT $3::timestamptz + n * interval '1 second' AS at) AS moment`,
        [no, service, at(3)],
      ),
    );
    await expect(gather()).rejects.toMatchObject({ code: 'packet_too_large' });
  });
});
