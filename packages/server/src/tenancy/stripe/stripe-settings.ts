import { FRAMEWORK_IDS, type Framework } from '@veritrail/formats';

import { ConfigurationError } from '../../configuration-error.ts';
import { Secret } from '../../secret.ts';
import { readByFramework } from '../packet-prices.ts';

export interface StripeSettings {
  readonly secretKey: Secret;
  readonly webhookSecret: Secret;
  /** Where the API is, when not at Stripe. */
  readonly apiBase: URL | undefined;
  /** The price of each framework, as Stripe names it. */
  readonly prices: Readonly<Record<Framework, string>>;
}

interface Texts {
  readonly secretKey: string | undefined;
  readonly webhookSecret: string | undefined;
  readonly apiBase: string | undefined;
  readonly prices: string | undefined;
}

/** Stripe is on when its key is set, and then needs the rest. @throws {ConfigurationError} */
export function readStripeSettings(texts: Texts): StripeSettings | undefined {
  const { secretKey, webhookSecret, apiBase, prices } = texts;
  if (secretKey === undefined) {
    if (webhookSecret !== undefined || prices !== undefined) {
      throw new ConfigurationError('STRIPE_SECRET_KEY', 'set it too, or none of the other Stripe settings.');
    }
    return undefined;
  }
  if (webhookSecret === undefined) {
    throw new ConfigurationError('STRIPE_WEBHOOK_SECRET', 'set it too, since STRIPE_SECRET_KEY is set.');
  }
  return {
    secretKey: secret('STRIPE_SECRET_KEY', secretKey, /^(sk|rk)_[A-Za-z0-9_]{10,250}$/, 'sk_ or rk_'),
    webhookSecret: secret('STRIPE_WEBHOOK_SECRET', webhookSecret, /^whsec_[A-Za-z0-9+/=_-]{10,250}$/, 'whsec_'),
    apiBase: apiBase === undefined ? undefined : readApiBase(apiBase),
    prices: readPriceIds(prices ?? ''),
  };
}

function secret(setting: string, text: string, form: RegExp, start: string): Secret {
  if (!form.test(text)) throw new ConfigurationError(setting, `put the key there that begins with ${start}.`);
  return new Secret(text);
}

function readApiBase(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const bare = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (url === undefined || !bare || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigurationError('STRIPE_API_BASE', 'put an https:// address without a path there.');
  }
  const loopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
  if (url.protocol === 'http:' && !loopback) {
    throw new ConfigurationError('STRIPE_API_BASE', 'use https://, since the key would go over the network in clear.');
  }
  return url;
}

function readPriceIds(text: string): Readonly<Record<Framework, string>> {
  const ids = readByFramework('STRIPE_PRICES', text);
  for (const framework of FRAMEWORK_IDS) {
    if (!/^price_[A-Za-z0-9_]{1,250}$/.test(ids.get(framework) ?? '')) {
      throw new ConfigurationError('STRIPE_PRICES', `put ${framework}=price_… there, the id of its price at Stripe.`);
    }
  }
  return Object.fromEntries(ids) as Record<Framework, string>;
}
