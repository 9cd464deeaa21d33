import { describe, expect, it } from 'vitest';

import { createVerifiedPasswordCache } from '../../src/tenancy/verified-password-cache.ts';

const CLAIM = { userId: 'u1', passwordHash: '$argon2id$1', password: 'correct horse battery', network: '192.0.2.1' };

function cacheAt(start = '2026-03-01T10:00:00Z', capacity?: number) {
  let now = new Date(start);
  const clock = (): Date => now;
  const cache = createVerifiedPasswordCache({ clock, ...(capacity !== undefined && { capacity }) });
  return { cache, pass: (ms: number) => (now = new Date(now.getTime() + ms)) };
}

describe('a verified password', () => {
  it('is known for less than a minute, however often it is used', () => {
    const { cache, pass } = cacheAt();
    expect(cache.knows(CLAIM)).toBe(false);
    cache.remember(CLAIM);
    pass(30_000);
    expect(cache.knows(CLAIM)).toBe(true);
    pass(29_999);
    expect(cache.knows(CLAIM)).toBe(true);
    pass(1);
    expect(cache.knows(CLAIM)).toBe(false);
    expect(cache.size).toBe(0);
  });

  it.each([
    ['password', { password: 'correct horse batterz' }],
    ['password hash', { passwordHash: '$argon2id$2' }],
    ['user', { userId: 'u2' }],
    ['network', { network: '192.0.2.2' }],
    ['split of the parts', { userId: 'u1"', passwordHash: '$argon2id$1' }],
  ])('is not known with another %s', (_, change) => {
    const { cache } = cacheAt();
    cache.remember(CLAIM);
    expect(cache.knows({ ...CLAIM, ...change })).toBe(false);
  });

  it('tells malformed text from the character that stands in for it', () => {
    const { cache } = cacheAt();
    cache.remember({ ...CLAIM, password: 'a replacement \ufffd' });
    expect(cache.knows({ ...CLAIM, password: 'a replacement \ud800' })).toBe(false);
  });

  it('is forgotten at the first wrong guess from the same network, so that it can not be guessed at', () => {
    const { cache } = cacheAt();
    cache.remember(CLAIM);
    expect(cache.knows({ ...CLAIM, password: 'wrong' })).toBe(false);
    expect(cache.knows(CLAIM)).toBe(false);
  });

  it('is not forgotten for a guess from elsewhere, which could never hit it', () => {
    const { cache } = cacheAt();
    cache.remember(CLAIM);
    expect(cache.knows({ ...CLAIM, network: '203.0.113.9', password: 'wrong' })).toBe(false);
    expect(cache.knows(CLAIM)).toBe(true);
  });

  it('is forgotten everywhere when the user is', () => {
    const { cache } = cacheAt();
    const elsewhere = { ...CLAIM, network: '192.0.2.2' };
    const another = { ...CLAIM, userId: 'u2' };
    for (const claim of [CLAIM, elsewhere, another]) cache.remember(claim);
    cache.forget('u1');
    expect([CLAIM, elsewhere, another].map((claim) => cache.knows(claim))).toEqual([false, false, true]);
  });

  it('counts as expired when the clock was set back', () => {
    const { cache, pass } = cacheAt();
    cache.remember(CLAIM);
    pass(-1);
    expect(cache.knows(CLAIM)).toBe(false);
  });
});

describe('the cache', () => {
  it('holds no more than its capacity and drops the oldest first', () => {
    const { cache } = cacheAt('2026-03-01T10:00:00Z', 3);
    const claims = ['a', 'b', 'c', 'd'].map((userId) => ({ ...CLAIM, userId }));
    for (const claim of claims.slice(0, 3)) cache.remember(claim);
    cache.remember(claims[0] as typeof CLAIM);
    cache.remember(claims[3] as typeof CLAIM);
    expect(cache.size).toBe(3);
    expect(claims.map((claim) => cache.knows(claim))).toEqual([true, false, true, true]);
  });

  it('removes what has expired when it next remembers', () => {
    const { cache, pass } = cacheAt();
    for (let n = 0; n < 100; n += 1) cache.remember({ ...CLAIM, userId: String(n) });
    pass(60_000);
    cache.remember(CLAIM);
    expect(cache.size).toBe(1);
  });

  it('lets equal attempts at one time share one check, and others not', async () => {
    const { cache } = cacheAt();
    let runs = 0;
    const work = async (): Promise<number> => {
      runs += 1;
      await Promise.resolve();
      return runs;
    };
    const same = Array.from({ length: 20 }, () => cache.share(CLAIM, work));
    const other = cache.share({ ...CLAIM, password: 'wrong' }, work);
    expect(new Set(await Promise.all(same)).size).toBe(1);
    await other;
    expect(runs).toBe(2);
    await cache.share(CLAIM, work);
    expect(runs).toBe(3);
  });

  it('gives a failure of a shared check to all who wait and then forgets it', async () => {
    const { cache } = cacheAt();
    const failing = (): Promise<never> => Promise.reject(new Error('no'));
    const outcomes = await Promise.allSettled([cache.share(CLAIM, failing), cache.share(CLAIM, failing)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.share(CLAIM, () => Promise.resolve('yes'))).toBe('yes');
  });
});
