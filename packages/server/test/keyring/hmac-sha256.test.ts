import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { createHmacSha256 } from '../../src/keyring/hmac-sha256.ts';
import { Secret } from '../../src/secret.ts';

/** RFC 4231, test case 2. */
const PUBLISHED = [
  ['Jefe', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
] as const;

describe('the MAC of a message', () => {
  it.each(PUBLISHED)('is the published one under %j', (key, message, mac) => {
    expect(createHmacSha256(new Secret(key))(message)).toBe(mac);
  });

  const keys = ['short', 'k'.repeat(64), 'long '.repeat(40), 'schlüssel 🗝'.repeat(9)];
  const messages = [
    '',
    'plain',
    'Zoë, 漢字, 🦊',
    'x'.repeat(16 * 1024),
    'ß'.repeat(16 * 1024),
    '漢'.repeat(16 * 1024),
    '漢'.repeat(16 * 1024 + 1),
    'y'.repeat(1_000_000),
  ];

  it.each(keys)("is Node's own under %j, of text and of bytes, whatever came before", (key) => {
    const mac = createHmacSha256(new Secret(key));
    for (const message of [...messages, ...messages.toReversed()]) {
      const own = createHmac('sha256', key).update(message, 'utf8').digest('hex');
      expect(mac(message)).toBe(own);
      expect(mac(Buffer.from(message, 'utf8'))).toBe(own);
      if (/^[\0-\x7f]*$/.test(message)) expect(mac(message, true)).toBe(own);
    }
  });
});
