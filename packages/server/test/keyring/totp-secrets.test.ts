import { describe, expect, it } from 'vitest';

import { createSeal } from '../../src/keyring/seal.ts';
import { createTotpSecrets } from '../../src/keyring/totp-secrets.ts';
import { Secret } from '../../src/secret.ts';

const seal = createSeal(new Secret('a keyring secret of the tests, long enough'));
const totp = createTotpSecrets(seal);
const ANN = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('a code', () => {
  // RFC 6238, appendix B: SHA-1, secret "12345678901234567890", of whose eight digits ours are the last six.
  const sealed = seal.seal('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', `totp secret ${ANN}`);
  const VECTORS = [
    [59, '94287082', 0x1],
    [1_111_111_109, '07081804', 0x23523ec],
    [1_111_111_111, '14050471', 0x23523ed],
    [1_234_567_890, '89005924', 0x273ef07],
    [2_000_000_000, '69279037', 0x3f940aa],
    [20_000_000_000, '65353130', 0x27bc86aa],
  ] as const;
  const at = (seconds: number): Date => new Date(seconds * 1000);

  it.each(VECTORS)('at %d s is the one of RFC 6238', (seconds, digits, step) => {
    expect(totp.stepOf(sealed, ANN, digits.slice(2), at(seconds))).toBe(step);
  });

  it.each(VECTORS)('at %d s is good one step before and after, and no further', (seconds, digits, step) => {
    const seen = [-60, -30, 0, 30, 60].map((off) => totp.stepOf(sealed, ANN, digits.slice(2), at(seconds + off)));
    expect(seen).toEqual([undefined, step, step, step, undefined]);
  });

  it.each(['', '28708', '2870821', '287083', '28708２', '-87082', 'abcdef', '94287082'])('%j is none', (code) => {
    expect(totp.stepOf(sealed, ANN, code, at(59))).toBeUndefined();
  });

  it('of one user is not looked for in the secret of another', () => {
    expect(() => totp.stepOf(sealed, 'somebody else', '287082', at(59))).toThrow();
  });
});

it('a new secret has 160 bits, is stored sealed, and its URI is what apps read', () => {
  const { sealed, secret, uri } = totp.make(ANN, 'ann+x@example.com');
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(sealed.includes(secret)).toBe(false);
  const url = new URL(uri);
  expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual([
    'otpauth:',
    'totp',
    '/Veritrail:ann+x@example.com',
  ]);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    secret,
    issuer: 'Veritrail',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  expect(totp.make(ANN, 'ann@example.com').secret).not.toBe(secret);
});
