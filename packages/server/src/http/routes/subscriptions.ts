import { FRAMEWORK_IDS } from '@veritrail/formats';

import {
  listSubscriptions,
  subscribe,
  unsubscribe,
  type Subscription,
  type SubscriptionParts,
} from '../../tenancy/manage-subscriptions.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { nullable, OrganizationPath, Time, Uuid } from '../schemas.ts';
import { Type } from '../type.ts';

const FrameworkName = Type.Enum([...FRAMEWORK_IDS]);
const FrameworkPath = Type.Object({ orgId: Uuid, framework: FrameworkName });

const SubscriptionItem = Type.Object({
  framework: FrameworkName,
  name: Type.String(),
  enabled: Type.Boolean(),
  monthly_price_eur: Type.Number({ description: 'Of a subscription that is on, the price that it began with' }),
  subscribed_at: nullable(Time),
  cancelled_at: nullable(Time),
});

export function subscriptionRoutes(door: Door, parts: SubscriptionParts): void {
  const path = '/organizations/:orgId/compliance-subscriptions';

  door.get(
    path,
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'listSubscriptions',
        tags: ['Subscriptions'],
        summary: 'How the organization stands to each framework',
        params: OrganizationPath,
        response: answers({ 200: Type.Object({ subscriptions: Type.Array(SubscriptionItem) }) }, 401, 403, 404),
      },
    },
    async (request) => {
      const subscriptions = await listSubscriptions(parts, callerOf(request).organization.no);
      return { subscriptions: subscriptions.map(shown) };
    },
  );

  door.put(
    `${path}/:framework`,
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'subscribe',
        tags: ['Subscriptions'],
        summary: 'Subscribe to a framework; again changes nothing',
        params: FrameworkPath,
        response: answers({ 200: SubscriptionItem }, 401, 403, 404),
      },
    },
    async (request) => shown(await subscribe(parts, callerOf(request), request.params.framework)),
  );

  door.delete(
    `${path}/:framework`,
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'unsubscribe',
        tags: ['Subscriptions'],
        summary: 'End a subscription; packets that were made stay, and again changes nothing',
        params: FrameworkPath,
        response: answers({ 200: SubscriptionItem }, 401, 403, 404),
      },
    },
    async (request) => shown(await unsubscribe(parts, callerOf(request), request.params.framework)),
  );
}

function shown(subscription: Subscription) {
  const { framework, name, enabled, priceCents, subscribedAt, cancelledAt } = subscription;
  return {
    framework,
    name,
    enabled,
    monthly_price_eur: priceCents / 100,
    subscribed_at: subscribedAt,
    cancelled_at: cancelledAt,
  };
}
