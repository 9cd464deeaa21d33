import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { beginExport } from '../../src/trail/export-bytes.ts';

const FRAME = { open: '[', between: ',' };
const EMPTY = Buffer.from('5047434f50590aff0d0a000000000000000000ffff', 'hex');
/** Says that it has columns, and ends. */
const CUT = Buffer.concat([EMPTY.subarray(0, 19), Buffer.from('000e00000010', 'hex')]);

describe('an export in a thread', () => {
  it('of nothing has its frame, and that is hashed', async () => {
    const body = beginExport('json', FRAME);
    const room = body.room(EMPTY.length);
    EMPTY.copy(room);
    expect(await body.write(room, new Map())).toEqual([]);
    const sha256 = createHash('sha256').update('[]').digest('hex');
    expect(await body.end(']')).toEqual({ events: 0, firstSequence: null, lastSequence: null, sha256 });
  });

  it('fails alone where its rows make no sense', async () => {
    const [broken, sound] = [beginExport('json', FRAME), beginExport('csv', { open: '', between: '' })];
    const [first, second] = [broken.room(CUT.length), sound.room(EMPTY.length)];
    CUT.copy(first);
    EMPTY.copy(second);
    const failed = broken.write(first, new Map());
    const written = sound.write(second, new Map());
    await expect(failed).rejects.toThrow();
    expect(await written).toEqual([]);
    broken.forget();
    sound.forget();
  });
});
