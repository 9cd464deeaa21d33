import { describe, expect, it } from 'vitest';

import { openFontLibrary } from '../../../src/evidence/pdf/font-library.ts';
import { createTextPrinter } from '../../../src/evidence/pdf/printable-text.ts';
import { EVERY_SCRIPT, INJECTIONS } from '../../support/odd-names.ts';

const library = openFontLibrary();
const print = (text: string): string => createTextPrinter(library).print(text);

describe('printable text', () => {
  it.each([
    ['orders 😀', 'orders [U+1F600]'],
    ['evil\u202egnp.exe', 'evil[U+202E]gnp.exe'],
    ['two\nlines\u0000', 'two[U+000A]lines[U+0000]'],
    ['pay\u00adments', 'pay[U+00AD]ments'],
    ['a\u200dmin', 'a[U+200D]min'],
    ['\u200dmin', '[U+200D]min'],
    ['\ud800', '[U+D800]'],
    ['👩‍👩', '[U+1F469][U+200D][U+1F469]'],
  ])('what has no glyph or hides is shown by its number: %j', (text, shown) => {
    expect(print(text)).toBe(shown);
  });

  it.each(['Ωμέγα', 'می‌خواهم', 'שָׁלוֹם', '订单', 'がか\u3099', '주문', 'ශ්‍රී', 'ไทย', 'e\u0301', 'አማርኛ'])(
    'text of a script that there is a face for stays as it is: %s',
    (text) => {
      expect(print(text)).toBe(text);
    },
  );

  it('a mark whose letter is in another face is shown by its number, so that the letter is not lost', () => {
    expect(print('ب\u0301')).toBe('ب[U+0301]');
  });

  it('a long word can be broken: after its marks, or anywhere', () => {
    expect(print('9f2c4b10-0000-4000-8000-000000000010')).toBe(
      '9f2c4b10-\u200b0000-\u200b4000-\u200b8000-\u200b000000000010',
    );
    expect(print('a'.repeat(25))).toBe(Array.from({ length: 25 }, () => 'a').join('\u200b'));
    expect(print('é'.repeat(13))).toBe(`${'é'.repeat(12)}\u200bé`);
    expect(print('short-name')).toBe('short-name');
  });

  it('nothing that is printed is without a glyph', () => {
    for (const text of [...EVERY_SCRIPT, ...INJECTIONS]) {
      for (const character of print(text)) expect(library.familiesFor(character.codePointAt(0)!)).not.toBe(0);
    }
  });

  it('Latin alone asks for no other face', () => {
    const latin = createTextPrinter(library);
    latin.print('orders, é');
    expect(library.load(latin.families).families).toEqual(['Noto Sans', 'Noto Sans Mono']);
    latin.print('订单');
    expect(library.load(latin.families).families).toEqual(['Noto Sans', 'Noto Sans SC', 'Noto Sans Mono']);
  });
});
