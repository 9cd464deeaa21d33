import { expect, test } from 'vitest';

import { Random } from '../../formats/test/support/random.ts';
import { createSequenceSet } from '../src/sequence-set.ts';

test('it knows what a set of numbers knows', () => {
  const random = new Random(3);
  for (const range of [50, 200_000, 2 ** 40]) {
    const first = random.below(range);
    const set = createSequenceSet();
    const model = new Set<number>();
    for (let i = 0; i < 2000; i++) {
      const number = first + random.below(Math.min(range, 3000));
      expect(set.add(number)).toBe(!model.has(number));
      model.add(number);
    }
    expect(set.size).toBe(model.size);
    expect([set.lowest, set.highest]).toEqual([Math.min(...model), Math.max(...model)]);
    for (let i = 0; i < 50; i++) {
      const from = first + random.below(3000);
      let missing: number | undefined = from;
      while (model.has(missing)) missing += 1;
      expect(set.firstMissing(from, from + 3000)).toBe(missing > from + 3000 ? undefined : missing);
    }
  }
});

test('a long trail without gaps is remembered whole, in any order', () => {
  const set = createSequenceSet();
  const size = 100_000;
  // 7 has no factor in common with the size, so each number comes once.
  for (let i = 0; i < size; i++) set.add(5 + ((i * 7) % size));
  expect(set.firstMissing(5, size + 4)).toBeUndefined();
  expect(set.firstMissing(5, size + 5)).toBe(size + 5);
  expect(set.add(5)).toBe(false);
  expect(set.complete).toBe(true);
});

test('numbers that are scattered on purpose are given up and not remembered', () => {
  const set = createSequenceSet();
  for (let i = 0; i < 10_000; i++) set.add(i * 1_000_000);
  expect(set.complete).toBe(false);
  expect(set.size).toBe(4096);
});
