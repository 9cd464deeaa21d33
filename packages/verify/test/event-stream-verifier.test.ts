import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, test } from 'vitest';

import { Random } from '../../formats/test/support/random.ts';
import { createEventStreamVerifier, verifyAuditEvents, type AuditEventsVerdict } from '../src/index.ts';
import { macOf, makeCsv, makeEvents, SECRET, type EventSpec } from './support/python-documents.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function verifyInPieces(bytes: Uint8Array, size: () => number, options = { secrets: SECRET }): AuditEventsVerdict {
  const verifier = createEventStreamVerifier(options);
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.slice(at, at + size());
    verifier.push(piece);
    at += piece.length;
    // The giver may use the memory again.
    piece.fill(0x21);
  }
  return verifier.finish();
}

const specs: EventSpec[] = [
  { sequence: 0, timestamp: '2026-03-01T00:00:00Z', details: { text: 'é中😀 \\" ]}' } },
  { sequence: 1, timestamp: '2026-03-01T00:00:01Z', user_agent: 'a, "b"\r\nc' },
];
const events = makeEvents(specs);
const inputs = [
  events[0]!,
  `{"items":[${events.join()}]}`,
  ` {\n"items" : [ ${[...events].reverse().join(' , ')} ] , "total":2,"page":1,"page_size":50,"pages":1 } `,
  `[${events.join()}]`,
  `${events.join('\n')}\n`,
  makeCsv(specs),
];

test('where the chunks are cut makes no difference', () => {
  const random = new Random(7);
  const broken = inputs.flatMap((text) => [text.slice(0, -3), `${text}x`, text.replace('"off"', '"of"')]);
  for (const text of [...inputs, ...broken]) {
    const bytes = bytesOf(text);
    const whole = verifyAuditEvents(bytes, { secrets: SECRET });
    expect(verifyInPieces(bytes, () => 1)).toEqual(whole);
    expect(verifyInPieces(bytes, () => random.below(40))).toEqual(whole);
  }
  for (const text of inputs) expect(verifyAuditEvents(bytesOf(text), { secrets: SECRET }).outcome).toBe('pass');
});

test('X-Audit-Signature is over all pieces', () => {
  const text = inputs[3]!;
  const options = { secrets: SECRET, responseSignature: macOf(text, SECRET) };
  expect(verifyInPieces(bytesOf(text), () => 100, options).outcome).toBe('pass');
  expect(verifyInPieces(bytesOf(`${text}\n`), () => 100, options).outcome).toBe('fail');
});

test('it tells how far it is', () => {
  const verifier = createEventStreamVerifier({ secrets: SECRET });
  const bytes = bytesOf(inputs[3]!);
  verifier.push(bytes.subarray(0, -1));
  expect(verifier.progress).toEqual({ bytes: bytes.length - 1, events: 2 });
  verifier.push(bytes.subarray(-1));
  expect(verifier.finish()).toMatchObject({ outcome: 'pass', events: 2 });
});

test('after what it could not read it takes the rest and reads no more of it', () => {
  const verifier = createEventStreamVerifier({ secrets: SECRET });
  verifier.push(bytesOf('[1,'));
  for (let i = 0; i < 1000; i++) verifier.push(bytesOf(events[0]!));
  const verdict = verifier.finish();
  expect(verdict).toMatchObject({ outcome: 'fail', events: 0, form: undefined });
});

test('what has been read is not kept', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    // Buffers are swept beside the program, and counted until the collection after that.
    for (let round = 0; round < 3; round++) collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const [large] = makeEvents([
    { sequence: 0, timestamp: '2026-03-01T00:00:00Z', details: { text: 'x'.repeat(40_000) } },
  ]);
  const chunk = bytesOf(`${large!}\n`.repeat(20));
  const verifier = createEventStreamVerifier({ secrets: SECRET });
  verifier.push(chunk);
  const before = held();
  for (let i = 0; i < 10; i++) verifier.push(chunk.slice());
  expect(chunk.length * 10).toBeGreaterThan(8_000_000);
  expect(held() - before).toBeLessThan(3_000_000);
  expect(verifier.finish().events).toBe(220);
});

test('it throws only when it was called wrongly', () => {
  const verifier = createEventStreamVerifier();
  expect(() => verifier.push('[]' as never)).toThrow(TypeError);
  verifier.finish();
  expect(() => verifier.push(new Uint8Array())).toThrow(TypeError);
  expect(() => verifier.finish()).toThrow(TypeError);
});
