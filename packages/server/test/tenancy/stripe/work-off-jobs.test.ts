import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readStripeSettings } from '../../../src/tenancy/stripe/stripe-settings.ts';
import { openStripe } from '../../../src/tenancy/stripe/stripe-client.ts';
import { insertJob } from '../../../src/tenancy/stripe/stripe-store.ts';
import { startStripeWorker } from '../../../src/tenancy/stripe/work-off-jobs.ts';
import { subscribe, unsubscribe, type SubscriptionParts } from '../../../src/tenancy/manage-subscriptions.ts';
import {
  startFakeStripe,
  STRIPE_KEY,
  stripeSettings,
  type FakeStripe,
  type Trouble,
} from '../../support/fake-stripe.ts';
import { asOwner, startTestServer, type TestServer } from '../../support/test-server.ts';
import { insist, makeWorld, type World } from '../../support/world.ts';

let server: TestServer;
let fake: FakeStripe;
let world: World;
let no: number;
let workers: { stop(): Promise<void> }[] = [];
const said: string[] = [];
const diagnostics = pino({ level: 'trace' }, { write: (line) => void said.push(line) });

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  fake = await startFakeStripe();
  world = await makeWorld(server);
  no = await numberOf(world);
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await fake.stop();
  await asOwner(server.databaseUrl, (client) => client.query('UPDATE stripe_jobs SET done_at = now()'));
  if (said.join('').includes(STRIPE_KEY)) throw new Error('the key was said');
});
afterAll(() => server.stop());

function numberOf(of: World): Promise<number> {
  return asOwner(server.databaseUrl, async (client) => {
    const sql = 'SELECT organization_no FROM organizations WHERE organization_id = $1';
    return (await client.query<{ organization_no: number }>(sql, [of.id])).rows[0]?.organization_no ?? 0;
  });
}

async function startWorker(pace = { lookEveryMs: 50, firstPauseMs: 20 }): Promise<void> {
  const texts = stripeSettings(fake.base);
  const settings = readStripeSettings({
    secretKey: texts['STRIPE_SECRET_KEY'],
    webhookSecret: texts['STRIPE_WEBHOOK_SECRET'],
    apiBase: fake.base,
    prices: texts['STRIPE_PRICES'],
  });
  if (settings === undefined) throw new Error('no settings');
  const { db } = server.running.house;
  const parts = { db, stripe: await openStripe(settings), prices: settings.prices, diagnostics, pace };
  workers.push(startStripeWorker(parts));
}

function parts(): SubscriptionParts {
  const prices = { soc2: 4900, gdpr_ropa: 2900, dora: 3900, eu_ai_act: 2900 };
  return { ground: server.running.house.ground, prices, noteChange: insertJob };
}

const caller = () => ({
  actor: { id: 'admin', username: null, ipAddress: null, userAgent: null },
  organization: { no, id: world.id },
});

/** Until nothing is left to be told. */
async function settled(): Promise<void> {
  await expect
    .poll(
      () =>
        asOwner(server.databaseUrl, async (client) => {
          const open =
            'SELECT kind, attempts, last_error FROM stripe_jobs WHERE organization_no = $1 AND done_at IS NULL';
          return (await client.query(open, [no])).rows;
        }),
      { timeout: 10_000 },
    )
    .toEqual([]);
}

const statuses = () => [...fake.subscriptions.values()].map((one) => one['status']);

describe('Stripe is told', () => {
  it('of a subscription once: its customer, its price, by month, with an invoice and no card', async () => {
    await subscribe(parts(), caller(), 'soc2');
    await subscribe(parts(), caller(), 'soc2');
    await startWorker();
    await settled();
    const [customer, subscription, ...others] = fake.requests;
    expect(others).toEqual([]);
    expect(customer).toMatchObject({
      method: 'POST',
      path: '/v1/customers',
      params: { email: world.owner.email, 'metadata[veritrail_organization]': world.id },
    });
    expect(subscription).toMatchObject({ method: 'POST', path: '/v1/subscriptions' });
    expect(subscription?.params).toEqual({
      customer: [...fake.customers.keys()][0],
      'items[0][price]': 'price_soc2',
      collection_method: 'send_invoice',
      days_until_due: '30',
      'billing_cycle_anchor_config[day_of_month]': '1',
      'billing_cycle_anchor_config[hour]': '0',
      'billing_cycle_anchor_config[minute]': '0',
      'billing_cycle_anchor_config[second]': '0',
      proration_behavior: 'create_prorations',
      'metadata[veritrail_organization]': world.id,
      'metadata[veritrail_framework]': 'soc2',
      'metadata[veritrail_span]': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it('of the end after the beginning, and of a second beginning as another one, for one customer', async () => {
    await subscribe(parts(), caller(), 'soc2');
    await unsubscribe(parts(), caller(), 'soc2');
    await subscribe(parts(), caller(), 'soc2');
    await subscribe(parts(), caller(), 'dora');
    await startWorker();
    await settled();
    expect(fake.customers.size).toBe(1);
    expect(statuses()).toEqual(['canceled', 'active', 'active']);
    const ended = fake.requests.find(({ method }) => method === 'DELETE');
    expect(ended).toMatchObject({
      path: `/v1/subscriptions/${[...fake.subscriptions.keys()][0]}`,
      params: { invoice_now: 'true', prorate: 'true' },
    });
  });

  it('of subscriptions from before it was configured, and of no ended ones', async () => {
    const without = { ...parts(), noteChange: undefined };
    await subscribe(without, caller(), 'soc2');
    await subscribe(without, caller(), 'dora');
    await unsubscribe(without, caller(), 'dora');
    await startWorker();
    await expect.poll(() => fake.subscriptions.size, { timeout: 20_000 }).toBe(1);
    await settled();
    expect([...fake.subscriptions.values()][0]).toMatchObject({ metadata: { veritrail_framework: 'soc2' } });
  });

  it('of an end from a time when it was not configured', async () => {
    await subscribe(parts(), caller(), 'soc2');
    await startWorker();
    await settled();
    await workers.splice(0)[0]?.stop();
    await unsubscribe({ ...parts(), noteChange: undefined }, caller(), 'soc2');
    await startWorker();
    await expect.poll(statuses, { timeout: 10_000 }).toEqual(['canceled']);
    await settled();
  });

  it('of another name or billing address', async () => {
    await subscribe(parts(), caller(), 'soc2');
    await startWorker();
    await settled();
    const body = { name: 'Renamed', billing_email: 'accounts@example.com' };
    await insist(server.call)(200, 'PATCH', world.path(), { auth: world.keys.admin.basic, body });
    await expect
      .poll(() => [...fake.customers.values()][0], { timeout: 20_000 })
      .toMatchObject({ name: 'Renamed', email: 'accounts@example.com' });
    await settled();
    expect(fake.customers.size).toBe(1);
  });

  it('by one of several servers', async () => {
    for (const framework of ['soc2', 'gdpr_ropa', 'dora', 'eu_ai_act'] as const) {
      await subscribe(parts(), caller(), framework);
    }
    await Promise.all([startWorker(), startWorker(), startWorker()]);
    await settled();
    expect([fake.customers.size, fake.subscriptions.size, fake.requests.length]).toEqual([1, 4, 5]);
  });

  it('is warned of a price at Stripe that is another one than here', async () => {
    said.length = 0;
    await subscribe(parts(), caller(), 'dora');
    await startWorker();
    await settled();
    expect(said.join('')).toContain('the price at Stripe is another one');
  });
});

const TROUBLES: readonly Trouble[] = ['declined', 'in use', 'limited', 'server error', 'not JSON', 'broken off'];
const OPERATIONS = ['POST /v1/customers', 'POST /v1/subscriptions', 'DELETE /v1/subscriptions'];

describe('where Stripe fails, all is done once in the end', () => {
  it.each(TROUBLES.flatMap((kind) => OPERATIONS.map((operation) => [kind, operation] as const)))(
    '%s at %s',
    async (kind, operation) => {
      await subscribe(parts(), caller(), 'soc2');
      await unsubscribe(parts(), caller(), 'soc2');
      await subscribe(parts(), caller(), 'soc2');
      fake.trouble(kind, operation, 3);
      await startWorker();
      await settled();
      expect(fake.customers.size).toBe(1);
      expect(statuses()).toEqual(['canceled', 'active']);
    },
  );

  it('though what it did and what it kept under the key are forgotten by then', async () => {
    // Done, but nobody heard of it; a day later Stripe knows the key no longer.
    fake.trouble('broken off', 'POST /v1/customers', 2);
    fake.trouble('broken off', 'POST /v1/subscriptions', 2);
    await subscribe(parts(), caller(), 'soc2');
    await startWorker();
    await expect.poll(() => fake.subscriptions.size, { timeout: 20_000 }).toBe(1);
    await asOwner(server.databaseUrl, (client) => client.query('UPDATE stripe_jobs SET key_round = key_round + 10'));
    await settled();
    expect([fake.customers.size, fake.subscriptions.size]).toEqual([1, 1]);
  });

  it('and another organization does not wait for it', async () => {
    await subscribe(parts(), caller(), 'soc2');
    const other = await makeWorld(server);
    const theirs = { ...caller(), organization: { no: await numberOf(other), id: other.id } };
    await subscribe(parts(), theirs, 'soc2');
    fake.trouble('server error', 'POST /v1/customers', 1);
    await startWorker({ lookEveryMs: 20, firstPauseMs: 2000 });
    await expect.poll(() => fake.subscriptions.size, { timeout: 10_000 }).toBe(1);
    expect([...fake.subscriptions.values()][0]).toMatchObject({ metadata: { veritrail_organization: other.id } });
    await settled();
    expect(fake.subscriptions.size).toBe(2);
  });

  it('and a stop does not wait for a silent one', async () => {
    await subscribe(parts(), caller(), 'soc2');
    fake.trouble('silent', 'POST /v1/customers', 1);
    await startWorker();
    await expect.poll(() => fake.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const before = Date.now();
    await workers.splice(0)[0]?.stop();
    expect(Date.now() - before).toBeLessThan(6000);
  });
});
