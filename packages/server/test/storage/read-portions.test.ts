import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Queryable } from '../../src/storage/database.ts';
import { readPortions, runsOf } from '../../src/storage/read-portions.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function sizes(tx: Queryable, rows: number): Promise<number[]> {
  const found: number[][] = [];
  const query = 'SELECT n FROM generate_series(1, $1::integer) AS n ORDER BY n';
  for await (const portion of readPortions<{ n: number }>(tx, query, [rows], 10)) {
    found.push(portion.map((row) => row.n));
  }
  expect(found.flat()).toEqual(Array.from({ length: rows }, (_, index) => index + 1));
  return found.map((portion) => portion.length);
}

describe('rows in portions', () => {
  it('are all of them, in their order, and none is empty', async () => {
    await server.running.house.db.unscoped(async (tx) => {
      expect(await sizes(tx, 0)).toEqual([]);
      expect(await sizes(tx, 9)).toEqual([9]);
      expect(await sizes(tx, 10)).toEqual([10]);
      expect(await sizes(tx, 25)).toEqual([10, 10, 5]);
    });
  });

  it('can be given up, and the next transaction of the connection reads anew', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      const broken = server.running.house.db.unscoped(async (tx) => {
        for await (const portion of readPortions(tx, 'SELECT generate_series(1, 30)', [], 10)) {
          throw new Error(`given up after ${portion.length}`);
        }
      });
      await expect(broken).rejects.toThrow('given up after 10');
    }
    await server.running.house.db.unscoped(async (tx) => {
      expect(await sizes(tx, 3)).toEqual([3]);
    });
  });
});

describe('runs of rows', () => {
  async function* portionsOf(...portions: string[][]): AsyncGenerator<string[]> {
    for (const portion of portions) yield portion;
  }

  it.each([
    ['no row', [], []],
    ['one', [['a1']], [['a1']]],
    [
      'some that reach across portions',
      [['a1', 'a2'], ['a3', 'b1'], [], ['b2'], ['a4']],
      [['a1', 'a2', 'a3'], ['b1', 'b2'], ['a4']],
    ],
  ])('of %s', async (_, portions, expected) => {
    const found: (readonly string[])[] = [];
    for await (const run of runsOf(portionsOf(...portions), (row, first) => row[0] === first[0])) found.push(run);
    expect(found).toEqual(expected);
  });
});
