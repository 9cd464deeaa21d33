import { describe, expect, it } from 'vitest';

import { checkPassword, hashPassword, NOBODYS_HASH } from '../../src/tenancy/password.ts';
import { passwordProblem } from '../../src/tenancy/password-rules.ts';
import { TenancyError } from '../../src/tenancy/tenancy-error.ts';

const PHC = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** From the test suite of the reference implementation (phc-winner-argon2, test.c), 64 MiB. */
const PUBLISHED = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
/** Made with the reference implementation's library (Debian libargon2-1): salt "0123456789abcdef", our parameters. */
const STAEPLE = '$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA';

describe('a password hash', () => {
  it('is argon2id with 19 MiB, two passes, one lane, and a fresh salt', async () => {
    const [one, two] = [await hashPassword('correct horse battery'), await hashPassword('correct horse battery')];
    const [, salt = '', tag = ''] = PHC.exec(one) ?? [];
    expect(Buffer.from(salt, 'base64')).toHaveLength(16);
    expect(Buffer.from(tag, 'base64')).toHaveLength(32);
    expect(PHC.exec(two)?.[1]).not.toBe(salt);
  });

  it('made by the reference implementation verifies, and for that password only', async () => {
    expect(await checkPassword(PUBLISHED, 'password')).toBe(true);
    expect(await checkPassword(PUBLISHED, 'Password')).toBe(false);
    expect(await checkPassword(STAEPLE, 'correct horse battery stäple')).toBe(true);
    expect(await checkPassword(STAEPLE, 'correct horse battery staple')).toBe(false);
  });

  it('is the same however the system composes letters and spaces', async () => {
    expect(await checkPassword(STAEPLE, 'correct horse battery stäple'.normalize('NFD'))).toBe(true);
    expect(await checkPassword(STAEPLE, 'correct\u00a0horse battery\u3000stäple')).toBe(true);
  });

  it('keeps characters apart that only look related', async () => {
    const hash = await hashPassword('twelve chars x²');
    expect(await checkPassword(hash, 'twelve chars x2')).toBe(false);
  });

  it('matches no malformed text that would become the same bytes', async () => {
    const hash = await hashPassword('a replacement \ufffd');
    expect(await checkPassword(hash, 'a replacement \ufffd')).toBe(true);
    expect(await checkPassword(hash, 'a replacement \ud800')).toBe(false);
  });

  it('that is missing, of another kind or damaged matches nothing', async () => {
    for (const hash of [null, undefined, '', '!', 'correct horse battery', '$argon2id$', `${STAEPLE}$`, '$2b$10$x']) {
      expect(await checkPassword(hash, 'correct horse battery stäple')).toBe(false);
      expect(await checkPassword(hash, '')).toBe(false);
    }
  });

  it('of nobody costs what a real one costs', () => {
    const [, salt = '', tag = ''] = PHC.exec(NOBODYS_HASH) ?? [];
    expect(Buffer.from(salt, 'base64')).toHaveLength(16);
    expect(Buffer.from(tag, 'base64')).toHaveLength(32);
  });

  it('takes the longest password and nothing beyond it', async () => {
    const longest = 'x'.repeat(1024);
    const hash = await hashPassword(longest);
    expect(await checkPassword(hash, longest)).toBe(true);
    expect(await checkPassword(hash, `${longest}x`)).toBe(false);
    await expect(hashPassword(`${longest}x`)).rejects.toMatchObject({ code: 'password_unacceptable' });
  });
});

describe('a flood of checks', () => {
  it('is turned away past the queue, alike for known and unknown users, and leaves nothing behind', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 300 }, (_, n) => checkPassword(n % 2 === 0 ? STAEPLE : null, 'wrong')),
    );
    const refused = outcomes.flatMap((outcome, n) => (outcome.status === 'rejected' ? [{ n, ...outcome }] : []));
    // Two running, 256 waiting.
    expect(refused.map(({ n }) => n)).toEqual(Array.from({ length: 42 }, (_, n) => 258 + n));
    for (const { reason } of refused) {
      expect(reason).toBeInstanceOf(TenancyError);
      expect(reason).toMatchObject({ code: 'busy', retryAfterSeconds: 3 });
    }
    expect(await checkPassword(STAEPLE, 'correct horse battery stäple')).toBe(true);
  });
});

describe('an acceptable password', () => {
  it.each([
    ['twelve ASCII characters', 'abcdefghijkl', undefined],
    ['eleven', 'abcdefghijk', 'at least 12 characters'],
    ['twelve emoji', '🔑'.repeat(12), undefined],
    ['six emoji, twelve UTF-16 units', '🔑'.repeat(6), 'at least 12 characters'],
    ['six letters with combining marks', 'a\u0308'.repeat(6), 'at least 12 characters'],
    ['1,024 bytes', 'ä'.repeat(512), undefined],
    ['1,026 bytes in 513 characters', 'ä'.repeat(513), 'at most 1024 bytes'],
    ['a megabyte', 'x'.repeat(1_000_000), 'at most 1024 bytes'],
    ['more than 1,024 bytes only once composed', '\u0958'.repeat(200), 'at most 1024 bytes'],
    ['a lone surrogate', 'abcdefghijkl\ud83d', 'valid Unicode'],
    ['NUL', 'abcdefghijkl\0', 'control characters'],
    ['a line break', 'abcdefghijkl\n', 'control characters'],
  ])('%s', (_, password, problem) => {
    if (problem === undefined) expect(passwordProblem(password)).toBeUndefined();
    else expect(passwordProblem(password)).toContain(problem);
  });
});
