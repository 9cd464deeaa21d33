import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import {
  canonicalJson,
  ExactJson,
  exactJsonSteps,
  FormatError,
  parseExactJson,
  toAsciiJson,
  type FormatErrorCode,
  type JsonValue,
} from '../src/index.ts';
import { randomObjectText } from './support/json-text.ts';
import { Random } from './support/random.ts';
import { readVectors } from './support/vectors.ts';

// Generating inputs takes long on a busy machine, and a test must not fail for that.
vi.setConfig({ testTimeout: 60_000 });

interface RefusedVector {
  readonly code: FormatErrorCode;
  readonly pieces: readonly (readonly [text: string, times: number])[];
}

function refusal(read: () => unknown): FormatError {
  try {
    read();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

function outcome(read: () => unknown): { readonly value?: unknown; readonly code?: FormatErrorCode } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof FormatError) return { code: error.code };
    throw error;
  }
}

describe('parseExactJson', () => {
  test.each(readVectors<RefusedVector>('invalid/exact-json'))('refuses %s', (_, vector) => {
    const text = vector.pieces.map(([piece, times]) => piece.repeat(times)).join('');
    const error = refusal(() => parseExactJson(text, { exactMember: 'details' }));
    expect(error.code).toBe(vector.code);
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(text.length);
  });

  test.each([
    ['json_syntax', '{"a":[1,2}', 9],
    ['json_duplicate_key', '{"a":1,"b":{},"\\u0061":2}', 14],
    ['json_lone_surrogate', '["ab\\ud800"]', 4],
    ['json_number_range', '[1,-1e999]', 3],
    ['json_depth', '[[[1]]]', 2],
  ] as const)('says where: %s in %s', (code, text, offset) => {
    expect(refusal(() => parseExactJson(text, { maxDepth: 2 }))).toMatchObject({ code, offset });
  });

  test('reads what JSON.parse reads, and refuses what it refuses', () => {
    const random = new Random(1);
    const alphabet = [...'{}[]:,"\\/ \t\n0123456789.-+eEtrufalsn', '\u0000', '\u00a0', 'é', '\ufeff'];
    // Beyond JSON.parse's refusals, the only ones that a changed character can cause.
    const ours = ['json_duplicate_key', 'json_lone_surrogate', 'json_number_range'];
    const counts = { accepted: 0, refused: 0 };
    const wrong = random
      .times(2500, () => mutate(random, randomObjectText(random, 0), alphabet))
      .filter((text) => {
        const wanted = attempt(() => JSON.parse(text) as unknown);
        const seen = attempt(() => parseExactJson(text));
        if (seen === undefined) {
          counts.refused++;
          return wanted !== undefined && !ours.includes(refusal(() => parseExactJson(text)).code);
        }
        counts.accepted++;
        return !isDeepStrictEqual(seen, wanted) || JSON.stringify(seen) !== JSON.stringify(wanted);
      });
    expect(wrong).toEqual([]);
    expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(500);
  });

  test('reads UTF-8 as it reads the text, and refuses the same', () => {
    const random = new Random(2);
    const alphabet = [...'{}[]:,"\\/ud8\t0.e', 'é', '\u007f', '\ud7ff', '\ufeff', '\uffff', '😀', '\\ud83d', '\\ude00'];
    const counts = { accepted: 0, refused: 0, notAscii: 0 };
    const wrong = random
      .times(2500, () =>
        mutate(random, `[${randomObjectText(random, 0)},{"details":${randomObjectText(random, 0)}}]`, alphabet),
      )
      // A pair that was cut apart has no UTF-8.
      .filter((text) => Buffer.from(text).toString() === text)
      .filter((text) => {
        const bytes = Buffer.from(text).toString('latin1');
        const wanted = outcome(() => parseExactJson(text, { exactMember: 'details' }));
        const seen = outcome(() => parseExactJson(bytes, { exactMember: 'details', isUtf8: true }));
        counts[seen.code === undefined ? 'accepted' : 'refused']++;
        if (bytes.length > text.length) counts.notAscii++;
        return !isDeepStrictEqual(seen, wanted);
      });
    expect(wrong).toEqual([]);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(500);
  });

  test('reads in steps what it reads at once, and refuses the same', () => {
    const random = new Random(3);
    const steps = { none: 0, some: 0, refused: 0 };
    const wrong = Array.from({ length: 400 }, (_, index) => {
      const item = randomObjectText(random, 0);
      const items = Array.from({ length: index % 4 === 0 ? Math.ceil(120_000 / item.length) : index % 4 }, () => item);
      const text = `{"a":[${items.join()}],"details":${item},"b":[[],[{}]], "c":${item}}`;
      return index % 3 === 0 ? mutate(random, text, [...'{}[],:"']) : text;
    }).filter((text) => {
      const wanted = outcome(() => parseExactJson(text, { exactMember: 'details' }));
      let turns = 0;
      const seen = outcome(() => {
        const reading = exactJsonSteps(text, { exactMember: 'details' });
        for (;;) {
          const step = reading.next();
          if (step.done === true) return step.value;
          turns += 1;
        }
      });
      steps[seen.code !== undefined ? 'refused' : turns === 0 ? 'none' : 'some']++;
      return !isDeepStrictEqual(seen, wanted) || (text.length < 50_000 && turns > 0);
    });
    expect(wrong).toEqual([]);
    expect(Math.min(...Object.values(steps))).toBeGreaterThan(50);
  });

  test.each([
    '[1',
    '[]',
    '{}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":[1 2]}',
    '{"a":[}',
    '{"a":[]',
    '{"a":1,}',
    '{,}',
    '1',
    '',
  ])('reads or refuses %j in steps as at once', (text) => {
    const seen = outcome(() => exactJsonSteps(text).next().value);
    expect(seen).toEqual(outcome(() => parseExactJson(text)));
  });

  test('says where in bytes, if it reads bytes', () => {
    const bytes = Buffer.from('{"é":1,"é":2}').toString('latin1');
    expect(refusal(() => parseExactJson(bytes, { isUtf8: true }))).toMatchObject({
      code: 'json_duplicate_key',
      offset: 8,
    });
  });

  test.each([
    '[{"a":1,"b":2},{"a":1,"b":2,"c":3},{"b":1},{},{"a":1}]',
    '[{"ab":1},{"a":1},{"abc":1},{"ab":1}]',
    '[{"":1},{"a":1},{"":2}]',
    String.raw`[{"a\"b":1},{"a\"b":2},{"a":1},{"\u0061":3},{"a":4}]`,
    '[{"a":{"x":1,"y":2}},{"a":{"y":1}},{"x":{"a":2}}]',
  ])('objects that are alike, or nearly, keep their own names: %s', (text) => {
    expect(parseExactJson(text)).toEqual(JSON.parse(text));
  });

  test('a name that comes twice is refused where the object before had it', () => {
    expect(refusal(() => parseExactJson('[{"a":1,"b":2},{"a":1,"a":2}]')).code).toBe('json_duplicate_key');
    expect(refusal(() => parseExactJson('[{"a":1,"b":2},{"b":1,"b":2}]')).code).toBe('json_duplicate_key');
  });

  test('__proto__ is a member like any other', () => {
    const value = parseExactJson('{"__proto__":{"admin":true},"a":{"__proto__":null}}') as {
      [name: string]: JsonValue;
    };
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value['admin']).toBeUndefined();
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true},"a":{"__proto__":null}}');
    expect(({} as { admin?: true }).admin).toBeUndefined();
  });

  test('an object under the exact name is kept as text, at any level and however the name is written', () => {
    const text = '{"details": {"b":1.0, "1":[ ]},"list":[{"d\\u0065tails":{"n":12345678901234567890}}]}';
    expect(parseExactJson(text, { exactMember: 'details' })).toStrictEqual({
      details: new ExactJson('{"b":1.0,"1":[]}'),
      list: [{ details: new ExactJson('{"n":12345678901234567890}') }],
    });
  });

  test('a value under the exact name that is no object is built', () => {
    const text = '[{"details":[{"a":1}]},{"details":null},{"details":"{}"},{"details":1}]';
    expect(parseExactJson(text, { exactMember: 'details' })).toStrictEqual(JSON.parse(text));
  });

  test('an exact member inside an exact member is part of its text', () => {
    expect(parseExactJson('{"details":{"details":{"a" : 1}}}', { exactMember: 'details' })).toStrictEqual({
      details: new ExactJson('{"details":{"a":1}}'),
    });
  });

  test("an exact member's levels are counted afresh, so an event is accepted inside whatever carries it", () => {
    const details = (levels: number) => '{"x":' + '['.repeat(levels - 1) + ']'.repeat(levels - 1) + '}';
    for (const carrier of ['{"details":#}', '{"events":[{"details":#}]}']) {
      const read = (levels: number) =>
        parseExactJson(carrier.replace('#', details(levels)), { exactMember: 'details' });
      expect(() => read(64)).not.toThrow();
      expect(refusal(() => read(65)).code).toBe('json_depth');
    }
  });

  test('maxDepth counts arrays and objects alike', () => {
    expect(parseExactJson('[{"a":[1]}]', { maxDepth: 3 })).toEqual([{ a: [1] }]);
    expect(refusal(() => parseExactJson('[{"a":[[]]}]', { maxDepth: 3 })).code).toBe('json_depth');
    expect(() => parseExactJson('['.repeat(1000) + ']'.repeat(1000), { maxDepth: 1000 })).not.toThrow();
  });

  test.each([0, -1, 1.5, NaN, 1001])('a maxDepth of %s is a mistake of the caller', (maxDepth) => {
    expect(() => parseExactJson('1', { maxDepth })).toThrow(RangeError);
  });

  test('a hundred thousand names are read, and a second one among them is refused', () => {
    const members = Array.from({ length: 100_000 }, (_, i) =>
      i % 2 === 0 ? `"k${i}":${i}` : `"${i * 64}":${i}`,
    ).join();
    expect(Object.keys(parseExactJson(`{${members}}`) as object)).toHaveLength(100_000);
    expect(refusal(() => parseExactJson(`{${members},"k70000":0}`)).code).toBe('json_duplicate_key');
    expect(refusal(() => canonicalJson(`{${members},"4480064":0}`))).toMatchObject({
      code: 'json_duplicate_key',
      offset: members.length + 2,
    });
  });

  test('names of one object are no duplicates of names around it or beside it', () => {
    const text = '{"a":{"a":{"b":1},"b":2},"b":{"a":3},"c":[{"a":4},{"a":5}]}';
    expect(parseExactJson(text)).toStrictEqual(JSON.parse(text));
    expect(canonicalJson(text)).toBe(text);
  });
});

describe('canonicalJson', () => {
  test.each(readVectors<{ json: string; canonical: string; ascii: string }>('valid/exact-json'))(
    '%s comes out as in Python',
    (_, vector) => {
      expect(canonicalJson(vector.json)).toBe(vector.canonical);
      expect(toAsciiJson(vector.canonical)).toBe(vector.ascii);
    },
  );

  test('takes any value and white space around it', () => {
    for (const [text, canonical] of [
      [' 1.50 ', '1.5'],
      ['\n"\\u0041"', '"A"'],
      ['-0', '0'],
      [' [ ] ', '[]'],
      ['null', 'null'],
    ] as const) {
      expect(canonicalJson(text)).toBe(canonical);
    }
  });

  test('changes nothing in its own output', () => {
    const random = new Random(2);
    for (let i = 0; i < 500; i++) {
      const canonical = canonicalJson(randomObjectText(random, 0));
      expect(canonicalJson(canonical)).toBe(canonical);
    }
  });

  test.each(['', ' ', '1 1', '{} x', '[1'])('refuses %j', (text) => {
    expect(refusal(() => canonicalJson(text)).code).toBe('json_syntax');
  });
});

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Leaves one in three as it is; otherwise drops, doubles or replaces up to three characters, or cuts the end off. */
function mutate(random: Random, text: string, alphabet: readonly string[]): string {
  if (random.chance(0.33)) return text;
  let mutated = text;
  for (let i = random.below(3); i >= 0; i--) {
    const at = random.below(mutated.length);
    const kind = random.below(4);
    const piece = kind === 0 ? '' : kind === 1 ? mutated.charAt(at).repeat(2) : random.pick(alphabet);
    mutated =
      kind === 3 && random.chance(0.2) ? mutated.slice(0, at) : mutated.slice(0, at) + piece + mutated.slice(at + 1);
  }
  return mutated;
}
