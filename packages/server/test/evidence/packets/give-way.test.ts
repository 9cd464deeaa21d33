import { expect, test } from 'vitest';

import { createGiveWay, inSlices } from '../../../src/evidence/packets/give-way.ts';

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function* steps(count: number): Generator<number, string> {
  for (let step = 0; step < count; step += 1) {
    work(2);
    yield step;
  }
  return 'done';
}

test.each([true, false])(
  'others have their turns between the steps of long work, whether they wait (%s) or not',
  async (wait) => {
    let turns = 0;
    const other = setInterval(() => (turns += 1), 1);
    const seen: number[] = [];
    const result = await inSlices(
      steps(30),
      createGiveWay(() => wait),
      (step) => seen.push(step),
    );
    clearInterval(other);
    expect(result).toBe('done');
    expect(seen).toEqual(Array.from({ length: 30 }, (_, step) => step));
    expect(turns).toBeGreaterThanOrEqual(3);
  },
);

test('a failure within a step is the failure of the whole', async () => {
  const failing = (function* (): Generator<number, void> {
    yield 1;
    throw new Error('no');
  })();
  await expect(
    inSlices(
      failing,
      createGiveWay(() => false),
    ),
  ).rejects.toThrow('no');
});
