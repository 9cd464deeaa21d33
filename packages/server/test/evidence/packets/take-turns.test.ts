import { expect, it } from 'vitest';

import { createTurns } from '../../../src/evidence/packets/take-turns.ts';

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

it('runs as many at once as may, the others in the order in which they came', async () => {
  const turns = createTurns({ atOnce: 2, waiting: 10 }, () => new Error('full'));
  const gates = [gate(), gate(), gate(), gate()];
  const begun: number[] = [];
  const work = gates.map(({ opened }, index) =>
    turns.run(async () => {
      begun.push(index);
      await opened;
      return index;
    }),
  );
  expect(begun).toEqual([0, 1]);
  expect(turns.waiting).toBe(2);
  gates[1]?.open();
  await work[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  expect(await Promise.all(work)).toEqual([0, 1, 2, 3]);
});

it('refuses whoever comes when the line is full, and goes on after a failure', async () => {
  const turns = createTurns({ atOnce: 1, waiting: 1 }, () => new Error('full'));
  const first = gate();
  const failing = turns.run(async () => {
    await first.opened;
    throw new Error('failed');
  });
  const next = turns.run(async () => 'next');
  await expect(turns.run(async () => 'late')).rejects.toThrow('full');
  first.open();
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('next');
  expect(await turns.run(async () => 'again')).toBe('again');
});
