import { expect, it } from 'vitest';

import { itemSlices } from '../src/item-slices.ts';

function slices(text: string): string[] | undefined {
  return itemSlices(Buffer.from(text))?.map((slice) => slice.toString('utf8'));
}

it('cuts out elements byte for byte, whatever their strings hold', () => {
  const items = ['{"a":"]}\\"{[\\\\","n":12345678901234567890,"f":1.0}', '{"b":[{},[]],"ü":"\\\\"}'];
  expect(slices(`{"items":[${items.join(',')}]}`)).toEqual(items);
  expect(slices('{"items":[]}')).toEqual([]);
});

it.each(['', '[]', '{"items":[{}', '{"items":[{}]', '{"items":[{}]}x', '{"items":[{"a":"]}', '<html>'])(
  'a body that is not of that form has none: %s',
  (text) => expect(slices(text)).toBeUndefined(),
);
