import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { networkOf, rulesFor, secondsToWait, throttleKeys } from '../../src/tenancy/login-throttle.ts';
import type { Standing } from '../../src/tenancy/login-throttle.ts';

const NOW = new Date('2026-03-01T10:15:00Z');
const HOUR = 3_600_000;
const NOTHING: Standing = {
  pairBlockedUntil: null,
  lastSuccessAt: null,
  networkBlockedUntil: null,
  accountWindow: null,
};
const thisHour = Date.parse('2026-03-01T10:00:00Z');

describe('a network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:0207', '192.0.2.7'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0DB8:0:0:ffff:ffff:ffff:ffff', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['unknown', 'not an address'],
    ['192.0.2.7:1234', 'not an address'],
    ['', 'not an address'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('keys', () => {
  const of = (account: string, network = '192.0.2.7') => {
    const keys = throttleKeys({ account, network });
    return [keys.pair, keys.network, keys.account].map((key) => key.toString('hex'));
  };

  it('are SHA-256 and differ by account and network', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(of('ann@example.com')[1]).toBe(sha256('login network\x00192.0.2.7'));
    expect(of('ann@example.com')[2]).toBe(sha256('login account\x00ann@example.com'));
    expect(new Set([...of('ann@example.com'), ...of('bob@example.com')]).size).toBe(5);
    expect(new Set([...of('ann@example.com'), ...of('ann@example.com', '192.0.2.8')]).size).toBe(5);
  });

  it('are the same for spellings of one e-mail', () => {
    expect(of(' Ann@Example.COM')).toEqual(of('ann@example.com'));
    expect(of('ａnn@example.com')).toEqual(of('ann@example.com'));
  });
});

describe('the rules', () => {
  it('give an account five free failures, then waits of 1, 2, 4, 8, 16, 30 s', () => {
    expect(rulesFor(NOTHING, NOW).pairWaits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30]);
  });

  it('give a network fifty free failures, then the same waits', () => {
    expect(rulesFor(NOTHING, NOW).networkWaits).toEqual([...Array<number>(50).fill(0), 1, 2, 4, 8, 16, 30]);
  });

  const attacked = (failures: number, failuresBefore = 0, start = thisHour): Standing => ({
    ...NOTHING,
    accountWindow: { start, failures, failuresBefore },
  });

  it.each([
    ['100 failures this hour', attacked(100), 5],
    ['101 failures this hour', attacked(101), 2],
    ['133 in the hour before, a quarter of it out of sight', attacked(0, 133), 5],
    ['134 in the hour before', attacked(0, 134), 2],
    ['134 in the hour before, and no row of this one', attacked(134, 0, thisHour - HOUR), 2],
    ['many, two hours ago', attacked(1000, 1000, thisHour - 2 * HOUR), 5],
    ['many, by a process whose clock is ahead', attacked(101, 0, thisHour + HOUR), 2],
  ])('give strangers fewer free failures on an account with %s', (_, standing, free) => {
    expect(rulesFor(standing, NOW).pairWaits.filter((seconds) => seconds === 0)).toHaveLength(free);
  });

  it('spare the network from which the account succeeded within 30 days', () => {
    const succeeded = (daysAgo: number) => ({ ...attacked(1000), lastSuccessAt: NOW.getTime() - daysAgo * 24 * HOUR });
    const known = rulesFor(succeeded(29.99), NOW);
    expect(known.networkExempt).toBe(true);
    expect(known.pairWaits.filter((seconds) => seconds === 0)).toHaveLength(5);
    const forgotten = rulesFor(succeeded(30), NOW);
    expect(forgotten.networkExempt).toBe(false);
    expect(forgotten.pairWaits.filter((seconds) => seconds === 0)).toHaveLength(2);
  });
});

describe('the wait', () => {
  const blocked = (pairMs: number | null, networkMs: number | null): Standing => ({
    ...NOTHING,
    pairBlockedUntil: pairMs === null ? null : NOW.getTime() + pairMs,
    networkBlockedUntil: networkMs === null ? null : NOW.getTime() + networkMs,
  });
  const rules = rulesFor(NOTHING, NOW);

  it.each([
    [blocked(null, null), 0],
    [blocked(0, -1), 0],
    [blocked(1, null), 1],
    [blocked(1001, 500), 2],
    [blocked(1001, 30_000), 30],
    [blocked(30_001, null), 0],
  ])('is the longer of the two in whole seconds, and never beyond the longest (%#)', (standing, seconds) => {
    expect(secondsToWait(standing, rules, NOW)).toBe(seconds);
  });

  it('of the network is not for the exempt', () => {
    expect(secondsToWait(blocked(1001, 30_000), { ...rules, networkExempt: true }, NOW)).toBe(2);
  });
});
