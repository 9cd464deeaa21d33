import { createHmac, hash } from 'node:crypto';

import type { Secret } from '../secret.ts';

const BLOCK_BYTES = 64;
/** Longer messages are rare, and what making an HMAC object costs is little beside hashing them. */
const MOST_SHORT_CHARACTERS = 16 * 1024;

/**
 * HMAC-SHA256 (RFC 2104) of messages under one key, 64 lower-case hex digits; text stands for its UTF-8 bytes, which are
 * got at quicker where the caller knows that it is ASCII.
 *
 * For an event, what Node needs to set an HMAC object up is most of its time; two hashes at one call each take a half
 * to a third.
 */
export function createHmacSha256(secret: Secret): (message: string | Buffer, isAscii?: boolean) => string {
  const key = secret.reveal();
  const short = Buffer.byteLength(key) > BLOCK_BYTES ? hash('sha256', key, 'buffer') : Buffer.from(key);
  // A UTF-16 unit takes at most three bytes.
  const inner = Buffer.alloc(BLOCK_BYTES + 3 * MOST_SHORT_CHARACTERS, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + 32, 0x5c);
  for (const [at, byte] of short.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (message, isAscii = false) => {
    if (message.length > MOST_SHORT_CHARACTERS) return createHmac('sha256', key).update(message).digest('hex');
    const written =
      typeof message === 'string'
        ? inner.write(message, BLOCK_BYTES, isAscii ? 'latin1' : 'utf8')
        : message.copy(inner, BLOCK_BYTES);
    const end = BLOCK_BYTES + written;
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}
