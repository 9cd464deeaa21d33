import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { signWebhook, startFakeStripe, stripeSettings, type FakeStripe } from '../support/fake-stripe.ts';
import { unchangedBy } from '../support/stored-rows.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeWorld, readTrail, type World } from '../support/world.ts';

let server: TestServer;
let fake: FakeStripe;
let world: World;

beforeAll(async () => {
  fake = await startFakeStripe();
  server = await startTestServer(stripeSettings(fake.base));
});
beforeEach(async () => {
  fake.calm();
  world = await makeWorld(server);
});
afterAll(async () => {
  await server.stop();
  await fake.stop();
});

interface Linked {
  readonly id: string;
  readonly metadata: Record<string, string>;
}

async function change(method: 'PUT' | 'DELETE', framework = 'soc2') {
  const path = world.path(`/compliance-subscriptions/${framework}`);
  return (await insist(server.call)(200, method, path, { auth: world.keys.admin.basic })).json as { enabled: boolean };
}

/** Those at Stripe of this world, oldest first. */
function atStripe(): Linked[] {
  const all = [...fake.subscriptions.values()] as unknown as Linked[];
  return all.filter((one) => one.metadata['veritrail_organization'] === world.id);
}

async function subscribed(count = 1): Promise<Linked> {
  await change('PUT');
  await expect.poll(() => atStripe().length, { timeout: 20_000 }).toBe(count);
  return atStripe().at(-1) as Linked;
}

function event(type: string, object: object, created = Math.floor(Date.now() / 1000)): string {
  const id = `evt_${randomUUID()}`;
  return JSON.stringify({ id, object: 'event', type, created, data: { object } });
}

/** As the current API version has it. */
function invoice(type: string, { id, metadata }: Linked, created?: number, invoiceId = 'in_1'): string {
  const parent = { type: 'subscription_details', subscription_details: { subscription: id, metadata } };
  return event(type, { id: invoiceId, object: 'invoice', parent }, created);
}

const deleted = (linked: Linked): string => event('customer.subscription.deleted', { ...linked, status: 'canceled' });

function send(raw: string | Buffer, signature: string | undefined = signWebhook(raw)) {
  const headers = {
    ...(signature !== '' && { 'stripe-signature': signature }),
    'content-type': 'application/json; charset=utf-8',
  };
  return server.call('POST', '/webhooks/stripe', { raw, headers });
}

async function taken(raw: string): Promise<void> {
  const answer = await send(raw);
  expect([answer.status, answer.json]).toEqual([200, { received: true }]);
}

async function payments() {
  const path = world.path('/billing/charges?month=2026-11');
  return (await insist(server.call)(200, 'GET', path, { auth: world.keys.admin.basic })).json.payments as object[];
}

const deeds = async () =>
  (await readTrail(server, world, '&resource_type=compliance_subscription')).map((one) => [one.action, one.actor_id]);

describe('a subscription', () => {
  it('is on at once though Stripe is away, and Stripe is told when it is back', async () => {
    fake.trouble('not JSON', 'POST /v1/customers', 1);
    expect(await change('PUT')).toMatchObject({ enabled: true });
    expect(atStripe()).toEqual([]);
    await expect.poll(() => atStripe().length, { timeout: 20_000 }).toBe(1);
  });

  it('that Stripe has ended ends here, as a deed of Stripe’s, and Stripe is not told', async () => {
    const linked = await subscribed();
    await taken(deleted(linked));
    const [soc2] = (
      await insist(server.call)(200, 'GET', world.path('/compliance-subscriptions'), {
        auth: world.keys.member.basic,
      })
    ).json.subscriptions;
    expect(soc2).toMatchObject({ enabled: false, cancelled_at: expect.any(String) });
    expect(await deeds()).toEqual([
      ['CREATE', world.keys.admin.id],
      ['DELETE', 'stripe'],
    ]);
    expect(fake.requests.filter(({ method, path }) => method === 'DELETE' && path.endsWith(linked.id))).toEqual([]);
  });

  it('that Stripe has ended and that began again since stays on', async () => {
    const first = await subscribed();
    await change('DELETE');
    await subscribed(2);
    await taken(deleted(first));
    expect(await change('PUT')).toMatchObject({ enabled: true });
    expect(await deeds()).toHaveLength(3);
  });

  it('ends once, however often and by however many at once that is told', async () => {
    const raw = deleted(await subscribed());
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(raw)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await unchangedBy(server, () => taken(raw));
    expect(await deeds()).toHaveLength(2);
  });

  it('is found by what it carries when the event comes before its id is known here', async () => {
    fake.trouble('silent', 'POST /v1/subscriptions', 1);
    const linked = await subscribed();
    await taken(deleted(linked));
    expect(await deeds()).toEqual([
      ['CREATE', world.keys.admin.id],
      ['DELETE', 'stripe'],
    ]);
  });
});

describe('a payment', () => {
  it('is noted, and a failed one too; an older one does not come after a newer one', async () => {
    const linked = await subscribed();
    const now = Math.floor(Date.now() / 1000);
    const noted = (state: string, seconds: number, invoice_id: string) => [
      { framework: 'soc2', state, invoice_id, at: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z') },
    ];
    expect(await payments()).toEqual([]);
    await taken(invoice('invoice.payment_failed', linked, now, 'in_1'));
    expect(await payments()).toEqual(noted('failed', now, 'in_1'));
    await taken(invoice('invoice.paid', linked, now, 'in_1'));
    expect(await payments()).toEqual(noted('paid', now, 'in_1'));
    await taken(invoice('invoice.payment_failed', linked, now, 'in_1'));
    await taken(invoice('invoice.payment_failed', linked, now - 60, 'in_0'));
    expect(await payments()).toEqual(noted('paid', now, 'in_1'));
    await taken(invoice('invoice.payment_failed', linked, now + 60, 'in_2'));
    expect(await payments()).toEqual(noted('failed', now + 60, 'in_2'));
    expect(await change('PUT')).toMatchObject({ enabled: true });
  });

  it('is understood as older API versions tell it', async () => {
    const { id } = await subscribed();
    await taken(event('invoice.paid', { id: 'in_7', object: 'invoice', subscription: id }));
    expect(await payments()).toMatchObject([{ state: 'paid', invoice_id: 'in_7' }]);
  });
});

describe('what means nothing here is taken and changes nothing:', () => {
  const foreign = { id: 'sub_foreign', metadata: {} };
  it.each([
    ['another type', () => event('charge.refunded', { id: 'ch_1' })],
    ['a type of that name', () => event('invoice.payment_action_required', { id: 'in_1' })],
    ['a subscription of others', () => deleted(foreign)],
    ['an invoice of others', () => invoice('invoice.paid', foreign)],
    ['an invoice without a subscription', () => event('invoice.paid', { id: 'in_1', object: 'invoice', parent: null })],
    [
      'an organization that is not here',
      () =>
        deleted({
          id: 'sub_other',
          metadata: { veritrail_organization: randomUUID(), veritrail_span: randomUUID(), veritrail_framework: 'soc2' },
        }),
    ],
    [
      'a span that the organization does not have',
      () =>
        deleted({
          id: 'sub_other',
          metadata: { veritrail_organization: world.id, veritrail_span: randomUUID(), veritrail_framework: 'soc2' },
        }),
    ],
    [
      'metadata that is no id',
      () =>
        deleted({
          id: 'sub_other',
          metadata: { veritrail_organization: "' OR 1=1", veritrail_span: 'x', veritrail_framework: '__proto__' },
        }),
    ],
  ])('%s', async (_, make) => {
    const before = await deeds();
    await taken(make());
    expect(await deeds()).toEqual(before);
  });
});

describe('a webhook is refused', () => {
  const body = (): string => event('invoice.paid', { id: 'in_1' });

  async function refused(raw: string, signature: string): Promise<void> {
    await unchangedBy(server, async () => {
      const answer = await send(raw, signature);
      expect([answer.status, answer.json.type]).toEqual([400, '/docs/problems#webhook_unsigned']);
      expect(answer.text).not.toContain('whsec');
    });
  }

  it('without a signature', () => refused(body(), ''));
  it('signed with another secret', () => refused(body(), signWebhook(body(), 'whsec_ofSomebodyElse')));
  it('that was signed more than five minutes ago', async () => {
    const raw = body();
    await refused(raw, signWebhook(raw, undefined, Date.now() - 302_000));
    await taken(raw);
  });
  it('with one byte changed, at any place', async () => {
    const raw = body();
    for (let at = 0; at < raw.length; at += 7) {
      const other = raw[at] === 'x' ? 'y' : 'x';
      await refused(`${raw.slice(0, at)}${other}${raw.slice(at + 1)}`, signWebhook(raw));
    }
  });
  it('with the time of its signature changed', async () => {
    const raw = body();
    await refused(raw, signWebhook(raw).replace(/t=\d+/, `t=${Math.floor(Date.now() / 1000) + 5}`));
  });
  it.each(['', 't=1', 'v1=00', 't=x,v1=y', ','.repeat(5000)])('with the signature "%.20s"', (signature) =>
    refused(body(), signature || 't='),
  );
  it.each([
    '{',
    'null',
    '[]',
    '7',
    '{"id":7,"type":"invoice.paid"}',
    '{"object":"v2.core.event","id":"evt_1"}',
    '\u0000',
  ])('that is signed and no event: %s', (raw) => refused(raw, signWebhook(raw)));
  it('that is empty', async () => {
    expect((await send('', signWebhook(''))).status).toBe(400);
  });
  it('that is too large, or no JSON by its type', async () => {
    const large = JSON.stringify({ id: 'evt_1', type: 'x', pad: 'x'.repeat(256 * 1024) });
    expect((await send(large)).status).toBe(413);
    const headers = { 'content-type': 'text/plain', 'stripe-signature': signWebhook('{}') };
    expect((await server.call('POST', '/webhooks/stripe', { raw: '{}', headers })).status).toBe(415);
  });
  it('where Stripe is not configured', async () => {
    const plain = await startTestServer();
    try {
      const headers = { 'stripe-signature': signWebhook('{}') };
      expect((await plain.call('POST', '/webhooks/stripe', { raw: '{}', headers })).status).toBe(404);
    } finally {
      await plain.stop();
    }
  });
});
