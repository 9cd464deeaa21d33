import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { coalesceLookups } from '../../src/tenancy/coalesce-lookups.ts';

/** Look-ups whose queries are answered by hand, with what is stored at that moment. */
function lookups() {
  const stored = new Map([['a', 1]]);
  const queries: { readonly keys: readonly string[]; answer(error?: Error): void }[] = [];
  const lookUp = coalesceLookups(
    (keys) =>
      new Promise<ReadonlyMap<string, number>>((resolve, reject) =>
        queries.push({
          keys,
          answer: (error) => (error === undefined ? resolve(new Map(stored)) : reject(error)),
        }),
      ),
  );
  const query = async (index: number) => {
    for (let turn = 0; queries[index] === undefined && turn < 1000; turn += 1) await nextTurn();
    return queries[index]!;
  };
  return { stored, queries, lookUp, query };
}

it('asks once for what comes in one turn, each key once', async () => {
  const { lookUp, query, queries } = lookups();
  const found = Promise.all([lookUp('a'), lookUp('b'), lookUp('a')]);
  const { keys, answer } = await query(0);
  expect(keys).toEqual(['a', 'b']);
  answer();
  expect(await found).toEqual([1, undefined, 1]);
  expect(queries).toHaveLength(1);
});

it('asks again for who comes while a query is under way, so that what changed meanwhile is seen', async () => {
  const { stored, lookUp, query, queries } = lookups();
  const first = lookUp('a');
  const one = await query(0);
  const second = Promise.all([lookUp('a'), lookUp('c')]);
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  expect(queries).toHaveLength(1);
  one.answer();
  expect(await first).toBe(1);
  stored.set('a', 2).set('c', 3);
  const two = await query(1);
  expect(two.keys).toEqual(['a', 'c']);
  two.answer();
  expect(await second).toEqual([2, 3]);
});

it('tells those who asked with it that a query failed, and nobody else', async () => {
  const { lookUp, query } = lookups();
  const first = Promise.allSettled([lookUp('a'), lookUp('b')]);
  const failing = await query(0);
  const second = lookUp('a');
  failing.answer(new Error('away'));
  expect((await first).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  (await query(1)).answer();
  expect(await second).toBe(1);
});
