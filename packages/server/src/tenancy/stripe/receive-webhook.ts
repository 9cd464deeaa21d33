import { FRAMEWORK_IDS } from '@veritrail/formats';
import type { Stripe } from 'stripe';

import type { Secret } from '../../secret.ts';
import { enterScope, type Queryable } from '../../storage/database.ts';
import { endByProvider } from '../manage-subscriptions.ts';
import type { Ground } from '../ground.ts';
import { findSpan } from '../subscription-store.ts';
import { TenancyError } from '../tenancy-error.ts';
import { METADATA } from './settle-job.ts';
import {
  findLinked,
  findOrganizationNo,
  insertEvent,
  linkSubscription,
  putPaymentState,
  type LinkedSubscription,
} from './stripe-store.ts';

export interface WebhookParts {
  readonly ground: Ground;
  readonly stripe: Pick<Stripe, 'webhooks'>;
  readonly webhookSecret: Secret;
}

/** Whom the trail names for what Stripe has ended. */
const STRIPE_ACTOR = { id: 'stripe', username: null, ipAddress: null, userAgent: null };

/** An older signature could be somebody's who has seen the request; Stripe signs anew each time it sends one again. */
const TOLERANCE_SECONDS = 300;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes one event of Stripe's. What it brings about and the note that it came are one transaction: after a crash Stripe
 * sends it again, and a second time changes nothing. Types that mean nothing here, and subscriptions that aren't ours, are
 * taken and forgotten.
 *
 * @throws {TenancyError} `webhook_unsigned`
 */
export async function receiveWebhook(parts: WebhookParts, body: Buffer, signature: string): Promise<void> {
  const event = verified(parts, body, signature);
  const { ground } = parts;
  if (event.type !== 'customer.subscription.deleted' && !event.type.startsWith('invoice.pa')) return;
  await ground.db.unscoped(async (tx) => {
    if (!(await insertEvent(tx, event.id, ground.clock()))) return;
    if (event.type === 'customer.subscription.deleted') await endSubscription(ground, tx, event.data.object);
    else if (event.type === 'invoice.paid') await notePayment(tx, event, event.data.object, 'paid');
    else if (event.type === 'invoice.payment_failed') await notePayment(tx, event, event.data.object, 'failed');
  });
}

function verified(parts: WebhookParts, body: Buffer, signature: string): Stripe.Event {
  try {
    const secret = parts.webhookSecret.reveal();
    const event = parts.stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
    if (typeof event?.id === 'string' && typeof event.type === 'string') return event;
  } catch {
    // Its message names parts of the secret's check; the caller needs none of it.
  }
  throw new TenancyError(
    'webhook_unsigned',
    'Sign the bytes of the body with the secret of this endpoint, no longer than five minutes ago.',
  );
}

async function endSubscription(ground: Ground, tx: Queryable, subscription: unknown): Promise<void> {
  const linked = await findOurs(tx, at(subscription, 'id'), at(subscription, 'metadata'));
  if (linked === undefined) return;
  const organization = { no: linked.organization_no, id: linked.organization_id };
  await endByProvider(ground, tx, { actor: STRIPE_ACTOR, organization }, linked.framework, linked.span_id);
}

async function notePayment(
  tx: Queryable,
  event: { readonly created: number },
  invoice: unknown,
  state: 'paid' | 'failed',
): Promise<void> {
  // Endpoints of before API version 2025-03-31 send the second form.
  const details = at(invoice, 'parent', 'subscription_details') ?? at(invoice, 'subscription_details');
  const id = at(details, 'subscription') ?? at(invoice, 'subscription');
  const linked = await findOurs(tx, id, at(details, 'metadata'));
  const invoiceId = at(invoice, 'id');
  if (linked === undefined || typeof invoiceId !== 'string') return;
  const seconds = Number.isSafeInteger(event.created) ? event.created : 0;
  await putPaymentState(tx, linked.subscription_id, { state, invoiceId, at: new Date(seconds * 1000) });
}

/** Puts its organization in scope. An event may come before the answer that gives the subscription's id. */
async function findOurs(tx: Queryable, id: unknown, metadata: unknown): Promise<LinkedSubscription | undefined> {
  if (typeof id !== 'string') return undefined;
  const known = await findLinked(tx, { subscriptionId: id });
  if (known !== undefined) {
    await enterScope(tx, known.organization_no);
    return known;
  }
  const [organizationId, spanId] = [at(metadata, METADATA.organization), at(metadata, METADATA.span)];
  const framework = FRAMEWORK_IDS.find((one) => one === at(metadata, METADATA.framework));
  if (!isUuid(organizationId) || !isUuid(spanId) || framework === undefined) return undefined;
  const organizationNo = await findOrganizationNo(tx, organizationId);
  if (organizationNo === undefined) return undefined;
  await enterScope(tx, organizationNo);
  if ((await findSpan(tx, spanId))?.framework !== framework) return undefined;
  await linkSubscription(tx, { spanId, organizationNo, framework, subscriptionId: id });
  return findLinked(tx, { subscriptionId: id });
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** A member of what Stripe sent, whose shape depends on the endpoint's API version. */
function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    found =
      typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return found ?? undefined;
}
