import { expect, it } from 'vitest';

import { createUuidV7 } from '../src/uuid-v7.ts';

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('ids grow within a millisecond, past the end of the counter, and while the clock goes back', () => {
  let now = 1_700_000_000_000;
  const newId = createUuidV7(() => new Date(now));
  const ids: string[] = [];
  for (let index = 0; index < 10_000; index += 1) ids.push(newId());
  now -= 5000;
  for (let index = 0; index < 100; index += 1) ids.push(newId());
  now += 10_000;
  ids.push(newId());
  expect(ids.every((id) => FORM.test(id))).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

it('an id carries the time of its making (RFC 9562, 5.7)', () => {
  const newId = createUuidV7(() => new Date(0x017f22e279b0));
  expect(newId().slice(0, 15)).toMatch(/^017f22e2-79b0-7/);
});
