import { spawnSync } from 'node:child_process';

import type { Framework } from '@veritrail/formats';
import { describe, expect, it } from 'vitest';

import { bill } from '../../src/tenancy/bill-month.ts';

const LATER = new Date('2030-01-01T00:00:00Z');

let made = 0;

function span(from: string, to: string | null, priceCents = 4900, framework: Framework = 'soc2') {
  made += 1;
  const span_id = `00000000-0000-7000-8000-${String(made).padStart(12, '0')}`;
  return { span_id, framework, subscribed_at: from, cancelled_at: to, price_cents: priceCents };
}

function lines(month: string, spans: Parameters<typeof bill>[1], now = LATER) {
  const { charges } = bill(month, spans, now);
  return charges.map((charge) => [charge.firstDay, charge.lastDay, charge.days, charge.amountCents]);
}

describe('the days', () => {
  it('of a whole month cost the month, whatever its length', () => {
    const on = [span('2027-12-31T23:59:59.999Z', null)];
    for (const [month, days] of [
      ['2028-01', 31],
      ['2028-02', 29],
      ['2028-04', 30],
      ['2027-02', undefined],
    ] as const) {
      const [line] = lines(month, on);
      expect(line).toEqual(days === undefined ? undefined : [`${month}-01`, `${month}-${days}`, days, 4900]);
    }
    expect(lines('2027-02', [span('2027-01-10T00:00:00Z', null)])).toEqual([['2027-02-01', '2027-02-28', 28, 4900]]);
  });

  it('begin with the day of the subscription and end with the day of its end', () => {
    expect(lines('2026-11', [span('2026-11-10T23:59:59.999Z', '2026-11-12T00:00:00.001Z')])).toEqual([
      ['2026-11-10', '2026-11-12', 3, 490],
    ]);
  });

  it('do not have the one that begins at the very moment of the end', () => {
    expect(lines('2026-11', [span('2026-11-10T08:00:00Z', '2026-11-12T00:00:00Z')])).toEqual([
      ['2026-11-10', '2026-11-11', 2, 327],
    ]);
    expect(lines('2026-12', [span('2026-11-10T08:00:00Z', '2026-12-01T00:00:00Z')])).toEqual([]);
  });

  it('are one for a subscription that begins and ends on one day, even at one moment of midnight', () => {
    const one = [['2026-11-10', '2026-11-10', 1, 163]];
    expect(lines('2026-11', [span('2026-11-10T08:00:00Z', '2026-11-10T08:00:01Z')])).toEqual(one);
    expect(lines('2026-11', [span('2026-11-10T00:00:00Z', '2026-11-10T00:00:00Z')])).toEqual(one);
  });

  it('of two runs that share a day are charged once, at the price of the first', () => {
    expect(
      lines('2026-11', [
        span('2026-11-01T00:00:00Z', '2026-11-10T12:00:00Z', 3000),
        span('2026-11-10T12:00:01Z', '2026-11-10T13:00:00Z', 9000),
        span('2026-11-10T14:00:00Z', null, 6000),
      ]),
    ).toEqual([
      ['2026-11-01', '2026-11-10', 10, 1000],
      ['2026-11-11', '2026-11-30', 20, 4000],
    ]);
  });

  it('of a month that runs are counted up to today', () => {
    const on = [span('2026-11-03T10:00:00Z', null, 3000)];
    expect(lines('2026-11', on, new Date('2026-11-03T10:00:00Z'))).toEqual([['2026-11-03', '2026-11-03', 1, 100]]);
    expect(lines('2026-11', on, new Date('2026-11-30T23:59:59Z'))).toEqual([['2026-11-03', '2026-11-30', 28, 2800]]);
    expect(lines('2026-12', on, new Date('2026-11-30T23:59:59Z'))).toEqual([]);
  });
});

describe('a month', () => {
  it('is closed an hour after it has ended', () => {
    const closed = (now: string) => bill('2026-11', [], new Date(now)).closed;
    expect(closed('2026-12-01T00:59:59.999Z')).toBe(false);
    expect(closed('2026-12-01T01:00:00Z')).toBe(true);
  });

  it('that is closed is the same after the subscription has ended, and after it began again at another price', () => {
    const on = span('2026-11-03T10:00:00Z', null, 3000);
    const before = bill('2026-11', [on], new Date('2026-12-01T01:00:00Z'));
    const ended = { ...on, cancelled_at: '2026-12-01T01:00:00.001Z' };
    expect(bill('2026-11', [ended], LATER)).toEqual(before);
    expect(bill('2026-11', [ended, span('2026-12-01T01:00:01Z', null, 99)], LATER)).toEqual(before);
  });

  it('lists frameworks in their order and sums them up', () => {
    const all = (['dora', 'eu_ai_act', 'soc2'] as const).map((one) => span('2026-10-01T00:00:00Z', null, 3000, one));
    const { charges, totalCents } = bill('2026-11', all, LATER);
    expect(charges.map(({ framework }) => framework)).toEqual(['soc2', 'dora', 'eu_ai_act']);
    expect(totalCents).toBe(9000);
  });

  it('in any number of runs never costs more than the month, and costs what Python counts', () => {
    for (let round = 0; round < 200; round += 1) {
      const month = `2028-${String(1 + Math.floor(Math.random() * 12)).padStart(2, '0')}`;
      const from = Date.parse(`${month}-01T00:00:00Z`) - 3 * 86_400_000;
      const times = Array.from({ length: 2 + Math.floor(Math.random() * 12) }, () =>
        new Date(from + Math.floor(Math.random() * 37 * 86_400_000)).toISOString(),
      ).sort();
      const price = Math.floor(Math.random() * 10_000);
      const spans = times.flatMap((time, at) => (at % 2 === 0 ? [span(time, times[at + 1] ?? null, price)] : []));
      const { charges, totalCents } = bill(month, spans, LATER);
      expect(totalCents).toBeLessThanOrEqual(price);
      for (const { amountCents } of charges) expect(amountCents).toBeGreaterThanOrEqual(0);
      if (round < 20) expect([month, times, totalCents]).toEqual([month, times, countedByPython(month, times, price)]);
    }
  });
});

/** Day by day, with exact fractions, and nothing of ours. */
function countedByPython(month: string, times: readonly string[], price: number): number {
  const script = `
import sys, json, calendar, math
from datetime import datetime, date, timedelta, timezone
from fractions import Fraction
month, times, price = json.loads(sys.argv[1])
at = lambda t: datetime.fromisoformat(t.replace("Z", "+00:00"))
year, number = map(int, month.split("-"))
length = calendar.monthrange(year, number)[1]
on = 0
for d in range(1, length + 1):
    begin = datetime(year, number, d, tzinfo=timezone.utc)
    end = begin + timedelta(days=1)
    for i in range(0, len(times), 2):
        s, e = at(times[i]), at(times[i + 1]) if i + 1 < len(times) else datetime(9999, 1, 1, tzinfo=timezone.utc)
        if s < end and (e > begin or (s == e and s >= begin)):
            on += 1
            break
print(math.floor(Fraction(price * on, length) + Fraction(1, 2)))
`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script, JSON.stringify([month, times, price])], {
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return Number(stdout);
}
