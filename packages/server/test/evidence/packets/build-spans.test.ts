import { describe, expect, it } from 'vitest';

import { buildSpans, type Stretch } from '../../../src/evidence/packets/build-spans.ts';

const PERIOD = { start: '2026-05-01T00:00:00Z', end: '2026-06-01T00:00:00Z', before: '2026-06-01T00:00:00Z' };
const DAY_MS = 86_400_000;

function stretch<T>(from: string, to: string | undefined, value: T | undefined, collector = 'c@1'): Stretch<T> {
  const begins = Date.parse(from);
  return { from: begins, to: to === undefined ? Infinity : Date.parse(to), value, collector, collectedAt: begins };
}

function spans<T>(...stretches: Stretch<T>[]) {
  return buildSpans(stretches, PERIOD, { basis: 'observed', freshMs: DAY_MS }).map(({ from, to, value }) => [
    from,
    to,
    value,
  ]);
}

describe('spans of a fact', () => {
  it('are cut to the period', () => {
    expect(spans(stretch('2026-04-01T00:00:00Z', undefined, true))).toEqual([[PERIOD.start, PERIOD.end, true]]);
  });

  it('leave out what was so before the period', () => {
    expect(spans(stretch('2026-04-01T00:00:00Z', PERIOD.start, false), stretch(PERIOD.start, undefined, true))).toEqual(
      [[PERIOD.start, PERIOD.end, true]],
    );
  });

  it('join where the value went on', () => {
    const middle = '2026-05-10T00:00:00Z';
    expect(spans(stretch('2026-04-01T00:00:00Z', middle, ['a']), stretch(middle, undefined, ['a']))).toEqual([
      [PERIOD.start, PERIOD.end, ['a']],
    ]);
  });

  it('stay apart where nothing was known between them', () => {
    const [one, other] = ['2026-05-10T00:00:00Z', '2026-05-12T00:00:00Z'];
    expect(spans(stretch('2026-05-01T00:00:00Z', one, true), stretch(other, undefined, true))).toEqual([
      [PERIOD.start, one, true],
      [other, PERIOD.end, true],
    ]);
  });

  it('stay apart where another collector went on', () => {
    const middle = '2026-05-10T00:00:00Z';
    expect(spans(stretch(PERIOD.start, middle, 1, 'a@1'), stretch(middle, undefined, 1, 'a@2'))).toHaveLength(2);
  });

  it('say nothing of what is unknown', () => {
    expect(spans(stretch<string>('2026-04-01T00:00:00Z', undefined, undefined))).toEqual([]);
  });

  it('keep what was so for half a second', () => {
    const found = spans(
      stretch('2026-05-01T00:00:00Z', '2026-05-10T12:00:00.200Z', true),
      stretch('2026-05-10T12:00:00.200Z', '2026-05-10T12:00:00.700Z', false),
      stretch('2026-05-10T12:00:00.700Z', undefined, true),
    );
    expect(found).toEqual([
      [PERIOD.start, '2026-05-10T12:00:00Z', true],
      ['2026-05-10T12:00:00Z', '2026-05-10T12:00:01Z', false],
      ['2026-05-10T12:00:01Z', PERIOD.end, true],
    ]);
  });

  it('keep what came in the very last second', () => {
    const found = spans(
      stretch('2026-05-01T00:00:00Z', '2026-06-01T00:00:00.300Z', true),
      stretch('2026-06-01T00:00:00.300Z', undefined, false),
    );
    expect(found.at(-1)).toEqual(['2026-05-31T23:59:59Z', PERIOD.end, false]);
    expect(found[0]).toEqual([PERIOD.start, '2026-05-31T23:59:59Z', true]);
  });

  it('count as read when the last of the joined stretches was', () => {
    const middle = '2026-05-10T00:00:00Z';
    const [span] = buildSpans([stretch(PERIOD.start, middle, 1), stretch(middle, undefined, 1)], PERIOD, {
      basis: 'derived',
      freshMs: DAY_MS,
    });
    expect(span).toMatchObject({ basis: 'derived', collected_at: middle, valid_until: '2026-05-11T00:00:00Z' });
  });
});
