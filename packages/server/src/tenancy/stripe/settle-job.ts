import type { Stripe } from 'stripe';

import type { Diagnostics } from '../../diagnostics.ts';
import type { Queryable } from '../../storage/database.ts';
import { isMissing } from './stripe-client.ts';
import type { StripeSettings } from './stripe-settings.ts';
import { findCustomer, findLinked, linkSubscription, putCustomer, type StripeJob } from './stripe-store.ts';

/** Days that an invoice is open. Stripe sends it to the billing address, with a page on which it can be paid. */
const DAYS_UNTIL_DUE = 30;

/** How what we make at Stripe is told from what others make there, and found again. */
export const METADATA = {
  organization: 'veritrail_organization',
  framework: 'veritrail_framework',
  span: 'veritrail_span',
} as const;

export interface SettleParts {
  readonly db: Queryable;
  readonly stripe: Stripe;
  readonly prices: StripeSettings['prices'];
  readonly diagnostics: Diagnostics;
  /** Called before each request; rejects if the job isn't ours any longer. */
  readonly renew: () => Promise<void>;
}

/**
 * Brings Stripe to where the job wants it. May run any number of times: each creation has an idempotency key, which Stripe
 * honours for a day or so, and whatever an earlier attempt may have left there is looked for first.
 */
export async function settleJob(parts: SettleParts, job: StripeJob): Promise<void> {
  const { span_id: spanId, framework } = job;
  if (job.kind === 'customer') await updateCustomer(parts, job);
  else if (spanId === null || framework === null) throw new Error('a job names no subscription');
  else if (job.kind === 'subscribe') await begin(parts, { ...job, span_id: spanId, framework });
  else await end(parts, { ...job, span_id: spanId, framework });
}

type SpanJob = StripeJob & {
  readonly span_id: string;
  readonly framework: NonNullable<StripeJob['framework']>;
};

async function begin(parts: SettleParts, job: SpanJob): Promise<void> {
  const { db, stripe, prices, renew } = parts;
  const customer = await ensureCustomer(parts, job);
  if ((await findLinked(db, { spanId: job.span_id })) !== undefined) return;
  let subscription = job.attempts > 1 ? await findAtStripe(parts, customer, job.span_id) : undefined;
  if (subscription === undefined) {
    await renew();
    subscription = await stripe.subscriptions.create(
      {
        customer,
        items: [{ price: prices[job.framework] }],
        collection_method: 'send_invoice',
        days_until_due: DAYS_UNTIL_DUE,
        // Invoices by calendar month, as charges are; the first one is for the rest of this month.
        billing_cycle_anchor_config: { day_of_month: 1, hour: 0, minute: 0, second: 0 },
        proration_behavior: 'create_prorations',
        metadata: {
          [METADATA.organization]: job.organization_id,
          [METADATA.framework]: job.framework,
          [METADATA.span]: job.span_id,
        },
      },
      { idempotencyKey: `veritrail-subscribe-${job.span_id}-${job.key_round}` },
    );
  }
  await link(parts, job, subscription);
}

async function end(parts: SettleParts, job: SpanJob): Promise<void> {
  const { db, stripe, renew } = parts;
  let id = (await findLinked(db, { spanId: job.span_id }))?.subscription_id;
  if (id === undefined) {
    const customer = await findCustomer(db, job.organization_no);
    if (customer === undefined) return;
    const found = await findAtStripe(parts, customer, job.span_id);
    if (found === undefined) return;
    await link(parts, job, found);
    id = found.id;
  }
  await renew();
  try {
    await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: true });
  } catch (error) {
    // An attempt before this one, or somebody at Stripe, has ended it.
    if (!isMissing(error)) throw error;
  }
}

async function ensureCustomer(parts: SettleParts, job: StripeJob): Promise<string> {
  const { db, stripe, renew } = parts;
  const known = await findCustomer(db, job.organization_no);
  if (known !== undefined) return known;
  const { organization_id: organization, name, billing_email: email } = job;
  let id: string | undefined;
  if (job.attempts > 1) {
    await renew();
    const query = `metadata['${METADATA.organization}']:'${organization}'`;
    id = (await stripe.customers.search({ query, limit: 1 })).data[0]?.id;
  }
  if (id === undefined) {
    await renew();
    const idempotencyKey = `veritrail-customer-${organization}-${job.job_no}-${job.key_round}`;
    const fields = { name, email, metadata: { [METADATA.organization]: organization } };
    ({ id } = await stripe.customers.create(fields, { idempotencyKey }));
  }
  await putCustomer(db, job.organization_no, { id, name, billingEmail: email });
  return id;
}

async function updateCustomer(parts: SettleParts, job: StripeJob): Promise<void> {
  const { db, stripe, renew } = parts;
  const id = await findCustomer(db, job.organization_no);
  if (id === undefined) return;
  const { name, billing_email: email } = job;
  await renew();
  await stripe.customers.update(id, { name, email });
  await putCustomer(db, job.organization_no, { id, name, billingEmail: email });
}

async function findAtStripe(
  parts: SettleParts,
  customer: string,
  spanId: string,
): Promise<Stripe.Subscription | undefined> {
  let after: string | undefined;
  for (;;) {
    await parts.renew();
    const page: Stripe.ApiList<Stripe.Subscription> = await parts.stripe.subscriptions.list({
      customer,
      status: 'all',
      limit: 100,
      ...(after !== undefined && { starting_after: after }),
    });
    const found = page.data.find(({ metadata }) => metadata[METADATA.span] === spanId);
    after = page.data.at(-1)?.id;
    if (found !== undefined || !page.has_more || after === undefined) return found;
  }
}

async function link(parts: SettleParts, job: SpanJob, subscription: Stripe.Subscription): Promise<void> {
  await linkSubscription(parts.db, {
    spanId: job.span_id,
    organizationNo: job.organization_no,
    framework: job.framework,
    subscriptionId: subscription.id,
  });
  const price = subscription.items.data[0]?.price;
  if (price?.unit_amount === job.price_cents && price.currency === 'eur') return;
  parts.diagnostics.warn(
    { framework: job.framework, price_id: price?.id, expected_cents: job.price_cents },
    'the price at Stripe is another one than PACKET_PRICES_EUR; invoices and charges will differ',
  );
}
