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
  ['FIRST_OWNER_PASSWORD', 'short'],
  ['REQUEST_TIMEOUT_SECONDS', '1.5'],
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

test.each([
  [{ TLS_CERT_FILE: 'cert.pem' }, 'TLS_KEY_FILE'],
  [{ TLS_KEY_FILE: 'key.pem' }, 'TLS_CERT_FILE'],
  [{ OIDC_ISSUER: 'https://idp.example.com' }, 'OIDC_AUDIENCE'],
  [{ OIDC_AUDIENCE: 'veritrail' }, 'OIDC_ISSUER'],
  [{ OIDC_ISSUER: 'http://idp.example.com', OIDC_AUDIENCE: 'veritrail' }, 'OIDC_ISSUER'],
])('half of a pair of settings is refused: %o', (environment, setting) => {
  expect(() => readConfiguration(environment, '/srv')).toThrow(new RegExp(`^${setting}: `));
});
