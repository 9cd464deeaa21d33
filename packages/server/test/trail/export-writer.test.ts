import { randomFillSync } from 'node:crypto';

import { AUDIT_ACTIONS, formatAuditEvent, formatAuditEventCsv, type AuditEvent } from '@veritrail/formats';
import { describe, expect, it } from 'vitest';

import { createExportWriter } from '../../src/trail/export-writer.ts';
import { decodeRows } from '../../src/trail/read-rows.ts';

/** Texts that JSON, CSV or a spreadsheet treats in a way of its own. */
const TEXTS = [
  ...['plain', 'with space', ' leading', 'trailing ', '\u00a0no-break', 'end\u3000', 'a,b', 'say "no"', 'back\\slash'],
  ...['=1+1', '+1', '-1', '@x', '|x', '%x', "'x", '\tx', '\rx', '\nx', 'x\ty', 'x\r\ny', '\u0001', '\u007f', '\u009f'],
  ...['\uff1dx', 'Straße', '日本語', '😀', '\u202eabc', '\u2028', '\ufeff', '~', '{', ']', ''],
];
const DETAILS = ['{}', '{"a":1}', '{"note":"Straße \\"7\\", \\\\ 😀"}', '{"a":[{"b":null},"x,y"]}'];
const EPOCH_2000_MICROS = 946_684_800_000_000n;

interface Row {
  readonly texts: readonly (string | null)[];
  readonly details: string;
  readonly occurred: bigint;
  readonly recorded: bigint;
  readonly sequence: bigint;
  readonly keyNo: number;
}

/** PostgreSQL manual, COPY, "Binary Format". */
function copied(rows: readonly Row[]): Buffer {
  const parts: Buffer[] = [Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')];
  const field = (bytes: Buffer | null): void => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes === null ? -1 : bytes.length);
    parts.push(length, bytes ?? Buffer.alloc(0));
  };
  const text = (value: string | null): void => field(value === null ? null : Buffer.from(value));
  const int64 = (value: bigint): void => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    field(bytes);
  };
  for (const [index, row] of rows.entries()) {
    parts.push(Buffer.from([0, 14]));
    field(randomFillSync(Buffer.alloc(16)));
    text(AUDIT_ACTIONS[index % AUDIT_ACTIONS.length] ?? 'READ');
    for (const value of row.texts.slice(0, 4)) text(value);
    int64(row.occurred - EPOCH_2000_MICROS);
    for (const value of row.texts.slice(4)) text(value);
    text(row.details);
    field(randomFillSync(Buffer.alloc(32)));
    int64(row.recorded - EPOCH_2000_MICROS);
    int64(row.sequence);
    field(Buffer.from([0, row.keyNo]));
  }
  parts.push(Buffer.from([0xff, 0xff]));
  return Buffer.concat(parts);
}

const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T;
const MICROS = [0n, 1n, 10n, 120_000n, 123_456n, 999_999n, 1_000n, 500_000n];

/** Each text in each place, every kind of time, and places from 0 to the last. */
function rowsOf(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const texts = Array.from({ length: 6 }, (__, place) => pick(TEXTS, index + place * 7));
    const seconds = BigInt((index * 7_919_993) % 253_402_300_799);
    return {
      texts: texts.map((text, place) => (place > 2 && (index + place) % 5 === 0 ? null : text)),
      details: pick(DETAILS, index),
      occurred: seconds * 1_000_000n + pick(MICROS, index),
      recorded: (seconds + 86_400n * BigInt(index % 3)) * 1_000_000n + pick(MICROS, index + 3),
      sequence: index === 0 ? 0n : BigInt(index) ** 4n % 9_007_199_254_740_991n,
      keyNo: index % 3,
    };
  });
}

const keyIdOf = (keyNo: number): string => `audit-"${keyNo}"`;
const plainKeyIdOf = (keyNo: number): string => `audit-${keyNo}`;

const memory = (): Buffer => Buffer.alloc(1024 * 1024);

describe('an export', () => {
  const chunk = copied(rowsOf(3000));
  const formats = [
    ['json', ',', keyIdOf, formatAuditEvent],
    ['csv', '', plainKeyIdOf, formatAuditEventCsv],
  ] as const;

  it.each(formats)('as %s is, to the byte, what the format of one event gives', (layout, between, idOf, format) => {
    const writer = createExportWriter(layout, between, idOf, memory);
    const written = Buffer.concat([...writer.write(chunk), ...writer.write(chunk)]);
    const events: AuditEvent[] = [...decodeRows(chunk, idOf)];
    expect(written.toString()).toBe([...events, ...events].map(format).join(between));
    expect(writer.events).toBe(6000);
    expect([writer.lowest, writer.highest]).toEqual([0, Math.max(...events.map((event) => event.sequence))]);
  });

  it('takes texts as long as they may be, all of them escaped', () => {
    const long = '\u0001'.repeat(256);
    const row: Row = {
      texts: [long, '\u0001'.repeat(1024), '"'.repeat(512), '\u0001'.repeat(1024), null, '\u0001'.repeat(4096)],
      details: `{"x":"${'😀'.repeat(16_000)}"}`,
      occurred: EPOCH_2000_MICROS,
      recorded: EPOCH_2000_MICROS,
      sequence: 9_007_199_254_740_991n,
      keyNo: 1,
    };
    const many = copied(Array.from({ length: 60 }, () => row));
    const writer = createExportWriter('json', '\n', plainKeyIdOf, memory);
    const expected = [...decodeRows(many, plainKeyIdOf)].map(formatAuditEvent).join('\n');
    expect(Buffer.concat(writer.write(many)).toString() === expected).toBe(true);
  });

  it('of nothing is nothing', () => {
    const writer = createExportWriter('json', ',', keyIdOf, memory);
    expect(writer.write(copied([]))).toEqual([]);
    expect([writer.events, writer.lowest, writer.highest]).toEqual([0, null, null]);
  });
});
