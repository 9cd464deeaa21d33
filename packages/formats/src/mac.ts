import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * HMAC-SHA256 (RFC 2104) in lower-case hex.
 *
 * @param key its UTF-8 bytes are the key: it is never decoded
 * @param message text stands for its UTF-8 bytes
 */
export function hmacSha256Hex(key: string, message: string | Uint8Array): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(key), typeof message === 'string' ? utf8ToBytes(message) : message));
}

/** Compares two texts in a time that depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
