import { setImmediate as nextTurn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { inTurn } from '../src/in-turn.ts';

describe('long work', () => {
  const told: string[] = [];
  const work =
    (name: string, turns = 3) =>
    async (): Promise<string> => {
      told.push(`${name} begins`);
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      told.push(`${name} ends`);
      return name;
    };

  it('is done one after the other, and what was begun before what is new', async () => {
    const batch = async (name: string): Promise<string> => {
      await inTurn('new', work(`read ${name}`));
      return inTurn('begun', work(`sign ${name}`));
    };
    await Promise.all(['a', 'b', 'c'].map(batch));
    const expected = ['a', 'b', 'c'].flatMap((name) =>
      ['read', 'sign'].flatMap((stage) => [`${stage} ${name} begins`, `${stage} ${name} ends`]),
    );
    expect(told).toEqual(expected);
  });

  it('that fails lets the others go on', async () => {
    const fails = inTurn('new', async () => {
      await nextTurn();
      throw new RangeError('no');
    });
    const other = inTurn('new', work('other'));
    await expect(fails).rejects.toThrow(RangeError);
    expect(await other).toBe('other');
    expect(await inTurn('begun', work('later'))).toBe('later');
  });

  it('lets others have turns meanwhile', async () => {
    let isDone = false;
    const long = inTurn('new', work('long', 50)).then(() => (isDone = true));
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    expect(isDone).toBe(false);
    await long;
  });
});
