import { describe, expect, test } from 'vitest';

import { readVector, readVectors, type PacketVector } from '../../formats/test/support/vectors.ts';
import { verifyPacket, type PacketOptions, type PacketVerdict } from '../src/index.ts';
import { makePackets } from './support/python-documents.ts';
import { hostileInputs, memberSwaps, tamperings, truncations } from './support/tampering.ts';

/** For thousands of verdicts on a busy machine. */
const MANY = { timeout: 240_000 };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const ids = (verdict: PacketVerdict, outcome: 'pass' | 'fail' | 'not_checked'): string[] =>
  verdict.checks.filter((check) => check.outcome === outcome).map((check) => check.id);

const example = readVector<PacketVector>('valid/evidence-packet', 'worked-example');
const { document, keys, fingerprint, packet } = example;
const bytes = bytesOf(document);
const known: PacketOptions = { keysDocument: keys, trustedFingerprints: [fingerprint] };
const EVERY_CHECK = [
  'document',
  'canonical',
  'digest',
  'report_id',
  'key',
  'key_time',
  'key_trusted',
  'signature',
  'evidence_refs',
  'judged_again',
];

describe('a genuine packet', () => {
  test('passes every check, in their fixed order, and its content may be believed', () => {
    const verdict = verifyPacket(bytes, known);
    expect(verdict.checks.map((check) => check.id)).toEqual(EVERY_CHECK);
    // The example names no catalogue; judge-again.test.ts and the frozen packets have those that do.
    expect(ids(verdict, 'pass')).toEqual(EVERY_CHECK.slice(0, -1));
    expect(verdict).toMatchObject({ kind: 'evidence_packet', outcome: 'pass', keyFingerprint: fingerprint });
    expect(verdict.packet).toEqual(packet);
  });

  test.each(readVectors<PacketVector>('valid/evidence-packet'))('vector %s passes', (_, vector) => {
    const keysDocument = bytesOf(vector.keys);
    const pinned = verifyPacket(bytesOf(vector.document), { keysDocument, trustedFingerprints: [vector.fingerprint] });
    expect([pinned.outcome, ids(pinned, 'fail')]).toEqual(['pass', []]);
  });

  test('passes as a view into a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    expect(verifyPacket(larger.subarray(7, 7 + bytes.length), known).outcome).toBe('pass');
  });

  test('without pinned fingerprints passes, and it is said that nobody vouched for the key', () => {
    const verdict = verifyPacket(bytes, { keysDocument: keys });
    expect(ids(verdict, 'not_checked')).toEqual(['key_trusted', 'judged_again']);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.checks.find((check) => check.id === 'key_trusted')?.detail).toContain(fingerprint);
  });

  test('without the keys is not checked, and shows no packet to believe', () => {
    const verdict = verifyPacket(bytes);
    expect(ids(verdict, 'not_checked')).toEqual([
      'key',
      'key_time',
      'key_trusted',
      'signature',
      'evidence_refs',
      'judged_again',
    ]);
    expect(verdict).toMatchObject({ outcome: 'not_checked', packet: null, keyFingerprint: null });
  });

  test('is recognised by a fingerprint in capitals with colons', () => {
    const pin = fingerprint.toUpperCase().replaceAll(/(..)(?!$)/g, '$1:');
    expect(verifyPacket(bytes, { keysDocument: keys, trustedFingerprints: ['ab'.repeat(32), pin] }).outcome).toBe(
      'pass',
    );
  });

  test('passes under a key that was published as SubjectPublicKeyInfo', () => {
    const spki = Buffer.from(`302a300506032b6570032100${example.public_key}`, 'hex').toString('base64');
    const keysDocument = keys.replace(Buffer.from(example.public_key, 'hex').toString('base64'), spki);
    expect(keysDocument).not.toBe(keys);
    expect(verifyPacket(bytes, { ...known, keysDocument }).outcome).toBe('pass');
  });
});

describe('a tampered packet', () => {
  test('fails a named check for every byte that is changed, dropped or put in', MANY, () => {
    for (const { how, bytes: changed } of tamperings(bytes)) {
      const verdict = verifyPacket(changed, known);
      if (verdict.outcome !== 'fail' || ids(verdict, 'fail').length === 0) expect.fail(`passes although ${how}`);
      const signed = verdict.packet !== null && JSON.stringify(verdict.packet) !== example.packet_text;
      if (signed) expect.fail(`another packet is vouched for although ${how}`);
    }
  });

  test('fails "document" wherever it is cut off', () => {
    for (const cut of truncations(bytes)) {
      if (!ids(verifyPacket(cut, known), 'fail').includes('document')) expect.fail(`cut after ${cut.length} bytes`);
    }
  });

  test('fails for any two members that changed places', () => {
    const swaps = memberSwaps(document);
    expect(swaps.length).toBeGreaterThan(10);
    for (const swapped of swaps) expect(verifyPacket(bytesOf(swapped), known).outcome).toBe('fail');
  });

  const inner = example.packet_text;
  const signature = document.slice(document.lastIndexOf('{"algorithm"'), -1);
  const [other] = makePackets([{ ...packet, framework: 'dora' }]) as [string];
  test.each([
    ['a genuine one under another member', `{"x":${document},"packet":{},"signature":${signature}}`, ['document']],
    [
      'an invented packet before',
      document.replace('"packet":', '"packet":{},"packet":'),
      ['canonical', 'digest', 'signature'],
    ],
    [
      'a genuine packet inside an invented one',
      document.replace(inner, `{"packet":${inner}}`),
      ['digest', 'key_time', 'signature'],
    ],
    ['a second packet behind', document.replace(/\}$/, ',"packet":{}}'), ['document']],
    ['a further member', document.replace(/\}$/, ',"note":"all is well"}'), ['document']],
    ['white space before', ` ${document}`, ['document']],
    ['a line end behind', `${document}\n`, ['document']],
    ['printed again with indentation', JSON.stringify(JSON.parse(document), null, 2), ['document']],
    ['no signature', `{"report_id":"${example.report_id}","packet":${inner}}`, ['document']],
    ['another algorithm', document.replace('"Ed25519"', '"none"'), ['document']],
    ['another report id', document.replace(example.report_id, example.report_id.replace('7', '8')), ['report_id']],
    ['another digest', document.replace(example.canonical_sha256, '0'.repeat(64)), ['digest']],
    ['another key id', document.replace('"key_id":"key-2026-06"', '"key_id":"key-2026-05"'), ['key']],
    [
      "another packet's signature",
      document.replace(signature, other.slice(other.lastIndexOf('{"algorithm"'), -1)),
      ['digest', 'signature'],
    ],
    ['an escape that says the same', document.replace('soc2', '\\u0073oc2'), ['canonical', 'digest', 'signature']],
    ['a control that is not escaped', document.replace('Åcme', 'Åcm\u0000'), ['canonical', 'digest', 'signature']],
  ])('fails for %s', (_, changed, failing) => {
    const verdict = verifyPacket(bytesOf(changed), known);
    expect(changed).not.toBe(document);
    expect(ids(verdict, 'fail')).toEqual(failing);
    expect(verdict.outcome).toBe('fail');
    if (failing.includes('signature')) expect(verdict.packet).toBeNull();
  });
});

describe('the document of keys', () => {
  const entry = /\{"key_id.*\}(?=\])/.exec(keys)![0];
  const retired = (at: string): string =>
    keys.replace('"active":true,"retired_at":null', `"active":false,"retired_at":"${at}"`);
  const smallOrder = Buffer.concat([Buffer.of(1), Buffer.alloc(31)]).toString('base64');
  const publicKey = Buffer.from(example.public_key, 'hex').toString('base64');

  test.each([
    ['lacks the key', keys.replace('key-2026-06', 'key-2026-05'), 'key'],
    ['has the key twice', keys.replace(entry, `${entry},${entry}`), 'key'],
    ['has a key of small order', keys.replace(publicKey, smallOrder), 'key'],
    ['has no key of 32 bytes', keys.replace(publicKey, 'AAAA'), 'key'],
    ['has another algorithm', keys.replaceAll('Ed25519', 'Ed448'), 'key'],
    ['says neither active nor retired', keys.replace('"active":true', '"active":false'), 'key'],
    ['has a time that is none', retired('yesterday'), 'key'],
    ['lists nothing', '{}', 'key'],
    ['is not JSON', 'key', 'key'],
    ['is empty', '', 'key'],
    [
      'has another key under the id',
      keys.replace(
        publicKey,
        Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex').toString('base64'),
      ),
      'signature',
    ],
    ['says that the key was retired before', retired('2026-06-22T09:59:59Z'), 'key_time'],
  ])('%s: that check fails', (_, keysDocument, id) => {
    const verdict = verifyPacket(bytes, { keysDocument });
    expect(ids(verdict, 'fail')).toEqual([id]);
    if (id !== 'key_time') expect(verdict.packet).toBeNull();
  });

  test('may say that the key was retired in the very second, or later', () => {
    for (const at of ['2026-06-22T10:00:00Z', '2026-07-01T00:00:00.5Z']) {
      expect(verifyPacket(bytes, { ...known, keysDocument: retired(at) }).outcome).toBe('pass');
    }
  });

  test('and a key that nobody pinned: "key_trusted" fails, whatever else holds', () => {
    const verdict = verifyPacket(bytes, { keysDocument: keys, trustedFingerprints: ['ab'.repeat(32)] });
    expect(ids(verdict, 'fail')).toEqual(['key_trusted']);
  });
});

test('with a good signature and content that contradicts itself, the check that names why fails', () => {
  const [control] = packet['controls'] as [object];
  const withControl = (change: object): object => ({ ...packet, controls: [{ ...control, ...change }] });
  const { report_id: _, ...nameless } = packet;
  const { generated_at: __, ...timeless } = packet;
  const cases: [object, string[]][] = [
    [withControl({ evidence_refs: ['services[*].tls'] }), ['evidence_refs']],
    [withControl({ evidence_refs: ['services[*].tls_enabled.more'] }), ['evidence_refs']],
    [withControl({ evidence_refs: ['services.tls_enabled'] }), ['evidence_refs']],
    [withControl({ evidence_refs: ['__proto__'] }), ['evidence_refs']],
    [withControl({ evidence_refs: [1] }), ['evidence_refs']],
    [withControl({ evidence_refs: null }), ['evidence_refs']],
    [withControl({ evidence_refs: [], status: 'attested' }), ['evidence_refs']],
    [withControl({ evidence_refs: [], status: 'not_applicable' }), []],
    [withControl({ evidence_refs: ['services', 'services[*].service_id'] }), []],
    [{ ...packet, evidence: { services: [] } }, []],
    [{ ...packet, controls: {} }, ['evidence_refs']],
    [{ ...packet, report_id: '8d1f8a52-6c3e-4b0d-9a14-2f5b8c7e6d90' }, ['report_id']],
    [nameless, []],
    [timeless, ['key_time']],
    [{ ...packet, generated_at: 'today' }, ['key_time']],
  ];
  const documents = makePackets(cases.map(([one]) => one));
  for (const [i, [, failing]] of cases.entries()) {
    const verdict = verifyPacket(bytesOf(documents[i]!), known);
    expect([i, ids(verdict, 'fail')]).toEqual([i, failing]);
    expect(verdict.outcome).toBe(failing.length === 0 ? 'pass' : 'fail');
    expect(verdict.packet).not.toBeNull();
  }
});

test('a packet with floats or other bytes that are not canonical fails "canonical", though it was signed so', () => {
  const [text] = makePackets([{ ...packet, share: 1e-7 }]) as [string];
  const verdict = verifyPacket(bytesOf(text), known);
  expect(ids(verdict, 'fail')).toEqual(expect.arrayContaining(['canonical']));
  expect(verdict.packet).toBeNull();
});

test.each(hostileInputs())('%s gets a verdict that is not pass', (_, makeInput) => {
  const verdict = verifyPacket(makeInput(), known);
  expect(verdict.outcome).toBe('fail');
  expect(ids(verdict, 'fail')).toContain('document');
  const keysVerdict = verifyPacket(bytes, { keysDocument: makeInput() });
  expect(ids(keysVerdict, 'fail')).toEqual(['key']);
  for (const { detail } of [...verdict.checks, ...keysVerdict.checks]) expect(detail.length).toBeLessThan(500);
});

test('it throws only when it was called wrongly', () => {
  expect(() => verifyPacket(document as never)).toThrow(TypeError);
  expect(() => verifyPacket(bytes, { keysDocument: JSON.parse(keys) as never })).toThrow(TypeError);
  expect(() => verifyPacket(bytes, { trustedFingerprints: [] })).toThrow(TypeError);
  expect(() => verifyPacket(bytes, { trustedFingerprints: ['ab'] })).toThrow(TypeError);
});
