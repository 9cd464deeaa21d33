import { describe, expect, it } from 'vitest';

import { monthBefore, monthsFrom, periodOf } from '../../../src/evidence/packets/period.ts';
import { dueAfter, periodOfRun } from '../../../src/evidence/packets/schedule.ts';

const NOW = '2026-06-22T10:00:00Z';

describe('a period', () => {
  it('ends now and began a calendar month earlier unless said otherwise', () => {
    expect(periodOf(NOW, {})).toEqual({
      start: '2026-05-22T10:00:00Z',
      end: NOW,
      before: '2026-06-22T10:00:01Z',
    });
  });

  it('that ended before takes in nothing that came at its end', () => {
    const { end, before } = periodOf(NOW, { period_end: '2026-06-01T00:00:00Z' });
    expect(before).toBe(end);
  });

  it('is read with any offset and cut to the second', () => {
    expect(
      periodOf(NOW, { period_start: '2026-05-01T01:30:00.999+01:00', period_end: '2026-06-01T00:00:00.5Z' }),
    ).toMatchObject({ start: '2026-05-01T00:30:00Z', end: '2026-06-01T00:00:00Z' });
  });

  it.each([
    ['ends in the future', { period_end: '2026-06-22T10:00:01Z' }],
    ['ends before it starts', { period_start: '2026-05-02T00:00:00Z', period_end: '2026-05-01T00:00:00Z' }],
    ['is empty', { period_start: '2026-05-02T00:00:00Z', period_end: '2026-05-02T00:00:00.9Z' }],
    ['is longer than three years', { period_start: '2023-01-01T00:00:00Z' }],
    ['would begin before 1970', { period_end: '1970-01-15T00:00:00Z' }],
    ['is no time', { period_start: 'yesterday' }],
    ['starts on a day that no calendar has', { period_start: '2026-02-30T00:00:00Z' }],
  ])('is refused if it %s', (_what, given) => {
    expect(() => periodOf(NOW, given)).toThrow(expect.objectContaining({ code: 'period_invalid' }) as Error);
  });
});

it.each([
  ['2026-03-31T08:00:00Z', '2026-02-28T08:00:00Z'],
  ['2028-03-30T08:00:00Z', '2028-02-29T08:00:00Z'],
  ['2026-01-15T00:00:00Z', '2025-12-15T00:00:00Z'],
])('the month before %s began at %s', (time, before) => {
  expect(monthBefore(time)).toBe(before);
});

it('months are counted over the end of a year', () => {
  expect(monthsFrom('2026-11-30T12:00:00Z', 3)).toBe('2027-02-28T12:00:00Z');
});

describe('a schedule', () => {
  it.each([
    ['monthly', '2026-11-24T15:00:00Z', '2026-12-01T00:30:00.000Z'],
    ['monthly', '2026-12-01T00:30:00Z', '2027-01-01T00:30:00.000Z'],
    ['monthly', '2026-12-01T00:00:00Z', '2027-01-01T00:30:00.000Z'],
    ['quarterly', '2026-11-24T15:00:00Z', '2027-01-01T00:30:00.000Z'],
    ['quarterly', '2026-01-01T00:30:00Z', '2026-04-01T00:30:00.000Z'],
  ] as const)('that is %s, at %s, is next due at %s', (cadence, at, due) => {
    expect(dueAfter(cadence, new Date(at))).toBe(due);
  });

  it('is about the calendar months that ended', () => {
    expect(periodOfRun('quarterly', '2027-01-01T00:30:00.000Z')).toEqual({
      period_start: '2026-10-01T00:00:00Z',
      period_end: '2027-01-01T00:00:00Z',
    });
    expect(periodOfRun('monthly', '2026-03-01T00:30:00Z')).toEqual({
      period_start: '2026-02-01T00:00:00Z',
      period_end: '2026-03-01T00:00:00Z',
    });
  });
});
