import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError } from './format-error.ts';

const HASH_LENGTH = 32;

/**
 * The bytes whose SHA-256 is a leaf hash: 0x00, then the entry (RFC 9162, 2.1.1; RFC 6962, 2.1).
 *
 * @param entry of a trail: the UTF-8 bytes of formatAuditEvent's text. Format: docs/formats/audit-leaf.md
 */
export function leafHashInput(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return input;
}

/**
 * The bytes whose SHA-256 is an inner node's hash: 0x01, then both children's hashes. The first byte keeps a node from
 * being passed off as an entry, and the other way round.
 *
 * @throws FormatError `hash_length` if a child isn't 32 bytes long
 */
export function nodeHashInput(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_LENGTH || right.length !== HASH_LENGTH) {
    throw new FormatError('hash_length', `A node's children must be hashes of ${HASH_LENGTH} bytes.`);
  }
  const input = new Uint8Array(1 + 2 * HASH_LENGTH);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_LENGTH);
  return input;
}

/** SHA-256 of leafHashInput, in plain JavaScript for where there is no faster one. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(leafHashInput(entry));
}

/** SHA-256 of nodeHashInput. @throws FormatError `hash_length` */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodeHashInput(left, right));
}
