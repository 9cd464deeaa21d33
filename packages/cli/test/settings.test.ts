import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startServer } from '../../server/src/composition.ts';
import { readConfiguration, SETTINGS } from '../../server/src/configuration.ts';
import { openDiagnostics } from '../../server/src/diagnostics.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { freePort } from '../../server/test/support/outside-postgres.ts';
import { asBasic, call } from './support/calls.ts';
import { makeCertificate } from './support/certificate.ts';
import { expectNoSecretSaid } from './support/secrets.ts';
import { allSaid, endServers, launch, readFirstRun, refusedStart, type Settings } from './support/server-process.ts';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const certificate = makeCertificate(scratch.path);
const otherKey = `${makeCertificate(scratch.path, 'other')}.key`;
const [notPem, notZones] = [join(scratch.path, 'not.pem'), join(scratch.path, 'zones.json')];

beforeAll(() => {
  writeFileSync(notPem, 'no certificate');
  writeFileSync(notZones, '{"zones": 7}');
});
afterAll(async () => {
  await endServers();
  scratch.remove();
});

const PASSWORD = 'hunter2-hunter2';
const nowhere = join(scratch.path, 'nowhere');

type Wrong = readonly [setting: string, settings: Settings];

/** Each with the setting that the sentence must name. */
const WRONG: readonly Wrong[] = [
  ['PORT', { PORT: 'abc' }],
  // Set aside for documentation (RFC 5737): no machine has it.
  ['HOST', { HOST: '192.0.2.1' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://trail.example.com/path' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
  ['AUDIT_HMAC_SECRET', { AUDIT_HMAC_SECRET: 'short' }],
  ['TLS_KEY_FILE', { TLS_CERT_FILE: certificate }],
  ['TLS_CERT_FILE', { TLS_CERT_FILE: notPem, TLS_KEY_FILE: otherKey }],
  ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'foo' }],
  ['ZONES_FILE', { ZONES_FILE: nowhere }],
  ['ZONES_FILE', { ZONES_FILE: notZones }],
  ['OIDC_AUDIENCE', { OIDC_ISSUER: 'https://login.example.com' }],
  ['OIDC_ISSUER', { OIDC_ISSUER: 'http://login.example.com', OIDC_AUDIENCE: 'veritrail' }],
  ['FIRST_OWNER_EMAIL', { FIRST_OWNER_EMAIL: 'x' }],
  ['FIRST_OWNER_PASSWORD', { FIRST_OWNER_PASSWORD: 'short' }],
  ['REQUEST_TIMEOUT_SECONDS', { REQUEST_TIMEOUT_SECONDS: '0' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
];

/** Through the same two calls as the program's, without a process for each. */
const WRONG_TOO: readonly Wrong[] = [
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '70000' }],
  ['HOST', { HOST: 'a b' }],
  // No name has a label of 64 bytes, so nobody is asked for its address.
  ['HOST', { HOST: `${'a'.repeat(64)}.invalid` }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://trail.example.com' }],
  ['DATABASE_OWNER_URL', { DATABASE_OWNER_URL: `postgres://owner:${PASSWORD}@127.0.0.1/x` }],
  ['DATABASE_POOL_SIZE', { DATABASE_POOL_SIZE: '1' }],
  ['AUDIT_HMAC_SECRET', { AUDIT_HMAC_SECRET: `${PASSWORD} and spaces` }],
  ['AUDIT_HMAC_SECRET_ARN', { AUDIT_HMAC_SECRET_ARN: 'veritrail/audit', AUDIT_HMAC_SECRET: PASSWORD.repeat(2) }],
  ['AUDIT_HMAC_PREVIOUS_SECRETS', { AUDIT_HMAC_PREVIOUS_SECRETS: `${PASSWORD}-long-enough short` }],
  ['AUDIT_SECRET_REFRESH_SECONDS', { AUDIT_SECRET_REFRESH_SECONDS: '-1' }],
  ['KEYRING_SECRET', { KEYRING_SECRET: PASSWORD }],
  ['TLS_CERT_FILE', { TLS_KEY_FILE: otherKey }],
  ['TLS_CERT_FILE', { TLS_CERT_FILE: nowhere, TLS_KEY_FILE: otherKey }],
  ['TLS_KEY_FILE', { TLS_CERT_FILE: certificate, TLS_KEY_FILE: nowhere }],
  ['TLS_KEY_FILE', { TLS_CERT_FILE: certificate, TLS_KEY_FILE: notPem }],
  ['TLS_KEY_FILE', { TLS_CERT_FILE: certificate, TLS_KEY_FILE: otherKey }],
  ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/33' }],
  ['OIDC_ISSUER', { OIDC_AUDIENCE: 'veritrail' }],
  ['OIDC_ISSUER', { OIDC_ISSUER: 'https://login.example.com/?tenant=1', OIDC_AUDIENCE: 'veritrail' }],
  [
    'OIDC_JWKS_URI',
    {
      OIDC_ISSUER: 'https://login.example.com',
      OIDC_AUDIENCE: 'veritrail',
      OIDC_JWKS_URI: 'http://login.example.com/k',
    },
  ],
  ['OIDC_TOKEN_TYPES', { OIDC_ISSUER: 'https://login.example.com', OIDC_AUDIENCE: 'veritrail', OIDC_TOKEN_TYPES: ',' }],
  ['OIDC_CLIENT_ID', { OIDC_ISSUER: 'https://login.example.com', OIDC_AUDIENCE: 'veritrail', OIDC_CLIENT_ID: 'é' }],
  [
    'OIDC_CLIENT_SECRET',
    {
      OIDC_ISSUER: 'https://login.example.com',
      OIDC_AUDIENCE: 'veritrail',
      OIDC_CLIENT_ID: 'dashboard',
      OIDC_CLIENT_SECRET: 'é',
    },
  ],
  ['OPERATOR_NAME', { OPERATOR_NAME: 'two\nlines' }],
  ['PACKET_PRICES_EUR', { PACKET_PRICES_EUR: 'soc3=49' }],
  ['STRIPE_SECRET_KEY', { STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef' }],
  ['STRIPE_WEBHOOK_SECRET', { STRIPE_SECRET_KEY: 'sk_test_0123456789abcdef' }],
  ['STRIPE_PRICES', { STRIPE_SECRET_KEY: 'sk_test_0123456789abcdef', STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef' }],
  [
    'STRIPE_API_BASE',
    {
      STRIPE_SECRET_KEY: 'sk_test_0123456789abcdef',
      STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef',
      STRIPE_PRICES: 'soc2=price_1,gdpr_ropa=price_2,dora=price_3,eu_ai_act=price_4',
      STRIPE_API_BASE: 'http://stripe.example.com',
    },
  ],
  ['SESSION_HOURS', { SESSION_HOURS: '0' }],
  ['FIRST_ORGANIZATION_NAME', { FIRST_ORGANIZATION_NAME: 'two\nlines' }],
  ['FLAG_RULES', { FLAG_RULES: 'no-such-rule=off' }],
  ['TRAIL_RESCAN_HOURS', { TRAIL_RESCAN_HOURS: '0' }],
];

/** One sentence, and at most one line that says why; no stack. */
const SENTENCE = /^Veritrail did not start\. (?<setting>[A-Z_]+): [^\n]*\.(\n {2}because: [^\n]*)?$/;

describe('a wrong setting', () => {
  test.concurrent.each(WRONG)('stops the start with a sentence about %s: %j', async (setting, settings) => {
    const { code, said } = await refusedStart({ DATA_DIR: dataDirectory, ...settings });
    expect(said).toMatch(SENTENCE);
    expect(SENTENCE.exec(said)?.groups?.['setting']).toBe(setting);
    expect(code).toBe(1);
  });
});

test.each(WRONG_TOO)('so does this one of %s: %j', async (setting, settings) => {
  const start = async () => {
    const { stop } = await startServer(
      readConfiguration({ PORT: '0', DATA_DIR: dataDirectory, ...settings }, scratch.path),
      openDiagnostics('silent'),
    );
    await stop();
  };
  const refusal: unknown = await start().catch((error: unknown) => error);
  expect(refusal).toMatchObject({ name: 'ConfigurationError', setting });
  expect((refusal as Error).message).toMatch(new RegExp(`^${setting}: .*\\.$`));
});

test('there is no other setting, but for the data directory', () => {
  const tried = new Set([...WRONG, ...WRONG_TOO].map(([setting]) => setting));
  expect(SETTINGS.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual(['DATA_DIR']);
});

describe('after all of these', () => {
  test('nothing is left behind', () => {
    expect(existsSync(dataDirectory)).toBe(false);
  });

  test('a database that is not there, or lets nobody in, stops the start with a sentence too', async () => {
    const url = `postgres://somebody:${PASSWORD}@127.0.0.1:${await freePort()}/veritrail`;
    const settings = { DATABASE_URL: url, DATABASE_OWNER_URL: url };
    const { code, said } = await refusedStart({ DATA_DIR: dataDirectory, ...settings });
    expect(said).toMatch(SENTENCE);
    expect(said).toMatch(/^Veritrail did not start\. DATABASE_OWNER_URL: /);
    expect(code).toBe(1);
  });

  test('a corrected start in the same folder is the first one', async () => {
    const password = `${PASSWORD}, with ü`;
    const server = launch({
      DATA_DIR: dataDirectory,
      FIRST_OWNER_PASSWORD: password,
      FIRST_OWNER_EMAIL: 'Jane@Example.com',
      FIRST_ORGANIZATION_NAME: 'Näme',
      PUBLIC_URL: 'https://trail.example.com',
    });
    expect(await server.address).toBe('https://trail.example.com');
    const facts = readFirstRun(dataDirectory);
    expect(facts).toMatchObject({ base_url: 'https://trail.example.com', email: 'jane@example.com', password });
    const port = /Server listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(server.stderr())?.[1];
    const auth = asBasic('jane@example.com', password);
    const { json } = await call(`http://127.0.0.1:${port}`, 'GET', '/organizations', { auth });
    expect(json).toMatchObject({ items: [{ id: facts.organization_id, name: 'Näme', role: 'owner' }] });
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  test('a folder that can not be had stops the start with a sentence', async () => {
    writeFileSync(join(scratch.path, 'plain-file'), '');
    for (const DATA_DIR of [
      join(scratch.path, 'plain-file'),
      join(scratch.path, 'plain-file', 'data'),
      '/proc/veritrail/data',
    ]) {
      const { code, said } = await refusedStart({ DATA_DIR });
      expect(said).toMatch(
        /^Veritrail did not start\. The data directory .* can't be used: .*\. Set DATA_DIR to a folder/,
      );
      expect(code).toBe(1);
    }
  });

  test('https is spoken where certificate and key are right', async () => {
    const server = launch({ DATA_DIR: dataDirectory, TLS_CERT_FILE: certificate, TLS_KEY_FILE: `${certificate}.key` });
    const address = await server.address;
    const { status, stdout } = spawnSync('curl', ['-s', '--cacert', certificate, `${address}/healthz`]);
    expect([status, stdout.toString()]).toEqual([0, '{"status":"ok"}']);
    await server.kill('SIGTERM');
  });

  test('no secret was said anywhere but in the greeting', () => {
    expectNoSecretSaid(dataDirectory, [], 1);
    expect(allSaid().stderr).not.toContain(PASSWORD);
  });
});
