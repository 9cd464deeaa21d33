import { describe, expect, test } from 'vitest';

import { formatJcs, formatJcsInSteps } from '../src/index.ts';
import { jcsNumber, writeJcs } from '../src/jcs.ts';
import { askPython } from './support/python.ts';
import { Random } from './support/random.ts';
import { readVector } from './support/vectors.ts';

const refusal = (code: string): unknown => expect.objectContaining({ name: 'FormatError', code });

describe("RFC 8785's own examples", () => {
  test('section 3.2.2: primitives, to the byte', () => {
    const { json, utf8_hex: hex } = readVector<{ json: string; utf8_hex: string }>('valid/jcs', 'rfc8785-3.2.2');
    const text = writeJcs(JSON.parse(json), jcsNumber);
    expect(Buffer.from(text).toString('hex')).toBe(hex.replaceAll(' ', ''));
    // Its 1E30 is a whole number that not every reader can hold.
    expect(() => formatJcs(JSON.parse(json))).toThrow(refusal('json_number_range'));
  });

  test('section 3.2.3: members are in the order of UTF-16 code units', () => {
    const { json, values } = readVector<{ json: string; values: string[] }>('valid/jcs', 'rfc8785-3.2.3');
    const text = formatJcs(JSON.parse(json));
    const places = values.map((value) => text.indexOf(JSON.stringify(value)));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(JSON.parse(text)).toEqual(JSON.parse(json));
  });

  test('appendix B: numbers', () => {
    const { numbers } = readVector<{ numbers: Record<string, string | null> }>('valid/jcs', 'rfc8785-appendix-b');
    expect(Object.keys(numbers)).toHaveLength(26);
    for (const [hex, printed] of Object.entries(numbers)) {
      const value = Buffer.from(hex, 'hex').readDoubleBE();
      if (printed === null) expect(() => jcsNumber(value)).toThrow(refusal('json_number_range'));
      else expect(jcsNumber(value)).toBe(printed);
    }
  });
});

test('what Python prints with sort_keys is the same, where values are strings, whole numbers, booleans and null', () => {
  const random = new Random(8785);
  const letter = (): string => {
    const code = random.pick([
      () => 0x20 + random.below(0x5f),
      () => random.below(0x20),
      () => 0x7f + random.below(0xd700),
    ])();
    return String.fromCharCode(code);
  };
  const text = (): string => random.times(random.below(12), letter).join('');
  const value = (depth: number): unknown => {
    const kind = random.below(depth > 5 ? 5 : 8);
    if (kind === 0) return random.pick([null, true, false]);
    if (kind < 3) return text() + (random.chance(0.2) ? '😀' : '');
    if (kind < 5) return random.pick([0, 1, -1, random.uint32(), 2 ** 53 - 1, 1 - 2 ** 53]);
    if (kind === 5) return random.times(random.below(5), () => value(depth + 1));
    return Object.fromEntries(random.times(random.below(12), () => [text(), value(depth + 1)]));
  };
  const values = random.times(400, () => value(0));
  const printed = askPython<unknown, string>(
    '    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))',
    values,
  );
  expect(values.map(formatJcs)).toEqual(printed);
});

test('a member that only looks dangerous is a member', () => {
  const value: unknown = JSON.parse('{"constructor":1,"__proto__":{"x":[]},"10":2,"9":3}');
  expect(formatJcs(value)).toBe('{"10":2,"9":3,"__proto__":{"x":[]},"constructor":1}');
  expect(formatJcs(Object.assign(Object.create(null), { b: 1, a: -0 }))).toBe('{"a":0,"b":1}');
});

test.each([
  ['undefined', undefined, 'jcs_value'],
  ['an undefined member', { a: undefined }, 'jcs_value'],
  ['an undefined item', [1, undefined], 'jcs_value'],
  ['a hole in an array', Array(2), 'jcs_value'],
  ['a function', { a: () => 1 }, 'jcs_value'],
  ['a symbol', Symbol('a'), 'jcs_value'],
  ['a bigint', 1n, 'jcs_value'],
  ['a date', new Date(0), 'jcs_value'],
  ['a map', new Map(), 'jcs_value'],
  ['bytes', new Uint8Array(2), 'jcs_value'],
  ['an object of a class', new URL('https://example.com'), 'jcs_value'],
  ['a string object', Object('a'), 'jcs_value'],
  ['NaN', [NaN], 'json_number_range'],
  ['infinity', -Infinity, 'json_number_range'],
  ['a whole number beyond 2^53 - 1', 2 ** 53, 'json_number_range'],
  ['a lone surrogate', 'a\ud800', 'json_lone_surrogate'],
  ['a lone surrogate in a name', { '\udc00': 1 }, 'json_lone_surrogate'],
  ['too much depth', JSON.parse('['.repeat(65) + ']'.repeat(65)), 'json_depth'],
])('%s is refused, never left out', (_, value, code) => {
  expect(() => formatJcs(value)).toThrow(refusal(code));
  expect(() => [...formatJcsInSteps(value)]).toThrow(refusal(code));
});

test('64 levels are within bounds', () => {
  const text = '['.repeat(64) + ']'.repeat(64);
  expect(formatJcs(JSON.parse(text))).toBe(text);
  expect([...formatJcsInSteps(JSON.parse(text))].join('')).toBe(text);
});

test('an object that holds itself is refused', () => {
  const loop: Record<string, unknown> = {};
  loop['loop'] = loop;
  expect(() => formatJcs(loop)).toThrow(refusal('json_depth'));
});
