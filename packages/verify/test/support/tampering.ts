/** Every document that one small change makes of `bytes`: a byte changed in several ways or dropped, a space put in. */
export function* tamperings(bytes: Uint8Array): Generator<{ at: number; how: string; bytes: Uint8Array }> {
  for (let at = 0; at < bytes.length; at++) {
    const old = bytes[at]!;
    const values = new Set([old ^ 0x01, old ^ 0x20, 0x22]);
    values.delete(old);
    for (const value of values) {
      const changed = bytes.slice();
      changed[at] = value;
      yield { at, how: `byte ${at} is ${value} instead of ${old}`, bytes: changed };
    }
    yield { at, how: `byte ${at} is dropped`, bytes: spliced(bytes, at, at + 1, []) };
    yield { at, how: `a space before byte ${at}`, bytes: spliced(bytes, at, at, [0x20]) };
  }
}

/** Each beginning of `bytes`, from nothing up to all but the last byte. */
export function truncations(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, length) => bytes.subarray(0, length));
}

/** Each text in which two neighbouring members of one object, at any level, have changed places. */
export function memberSwaps(text: string): string[] {
  const swapped: string[] = [];
  const root: unknown = JSON.parse(text);
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) {
      const object = value as Record<string, unknown>;
      const entries = Object.entries(object);
      for (let i = 1; i < entries.length; i++) {
        const reordered = [...entries.slice(0, i - 1), entries[i]!, entries[i - 1]!, ...entries.slice(i + 1)];
        for (const name of Object.keys(object)) delete object[name];
        Object.assign(object, Object.fromEntries(reordered));
        swapped.push(JSON.stringify(root));
      }
      for (const name of Object.keys(object)) delete object[name];
      Object.assign(object, Object.fromEntries(entries));
    }
    Object.values(value).forEach(visit);
  };
  visit(root);
  return swapped;
}

/** What tries to exhaust or confuse a reader. */
export function hostileInputs(): [string, () => Uint8Array][] {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const filled = (length: number, code: number): Uint8Array => new Uint8Array(length).fill(code);
  return [
    ['nothing', () => new Uint8Array()],
    ['a hundred million brackets', () => filled(100_000_000, 0x5b)],
    ['a hundred million braces', () => filled(100_000_000, 0x7b)],
    ['a hundred million spaces', () => filled(100_000_000, 0x20)],
    ['a string without end', () => text(`{"report":"${'x'.repeat(9_000_000)}`)],
    ['an event without end', () => text(`[{"id":"${'x'.repeat(9_000_000)}`)],
    ['deep objects', () => text('{"report":'.repeat(200_000))],
    ['deep details', () => text(`{"details":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}}`)],
    ['deep arrays that are closed', () => text('['.repeat(200_000) + ']'.repeat(200_000))],
    ['a huge integer', () => text(`{"report":${'9'.repeat(1_000_000)}}`)],
    ['a huge exponent', () => text('{"items":[{"sequence":1e999999999}]}')],
    ['many commas', () => text(`[${','.repeat(1_000_000)}]`)],
    [
      'many cells',
      () =>
        text(
          `id,action,resource_type,resource_id,actor_id,actor_username,timestamp,ip_address,user_agent,details,signature,recorded_at,sequence,signature_key_id\r\n${','.repeat(1_000_000)}\r\n`,
        ),
    ],
    ['many empty events', () => text(`[${'{},'.repeat(100_000)}{}]`)],
    ['many members', () => text(`{${Array.from({ length: 50_000 }, (_, i) => `"${i}":0`).join()}}`)],
    ['one name twice', () => text('{"report":{},"report":{},"signature":{}}')],
    ['__proto__', () => text('{"report":{"__proto__":{"organization_id":"x"}},"signature":{"__proto__":1}}')],
    ['__proto__ in an event', () => text('{"__proto__":{"id":"x"},"id":"y"}')],
    ['invalid UTF-8', () => Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d)],
    ['invalid UTF-8 in an event', () => Uint8Array.of(0x5b, 0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x5d)],
    ['a lone surrogate', () => text('{"items":[{"id":"\\ud800"}]}')],
    ['UTF-16', () => Uint8Array.from([...'{"report":{}}'].flatMap((letter) => [letter.charCodeAt(0), 0]))],
    ['a byte order mark', () => text('\ufeff{"report":{},"signature":{}}')],
    ['random bytes', () => Uint8Array.from({ length: 100_000 }, (_, i) => (i * 2_654_435_761) >>> 24)],
    ['null', () => text('null')],
    ['both markers and nothing else', () => text('"report":,"signature"')],
  ];
}

function spliced(bytes: Uint8Array, from: number, to: number, put: readonly number[]): Uint8Array {
  return Uint8Array.of(...bytes.subarray(0, from), ...put, ...bytes.subarray(to));
}
