import { expect, test } from 'vitest';

import { createPlaces } from '../../src/http/places.ts';

test('one organization gets its share, all of them together what there is, and a place given back is there again', () => {
  const places = createPlaces({ inAll: 5, ofOneOrganization: 3 });
  const first = [1, 1, 1].map((no) => places.take(no));
  expect(first).not.toContain(undefined);
  expect(places.take(1)).toBeUndefined();
  expect([places.take(2), places.take(2)]).not.toContain(undefined);
  expect(places.take(3)).toBeUndefined();
  first[0]?.();
  // Only once, however often it is told.
  first[0]?.();
  expect(places.take(3)).toBeDefined();
  expect(places.take(1)).toBeUndefined();
});
