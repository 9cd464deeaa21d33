import { receiveWebhook, type WebhookParts } from '../../tenancy/stripe/receive-webhook.ts';
import type { Door } from '../door.ts';

const BODY_LIMIT_BYTES = 256 * 1024;

/** There only when Stripe is configured; otherwise nothing is at this address. */
export function stripeWebhookRoutes(door: Door, parts: WebhookParts): void {
  door.post(
    '/webhooks/stripe',
    {
      // Its signature over the body's bytes is the credential.
      config: { access: 'public', rawBody: true },
      bodyLimit: BODY_LIMIT_BYTES,
      schema: { hide: true },
    },
    async (request) => {
      const signature = request.headers['stripe-signature'];
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      await receiveWebhook(parts, body, typeof signature === 'string' ? signature : '');
      return { received: true };
    },
  );
}
