import type { Framework } from '@veritrail/formats';
import { describe, expect, test } from 'vitest';

import { annexCsv, assess } from '../src/index.ts';
import { declare, emptyEvidence, END, headOf, soundEvidence, span, timeIn, type Draft } from './support/evidence.ts';

function judge(framework: Framework, evidence: Draft, id: string, head = headOf(framework)) {
  const found = assess(head, evidence).controls.find(({ control_id }) => control_id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

describe('gates', () => {
  test('DORA: neither role makes every entry not applicable, by the name of who said so', () => {
    const evidence = soundEvidence();
    evidence.declarations.dora_role = [];
    declare(evidence, 'dora_role', { role: 'neither', entity_type: null });
    const { controls, provider_annex } = assess(headOf('dora'), evidence);
    expect(new Set(controls.map(({ status }) => status))).toEqual(new Set(['not_applicable']));
    expect(controls[0]?.assertion).toContain('“Ada Lovelace” declared on 2026-04-01');
    expect(provider_annex).toEqual([]);
  });

  test.each([
    ['dora', 'dora_role'],
    ['eu_ai_act', 'ai_role'],
  ] as const)('%s: without a declared role nothing is attested, and the reason says so', (framework, kind) => {
    const evidence = soundEvidence();
    evidence.declarations[kind] = [];
    for (const { status, reasons } of assess(headOf(framework), evidence).controls) {
      expect(status).not.toBe('attested');
      expect(reasons).toContain('role_undeclared');
    }
  });

  test('AI Act: a deployer has no duty of providers, and the other way round', () => {
    const evidence = soundEvidence();
    evidence.declarations.ai_role = [];
    declare(evidence, 'ai_role', { role: 'deployer' });
    expect(judge('eu_ai_act', evidence, 'Art. 16(e), 19(1)').status).toBe('not_applicable');
    expect(judge('eu_ai_act', evidence, 'Art. 26(6)').status).toBe('attested');
  });

  test.each([
    ['no', 'not_applicable'],
    ['not_assessed', 'insufficient_evidence'],
  ] as const)('AI Act: a system whose class is %s gives %s', (high_risk, status) => {
    const evidence = soundEvidence();
    const [system] = evidence.declarations.ai_system;
    if (system !== undefined) system.data.high_risk = high_risk;
    expect(judge('eu_ai_act', evidence, 'Art. 10').status).toBe(status);
    expect(judge('eu_ai_act', evidence, 'Art. 6, 6(4)').status).toBe('insufficient_evidence');
  });

  test('GDPR: with every place known and none in a third country there is nothing to list', () => {
    const evidence = soundEvidence();
    for (const record of evidence.declarations.support_access) record.data.countries = ['SE', 'NO'];
    const found = judge('gdpr_ropa', evidence, '30(2)(c)');
    expect(found.status).toBe('not_applicable');
    expect(found.assertion).toContain('in FI, NO, SE alone');
    evidence.declarations.support_access = [];
    expect(judge('gdpr_ropa', evidence, '30(2)(c)').status).toBe('insufficient_evidence');
  });
});

describe('dates', () => {
  const at = (end: string) =>
    headOf('eu_ai_act', { period_start: '2027-11-01T00:00:00Z', period_end: end, generated_at: end });

  test('before its application the AI Act reads readiness in the title and in every entry', () => {
    const before = assess(at('2027-12-01T23:59:59Z'), soundEvidence());
    expect(before.title).toBe('Readiness, EU AI Act, duties for high-risk systems (in application from 2027-12-02)');
    for (const { reasons, assertion } of before.controls) {
      expect(reasons).toContain('not_yet_in_application');
      expect(assertion).toContain('2027-12-02');
    }
    const after = assess(at('2027-12-02T00:00:00Z'), soundEvidence());
    expect(after.title).toBe('Evidence packet, EU AI Act, duties for high-risk systems');
    expect(after.controls.some(({ reasons }) => reasons.includes('not_yet_in_application'))).toBe(false);
  });

  test('systems of Annex I alone wait until 2028-08-02', () => {
    const evidence = soundEvidence();
    const [system] = evidence.declarations.ai_system;
    if (system !== undefined) Object.assign(system, { valid_until: '2029-01-01T00:00:00Z' }).data.high_risk = 'annex_i';
    expect(assess(at('2028-08-01T00:00:00Z'), evidence).title).toContain('from 2028-08-02');
    expect(assess(at('2028-08-02T00:00:00Z'), evidence).title).not.toContain('Readiness');
  });

  /** Six months before 31 May end on 30 November, the last day of its month: 182 days, not 180. */
  test.each([
    ['2025-11-30T00:00:00Z', 'attested'],
    ['2025-12-01T00:00:00Z', 'attested'],
    ['2025-12-01T00:00:01Z', 'exception'],
  ])('logs since %s over six calendar months, with a day for the clean-up: %s', (oldest, status) => {
    const evidence = soundEvidence(1);
    const [system] = evidence.declarations.ai_system;
    if (system !== undefined) system.data.log_retention_months = 6;
    for (const service of evidence.services) {
      service.log_store = [span({ oldest_record_at: oldest, newest_record_at: END })];
    }
    expect(judge('eu_ai_act', evidence, 'Art. 26(6)').status).toBe(status);
  });

  test('logs that begin with the use of the system are all there ever were', () => {
    const evidence = soundEvidence(1);
    const [system] = evidence.declarations.ai_system;
    if (system !== undefined) system.data.in_use_since = '2026-04-20';
    for (const service of evidence.services) {
      service.log_store = [span({ oldest_record_at: '2026-04-20T09:00:00Z', newest_record_at: END })];
    }
    expect(judge('eu_ai_act', evidence, 'Art. 26(6)').status).toBe('attested');
  });

  test.each([
    ['no', '2025-06-01', 'attested'],
    ['yes', '2025-06-01', 'exception'],
    ['not_assessed', '2025-06-01', 'exception'],
    ['yes', '2025-11-30', 'attested'],
    ['no', '2025-05-30', 'exception'],
  ] as const)('DORA: a function that is critical: %s, reviewed on %s, is %s', (critical, reviewed_on, status) => {
    const evidence = soundEvidence();
    for (const { data } of evidence.declarations.dora_function) data.critical = critical;
    for (const { data } of evidence.declarations.access_review) data.reviewed_on = reviewed_on;
    for (const role of evidence.access.roles) role.since = '2024-01-01T00:00:00Z';
    expect(judge('dora', evidence, 'RTS 21(e)').status).toBe(status);
  });
});

describe('storage limitation', () => {
  test.each([
    ['recorded longer ago than the policy', '2025-01-01T00:00:00Z', null, 'exception'],
    ['younger, as the trail began then', '2026-05-01T00:00:00Z', null, 'attested'],
    ['younger, and others that the policy keeps are gone', '2026-05-01T00:00:00Z', '2026-04-30T00:00:00Z', 'exception'],
    ['younger, as there was none for long', '2026-05-01T00:00:00Z', '2025-04-20T00:00:00Z', 'attested'],
    ['as old as the policy, earlier ones removed by it', '2025-04-27T00:00:00Z', '2025-04-26T00:00:00Z', 'attested'],
    ['young, and nothing says where the others went', '2026-05-01T00:00:00Z', undefined, 'insufficient_evidence'],
  ] as const)('an oldest entry that was %s', (_what, since, removed, status) => {
    const evidence = soundEvidence();
    // One that came late tells of a time before every policy, and was not kept for long.
    const log = { oldest_entry_at: '2020-01-01T00:00:00Z', recorded_since: since, removed_up_to: removed ?? null };
    Object.assign(evidence.audit_log, log, { first_sequence: removed === null ? 0 : 100 });
    expect(judge('gdpr_ropa', evidence, '5(1)(e)').status).toBe(status);
    expect(judge('dora', evidence, 'RTS 12(2)(a)').status).toBe(removed === null ? 'attested' : status);
  });

  test('what was removed under a shorter policy than that for ever is an exception', () => {
    const evidence = soundEvidence();
    Object.assign(evidence.audit_log, { first_sequence: 100, removed_up_to: '2020-01-01T00:00:00Z' });
    evidence.audit_log.retention = { mode: 'indefinite' };
    expect(judge('dora', evidence, 'RTS 12(2)(a)').status).toBe('exception');
  });

  test('without a limit it needs a reason that is looked at again', () => {
    const evidence = soundEvidence();
    evidence.audit_log.retention = { mode: 'indefinite' };
    expect(judge('gdpr_ropa', evidence, '5(1)(e)').status).toBe('attested');
    for (const { data } of evidence.declarations.retention_reason) data.review_on = '2026-05-30';
    expect(judge('gdpr_ropa', evidence, '5(1)(e)').status).toBe('exception');
    evidence.declarations.retention_reason = [];
    expect(judge('gdpr_ropa', evidence, '5(1)(e)').status).toBe('exception');
  });
});

describe('places', () => {
  test.each([
    ['CH', 'attested'],
    ['US', 'attested'],
    ['RS', 'exception'],
  ])('adequacy named for %s: %s', (country, status) => {
    const evidence = soundEvidence();
    for (const { data } of evidence.declarations.support_access) data.countries = [country];
    for (const { data } of evidence.declarations.third_country_transfer) data.country = country;
    expect(judge('gdpr_ropa', evidence, '30(2)(c)').status).toBe(status);
  });

  test('a list of countries that was widened afterwards mends nothing', () => {
    const evidence = soundEvidence();
    const [service] = evidence.services;
    if (service === undefined) throw new Error('no service');
    const [from, to] = [timeIn(86_400), timeIn(2 * 86_400)];
    const derived = { basis: 'derived' } as const;
    service.countries = [
      span(['SE'], { ...derived, to: from }),
      span(['GB'], { ...derived, from, to }),
      span(['SE'], { ...derived, from: to }),
    ];
    const [record] = evidence.declarations.dora_service;
    if (record === undefined) throw new Error('no record');
    record.valid_until = timeIn(5 * 86_400);
    const wider = { ...record.data, agreed_countries: ['SE', 'FI', 'CH', 'GB'] };
    declare(evidence, 'dora_service', wider, { declared_at: timeIn(5 * 86_400), record_id: record.record_id });
    const found = judge('dora', evidence, '30(2)(b)');
    expect([found.status, found.failing_items[0]?.from, found.failing_items[0]?.to]).toEqual(['exception', from, to]);
  });
});

describe('provider annex', () => {
  test('what nobody declared or observed is null, and no filing code stands for it', () => {
    const evidence = emptyEvidence();
    evidence.services = soundEvidence(1).services.slice(0, 1);
    for (const service of evidence.services) Object.assign(service, { countries: [], backup_countries: [] });
    const annex = assess(headOf('dora'), evidence).provider_annex ?? [];
    expect(annex.map(({ template, rows }) => [template, rows])).toEqual([
      ['B_02.02', [[null, null, null, null, null, 'eba_BT:x28', null, null]]],
      ['B_03.02', [[null, null, null]]],
      ['B_05.01', []],
      ['B_05.02', [[null, null, null, null, '1', null, null]]],
    ]);
    expect(JSON.stringify(annex)).not.toContain('qx2007');
  });

  test('a row for each country at rest and of processing, and each key once', () => {
    const [arrangements] = assess(headOf('dora'), soundEvidence(3)).provider_annex ?? [];
    expect(arrangements?.rows.map((row) => row.slice(-2))).toEqual([
      ['eba_GA:FI', 'eba_GA:CH'],
      ['eba_GA:FI', 'eba_GA:SE'],
      ['eba_GA:SE', 'eba_GA:CH'],
      ['eba_GA:SE', 'eba_GA:SE'],
    ]);
  });

  test('as CSV it has a header of codes, empty cells for what is unknown, and nothing that runs', () => {
    const table = {
      template: 'B_05.01',
      title: 'Providers',
      columns: ['c0010', 'c0050'],
      rows: [
        ['=1+1', 'A "B", C'],
        [null, 'D'],
      ],
    };
    expect(annexCsv(table)).toBe('c0010,c0050\r\n\'=1+1,"A ""B"", C"\r\n,D\r\n');
  });
});
