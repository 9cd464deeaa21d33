import { describe, expect, it } from 'vitest';

import { createTextPieces } from '../../../src/evidence/packets/text-pieces.ts';

function joined(texts: readonly string[]): { readonly length: number; readonly text: string } {
  const pieces = createTextPieces();
  for (const text of texts) pieces.add(text);
  const target = Buffer.alloc(pieces.length + 2, '-');
  pieces.copyTo(target, 1);
  return { length: pieces.length, text: target.toString() };
}

describe('text in pieces', () => {
  it.each([
    ['nothing', []],
    ['empty texts', ['', '']],
    ['short ones of every width', ['a', 'é', '漢', '😀', 'z']],
    ['one that is longer than a piece', ['a', '漢😀'.repeat(200_000), 'é']],
    [
      'many that cross the ends of pieces',
      Array.from({ length: 3000 }, (_, index) => `é漢${index}`.repeat(index % 90)),
    ],
  ])('is %s', (_, texts) => {
    const whole = texts.join('');
    expect(joined(texts)).toEqual({ length: Buffer.byteLength(whole), text: `-${whole}-` });
  });
});
