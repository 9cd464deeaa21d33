import { decodeBase64, isEd25519PublicKey, parseTimestamp, type Instant, type JsonValue } from '@veritrail/formats';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import { decodeUtf8, InputError, membersOf, quoted, readJson } from './input-text.ts';

/** One key of the document at /.well-known/compliance-signing-keys. */
export interface SigningKey {
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  /** SHA-256 of the raw public key, in hex. */
  readonly fingerprint: string;
  /** Undefined while it is active. */
  readonly retiredAt: Instant | undefined;
}

const RAW_BYTES = 32;
/** What stands before the 32 bytes in a key that was exported as SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = '302a300506032b6570032100';

/**
 * The key of that id. The document may be from anyone; of other keys nothing is asked.
 *
 * @returns undefined if there is no such key
 * @throws {InputError} if the document can't be read, or has the key twice or in another form
 */
export function findSigningKey(document: Uint8Array, keyId: string): SigningKey | undefined {
  const keys = membersOf(readJson(decodeUtf8(document)))?.get('keys');
  if (!Array.isArray(keys)) throw new InputError('The document of keys does not list any.');
  const found = keys.map((key) => membersOf(key)).filter((key) => key?.get('key_id') === keyId);
  const [entry] = found;
  if (entry === undefined) return undefined;
  if (found.length > 1) throw new InputError(`The key ${quoted(keyId)} is published more than once.`);
  const publicKey = readPublicKey(entry);
  return { keyId, publicKey, fingerprint: keyFingerprint(publicKey), retiredAt: readRetirement(entry) };
}

export function keyFingerprint(publicKey: Uint8Array): string {
  return bytesToHex(sha256(publicKey));
}

function readPublicKey(entry: ReadonlyMap<string, JsonValue>): Uint8Array {
  const text = entry.get('public_key');
  const bytes = typeof text === 'string' ? decodeBase64(text) : undefined;
  if (entry.get('algorithm') !== 'Ed25519' || bytes === undefined) {
    throw new InputError('The published key is not an Ed25519 key in base64.');
  }
  const isSpki = bytesToHex(bytes.subarray(0, -RAW_BYTES)) === SPKI_PREFIX;
  const raw = isSpki ? bytes.subarray(-RAW_BYTES) : bytes;
  // A key of small order has signatures that fit every message.
  if (!isEd25519PublicKey(raw))
    throw new InputError('The published key is not one that Ed25519 signatures can be under.');
  return raw;
}

function readRetirement(entry: ReadonlyMap<string, JsonValue>): Instant | undefined {
  const retiredAt = entry.get('retired_at') ?? null;
  if (entry.get('active') !== (retiredAt === null)) {
    throw new InputError('The published key is neither active, nor retired at a time that is stated.');
  }
  if (retiredAt === null) return undefined;
  const instant = typeof retiredAt === 'string' ? parseTimestamp(retiredAt) : undefined;
  if (instant === undefined) throw new InputError('The time at which the key was retired is not RFC 3339.');
  return instant;
}
