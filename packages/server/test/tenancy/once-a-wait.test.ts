import { expect, it } from 'vitest';

import { createOnceAWait } from '../../src/tenancy/once-a-wait.ts';

const at = (seconds: number): Date => new Date(1_780_000_000_000 + seconds * 1000);

it('is true once in a wait, and again in the next', () => {
  const isFirst = createOnceAWait();
  expect([isFirst('a', 4, at(0)), isFirst('a', 3, at(1)), isFirst('a', 1, at(3.9))]).toEqual([true, false, false]);
  expect([isFirst('a', 8, at(4)), isFirst('a', 5, at(7))]).toEqual([true, false]);
});

it('of one says nothing of another', () => {
  const isFirst = createOnceAWait();
  expect([isFirst('a', 4, at(0)), isFirst('b', 4, at(0)), isFirst('b', 4, at(0))]).toEqual([true, true, false]);
});

it('remembers no more than so many, the newest of them', () => {
  const isFirst = createOnceAWait();
  for (let number = 0; number <= 10_000; number += 1) isFirst(String(number), 30, at(0));
  expect([isFirst('10000', 30, at(1)), isFirst('1', 30, at(1)), isFirst('0', 30, at(1))]).toEqual([false, false, true]);
});
