import { frameworkName, FRAMEWORKS, type Framework } from '@veritrail/formats';
import { v7 as uuidv7 } from 'uuid';

import type { Queryable } from '../storage/database.ts';
import type { Caller, Ground } from './ground.ts';
import { lockOrganization } from './organization-store.ts';
import type { PacketPrices } from './packet-prices.ts';
import type { OrganizationRef } from './principal.ts';
import { endSpan, insertSpan, newestSpans, spanInForce, type SubscriptionSpan } from './subscription-store.ts';
import { TenancyError } from './tenancy-error.ts';

/** How an organization stands to a framework. `priceCents` is what it pays a month, or would if it subscribed now. */
export interface Subscription {
  readonly framework: Framework;
  readonly name: string;
  readonly enabled: boolean;
  readonly priceCents: number;
  readonly subscribedAt: string | null;
  readonly cancelledAt: string | null;
}

/** What a payment provider has to be told of. */
export interface SubscriptionChange {
  readonly kind: 'subscribe' | 'unsubscribe';
  readonly organizationNo: number;
  readonly span: SubscriptionSpan;
}

export interface SubscriptionParts {
  readonly ground: Ground;
  readonly prices: PacketPrices;
  /** Notes the change in its own transaction, for a provider to be told later; undefined without one. */
  readonly noteChange: ((tx: Queryable, change: SubscriptionChange) => Promise<void>) | undefined;
}

/** All frameworks, in their order. */
export async function listSubscriptions(parts: SubscriptionParts, organizationNo: number): Promise<Subscription[]> {
  const spans = await parts.ground.db.scoped(organizationNo, (tx) => newestSpans(tx, organizationNo));
  return FRAMEWORKS.map(({ id }) =>
    asSubscription(
      parts.prices,
      id,
      spans.find((span) => span.framework === id),
    ),
  );
}

/** Subscribing again changes nothing and leaves no second event. */
export async function subscribe(parts: SubscriptionParts, caller: Caller, framework: Framework): Promise<Subscription> {
  const { ground, prices, noteChange } = parts;
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    const before = await lockNewestSpan(tx, no, framework);
    if (before?.cancelled_at === null) return asSubscription(prices, framework, before);
    const span = await insertSpan(tx, no, {
      spanId: uuidv7(),
      framework,
      subscribedAt: notBefore(ground.clock(), before?.cancelled_at ?? undefined),
      priceCents: prices[framework],
    });
    await noteChange?.(tx, { kind: 'subscribe', organizationNo: no, span });
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'CREATE',
      resourceType: 'compliance_subscription',
      resourceId: framework,
      details: { name: frameworkName(framework), monthly_price_cents: span.price_cents, currency: 'EUR' },
    });
    return asSubscription(prices, framework, span);
  });
}

/** Ending what isn't on changes nothing. Packets that were made stay. */
export async function unsubscribe(
  parts: SubscriptionParts,
  caller: Caller,
  framework: Framework,
): Promise<Subscription> {
  const { ground, prices, noteChange } = parts;
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    const before = await lockNewestSpan(tx, no, framework);
    if (before?.cancelled_at !== null) return asSubscription(prices, framework, before);
    const span = await endSpan(tx, before.span_id, notBefore(ground.clock(), before.subscribed_at));
    await noteChange?.(tx, { kind: 'unsubscribe', organizationNo: no, span });
    await recordEnd(ground, tx, caller, span);
    return asSubscription(prices, framework, span);
  });
}

/**
 * Ends one run that the provider has ended, inside the caller's transaction. One that came after it stays.
 *
 * @returns whether it was still on
 */
export async function endByProvider(
  ground: Ground,
  tx: Queryable,
  caller: Caller,
  framework: Framework,
  spanId: string,
) {
  const before = await lockNewestSpan(tx, caller.organization.no, framework);
  if (before?.span_id !== spanId || before.cancelled_at !== null) return false;
  const span = await endSpan(tx, spanId, notBefore(ground.clock(), before.subscribed_at));
  await recordEnd(ground, tx, caller, span);
  return true;
}

export function isSubscribed(tx: Queryable, organizationNo: number, framework: Framework): Promise<boolean> {
  return spanInForce(tx, organizationNo, framework);
}

/** @throws {TenancyError} `not_subscribed` */
export async function insistOnSubscription(
  tx: Queryable,
  organization: OrganizationRef,
  framework: Framework,
): Promise<void> {
  if (await isSubscribed(tx, organization.no, framework)) return;
  throw new TenancyError(
    'not_subscribed',
    `Let an admin subscribe first: PUT /organizations/${organization.id}/compliance-subscriptions/${framework}.`,
  );
}

/** The organization's row is the lock: whoever subscribes or ends a subscription meanwhile waits here. */
async function lockNewestSpan(
  tx: Queryable,
  organizationNo: number,
  framework: Framework,
): Promise<SubscriptionSpan | undefined> {
  await lockOrganization(tx, organizationNo);
  return (await newestSpans(tx, organizationNo)).find((span) => span.framework === framework);
}

async function recordEnd(ground: Ground, tx: Queryable, caller: Caller, span: SubscriptionSpan): Promise<void> {
  await ground.recordDeed(tx, caller.organization.no, caller.actor, {
    action: 'DELETE',
    resourceType: 'compliance_subscription',
    resourceId: span.framework,
    details: { name: frameworkName(span.framework), subscribed_at: span.subscribed_at },
  });
}

/** Spans never overlap, even if the clock was set back or another server's is behind. */
function notBefore(now: Date, earliest: string | undefined): Date {
  const least = earliest === undefined ? now : new Date(earliest);
  return now < least ? least : now;
}

function asSubscription(prices: PacketPrices, framework: Framework, span: SubscriptionSpan | undefined): Subscription {
  const enabled = span?.cancelled_at === null;
  return {
    framework,
    name: frameworkName(framework),
    enabled,
    priceCents: enabled ? span.price_cents : prices[framework],
    subscribedAt: span?.subscribed_at ?? null,
    cancelledAt: span?.cancelled_at ?? null,
  };
}
