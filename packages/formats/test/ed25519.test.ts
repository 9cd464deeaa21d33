import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import { isEd25519PublicKey, verifyEd25519 } from '../src/index.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

/** RFC 8032, section 7.1: TEST 1, 2, 3 and SHA(abc). */
const PUBLISHED: [key: string, message: string, signature: string][] = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    `e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
     5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b`,
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    `92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
     085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00`,
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    `6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac
     18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a`,
  ],
  [
    'ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    createHash('sha512').update('abc').digest('hex'),
    `dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589
     09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704`,
  ],
];

/** Every encoding of a point of small order, canonical or not. */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

const L = 2n ** 252n + 27742317777372353535851937790883648493n;

describe("RFC 8032's own vectors", () => {
  test.each(PUBLISHED)('key %s', (key, message, signature) => {
    expect(isEd25519PublicKey(hex(key))).toBe(true);
    expect(verifyEd25519(hex(key), hex(message), hex(signature))).toBe(true);
    expect(verifyEd25519(hex(key), hex(`${message}00`), hex(signature))).toBe(false);
    const changed = hex(signature);
    for (const at of [0, 31, 32, 63]) {
      changed[at]! ^= 1;
      expect(verifyEd25519(hex(key), hex(message), changed)).toBe(false);
      changed[at]! ^= 1;
    }
  });

  test('the same signature with L added to S is refused', () => {
    const [key, message, signature] = PUBLISHED[1]!;
    const bytes = hex(signature);
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + L;
    const other = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    expect(verifyEd25519(hex(key), hex(message), Buffer.concat([bytes.subarray(0, 32), other]))).toBe(false);
  });
});

test.each(SMALL_ORDER)('a key of small order verifies nothing: %s', (key) => {
  expect(isEd25519PublicKey(hex(key))).toBe(false);
  for (const r of SMALL_ORDER) {
    const signature = Buffer.concat([hex(r), Buffer.alloc(32)]);
    expect(verifyEd25519(hex(key), Buffer.from('any message'), signature)).toBe(false);
  }
});

test('what OpenSSL signs holds, and other lengths are refused rather than thrown on', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const message = Buffer.from('a packet');
  const signature = sign(null, message, privateKey);
  expect(verifyEd25519(raw, message, signature)).toBe(true);
  for (const length of [0, 31, 33]) {
    expect(verifyEd25519(Buffer.alloc(length, 1), message, signature)).toBe(false);
    expect(isEd25519PublicKey(Buffer.alloc(length, 1))).toBe(false);
    expect(verifyEd25519(raw, message, signature.subarray(0, length))).toBe(false);
  }
});
