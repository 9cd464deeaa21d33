import { hashes, Point, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

export const ED25519_PUBLIC_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;

/**
 * Whether an Ed25519 signature (RFC 8032) over `message` holds, the same in browsers and Node, also where pages have no
 * `crypto.subtle`. Strict: encodings that aren't canonical and keys of small order are refused. Under such a key OpenSSL and
 * WebCrypto accept one signature for every message.
 *
 * Over ten megabytes hashing takes most of the time; a signature alone about a millisecond.
 */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== ED25519_PUBLIC_KEY_BYTES || signature.length !== ED25519_SIGNATURE_BYTES) return false;
  hashes.sha512 ??= sha512;
  return verify(signature, message, publicKey, { zip215: false });
}

/** Whether these bytes are a public key that verifyEd25519 would take: a point, encoded canonically, of large order. */
export function isEd25519PublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== ED25519_PUBLIC_KEY_BYTES) return false;
  try {
    return !Point.fromBytes(publicKey, false).isSmallOrder();
  } catch {
    return false;
  }
}
