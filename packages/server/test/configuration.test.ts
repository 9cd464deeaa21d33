import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { ConfigurationError, readConfiguration, SETTINGS } from '../src/configuration.ts';

const page = readFileSync(new URL('../../../docs/operating/settings.md', import.meta.url), 'utf8');
const source = readFileSync(new URL('../src/configuration.ts', import.meta.url), 'utf8');

test('the page of settings has a row for each setting, as the server knows it', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(SETTINGS.map(({ name, standard, meaning }) => `| \`${name}\` | ${standard} | ${meaning} |`));
});

test('every setting that is read is documented, and every documented one is read', () => {
  const read = new Set([...source.matchAll(/(?:at|file)\('([A-Z_]+)'\)/g)].map(([, name]) => name));
  expect(read).toEqual(new Set(SETTINGS.map(({ name }) => name)));
});

test('nothing set is a configuration that starts', () => {
  expect(readConfiguration({}, '/srv')).toMatchObject({ port: 8080, host: '127.0.0.1', dataDirectory: '/srv/data' });
});

test('an empty setting counts as unset', () => {
  expect(readConfiguration({ PORT: '', DATABASE_URL: '' }, '/srv')).toEqual(readConfiguration({}, '/srv'));
});

test('a secret does not show when a configuration is printed', () => {
  const configuration = readConfiguration({ AUDIT_HMAC_SECRET: 'a-secret-of-some-length' }, '/srv');
  expect(JSON.stringify(configuration)).not.toContain('a-secret-of-some-length');
  expect(String(configuration.auditHmacSecret)).toBe('[secret]');
});

test.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['HOST', 'a b'],
  ['PUBLIC_URL', 'https://trail.example.com/path'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['DATABASE_OWNER_URL', 'postgres://owner@localhost/x'],
  ['DATABASE_POOL_SIZE', '2'],
  ['AUDIT_HMAC_SECRET', 'short'],
  ['AUDIT_HMAC_SECRET', 'sixteen or more but with spaces'],
  ['AUDIT_HMAC_PREVIOUS_SECRETS', 'short'],
  ['KEYRING_SECRET', 'not thirty-two'],
  ['TRUSTED_PROXIES', 'everyone'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['OIDC_JWKS_URI', undefined],
  ['SESSION_HOURS', '0'],
  ['FIRST_OWNER_EMAIL', 'nobody'],
  ['FIRST_OWNER_EMAIL', 'with a space@example.com'],
  ['FIRST_OWNER_EMAIL', 'with\u0007bell@example.com'],
  ['FIRST_OWNER_EMAIL', 'with:colon@example.com'],
  ['FIRST_OWNER_EMAIL', 'VTK_like@a.key'],
  ['FIRST_OWNER_EMAIL', `${'x'.repeat(64)}@${'y'.repeat(190)}`],
  ['FIRST_OWNER_PASSWORD', 'short'],
  ['FIRST_OWNER_PASSWORD', '\u{1f40e}\u{1f40e}\u{1f40e}\u{1f40e}\u{1f40e}\u{1f40e}'],
  ['FIRST_OWNER_PASSWORD', 'with a\ttabulator'],
  ['FIRST_OWNER_PASSWORD', 'with half an \ud83d emoji'],
  ['FIRST_OWNER_PASSWORD', 'x'.repeat(1025)],
  ['REQUEST_TIMEOUT_SECONDS', '1.5'],
  ['PACKET_PRICES_EUR', 'soc3=49'],
  ['PACKET_PRICES_EUR', 'soc2=4.999'],
  ['PACKET_PRICES_EUR', 'soc2=-1'],
  ['PACKET_PRICES_EUR', 'soc2'],
  ['PACKET_PRICES_EUR', 'soc2=1,soc2=2'],
  ['LOG_LEVEL', 'loud'],
])('a wrong %s (%s) is refused with its name', (setting, value) => {
  const environment =
    value === undefined
      ? { OIDC_ISSUER: 'https://idp.example.com', OIDC_AUDIENCE: 'veritrail', [setting]: 'nowhere' }
      : { [setting]: value };
  let refusal: unknown;
  try {
    readConfiguration(environment, '/srv');
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect(refusal).toMatchObject({ setting, message: expect.stringMatching(/^[A-Z_]+: .*\.$/) as string });
});

const STRIPE = {
  STRIPE_SECRET_KEY: 'sk_test_0123456789abcdef',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef',
  STRIPE_PRICES: 'soc2=price_1,gdpr_ropa=price_2,dora=price_3,eu_ai_act=price_4',
};

test('prices have cents, and a framework that is not named its standard price', () => {
  const { packetPrices } = readConfiguration({ PACKET_PRICES_EUR: ' soc2 = 49.90, dora=0.5' }, '/srv');
  expect(packetPrices).toEqual({ soc2: 4990, gdpr_ropa: 2900, dora: 50, eu_ai_act: 2900 });
});

test('the keys of Stripe do not show when a configuration is printed', () => {
  const configuration = readConfiguration(STRIPE, '/srv');
  expect(JSON.stringify(configuration)).not.toContain('0123456789abcdef');
  expect(configuration.stripe?.prices.dora).toBe('price_3');
});

test.each([
  ['STRIPE_SECRET_KEY', 'pk_test_0123456789abcdef'],
  ['STRIPE_SECRET_KEY', ''],
  ['STRIPE_WEBHOOK_SECRET', ''],
  ['STRIPE_WEBHOOK_SECRET', '0123456789abcdef'],
  ['STRIPE_PRICES', ''],
  ['STRIPE_PRICES', 'soc2=price_1,gdpr_ropa=price_2,dora=price_3'],
  ['STRIPE_PRICES', 'soc2=49,gdpr_ropa=price_2,dora=price_3,eu_ai_act=price_4'],
  ['STRIPE_API_BASE', 'http://stripe.example.com'],
  ['STRIPE_API_BASE', 'http://localhost.example.com'],
  ['STRIPE_API_BASE', 'https://stripe.example.com/v1'],
  ['STRIPE_API_BASE', 'https://user:secret@stripe.example.com'],
])('Stripe with %s as "%s" is refused, and the sentence holds no secret', (setting, value) => {
  const read = (): unknown => readConfiguration({ ...STRIPE, [setting]: value }, '/srv');
  expect(read).toThrow(new RegExp(`^${setting}: `));
  expect(read).not.toThrow('0123456789abcdef');
});

test.each(['http://127.0.0.1:1234', 'http://[::1]:1234', 'https://stripe.example.com'])(
  'Stripe may be at %s',
  (base) => {
    expect(readConfiguration({ ...STRIPE, STRIPE_API_BASE: base }, '/srv').stripe?.apiBase?.origin).toBe(base);
  },
);

test.each([
  [{ TLS_CERT_FILE: 'cert.pem' }, 'TLS_KEY_FILE'],
  [{ TLS_KEY_FILE: 'key.pem' }, 'TLS_CERT_FILE'],
  [{ OIDC_ISSUER: 'https://idp.example.com' }, 'OIDC_AUDIENCE'],
  [{ OIDC_AUDIENCE: 'veritrail' }, 'OIDC_ISSUER'],
  [{ OIDC_JWKS_URI: 'https://idp.example.com/keys' }, 'OIDC_ISSUER'],
  [{ OIDC_TOKEN_TYPES: 'jwt' }, 'OIDC_ISSUER'],
  [{ OIDC_ISSUER: 'http://idp.example.com', OIDC_AUDIENCE: 'veritrail' }, 'OIDC_ISSUER'],
])('half of a pair of settings is refused: %o', (environment, setting) => {
  expect(() => readConfiguration(environment, '/srv')).toThrow(new RegExp(`^${setting}: `));
});
