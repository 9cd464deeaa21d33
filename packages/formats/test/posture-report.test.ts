import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  formatPostureReport,
  formatSignedPostureReport,
  parseExactJson,
  postureReportMac,
  reportSlice,
  type PostureReport,
} from '../src/index.ts';
import { readVector, readVectors } from './support/vectors.ts';

interface PostureVector {
  readonly key: string;
  readonly key_id: string;
  readonly report: PostureReport;
  readonly report_text: string;
  readonly value: string;
  readonly document: string;
}

const example = readVector<PostureVector>('valid/posture-report', 'worked-example');

describe.each(readVectors<PostureVector>('valid/posture-report'))('%s', (_, vector) => {
  test("the report's text and the document are Python's", () => {
    expect(formatPostureReport(vector.report)).toBe(vector.report_text);
    expect(formatSignedPostureReport(vector.report_text, vector)).toBe(vector.document);
  });

  test('the MAC is over the bytes that are found in the document', () => {
    const slice = reportSlice(Buffer.from(vector.document));
    expect(Buffer.from(slice).toString()).toBe(vector.report_text);
    expect(postureReportMac(slice, vector.key)).toBe(vector.value);
    expect(postureReportMac(vector.report_text, vector.key)).toBe(vector.value);
    expect(createHmac('sha256', vector.key).update(slice).digest('hex')).toBe(vector.value);
  });

  test('the document is JSON that says what went in', () => {
    expect(parseExactJson(vector.document)).toEqual({
      report: vector.report,
      signature: { algorithm: 'HMAC-SHA256', value: vector.value, key_id: vector.key_id },
    });
  });
});

test("members come in the format's order, not in the caller's", () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, member]) => [name, reversed(member)]),
          )
        : value;
  expect(formatPostureReport(reversed(example.report) as PostureReport)).toBe(example.report_text);
});

test('every changed byte and every truncation of the report fails', () => {
  const document = Buffer.from(example.document);
  const start = '{"report":'.length;
  const end = start + Buffer.byteLength(example.report_text);
  for (let at = start; at < end; at++) {
    const changed = Buffer.from(document);
    changed[at]! ^= 1;
    expect(postureReportMac(reportSlice(changed), example.key)).not.toBe(example.value);
    const cut = Buffer.concat([document.subarray(0, at), document.subarray(at + 1)]);
    expect(postureReportMac(reportSlice(cut), example.key)).not.toBe(example.value);
  }
});

test('two services that change places fail', () => {
  const [first, second] = example.report.services;
  const swapped = formatPostureReport({ ...example.report, services: [second!, first!] });
  expect(postureReportMac(swapped, example.key)).not.toBe(example.value);
});

test("another organization's key verifies nothing", () => {
  expect(postureReportMac(example.report_text, example.key.replace('0001', '0002'))).not.toBe(example.value);
});

test.each(['', '{}', '{"report":{}}', ',"signature"', '{"report" :{},"signature":{}}', '{"report":{},"signature'])(
  'bytes without both markers are refused: %s',
  (text) => {
    expect(() => reportSlice(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'report_marker' }));
  },
);

test('the slice ends at the first marker after its start', () => {
  const slice = (text: string) => Buffer.from(reportSlice(Buffer.from(text))).toString();
  expect(slice('{,"signature","repo"report":{"a":,"sign1},"signature":2,"signature":3}')).toBe('{"a":,"sign1}');
});

test("no report's text contains the marker of its own end, whatever its strings are", () => {
  const awkward = [
    'signature',
    ',"signature"',
    '","signature"',
    '\\',
    '"',
    ',',
    'x,',
    '"report":',
    'Signature',
    ' signature',
  ];
  for (const first of awkward) {
    for (const second of awkward) {
      const service = {
        ...example.report.services[0]!,
        name: first,
        database_type: second,
        zones: [first, second],
        regions: [second, first],
      };
      const report = {
        ...example.report,
        services: [service, { ...service, last_backup_type: first, backup_schedule: second }],
      };
      const text = formatPostureReport(report);
      const document = Buffer.from(formatSignedPostureReport(text, { value: '', key_id: first }));
      expect(Buffer.from(reportSlice(document)).toString()).toBe(text);
      expect(JSON.parse(text)).toEqual(report);
    }
  }
});

test('a text that holds the marker is never made into a document', () => {
  expect(() => formatSignedPostureReport('{"a":1,"signature":2}', example)).toThrow(
    expect.objectContaining({ code: 'report_marker' }),
  );
});

test.each([NaN, 1.5, Infinity, 2 ** 53])('a count of %s is refused', (count) => {
  const log = { ...example.report.audit_log, entry_count: count };
  expect(() => formatPostureReport({ ...example.report, audit_log: log })).toThrow(
    expect.objectContaining({ code: 'report_shape' }),
  );
});
