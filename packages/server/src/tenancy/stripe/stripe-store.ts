import type { Framework } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';
import type { SubscriptionChange } from '../manage-subscriptions.ts';

export interface StripeJob {
  readonly job_no: number;
  readonly organization_no: number;
  readonly organization_id: string;
  readonly name: string;
  readonly billing_email: string;
  readonly kind: 'subscribe' | 'unsubscribe' | 'customer';
  readonly span_id: string | null;
  readonly framework: Framework | null;
  readonly price_cents: number | null;
  /** With this one. */
  readonly attempts: number;
  readonly key_round: number;
}

/** How long whoever takes a job has for each request to Stripe: longer than one may take. */
const LEASE = `interval '20 seconds'`;

export async function insertJob(tx: Queryable, change: SubscriptionChange): Promise<void> {
  const { kind, organizationNo, span } = change;
  await tx.query(
    `INSERT INTO stripe_jobs (organization_no, kind, span_id, framework, price_cents) VALUES ($1, $2, $3, $4, $5)`,
    [organizationNo, kind, span.span_id, span.framework, span.price_cents],
  );
}

/**
 * Of what Stripe was never told because it wasn't configured then: subscriptions that are on, and the ends of those that it
 * knows. Of an end that came from Stripe itself it is told too, which changes nothing.
 */
export async function insertMissingJobs(tx: Queryable, organizationNo: number): Promise<void> {
  await tx.query(
    `INSERT INTO stripe_jobs (organization_no, kind, span_id, framework, price_cents)
     SELECT organization_no, 'subscribe', span_id, framework, price_cents FROM subscription_spans
     WHERE organization_no = $1 AND cancelled_at IS NULL
     ON CONFLICT (span_id, kind) DO NOTHING`,
    [organizationNo],
  );
  await tx.query(
    `INSERT INTO stripe_jobs (organization_no, kind, span_id, framework, price_cents)
     SELECT s.organization_no, 'unsubscribe', s.span_id, s.framework, s.price_cents
     FROM subscription_spans s JOIN stripe_jobs j ON j.span_id = s.span_id AND j.kind = 'subscribe'
     WHERE s.organization_no = $1 AND s.cancelled_at IS NOT NULL
     ON CONFLICT (span_id, kind) DO NOTHING`,
    [organizationNo],
  );
}

/** For customers whose organization has another name or billing address by now. */
export async function insertCustomerJobs(db: Queryable): Promise<void> {
  await db.query(
    `INSERT INTO stripe_jobs (organization_no, kind)
     SELECT c.organization_no, 'customer' FROM stripe_customers c JOIN organizations o USING (organization_no)
     WHERE (o.name, o.billing_email) IS DISTINCT FROM (c.name, c.billing_email) AND NOT EXISTS (
       SELECT FROM stripe_jobs j
       WHERE j.organization_no = c.organization_no AND j.kind = 'customer' AND j.done_at IS NULL)`,
  );
}

/**
 * Leases the next job that is due. An organization's are done in their order, so that nothing is ended before it began;
 * one that fails holds up only its own organization. A holder that ends is followed by another when its lease is over.
 */
export async function takeJob(db: Queryable, lease: string): Promise<StripeJob | undefined> {
  const { rows } = await db.query<StripeJob>(
    `WITH taken AS (
       UPDATE stripe_jobs SET attempts = attempts + 1, lease = $1, leased_until = now() + ${LEASE}
       WHERE job_no = (
         SELECT j.job_no FROM stripe_jobs j
         WHERE j.done_at IS NULL AND j.next_attempt_at <= now() AND (j.leased_until IS NULL OR j.leased_until < now())
           AND NOT EXISTS (
             SELECT FROM stripe_jobs e
             WHERE e.organization_no = j.organization_no AND e.done_at IS NULL AND e.job_no < j.job_no)
         ORDER BY j.next_attempt_at, j.job_no LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING *)
     SELECT t.job_no, t.organization_no, o.organization_id, o.name, o.billing_email, t.kind, t.span_id, t.framework,
       t.price_cents, t.attempts, t.key_round
     FROM taken t JOIN organizations o USING (organization_no)`,
    [lease],
  );
  return rows[0];
}

/** Whether the job is still ours; its lease is new from here on. */
export async function renewLease(db: Queryable, jobNo: number, lease: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE stripe_jobs SET leased_until = now() + ${LEASE} WHERE job_no = $1 AND lease = $2 AND done_at IS NULL`,
    [jobNo, lease],
  );
  return rowCount === 1;
}

export async function finishJob(db: Queryable, jobNo: number, lease: string): Promise<void> {
  await db.query(
    `UPDATE stripe_jobs SET done_at = now(), lease = NULL, leased_until = NULL, last_error = NULL
     WHERE job_no = $1 AND lease = $2`,
    [jobNo, lease],
  );
}

export async function postponeJob(
  db: Queryable,
  jobNo: number,
  lease: string,
  failure: { afterMs: number; newKey: boolean; error: string },
): Promise<void> {
  await db.query(
    `UPDATE stripe_jobs SET lease = NULL, leased_until = NULL, last_error = $5,
       next_attempt_at = now() + $3 * interval '1 millisecond', key_round = key_round + $4
     WHERE job_no = $1 AND lease = $2 AND done_at IS NULL`,
    [jobNo, lease, failure.afterMs, failure.newKey ? 1 : 0, failure.error.slice(0, 200)],
  );
}

export async function findCustomer(db: Queryable, organizationNo: number): Promise<string | undefined> {
  const { rows } = await db.query<{ customer_id: string }>(
    'SELECT customer_id FROM stripe_customers WHERE organization_no = $1',
    [organizationNo],
  );
  return rows[0]?.customer_id;
}

export async function putCustomer(
  db: Queryable,
  organizationNo: number,
  customer: { id: string; name: string; billingEmail: string },
): Promise<void> {
  await db.query(
    `INSERT INTO stripe_customers (organization_no, customer_id, name, billing_email) VALUES ($1, $2, $3, $4)
     ON CONFLICT (organization_no) DO UPDATE SET name = excluded.name, billing_email = excluded.billing_email`,
    [organizationNo, customer.id, customer.name, customer.billingEmail],
  );
}

/** One of ours at Stripe. */
export interface LinkedSubscription {
  readonly span_id: string;
  readonly organization_no: number;
  readonly organization_id: string;
  readonly framework: Framework;
  readonly subscription_id: string;
}

export async function findLinked(
  db: Queryable,
  by: { readonly spanId: string } | { readonly subscriptionId: string },
): Promise<LinkedSubscription | undefined> {
  const [column, value] = 'spanId' in by ? ['span_id', by.spanId] : ['subscription_id', by.subscriptionId];
  const { rows } = await db.query<LinkedSubscription>(
    `SELECT s.span_id, s.organization_no, o.organization_id, s.framework, s.subscription_id
     FROM stripe_subscriptions s JOIN organizations o USING (organization_no) WHERE s.${column} = $1`,
    [value],
  );
  return rows[0];
}

export async function linkSubscription(
  db: Queryable,
  link: { spanId: string; organizationNo: number; framework: Framework; subscriptionId: string },
): Promise<void> {
  await db.query(
    `INSERT INTO stripe_subscriptions (span_id, organization_no, framework, subscription_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [link.spanId, link.organizationNo, link.framework, link.subscriptionId],
  );
}

/** Webhooks come in any order: an older state never follows a newer one, and of one second `paid` counts. */
export async function putPaymentState(
  tx: Queryable,
  subscriptionId: string,
  state: { state: 'paid' | 'failed'; invoiceId: string; at: Date },
): Promise<void> {
  await tx.query(
    `UPDATE stripe_subscriptions SET payment_state = $2, invoice_id = $3, payment_state_at = $4
     WHERE subscription_id = $1
       AND (payment_state_at IS NULL OR payment_state_at < $4 OR (payment_state_at = $4 AND $2 = 'paid'))`,
    [subscriptionId, state.state, state.invoiceId, state.at],
  );
}

export interface PaymentState {
  readonly framework: Framework;
  readonly state: 'paid' | 'failed';
  readonly invoice_id: string;
  readonly at: string;
}

/** The last that Stripe said of each subscription that it was told of, newest first. */
export async function listPaymentStates(db: Queryable, organizationNo: number): Promise<PaymentState[]> {
  const { rows } = await db.query<PaymentState>(
    `SELECT framework, payment_state AS state, invoice_id, payment_state_at AS at FROM stripe_subscriptions
     WHERE organization_no = $1 AND payment_state IS NOT NULL ORDER BY payment_state_at DESC, framework`,
    [organizationNo],
  );
  return rows;
}

/** Whether the event is new. In the transaction of what it brings about, so both are kept or neither. */
export async function insertEvent(tx: Queryable, eventId: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO stripe_events (event_id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [eventId, at],
  );
  return rowCount === 1;
}

/** Stripe sends an event again for days, and on request for a month. */
export async function forgetOldEvents(db: Queryable): Promise<void> {
  await db.query(`DELETE FROM stripe_events WHERE received_at < now() - interval '90 days'`);
}

export async function findOrganizationNo(db: Queryable, organizationId: string): Promise<number | undefined> {
  const { rows } = await db.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE organization_id = $1',
    [organizationId],
  );
  return rows[0]?.organization_no;
}
