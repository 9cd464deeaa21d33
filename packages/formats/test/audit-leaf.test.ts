import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { leafHash, leafHashInput, nodeHash, nodeHashInput } from '../src/index.ts';
import { readVectors } from './support/vectors.ts';

interface LeafVector {
  readonly entries: readonly string[];
  readonly leaf_hashes: readonly string[];
  readonly roots: readonly string[];
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');

/** RFC 6962, 2.1, over leaf hashes. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

test.each(readVectors<LeafVector>('valid/audit-leaf'))('%s: leaf hashes and roots of every size', (_, vector) => {
  const hashes = vector.entries.map((entry) => leafHash(bytes(entry)));
  expect(hashes.map(hex)).toEqual(vector.leaf_hashes);
  for (let size = 1; size <= hashes.length; size++) expect(hex(rootOf(hashes.slice(0, size)))).toBe(vector.roots[size]);
});

test("Certificate Transparency's published values come out", () => {
  const [, vector] = readVectors<LeafVector>('valid/audit-leaf').find(([name]) => name === 'certificate-transparency')!;
  expect(hex(leafHash(new Uint8Array()))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(vector.roots[8]).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('another hash function gets the same bytes', () => {
  const sha256 = (value: Uint8Array) => createHash('sha256').update(value).digest('hex');
  const entry = Uint8Array.of(1, 2, 3);
  expect(sha256(leafHashInput(entry))).toBe(hex(leafHash(entry)));
  const [left, right] = [leafHash(entry), leafHash(Uint8Array.of(4))];
  expect(sha256(nodeHashInput(left, right))).toBe(hex(nodeHash(left, right)));
});

test('a node is never the hash of an entry that looks like it', () => {
  const [left, right] = [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))];
  expect(hex(leafHash(nodeHashInput(left, right).subarray(1)))).not.toBe(hex(nodeHash(left, right)));
  expect(hex(nodeHash(left, right))).not.toBe(hex(nodeHash(right, left)));
});

test.each([
  [31, 32],
  [32, 33],
  [0, 64],
])('children of %i and %i bytes are refused', (left, right) => {
  expect(() => nodeHash(new Uint8Array(left), new Uint8Array(right))).toThrow(
    expect.objectContaining({ code: 'hash_length' }),
  );
});
