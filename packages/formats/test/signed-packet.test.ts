import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';

import {
  formatJcs,
  formatJcsInSteps,
  formatSignedPacket,
  packetSlice,
  parsePacketText,
  parseSignedPacket,
  verifyEd25519,
} from '../src/index.ts';
import { readVector, readVectors, type PacketVector } from './support/vectors.ts';

const refusal = (code: string): unknown => expect.objectContaining({ name: 'FormatError', code });
const example = readVector<PacketVector>('valid/evidence-packet', 'worked-example');
const document = Buffer.from(example.document);

describe.each(readVectors<PacketVector>('valid/evidence-packet'))('%s', (_, vector) => {
  test("the packet's text and the document are Python's", () => {
    expect(formatJcs(vector.packet)).toBe(vector.packet_text);
    expect([...formatJcsInSteps(vector.packet)].join('')).toBe(vector.packet_text);
    const { report_id: reportId, packet_text: packetText } = vector;
    expect(formatSignedPacket({ reportId, packetText, signature: vector })).toBe(vector.document);
  });

  test('is read to what went in', () => {
    const read = parseSignedPacket(Buffer.from(vector.document));
    expect(read.reportId).toBe(vector.report_id);
    expect(read.packet).toEqual(vector.packet);
    expect(read.packetText).toBe(vector.packet_text);
    expect(Buffer.from(read.packetBytes).toString()).toBe(vector.packet_text);
    const { key_id, value, canonical_sha256 } = vector;
    expect(read.signature).toEqual({ key_id, value, canonical_sha256 });
  });

  test('the signature is over the bytes that the published search finds', () => {
    const slice = packetSlice(Buffer.from(vector.document));
    const publicKey = Buffer.from(vector.public_key, 'hex');
    const value = Buffer.from(vector.value, 'base64');
    expect(createHash('sha256').update(slice).digest('hex')).toBe(vector.canonical_sha256);
    expect(verifyEd25519(publicKey, slice, value)).toBe(true);
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
    expect(verify(null, slice, createPublicKey({ key: spki, format: 'der', type: 'spki' }), value)).toBe(true);
  });
});

test('every byte that is changed, dropped or put in is refused or fails the signature', () => {
  const publicKey = Buffer.from(example.public_key, 'hex');
  const [start, end] = [document.indexOf('"packet":') + 9, document.lastIndexOf(',"signature":')];
  for (let at = 0; at <= document.length; at++) {
    const rest = document.subarray(at + 1);
    const head = document.subarray(0, at);
    const changes = [Buffer.concat([head, rest]), Buffer.concat([head, Buffer.from(' '), document.subarray(at)])];
    for (const bit of at < document.length ? [1, 32] : []) {
      changes.push(Buffer.concat([head, Buffer.of(document[at]! ^ bit), rest]));
    }
    for (const changed of changes) {
      if (changed.equals(document)) continue;
      let read;
      try {
        read = parseSignedPacket(changed);
      } catch (error) {
        expect(error).toEqual(
          at < start || at >= end ? expect.objectContaining({ name: 'FormatError' }) : refusal('packet_not_canonical'),
        );
        continue;
      }
      const same = Buffer.from(read.packetBytes).equals(document.subarray(start, end));
      // What the signature doesn't cover: the report's id, the key's name, the digest and the signature itself.
      if (!same) {
        expect(at).toBeGreaterThanOrEqual(start);
        if (at % 20 === 0) {
          expect(verifyEd25519(publicKey, read.packetBytes, Buffer.from(read.signature.value, 'base64'))).toBe(false);
        }
        expect(createHash('sha256').update(read.packetBytes).digest('hex')).not.toBe(example.canonical_sha256);
      }
    }
  }
});

test.each([
  ['nothing', ''],
  ['a brace', '{}'],
  ['no signature', example.document.slice(0, example.document.lastIndexOf(',"signature"'))],
  ['a line end', `${example.document}\n`],
  ['a byte order mark', `\ufeff${example.document}`],
  ['a genuine document under another name', `{"x":${example.document},"packet":{},"signature":{}}`],
  ['an invented packet before', example.document.replace('"packet":', '"packet":{},"packet":')],
  ['an invented packet after', example.document.replace(/}$/, ',"packet":{}}')],
  ['a second signature', example.document.replace(/}$/, ',"signature":{}}')],
  ['another order', example.document.replace(/^(.)("report_id":"[^"]*"),/, '$1').replace(/}$/, ',$2}')],
  ['upper-case hex', example.document.replace(example.canonical_sha256, example.canonical_sha256.toUpperCase())],
  ['another algorithm', example.document.replace('"Ed25519"', '"Ed448"')],
  ['another spelling of the signature', example.document.replace(/.==/, 'B==')],
  ['a packet that is no object', example.document.replace(example.packet_text, '[]')],
])('%s is refused', (_, text) => {
  expect(() => parseSignedPacket(Buffer.from(text))).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^packet_(envelope|not_canonical)$/) as string }),
  );
});

test.each([
  ['white space', '{"a": 1}'],
  ['another order', '{"b":1,"a":1}'],
  ['a member twice', '{"a":1,"a":1}'],
  ['another spelling of a number', '{"a":1.0}'],
  ['minus zero', '{"a":-0}'],
  ['a needless escape', '{"a":"\\u0062"}'],
  ['a number that is not exact', '{"a":9007199254740993}'],
  ['a lone surrogate', '{"a":"\\ud800"}'],
  ['depth', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
  ['text', '"a"'],
])('a packet with %s is not canonical', (_, text) => {
  expect(() => parsePacketText(text)).toThrow(refusal('packet_not_canonical'));
});

test.each([
  ['report id', { reportId: '","packet":{}' }],
  ['key id', { signature: { ...example, key_id: 'a"b' } }],
  ['signature', { signature: { ...example, value: 'AA==' } }],
  ['digest', { signature: { ...example, canonical_sha256: 'x' } }],
])('no document is made with a %s that a reader would refuse', (_, changed) => {
  const parts = { reportId: example.report_id, packetText: example.packet_text, signature: example, ...changed };
  expect(() => formatSignedPacket(parts)).toThrow(refusal('packet_envelope'));
});
