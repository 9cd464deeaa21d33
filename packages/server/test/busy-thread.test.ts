import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { watchOwnThread } from '../src/busy-thread.ts';

function work(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test('a thread is busy after half a second of work, and no longer so after as much rest', async () => {
  const isBusy = watchOwnThread();
  work(100);
  // Too short to say.
  expect(isBusy()).toBe(false);
  for (let step = 0; step < 12; step += 1) {
    work(50);
    await sleep(0);
  }
  expect(isBusy()).toBe(true);
  await sleep(600);
  expect(isBusy()).toBe(false);
});
