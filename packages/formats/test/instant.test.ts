import { describe, expect, test } from 'vitest';
import {
  formatMilliseconds,
  formatSeconds,
  formatTimestamp,
  parseTimestamp,
  readPostgresTimestamp,
  writePostgresTimestamp,
  type Instant,
} from '../src/index.ts';
import { askPython } from './support/python.ts';
import { Random } from './support/random.ts';

const LAST: Instant = { seconds: 253_402_300_799, micros: 999_999 };

/** RFC 3339's grammar and datetime's calendar; None for what must be refused. */
const PYTHON_PARSE = `
    match = re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]+))?"
        r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))", value)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    if sign and (int(hours) > 23 or int(minutes) > 59):
        return None
    try:
        local = datetime(year, month, day, hour, minute, second, int((fraction or "0")[:6].ljust(6, "0")))
    except ValueError:
        return None
    ahead = timedelta(hours=int(hours), minutes=int(minutes)) if sign else timedelta(0)
    since = local - datetime(1970, 1, 1) - (ahead if sign == "+" else -ahead)
    micros = since // timedelta(microseconds=1)
    if not 0 <= micros <= 253402300799999999:
        return None
    moment = datetime(1970, 1, 1) + since
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    digits = f"{moment.microsecond:06}".rstrip("0")
    postgres = (since - (datetime(2000, 1, 1) - datetime(1970, 1, 1))) // timedelta(microseconds=1)
    return {"seconds": micros // 1000000, "micros": micros % 1000000,
        "text": text + ("." + digits if digits else "") + "Z",
        "postgres": postgres.to_bytes(8, "big", signed=True).hex()}
`;

describe('parseTimestamp', () => {
  test("agrees with Python's calendar on every form, limit and near miss", () => {
    const random = new Random(11);
    const two = (limit: number) => String(random.below(limit)).padStart(2, '0');
    const year = () =>
      random.chance(0.7)
        ? String(1969 + random.below(70))
        : random.pick(['0000', '0001', '1969', '1970', '2000', '2100', '2400', '9999', '10000']);
    const fraction = () =>
      random.chance(0.5) ? '' : `.${random.times(random.below(13), () => random.below(10)).join('')}`;
    const offset = () =>
      random.pick([
        'Z',
        'Z',
        'Z',
        'z',
        '',
        '+00:00',
        '-00:00',
        '+0100',
        '+01',
        '+24:00',
        '-23:59',
        '+23:59',
        '+01:00x',
        '+01:0',
        ' Z',
        'Zx',
        `+${two(25)}:${two(62)}`,
        `-${two(25)}:${two(62)}`,
      ]);
    const texts = random.times(20_000, () => {
      const text =
        `${year()}-${two(14)}-${two(33)}${random.pick(['T', 'T', 'T', 't', ' ', '_'])}` +
        `${two(25)}:${two(61)}:${two(62)}${fraction()}${offset()}`;
      if (random.chance(0.9)) return text;
      const at = random.below(text.length);
      return (
        text.slice(0, at) + random.pick(['', '0', 'x', '-', ':', '.', '٣', '\n']) + text.slice(at + random.below(2))
      );
    });
    texts.push(
      '1970-01-01T00:00:00Z',
      '1969-12-31T23:59:59.9999999Z',
      '9999-12-31T23:59:59.9999999999Z',
      '9999-12-31T23:59:59-00:01',
      '9999-12-31T23:59:00-00:01',
      // Around a multiple of 2^32 microseconds from PostgreSQL's epoch, after it and before.
      '2000-01-01T01:11:34.967295Z',
      '2000-01-01T01:11:34.967296Z',
      '2000-01-01T01:11:34.967297Z',
      '1999-12-31T22:48:25.032703Z',
      '1999-12-31T22:48:25.032704Z',
      '1999-12-31T22:48:25.032705Z',
      '1970-01-01T00:59:59+01:00',
      '1969-12-31T23:00:00-01:00',
      '2016-12-31T23:59:60Z',
      '2026-01-15',
      '2026-01-15T10:30:00',
      '',
      'Z'.repeat(20),
    );
    for (const y of [1970, 1999, 2000, 2023, 2024, 2100, 2200, 2255, 2256, 2400, 9999]) {
      for (let month = 1; month <= 12; month++) {
        for (const day of [1, 28, 29, 30, 31, 32])
          texts.push(`${y}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T23:59:59.000001Z`);
      }
    }

    const wanted = askPython<string, (Instant & { text: string; postgres: string }) | null>(PYTHON_PARSE, texts);
    const wrong = texts.filter((text, i) => {
      const instant = parseTimestamp(text);
      const expected = wanted[i] ?? null;
      if (instant === undefined || expected === null) return (instant === undefined) !== (expected === null);
      const bytes = new Uint8Array(10);
      writePostgresTimestamp(bytes, 1, instant);
      const back = readPostgresTimestamp(bytes, 1);
      return !(
        instant.seconds === expected.seconds &&
        instant.micros === expected.micros &&
        formatTimestamp(instant) === expected.text &&
        Buffer.from(bytes).toString('hex') === `00${expected.postgres}00` &&
        back.seconds === instant.seconds &&
        back.micros === instant.micros
      );
    });
    expect(wrong).toEqual([]);
    expect(wanted.filter((expected) => expected !== null).length).toBeGreaterThan(3000);
  });

  test('cuts what PostgreSQL cannot store, and never rounds', () => {
    expect(parseTimestamp('2026-01-15T10:30:00.9999999Z')).toEqual({ seconds: 1768473000, micros: 999_999 });
    expect(parseTimestamp(`2026-01-15T10:30:00.1${'9'.repeat(100_000)}Z`)).toEqual({
      seconds: 1768473000,
      micros: 199_999,
    });
  });
});

test('a timestamp is never written or read in part', () => {
  for (const offset of [1, 8, -1]) {
    expect(() => writePostgresTimestamp(new Uint8Array(8), offset, LAST)).toThrow(RangeError);
    expect(() => readPostgresTimestamp(new Uint8Array(8), offset)).toThrow(RangeError);
  }
});

describe('formatting', () => {
  test.each([
    [{ seconds: 0, micros: 0 }, '1970-01-01T00:00:00Z'],
    [{ seconds: 0, micros: 1 }, '1970-01-01T00:00:00.000001Z'],
    [{ seconds: 0, micros: 100_000 }, '1970-01-01T00:00:00.1Z'],
    [{ seconds: 0, micros: 123_000 }, '1970-01-01T00:00:00.123Z'],
    [{ seconds: 0, micros: 1_000 }, '1970-01-01T00:00:00.001Z'],
    [{ seconds: 0, micros: 120_450 }, '1970-01-01T00:00:00.12045Z'],
    [LAST, '9999-12-31T23:59:59.999999Z'],
  ])('%o is %s', (instant, text) => {
    expect(formatTimestamp(instant)).toBe(text);
    expect(parseTimestamp(text)).toEqual(instant);
  });

  test("agrees with Python on every day's date", () => {
    const [dates] = askPython<number, string[]>(
      `    days = range(0, 2932897, value)
    return [(datetime(1970, 1, 1) + timedelta(days=day)).strftime("%Y-%m-%d") for day in days]`,
      [29],
    );
    // Every 29th day meets each date of the 400 years' cycle in some cycle.
    const seen = dates!.map((_, i) => formatSeconds(i * 29 * 86_400_000).slice(0, 10));
    expect(seen.length).toBeGreaterThan(100_000);
    expect(seen.findIndex((date, i) => date !== dates![i])).toBe(-1);
  });

  test('recorded_at always has three digits, a posture report none', () => {
    expect(formatMilliseconds(1768473000123)).toBe('2026-01-15T10:30:00.123Z');
    expect(formatMilliseconds(1768473000007)).toBe('2026-01-15T10:30:00.007Z');
    expect(formatMilliseconds(1768473000000)).toBe('2026-01-15T10:30:00.000Z');
    expect(formatSeconds(1768473000999)).toBe('2026-01-15T10:30:00Z');
    expect(formatSeconds(1768473000999.9)).toBe('2026-01-15T10:30:00Z');
    expect(formatMilliseconds(253_402_300_799_999)).toBe('9999-12-31T23:59:59.999Z');
  });

  test.each([
    () => formatTimestamp({ seconds: -1, micros: 0 }),
    () => formatTimestamp({ seconds: LAST.seconds + 1, micros: 0 }),
    () => formatTimestamp({ seconds: 0.5, micros: 0 }),
    () => formatTimestamp({ seconds: 0, micros: 1_000_000 }),
    () => formatTimestamp({ seconds: 0, micros: -1 }),
    () => formatTimestamp({ seconds: NaN, micros: NaN }),
    () => formatMilliseconds(1.5),
    () => formatMilliseconds(-1),
    () => formatMilliseconds(NaN),
    () => formatMilliseconds(253_402_300_800_000),
    () => formatSeconds(Infinity),
    () => formatSeconds(-1),
    // PostgreSQL's infinities, and its first microsecond before 1970.
    () => readPostgresTimestamp(Uint8Array.of(0x7f, 255, 255, 255, 255, 255, 255, 255), 0),
    () => readPostgresTimestamp(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0), 0),
    () => readPostgresTimestamp(Uint8Array.of(0xff, 0xfc, 0xa2, 0xfe, 0xc4, 0xc8, 0x1f, 0xff), 0),
  ])('a time outside the range is refused: %s', (format) => {
    expect(format).toThrow(expect.objectContaining({ code: 'timestamp_range' }));
  });
});
