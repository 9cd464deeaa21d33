import { expect, test } from 'vitest';

import { decodeBase64 } from '../src/index.ts';
import { askPython } from './support/python.ts';
import { Random } from './support/random.ts';

test('what Python encodes is decoded, and no other spelling of it', () => {
  const random = new Random(4648);
  const hexes = Array.from({ length: 300 }, (_, length) =>
    Buffer.from(random.times(length % 70, () => random.below(256))).toString('hex'),
  );
  const texts = askPython<string, string>(
    '    import base64\n    return base64.b64encode(bytes.fromhex(value)).decode()',
    hexes,
  );
  expect(texts.map((text) => Buffer.from(decodeBase64(text)!).toString('hex'))).toEqual(hexes);
  for (const text of texts.filter((one) => one.endsWith('='))) {
    expect(decodeBase64(text.replace(/=+$/, ''))).toBeUndefined();
    expect(decodeBase64(text.replace(/[A-Za-z0-9+/](?==)/, 'B'))).toBeUndefined();
  }
});

test.each(['A', 'AA', 'AAA', 'AAAAA===', '====', 'AA==AA==', 'AAA\n', ' AAAA', 'AA-_', 'é', 'AAA=A'])(
  'refused: %j',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  },
);
