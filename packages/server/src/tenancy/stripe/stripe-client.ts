import type { Stripe } from 'stripe';

import { ConfigurationError } from '../../configuration-error.ts';
import type { StripeSettings } from './stripe-settings.ts';

/** For one request, which the library sends a second time if the connection was closed; a lease is longer than both. */
const ATTEMPT_MS = 8000;

/** An optional dependency, loaded only by who sets STRIPE_SECRET_KEY. @throws {ConfigurationError} if it isn't installed */
export async function openStripe(settings: StripeSettings): Promise<Stripe> {
  const { apiBase } = settings;
  const sdk = await import('stripe').catch(() => {
    throw new ConfigurationError('STRIPE_SECRET_KEY', 'install the package stripe, which this setting needs.');
  });
  return new sdk.Stripe(settings.secretKey.reveal(), {
    timeout: ATTEMPT_MS,
    // Jobs are tried again by ourselves, with pauses that outlast a restart.
    maxNetworkRetries: 0,
    telemetry: false,
    appInfo: { name: 'veritrail' },
    ...(apiBase !== undefined && {
      protocol: apiBase.protocol === 'http:' ? 'http' : 'https',
      host: apiBase.hostname.replaceAll(/[[\]]/g, ''),
      ...(apiBase.port !== '' && { port: Number(apiBase.port) }),
    }),
  });
}

interface Answered {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly requestId?: unknown;
}

/** What happened, without the message and the headers: those could hold anything that was sent. */
export function explainStripeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { type, code, statusCode, requestId } = error as Answered;
  const parts = [type ?? error.name, statusCode, code, requestId];
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}

/**
 * Whether Stripe answered for good. It keeps that answer under the idempotency key, so that asking again under the same
 * one would only repeat it. Of a connection that broke, a 409 and a 429 nobody can tell, and the key must stay.
 */
export function isFinalAnswer(error: unknown): boolean {
  const { statusCode } = (error ?? {}) as Answered;
  return typeof statusCode === 'number' && statusCode !== 409 && statusCode !== 429;
}

export function isMissing(error: unknown): boolean {
  return ((error ?? {}) as Answered).code === 'resource_missing';
}
