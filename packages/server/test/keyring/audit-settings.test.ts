import { expect, it } from 'vitest';

import { readConfiguration } from '../../src/configuration.ts';
import { SECRET_ARN } from '../support/fake-secrets-manager.ts';

const read = (settings: Record<string, string>) => readConfiguration(settings, '/');

it.each([SECRET_ARN, 'veritrail/audit', 'a', 'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:x-AbCdEf'])(
  'AUDIT_HMAC_SECRET_ARN takes %s',
  (name) => expect(read({ AUDIT_HMAC_SECRET_ARN: name }).auditHmacSecretArn).toBe(name),
);

it.each(['arn:aws:s3:::bucket', 'two words', 'arn:aws:secretsmanager:eu-north-1:1:secret:x', 'x'.repeat(600)])(
  'AUDIT_HMAC_SECRET_ARN refuses %s',
  (name) => expect(() => read({ AUDIT_HMAC_SECRET_ARN: name })).toThrow('AUDIT_HMAC_SECRET_ARN: '),
);

it('only one of AUDIT_HMAC_SECRET and AUDIT_HMAC_SECRET_ARN can be set', () => {
  const both = { AUDIT_HMAC_SECRET: 'an-audit-secret-of-the-tests', AUDIT_HMAC_SECRET_ARN: 'veritrail/audit' };
  expect(() => read(both)).toThrow('AUDIT_HMAC_SECRET_ARN: unset it or AUDIT_HMAC_SECRET');
});

it('AUDIT_SECRET_REFRESH_SECONDS is five minutes unless set, and 0 turns looking off', () => {
  expect(read({}).auditSecretRefreshSeconds).toBe(300);
  expect(read({ AUDIT_SECRET_REFRESH_SECONDS: '0' }).auditSecretRefreshSeconds).toBe(0);
  expect(() => read({ AUDIT_SECRET_REFRESH_SECONDS: '-1' })).toThrow('AUDIT_SECRET_REFRESH_SECONDS: ');
});
