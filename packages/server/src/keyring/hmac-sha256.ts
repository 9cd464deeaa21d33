import { createHmac, hash } from 'node:crypto';

import type { Secret } from '../secret.ts';

const BLOCK_BYTES = 64;
/** Longer messages are rare, and what making an HMAC object costs is little beside hashing them. */
const MOST_SHORT_CHARACTERS = 16 * 1024;

/**
 * HMAC-SHA256 (RFC 2104) of ASCII messages under one key, 64 lower-case hex digits.
 *
 * For an event, what Node needs to set an HMAC object up is most of its time; two hashes at one call each take a half
 * to a third.
 */
export function createHmacSha256(secret: Secret): (message: string) => string {
  const key = secret.reveal();
  const short = Buffer.byteLength(key) > BLOCK_BYTES ? hash('sha256', key, 'buffer') : Buffer.from(key);
  const inner = Buffer.alloc(BLOCK_BYTES + MOST_SHORT_CHARACTERS, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + 32, 0x5c);
  for (const [at, byte] of short.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (message) => {
    if (message.length > MOST_SHORT_CHARACTERS) return createHmac('sha256', key).update(message).digest('hex');
    const end = BLOCK_BYTES + inner.write(message, BLOCK_BYTES, 'latin1');
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}
