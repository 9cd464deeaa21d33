import { describe, expect, test } from 'vitest';

import { readVector, readVectors } from '../../formats/test/support/vectors.ts';
import { verifyPostureReport, type PostureReportOptions, type PostureReportVerdict } from '../src/index.ts';
import { KEY, makeReports } from './support/python-documents.ts';
import { hostileInputs, memberSwaps, tamperings, truncations } from './support/tampering.ts';

interface ReportVector {
  readonly key: string;
  readonly key_id: string;
  readonly document: string;
  readonly report: { readonly organization_id: string };
}

/** For thousands of verdicts on a busy machine. */
const MANY = { timeout: 120_000 };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const ids = (verdict: PostureReportVerdict, outcome: 'pass' | 'fail' | 'not_checked'): string[] =>
  verdict.checks.filter((check) => check.outcome === outcome).map((check) => check.id);

const service = {
  service_id: 's-1',
  name: 'orders "prod" é',
  database_type: 'postgresql',
  zones: ['se-sto1', 'fi-hel1'],
  regions: ['europe', 'europe'],
  eu_residency: true,
  storage_encrypted_at_rest: true,
  backup_encryption: 'AES-256-GCM',
  tls_enabled: true,
  last_backup_at: '2026-06-07T02:00:14Z',
  last_backup_type: 'automated',
  backup_schedule: 'daily',
  backup_retention_days: 14,
};
const report = {
  organization_id: 'org-1',
  generated_at: '2026-06-07T10:30:00Z',
  service_count: 1,
  all_services_eu_residency: true,
  services: [service],
  audit_log: { retention_policy_days: null, entry_count: 3, oldest_entry_at: '2025-06-12T08:41:09Z' },
};
const [document] = makeReports([report]) as [string];
const bytes = bytesOf(document);
const known: PostureReportOptions = { verificationKey: KEY, keyId: 'posture-1', organizationId: 'org-1' };
const EVERY_CHECK = [
  'document',
  'signed_bytes',
  'mac',
  'algorithm',
  'key_id',
  'organization',
  'service_count',
  'residency',
  'times',
];

describe('a genuine report', () => {
  test('passes every check, in their fixed order', () => {
    const verdict = verifyPostureReport(bytes, known);
    expect(ids(verdict, 'pass')).toEqual(EVERY_CHECK);
    expect(verdict.outcome).toBe('pass');
    expect(verdict.report).toEqual(report);
  });

  test.each(readVectors<ReportVector>('valid/posture-report'))(
    'vector %s passes, unless what it says is at odds',
    (name, vector) => {
      const verdict = verifyPostureReport(bytesOf(vector.document), {
        verificationKey: vector.key,
        keyId: vector.key_id,
        organizationId: vector.report.organization_id,
      });
      // Made to confuse readers of bytes, it has a service in the EU with a zone of unknown region.
      expect(ids(verdict, 'fail')).toEqual(name === 'awkward-names' ? ['residency'] : []);
      expect(verdict.outcome).toBe(name === 'awkward-names' ? 'fail' : 'pass');
    },
  );

  test('passes as a view into a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 20);
    larger.set(bytes, 7);
    expect(verifyPostureReport(larger.subarray(7, 7 + bytes.length), known).outcome).toBe('pass');
  });

  test('is not checked without the key, and shows no report to believe', () => {
    const verdict = verifyPostureReport(bytes);
    expect(ids(verdict, 'not_checked')).toEqual(['mac', 'key_id', 'organization']);
    expect(verdict.outcome).toBe('not_checked');
    expect(verdict.report).toBeNull();
  });

  test('passes without key id and organization, which are then named as not checked', () => {
    const verdict = verifyPostureReport(bytes, { verificationKey: KEY });
    expect(ids(verdict, 'not_checked')).toEqual(['key_id', 'organization']);
    expect(verdict.outcome).toBe('pass');
  });

  test.each([
    ['another key', { verificationKey: `${KEY}x` }, 'mac'],
    ['another key id', { keyId: 'posture-2' }, 'key_id'],
    ['another organization', { organizationId: 'org-2' }, 'organization'],
  ])('fails a check of its own for %s', (_, other, id) => {
    const verdict = verifyPostureReport(bytes, { ...known, ...other });
    expect(ids(verdict, 'fail')).toEqual([id]);
    expect(verdict.outcome).toBe('fail');
  });
});

describe('a tampered report', () => {
  // Bytes, not characters: there is an é in the name.
  const place = (text: string): number => bytesOf(document.slice(0, document.indexOf(text))).length;

  test('fails a named check for every byte that is changed, dropped or put in', MANY, () => {
    const end = place(',"signature"');
    for (const { at, how, bytes: changed } of tamperings(bytes)) {
      const verdict = verifyPostureReport(changed, known);
      if (verdict.outcome !== 'fail' || ids(verdict, 'fail').length === 0) expect.fail(`passes although ${how}`);
      if (at < '{"report":'.length || at >= end) continue;
      // Whatever else fails, such bytes are never vouched for.
      const vouched = ['mac', 'signed_bytes'].every((id) => ids(verdict, 'pass').includes(id));
      if (vouched || verdict.report !== null) expect.fail(`is vouched for although ${how}`);
    }
  });

  test('without a known key id, nothing but the key id can be changed unnoticed', MANY, () => {
    const at = place('posture-1');
    const unnoticed = [...tamperings(bytes)]
      .filter((one) => verifyPostureReport(one.bytes, { verificationKey: KEY }).outcome === 'pass')
      .map((one) => one.at);
    expect(unnoticed.length).toBeGreaterThan(0);
    expect(Math.min(...unnoticed)).toBeGreaterThanOrEqual(at);
    // A byte that is put in before the closing quote counts as that quote's.
    expect(Math.max(...unnoticed)).toBeLessThanOrEqual(at + 'posture-1'.length);
  });

  test('fails "document" wherever it is cut off', () => {
    for (const cut of truncations(bytes)) {
      const verdict = verifyPostureReport(cut, known);
      if (!ids(verdict, 'fail').includes('document')) expect.fail(`cut after ${cut.length} bytes`);
    }
  });

  test('fails "document" for any two members that changed places', () => {
    const swaps = memberSwaps(document);
    expect(swaps.length).toBeGreaterThan(20);
    for (const swapped of swaps)
      expect(ids(verifyPostureReport(bytesOf(swapped), known), 'fail')).toContain('document');
  });

  test('fails the MAC for services that changed places', () => {
    const two = { ...report, service_count: 2, services: [service, { ...service, service_id: 's-2' }] };
    const [text] = makeReports([two]) as [string];
    const [first, second] = [JSON.stringify(two.services[0]), JSON.stringify(two.services[1])];
    const swapped = text.replace(`${first},${second}`, `${second},${first}`);
    expect(swapped).not.toBe(text);
    expect(ids(verifyPostureReport(bytesOf(swapped), known), 'fail')).toEqual(['mac']);
  });

  const inner = document.slice('{"report":'.length, document.indexOf(',"signature"'));
  const signature = document.slice(document.indexOf('{"algorithm"'), -1);
  test.each([
    [
      'a genuine one hidden before an invented one',
      `{"x":${document},"report":{},"signature":${signature}}`,
      ['document', 'signed_bytes'],
    ],
    [
      'a genuine one inside an invented one',
      `{"report":{"report":${inner},"signature":${signature}},"signature":${signature}}`,
      ['document', 'signed_bytes'],
    ],
    ['a second report behind', document.replace(/\}$/, ',"report":{}}'), ['document']],
    ['a further member', document.replace(/\}$/, ',"note":"all is well"}'), ['document']],
    ['white space before', ` ${document}`, ['document', 'signed_bytes']],
    ['a line end behind', `${document}\n`, ['document']],
    ['a second document behind', document + document, ['document']],
    ['printed again with indentation', JSON.stringify(JSON.parse(document), null, 2), ['document', 'signed_bytes']],
    ['no signature', `{"report":${inner}}`, ['document', 'signed_bytes']],
    ['a signature that is null', `{"report":${inner},"signature":null}`, ['document']],
    ['another algorithm', document.replace('HMAC-SHA256', 'none'), ['document', 'algorithm']],
    ['the MAC in capitals', document.replace(/[0-9a-f]{64}/, (mac) => mac.toUpperCase()), ['mac']],
    ['an empty MAC', document.replace(/[0-9a-f]{64}/, ''), ['mac']],
    ['a number that says the same', document.replace('"service_count":1', '"service_count":1.0'), ['document', 'mac']],
    ['an escape that says the same', document.replace('orders', '\\u006frders'), ['document', 'mac']],
  ])('fails for %s', (_, changed, failing) => {
    const verdict = verifyPostureReport(bytesOf(changed), known);
    expect(ids(verdict, 'fail')).toEqual(failing);
    expect(verdict.outcome).toBe('fail');
  });
});

test('a report with a good MAC that contradicts itself fails the check that names why', () => {
  const withService = (change: object): object => ({ ...report, services: [{ ...report.services[0], ...change }] });
  const withLog = (change: object): object => ({ ...report, audit_log: { ...report.audit_log, ...change } });
  const cases: [object, string[]][] = [
    [{ ...report, service_count: 2 }, ['service_count']],
    [{ ...report, services: [], service_count: 0 }, ['residency']],
    [{ ...report, services: [], service_count: 0, all_services_eu_residency: false }, []],
    [{ ...report, all_services_eu_residency: false }, ['residency']],
    [withService({ eu_residency: false }), ['residency']],
    [withService({ regions: ['europe'] }), ['residency']],
    [withService({ regions: ['europe', 'unknown'] }), ['residency']],
    [withService({ zones: [], regions: [] }), ['residency']],
    [{ ...report, generated_at: '2026-02-30T10:30:00Z' }, ['times']],
    [{ ...report, generated_at: '2026-06-07T10:30:00.5Z' }, ['times']],
    [withService({ last_backup_at: '2026-06-07T10:35:00Z' }), []],
    [withService({ last_backup_at: '2026-06-07T10:35:01Z' }), ['times']],
    [withService({ last_backup_at: 'yesterday' }), ['times']],
    [withService({ last_backup_at: null }), ['times']],
    [withService({ last_backup_at: null, last_backup_type: null }), []],
    [withLog({ oldest_entry_at: '2027-01-01T00:00:00Z' }), ['times']],
    [withLog({ oldest_entry_at: null }), ['times']],
    [withLog({ oldest_entry_at: null, entry_count: 0 }), []],
  ];
  const documents = makeReports(cases.map(([one]) => one));
  for (const [i, [, failing]] of cases.entries()) {
    const verdict = verifyPostureReport(bytesOf(documents[i]!), known);
    expect([i, ids(verdict, 'fail')]).toEqual([i, failing]);
    expect(verdict.outcome).toBe(failing.length === 0 ? 'pass' : 'fail');
  }
});

test('with a good MAC and members that no report has, "document" fails and no report is shown', () => {
  const { audit_log: _, ...lacking } = report;
  for (const text of makeReports([
    lacking,
    { ...report, more: 1 },
    { ...report, services: [{}] },
    { ...report, service_count: -1 },
  ])) {
    const verdict = verifyPostureReport(bytesOf(text), known);
    expect(ids(verdict, 'fail')).toEqual(['document']);
    expect(verdict.report).toBeNull();
  }
});

test.each(hostileInputs())('%s gets a verdict that is not pass', (_, makeInput) => {
  const verdict = verifyPostureReport(makeInput(), known);
  expect(verdict.outcome).toBe('fail');
  expect(ids(verdict, 'fail')).toContain('document');
  for (const { detail } of verdict.checks) expect(detail.length).toBeLessThan(500);
});

test('it throws only when it was called wrongly', () => {
  expect(() => verifyPostureReport(document as never)).toThrow(TypeError);
  expect(() => verifyPostureReport(bytes, { verificationKey: '' })).toThrow(TypeError);
  expect(() => verifyPostureReport(bytes, { keyId: 7 as never })).toThrow(TypeError);
});

test('the worked example of the published page passes with its printed key', () => {
  const vector = readVector<ReportVector>('valid/posture-report', 'worked-example');
  expect(verifyPostureReport(bytesOf(vector.document), { verificationKey: vector.key }).outcome).toBe('pass');
});
