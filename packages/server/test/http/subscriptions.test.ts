import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { TenancyError } from '../../src/tenancy/tenancy-error.ts';
import { insistOnSubscription, isSubscribed } from '../../src/tenancy/manage-subscriptions.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { asOwner, startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startTestServer({ PACKET_PRICES_EUR: 'soc2=49.90,dora=31' });
});
beforeEach(async () => {
  world = await makeWorld(server);
});
afterAll(() => server.stop());

const FRAMEWORKS = ['soc2', 'gdpr_ropa', 'dora', 'eu_ai_act'];

interface Item {
  readonly framework: string;
  readonly enabled: boolean;
  readonly monthly_price_eur: number;
  readonly subscribed_at: string | null;
  readonly cancelled_at: string | null;
}

async function change(method: 'PUT' | 'DELETE', framework: string): Promise<Item> {
  const path = world.path(`/compliance-subscriptions/${framework}`);
  return (await insist(server.call)(200, method, path, { auth: world.keys.admin.basic })).json as Item;
}

async function list(): Promise<Item[]> {
  const path = world.path('/compliance-subscriptions');
  const answer = await insist(server.call)(200, 'GET', path, { auth: world.keys.member.basic });
  return (answer.json as { subscriptions: Item[] }).subscriptions;
}

async function events() {
  return (await readTrail(server, world, '&resource_type=compliance_subscription')).map((event) => [
    event.action,
    event.resource_id,
  ]);
}

describe('the list', () => {
  it('has all four frameworks in their order, off and with their prices', async () => {
    expect(await list()).toEqual(
      [
        { framework: 'soc2', name: 'SOC 2 Type II', monthly_price_eur: 49.9 },
        { framework: 'gdpr_ropa', name: 'GDPR Art. 30 ROPA', monthly_price_eur: 29 },
        { framework: 'dora', name: 'DORA', monthly_price_eur: 31 },
        { framework: 'eu_ai_act', name: 'EU AI Act', monthly_price_eur: 29 },
      ].map((one) => ({ ...one, enabled: false, subscribed_at: null, cancelled_at: null })),
    );
  });

  it('shows what each change answered', async () => {
    const dora = await change('PUT', 'dora');
    expect(await list()).toContainEqual(dora);
    const ended = await change('DELETE', 'dora');
    expect(await list()).toContainEqual(ended);
    expect((await list()).map(({ framework }) => framework)).toEqual(FRAMEWORKS);
  });
});

describe('a subscription', () => {
  it('that is on or off stays as it is when that is asked again, and leaves no second event', async () => {
    const on = await change('PUT', 'soc2');
    expect(on).toMatchObject({ enabled: true, cancelled_at: null, subscribed_at: expect.any(String) as string });
    await unchangedBy(server, async () => expect(await change('PUT', 'soc2')).toEqual(on));
    const off = await change('DELETE', 'soc2');
    expect(off).toMatchObject({ enabled: false, subscribed_at: on.subscribed_at });
    expect(Date.parse(off.cancelled_at ?? '')).toBeGreaterThanOrEqual(Date.parse(on.subscribed_at ?? ''));
    await unchangedBy(server, async () => expect(await change('DELETE', 'soc2')).toEqual(off));
    expect(await events()).toEqual([
      ['CREATE', 'soc2'],
      ['DELETE', 'soc2'],
    ]);
  });

  it('that was never on is ended without a change', async () => {
    await unchangedBy(server, async () => {
      expect(await change('DELETE', 'eu_ai_act')).toMatchObject({ enabled: false, subscribed_at: null });
    });
  });

  it('begins anew after its end', async () => {
    const first = await change('PUT', 'soc2');
    const off = await change('DELETE', 'soc2');
    const second = await change('PUT', 'soc2');
    expect(second).toMatchObject({ enabled: true, cancelled_at: null });
    expect(Date.parse(second.subscribed_at ?? '')).toBeGreaterThanOrEqual(Date.parse(off.cancelled_at ?? ''));
    expect(Date.parse(second.subscribed_at ?? '')).toBeGreaterThanOrEqual(Date.parse(first.subscribed_at ?? ''));
    expect(await events()).toHaveLength(3);
  });

  it('asked for many times at once begins once, and ends once', async () => {
    for (const method of ['PUT', 'DELETE'] as const) {
      const seen = await Promise.all(Array.from({ length: 12 }, () => change(method, 'soc2')));
      expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(1);
    }
    expect(await events()).toEqual([
      ['CREATE', 'soc2'],
      ['DELETE', 'soc2'],
    ]);
  });

  it('turned on and off by many at once has runs that do not overlap, and an event for each', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, at) => change(at % 2 === 0 ? 'PUT' : 'DELETE', 'soc2')));
    await change('DELETE', 'soc2');
    const spans = await spansOf(world);
    for (const [at, { cancelled_at: end }] of spans.entries()) {
      const next = spans[at + 1];
      if (next !== undefined) expect(next.subscribed_at >= end).toBe(true);
    }
    const told = (await events()).map(([action]) => action);
    expect(told).toEqual(spans.flatMap(() => ['CREATE', 'DELETE']));
  });

  it('is no other organization’s', async () => {
    await change('PUT', 'soc2');
    world = await makeWorld(server);
    expect((await list()).every(({ enabled }) => !enabled)).toBe(true);
  });

  it.each(['soc3', 'SOC2', 'toString', '__proto__', randomUUID()])('to %s is not found', async (framework) => {
    for (const method of ['PUT', 'DELETE']) {
      const path = world.path(`/compliance-subscriptions/${framework}`);
      expect((await server.call(method, path, { auth: world.keys.owner.basic })).status).toBe(404);
    }
  });

  it('lets packets be made while it is on, and says what to do when it is not', async () => {
    const { ground } = server.running.house;
    const no = await numberOf(world);
    const look = () =>
      ground.db.scoped(no, async (tx) => {
        const on = await isSubscribed(tx, no, 'dora');
        const refusal = await insistOnSubscription(tx, { no, id: world.id }, 'dora').catch((error: unknown) => error);
        return { on, refusal };
      });
    const before = await look();
    expect(before.on).toBe(false);
    expect(before.refusal).toBeInstanceOf(TenancyError);
    expect(before.refusal).toMatchObject({
      code: 'not_subscribed',
      message: expect.stringContaining(`PUT ${world.path('/compliance-subscriptions/dora')}`) as string,
    });
    await change('PUT', 'dora');
    expect(await look()).toEqual({ on: true, refusal: undefined });
  });
});

describe('charges', () => {
  const charges = async (month: string, status = 200) =>
    (
      await insist(server.call)(status, 'GET', world.path(`/billing/charges?month=${month}`), {
        auth: world.keys.admin.basic,
      })
    ).json as Record<string, unknown>;

  it('are those of the month, by day, and stay when prices change', async () => {
    await store(world, 'soc2', '2024-01-30T12:00:00Z', '2024-02-10T12:00:00Z', 2900);
    await store(world, 'soc2', '2024-02-20T12:00:00Z', null, 5800);
    const february = await charges('2024-02');
    expect(february).toEqual({
      month: '2024-02',
      closed: true,
      currency: 'EUR',
      total_eur: 30,
      payments: [],
      items: [
        ['2024-02-01', '2024-02-10', 10, 29, 10],
        ['2024-02-20', '2024-02-29', 10, 58, 20],
      ].map(([first_day, last_day, days, monthly_price_eur, amount_eur]) => ({
        framework: 'soc2',
        name: 'SOC 2 Type II',
        first_day,
        last_day,
        days,
        days_in_month: 29,
        monthly_price_eur,
        amount_eur,
      })),
    });
    expect(await charges('2024-01')).toMatchObject({ total_eur: 1.87, items: [{ days: 2, days_in_month: 31 }] });
    expect((await list())[0]).toMatchObject({ enabled: true, monthly_price_eur: 58 });
    await change('DELETE', 'soc2');
    await change('PUT', 'soc2');
    expect((await list())[0]).toMatchObject({ monthly_price_eur: 49.9 });
    expect(await charges('2024-02')).toEqual(february);
  });

  it('of this month are open and count from today', async () => {
    await change('PUT', 'gdpr_ropa');
    const today = new Date().toISOString().slice(0, 10);
    const answer = await charges(today.slice(0, 7));
    expect(answer).toMatchObject({ closed: false, items: [{ framework: 'gdpr_ropa', first_day: today, days: 1 }] });
  });

  it.each(['2026-13', '2026-00', '2026-1', '1999-01', '2026', '', '2026-01-01', '2026-11&month=2026-12'])(
    'of %s are refused',
    async (month) => {
      await charges(month, 422);
    },
  );

  it('can not be rewritten: a run only ends, once, whoever asks', async () => {
    await store(world, 'soc2', '2024-01-30T12:00:00Z', '2024-02-10T12:00:00Z', 2900);
    await store(world, 'dora', '2024-01-30T12:00:00Z', null, 2900);
    await asOwner(server.databaseUrl, async (client) => {
      for (const sql of [
        'DELETE FROM subscription_spans',
        'TRUNCATE subscription_spans CASCADE',
        `UPDATE subscription_spans SET price_cents = 1 WHERE framework = 'dora'`,
        `UPDATE subscription_spans SET subscribed_at = now(), cancelled_at = now() WHERE framework = 'dora'`,
        `UPDATE subscription_spans SET cancelled_at = NULL WHERE framework = 'soc2'`,
        `UPDATE subscription_spans SET cancelled_at = now() WHERE framework = 'soc2'`,
      ]) {
        await expect(client.query(sql)).rejects.toThrow('append-only');
      }
    });
  });
});

async function numberOf(of: World): Promise<number> {
  return asOwner(server.databaseUrl, async (client) => {
    const sql = 'SELECT organization_no FROM organizations WHERE organization_id = $1';
    const { rows } = await client.query<{ organization_no: number }>(sql, [of.id]);
    return rows[0]?.organization_no ?? 0;
  });
}

async function spansOf(of: World) {
  const no = await numberOf(of);
  return asOwner(server.databaseUrl, async (client) => {
    const { rows } = await client.query<{ subscribed_at: Date; cancelled_at: Date }>(
      'SELECT * FROM subscription_spans WHERE organization_no = $1 ORDER BY subscribed_at, cancelled_at',
      [no],
    );
    return rows;
  });
}

/** A run of the past, which no request could make. */
async function store(of: World, framework: string, from: string, to: string | null, cents: number): Promise<void> {
  const no = await numberOf(of);
  await asOwner(server.databaseUrl, (client) =>
    client.query('INSERT INTO subscription_spans VALUES ($1, $2, $3, $4, $5, $6)', [
      randomUUID(),
      no,
      framework,
      from,
      to,
      cents,
    ]),
  );
}

it('subscribing waits for no export, and no export for it, so that neither is refused', async () => {
  const { basic: auth } = world.keys.admin;
  // An organization has three exports at once.
  for (let round = 0; round < 12; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, turn) => {
        if (turn < 2) return server.call('GET', '/api/v1/compliance/export', { auth });
        const method = turn % 2 === 0 ? 'PUT' : 'DELETE';
        return server.call(method, world.path(`/compliance-subscriptions/${FRAMEWORKS[turn % 4]}`), { auth });
      }),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.slice(0, 2)).toEqual([200, 200]);
    // One that never was can't be cancelled; a deadlock would be a 503.
    expect(statuses.filter((status) => ![200, 201, 204, 404, 409].includes(status))).toEqual([]);
  }
});
