import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import {
  assess,
  HAPPENED_KINDS,
  PACKET_CATALOGUES,
  type ControlFinding,
  type Declaration,
  type DeclarationData,
  type DeclarationKind,
  type PacketHead,
} from '../src/index.ts';
import { declare, headOf, soundEvidence, timeIn, type Draft } from './support/evidence.ts';

const DAY = 86_400;
/** Declared anew on the 21st day. */
const CORRECTED_AT = timeIn(20 * DAY);

function finding(framework: PacketHead['framework'], id: string, evidence: Draft): ControlFinding {
  const found = assess(headOf(framework), evidence).controls.find(({ control_id }) => control_id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
}

type Records<Kind extends DeclarationKind> = Declaration<DeclarationData[Kind]>[];

/** The kind's only record: first what `before` makes of the sound one, then what `after` does. */
function twice<Kind extends DeclarationKind>(
  evidence: Draft,
  kind: Kind,
  before: Partial<DeclarationData[Kind]>,
  after: Partial<DeclarationData[Kind]>,
): void {
  const records = evidence.declarations[kind] as unknown as Records<Kind>;
  const [sound] = records;
  if (sound === undefined) throw new Error(`no record of ${kind}`);
  records.length = 0;
  const id = { record_id: 'one', declared_at: timeIn(2 * DAY) };
  declare(evidence, kind, { ...sound.data, ...before }, { ...id, valid_until: CORRECTED_AT });
  declare(evidence, kind, { ...sound.data, ...after }, { record_id: 'one', version: 2, declared_at: CORRECTED_AT });
}

const openOne = { contained_at: null, communicated_at: null, closed_at: null, controller_notified_at: null };
const longAgo = { detected_at: '2026-02-01T00:00:00Z', started_at: '2026-02-01T00:00:00Z' };

test('an incident that was open and is closed now counts once, as it is now', () => {
  const evidence = soundEvidence();
  const times = { contained_at: '2026-02-02T00:00:00Z', communicated_at: '2026-02-02T00:00:00Z' };
  twice(
    evidence,
    'incident',
    { ...longAgo, ...openOne },
    { ...longAgo, ...times, closed_at: '2026-05-01T12:00:00Z', controller_notified_at: '2026-02-03T00:00:00Z' },
  );
  expect(finding('soc2', 'CC7.4', evidence)).toMatchObject({
    status: 'attested',
    counts: { population: 1, passing: 1 },
  });
  expect(finding('gdpr_ropa', '33(2)', evidence)).toMatchObject({ status: 'attested', counts: { population: 1 } });
});

test('a title that was worded anew is one record, and nothing to speak of', () => {
  const evidence = soundEvidence();
  twice(evidence, 'incident', { title: 'Disc failure' }, { title: 'Disk failure' });
  const found = finding('gdpr_ropa', '33(5)', evidence);
  expect(found).toMatchObject({ status: 'attested', counts: { population: 1 } });
  expect(found.assertion).toContain('for the one breach');
  expect(found.assertion).not.toContain('corrected');
});

test('a report that was renewed counts as it is now', () => {
  const evidence = soundEvidence();
  const report = { type: 'SOC 2', issuer: 'Some Firm' };
  twice(
    evidence,
    'subservice_organization',
    { report: { ...report, period_end: '2025-12-31' } },
    { report: { ...report, period_end: '2026-05-15' } },
  );
  expect(finding('soc2', 'CC9.2', evidence)).toMatchObject({ status: 'attested', counts: { population: 1 } });
});

test('a failed test that is called passed now is attested with the word that it was corrected', () => {
  const evidence = soundEvidence();
  twice(evidence, 'restore_test', { result: 'failed' }, { result: 'passed' });
  const found = finding('soc2', 'A1.3', evidence);
  expect(found.status).toBe('attested');
  expect(found.assertion).toMatch(/ Declared otherwise before, and corrected: restore test one \(result\)\.$/);
  expect(finding('soc2', 'CC7.5', evidence).assertion).toContain('restore test one (result)');
});

test('the other way round it is an exception, with the same word', () => {
  const evidence = soundEvidence();
  twice(evidence, 'restore_test', { result: 'passed' }, { result: 'failed' });
  const found = finding('soc2', 'A1.3', evidence);
  expect([found.status, found.assertion]).toEqual(['exception', expect.stringContaining('restore test one (result)')]);
});

test.each<[string, Partial<DeclarationData['incident']>, Partial<DeclarationData['incident']>, string?]>([
  ['told before the register had it', openOne, { controller_notified_at: timeIn(DAY + 100) }, 'controller notified at'],
  ['told after it', { controller_notified_at: null }, { controller_notified_at: timeIn(3 * DAY) }],
  ['no breach any more', { personal_data_breach: true }, { personal_data_breach: false }, 'personal data breach'],
  ['found later', { detected_at: timeIn(DAY) }, { detected_at: timeIn(3 * DAY) }, 'detected at'],
  ['of fewer services', { service_ids: ['a', 'b'] }, { service_ids: ['a'] }, 'service ids'],
  ['of more services', { service_ids: ['a'] }, { service_ids: ['a', 'b'] }],
])('an incident that is %s', (_name, before, after, corrected) => {
  const evidence = soundEvidence();
  twice(evidence, 'incident', before, after);
  const { assertion } = finding('soc2', 'CC7.4', evidence);
  if (corrected === undefined) expect(assertion).not.toContain('corrected');
  else expect(assertion).toContain(corrected);
});

test('a correction whose earlier version is not there shows nothing', () => {
  const evidence = soundEvidence();
  twice(evidence, 'restore_test', { result: 'failed' }, { result: 'passed' });
  evidence.declarations.restore_test.shift();
  const found = finding('soc2', 'A1.3', evidence);
  expect([found.status, found.reasons]).toEqual(['insufficient_evidence', ['population_incomplete']]);
  expect(found.assertion).toContain('every version of restore test one');
});

test('a withdrawal takes a number, and what was said after it is whole', () => {
  const evidence = soundEvidence();
  twice(evidence, 'restore_test', {}, {});
  const [first, second] = evidence.declarations.restore_test;
  if (first === undefined || second === undefined) throw new Error('two versions');
  first.withdrawn = true;
  second.version = 3;
  expect(finding('soc2', 'A1.3', evidence).status).toBe('attested');
});

test.each<[DeclarationKind, PacketHead['framework'], string]>([
  ['restore_test', 'soc2', 'A1.3'],
  ['restore_test', 'dora', '12(7)'],
  ['access_review', 'soc2', 'CC6.3'],
  ['access_review', 'dora', 'RTS 21(e)'],
  ['flag_triage', 'soc2', 'CC7.3'],
  ['change_approval', 'soc2', 'CC8.1'],
  ['disposal_record', 'soc2', 'CC6.5'],
  ['incident', 'soc2', 'CC7.4'],
])('a withdrawn %s supports nothing in %s %s', (kind, framework, id) => {
  const evidence = soundEvidence();
  expect(finding(framework, id, evidence).status).toBe('attested');
  for (const record of evidence.declarations[kind] as { withdrawn: boolean; valid_until: string }[]) {
    Object.assign(record, { withdrawn: true, valid_until: CORRECTED_AT });
  }
  expect(finding(framework, id, evidence).status).not.toBe('attested');
});

test.each<[DeclarationKind, string, object]>([
  ['restore_test', 'A1.3', { result: 'failed' }],
  ['incident', 'CC7.4', { ...longAgo, ...openOne }],
  ['access_review', 'CC6.3', { removed: ['user-1'] }],
  ['disposal_record', 'CC6.5', { backups_expired_at: '2026-05-28T00:00:00Z' }],
])('a %s that contradicts and is withdrawn stays an exception of %s', (kind, id, data) => {
  const evidence = soundEvidence();
  for (const record of evidence.declarations[kind] as { data: object; withdrawn: boolean; valid_until: string }[]) {
    Object.assign(record, { withdrawn: true, valid_until: CORRECTED_AT, data: { ...record.data, ...data } });
  }
  expect(finding('soc2', id, evidence).status).toBe('exception');
});

test('no rule takes replaced versions of what happened for records of their own', () => {
  const folder = new URL('../src/packet/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(50);
  for (const file of files) {
    const code = readFileSync(new URL(file, folder), 'utf8');
    // Counting whether a register is kept at all is no judgement of its records.
    const uses = [...code.matchAll(/evidence\.declarations\.([a-z_]+)(?!\.length|[a-z_])/g)].map(([, kind]) => kind);
    expect(
      uses.filter((kind) => HAPPENED_KINDS.some((one) => one === kind)),
      file,
    ).toEqual([]);
  }
});

test('a control whose rule asks for what happened names it, so that corrections stand beside its finding', () => {
  for (const [framework, { controls }] of Object.entries(PACKET_CATALOGUES)) {
    for (const { id, rule, refs } of controls) {
      for (const [name, kind] of ASKS) {
        if (!JSON.stringify(rule).includes(`"${name}"`)) continue;
        expect(refs, `${framework} ${id}`).toContain(`declarations.${kind}`);
      }
    }
  }
});

/** Rules by their name in the catalogue, and what they ask for. */
const ASKS: readonly (readonly [string, string])[] = [
  ['access_reviewed', 'access_review'],
  ['access_reviewed_in_months', 'access_review'],
  ['approved_before', 'change_approval'],
  ['flags_triaged', 'flag_triage'],
  ['restore_tested', 'restore_test'],
  ['restores_checked', 'restore_test'],
  ['disposal_recorded', 'disposal_record'],
  ['incident', 'incident'],
];
