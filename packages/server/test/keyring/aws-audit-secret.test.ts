import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openAwsAuditSecret } from '../../src/keyring/aws-audit-secret.ts';
import type { AuditSecrets, AuditSecretSource } from '../../src/keyring/audit-secrets.ts';
import {
  awsEnvironment,
  SECRET_ARN,
  startFakeSecretsManager,
  type FakeSecretsManager,
  type Trouble,
} from '../support/fake-secrets-manager.ts';

const FIRST = 'first-secret-in-secrets-manager';
const SECOND = 'second-secret-in-secrets-manager';
const THIRD = 'third-secret-in-secrets-manager';

let fake: FakeSecretsManager;
let source: AuditSecretSource;
const said: string[] = [];
const diagnostics = pino({ level: 'info' }, { write: (line) => void said.push(line) });

beforeEach(async () => {
  fake = await startFakeSecretsManager();
  for (const [name, value] of Object.entries(awsEnvironment(fake.endpoint))) vi.stubEnv(name, value);
  said.length = 0;
  source = await openAwsAuditSecret({ secretId: SECRET_ARN, patienceMs: 30_000, attemptMs: 10_000 }, diagnostics);
});
afterEach(async () => {
  source.close();
  vi.unstubAllEnvs();
  await fake.stop();
});

async function read(): Promise<{ current: string; previous: string[] }> {
  return revealed(await source.read());
}

const revealed = ({ current, previous }: AuditSecrets) => ({
  current: current.reveal(),
  previous: previous.map((secret) => secret.reveal()).sort(),
});

/** The error, which must not hold the secret in any of its parts. */
async function failure(): Promise<{ code: string; message: string }> {
  const error: unknown = await source.read().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('it was read');
  const shown = `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${String(error.cause)}`;
  expect(shown).not.toContain(FIRST);
  return error as unknown as { code: string; message: string };
}

describe('which secrets', () => {
  it('AWSCURRENT is the current one; labelled, previous and deprecated versions are previous ones', async () => {
    fake.put(FIRST);
    fake.put(SECOND);
    fake.put('kept-under-a-label-of-our-own', ['2026-Q1']);
    fake.put(THIRD);
    fake.put('the-pending-one-is-not-used-yet', ['AWSPENDING']);
    expect(await read()).toEqual({ current: THIRD, previous: [FIRST, 'kept-under-a-label-of-our-own', SECOND].sort() });
    expect(new Set(fake.requests.map(({ operation }) => operation))).toEqual(
      new Set(['GetSecretValue', 'ListSecretVersionIds']),
    );
  });

  it('is asked one small question when nothing has changed', async () => {
    fake.put(FIRST);
    fake.put(SECOND);
    const before = await read();
    fake.requests.length = 0;
    expect(await read()).toEqual(before);
    expect(fake.requests.map(({ body }) => body)).toEqual([{ SecretId: SECRET_ARN, VersionStage: 'AWSCURRENT' }]);
  });

  it('follows a new version, and still knows those that the service has forgotten since', async () => {
    fake.put(FIRST);
    await read();
    fake.put(SECOND);
    fake.forget(FIRST);
    expect(await read()).toEqual({ current: SECOND, previous: [FIRST] });
  });

  it('takes the member AUDIT_HMAC_SECRET of a JSON object, as the console makes it', async () => {
    fake.put(JSON.stringify({ AUDIT_HMAC_SECRET: FIRST, other: 1 }));
    expect(await read()).toEqual({ current: FIRST, previous: [] });
  });

  it('takes digits as they are', async () => {
    fake.put('12345678901234567890');
    expect((await read()).current).toBe('12345678901234567890');
  });

  it.each([
    ['too short', 'short'],
    ['with a line end', `${FIRST}\n`],
    ['with a space', `${FIRST} ${FIRST}`],
    ['beyond ASCII', `${FIRST}é`],
    ['an object without the member', JSON.stringify({ secret: FIRST })],
    ['an object whose member is no string', '{"AUDIT_HMAC_SECRET":12345678901234567890}'],
    ['binary', undefined],
  ])('refuses a current one that is %s', async (_, text) => {
    fake.put(text);
    expect(await failure()).toMatchObject({ code: 'audit_secret_unusable' });
  });

  it('passes over a previous version that can not be one', async () => {
    fake.put('changeme');
    fake.put(undefined);
    fake.put(FIRST);
    expect(await read()).toEqual({ current: FIRST, previous: [] });
  });

  it('without leave to list versions knows the previous one, and says so', async () => {
    fake.put(FIRST);
    fake.put(SECOND);
    fake.put(THIRD);
    fake.trouble('denied', 'ListSecretVersionIds');
    expect(await read()).toEqual({ current: THIRD, previous: [SECOND] });
    expect(said.join('')).toContain('only two versions');
  });

  it('without leave to list versions, a first version is enough', async () => {
    fake.put(FIRST);
    fake.trouble('denied', 'ListSecretVersionIds');
    expect(await read()).toEqual({ current: FIRST, previous: [] });
  });
});

describe('trouble', () => {
  it('throttling is waited out', async () => {
    fake.put(FIRST);
    fake.trouble('throttled', 'GetSecretValue', 1);
    fake.trouble('throttled', 'ListSecretVersionIds', 1);
    expect((await read()).current).toBe(FIRST);
    expect(fake.requests.map(({ operation }) => operation)).toEqual([
      'GetSecretValue',
      'GetSecretValue',
      'ListSecretVersionIds',
      'ListSecretVersionIds',
    ]);
  });

  it.each<[Trouble, string]>([
    ['denied', 'AccessDeniedException: User: arn:aws:iam::123456789012:user/x is not authorized'],
    ['throttled', 'ThrottlingException: Rate exceeded'],
    ['server error', 'InternalServiceError'],
    ['broken off', 'the answer is not what the service answers'],
    ['not JSON', 'the answer is not what the service answers'],
    ['no version', 'the answer names no version'],
  ])('%s: a sentence says what, and the secret stays secret', async (kind, reason) => {
    fake.put(FIRST);
    fake.trouble(kind);
    const { code, message } = await failure();
    expect(code).toBe('audit_secret_unreadable');
    expect(message).toContain(reason);
    fake.calm();
    expect((await read()).current).toBe(FIRST);
  });

  it('a service that never answers costs as long as it is allowed, not longer', async () => {
    fake.put(FIRST);
    fake.trouble('silent');
    source.close();
    source = await openAwsAuditSecret({ secretId: SECRET_ARN, patienceMs: 200, attemptMs: 60_000 }, diagnostics);
    expect((await failure()).message).toContain('no answer within 0.2 s');
  });

  it('a stop of the server ends the waiting', async () => {
    fake.trouble('silent');
    const stopping = new AbortController();
    const reading = source.read(stopping.signal);
    stopping.abort();
    await expect(reading).rejects.toMatchObject({ code: 'audit_secret_unreadable' });
  });

  it.each([
    ['a connection that is refused', 'ECONNREFUSED', async () => fake.stop()],
    ['a secret that is not there', 'ResourceNotFoundException', async () => fake.forget(FIRST)],
  ])('%s is told', async (_, reason, happen) => {
    fake.put(FIRST);
    await happen();
    expect((await failure()).message).toContain(reason);
  });

  it('a name without any region is told', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    source.close();
    source = await openAwsAuditSecret({ secretId: 'veritrail/audit' }, diagnostics);
    expect((await failure()).message).toContain('Region is missing');
  });
});
