import { describe, expect, test } from 'vitest';

import {
  assess,
  type ControlFinding,
  type DeclarationData,
  type DeclarationKind,
  type PacketHead,
} from '../src/index.ts';
import {
  declare,
  event,
  END,
  headOf,
  soundEvidence,
  soundService,
  span,
  timeIn,
  type Draft,
} from './support/evidence.ts';

const DAY = 86_400;
const DAY_10 = timeIn(10 * DAY);
/** A second before the period's end. */
const AT_LAST = timeIn(30 * DAY - 1);

function finding(framework: PacketHead['framework'], id: string, evidence: Draft): ControlFinding {
  const found = assess(headOf(framework), evidence).controls.find(({ control_id }) => control_id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
}

/** From `at` on every record of the kind says this too; until then it says what it said. */
function changeAt<Kind extends DeclarationKind>(
  evidence: Draft,
  kind: Kind,
  at: string,
  data: Partial<DeclarationData[Kind]>,
): void {
  for (const record of [...evidence.declarations[kind]]) {
    const { record_id: id } = record;
    record.valid_until = at;
    const changed = { ...(record.data as unknown as DeclarationData[Kind]), ...data };
    declare(evidence, kind, changed, { record_id: id, version: 2, declared_at: at });
  }
}

function declareLate(evidence: Draft, kind: DeclarationKind, at: string): void {
  for (const record of evidence.declarations[kind]) record.declared_at = at;
}

describe('places of the record of processing', () => {
  const inEurope = (): Draft => {
    const evidence = soundEvidence();
    for (const { data } of evidence.declarations.support_access) data.countries = ['SE'];
    evidence.declarations.third_country_transfer = [];
    return evidence;
  };

  test('support from a third country until a second before the end is seen', () => {
    const evidence = inEurope();
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).status).toBe('not_applicable');
    for (const { data } of evidence.declarations.support_access) data.countries = ['US', 'IN'];
    changeAt(evidence, 'support_access', AT_LAST, { countries: ['SE'] });
    const found = finding('gdpr_ropa', '30(2)(c)', evidence);
    expect([found.status, found.counts.failing]).toEqual(['exception', 2]);
    expect(found.assertion).toContain('country US (support access)');
  });

  test('so is a supplier that touched data there', () => {
    const evidence = inEurope();
    for (const { data } of evidence.declarations.subservice_organization) {
      Object.assign(data, { countries: ['US'], data_access: 'clear' });
    }
    changeAt(evidence, 'subservice_organization', AT_LAST, { countries: ['SE'] });
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).status).toBe('exception');
  });

  test.each<[DeclarationKind]>([['support_access'], ['subservice_organization']])(
    'a %s that is declared within the period says nothing of the time before',
    (kind) => {
      const evidence = inEurope();
      declareLate(evidence, kind, AT_LAST);
      const found = finding('gdpr_ropa', '30(2)(c)', evidence);
      expect([found.status, found.reasons]).toEqual(['insufficient_evidence', expect.anything()]);
      expect(found.reasons).toContain('history_shorter_than_period');
    },
  );

  test('nor is anything missing where the services themselves are as young', () => {
    const evidence = inEurope();
    const made = timeIn(10 * DAY - 3600);
    evidence.services = [soundService('a', { created_at: made })];
    for (const kind of ['support_access', 'subservice_organization'] as const) declareLate(evidence, kind, DAY_10);
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).status).toBe('not_applicable');
    evidence.services.push(soundService('b'));
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).status).toBe('insufficient_evidence');
  });

  test('a break between two declarations is open', () => {
    const evidence = inEurope();
    const [record] = evidence.declarations.support_access;
    if (record === undefined) throw new Error('a record');
    record.valid_until = DAY_10;
    declare(evidence, 'support_access', record.data, { record_id: 'other', declared_at: timeIn(10 * DAY + 1) });
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).reasons).toContain('fact_stale');
  });

  test('a transfer that is over was listed while it lasted, and one that goes on has to be listed at the end', () => {
    const evidence = inEurope();
    for (const { data } of evidence.declarations.support_access) data.countries = ['CH'];
    const transfer = { country: 'CH', recipient: 'Night Support AG', mechanism: '45', safeguards: null } as const;
    declare(evidence, 'third_country_transfer', transfer, { valid_until: DAY_10, withdrawn: true });
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).status).toBe('exception');
    changeAt(evidence, 'support_access', DAY_10, { countries: ['SE'] });
    expect(finding('gdpr_ropa', '30(2)(c)', evidence).status).toBe('attested');
  });

  test('a list of agreed countries says nothing of the time before the first one', () => {
    const evidence = soundEvidence();
    declareLate(evidence, 'dora_service', DAY_10);
    const found = finding('dora', '30(2)(b)', evidence);
    expect([found.status, found.reasons]).toEqual(['insufficient_evidence', ['history_shorter_than_period']]);
  });
});

describe.each([
  ['soc2', 'C1.1', { confidential: false }],
  ['gdpr_ropa', '32(1)(a)', { personal_data: 'no' }],
] as const)('%s %s of a service whose data was classed anew', (framework, id, changed) => {
  const unencrypted = (from?: string): Draft => {
    const evidence = soundEvidence(1);
    for (const service of evidence.services) {
      service.storage_encrypted_at_rest =
        from === undefined ? [span(false)] : [span(true, { to: from }), span(false, { from })];
    }
    return evidence;
  };

  test('a second before the end: what was wrong until then stays', () => {
    const evidence = unencrypted();
    changeAt(evidence, 'data_classification', AT_LAST, changed);
    const found = finding(framework, id, evidence);
    expect(found.status).toBe('exception');
    expect(found.failing_items.map(({ to }) => to)).toContain(AT_LAST);
  });

  test('before anything was wrong: nothing is', () => {
    const evidence = unencrypted(timeIn(20 * DAY));
    evidence.services = evidence.services.filter(({ ended_at: ended }) => ended === null);
    changeAt(evidence, 'data_classification', DAY_10, changed);
    expect(finding(framework, id, evidence).status).toBe('attested');
  });

  test('for the whole period as one that is not asked: it is no item', () => {
    const evidence = unencrypted();
    for (const { data } of evidence.declarations.data_classification) Object.assign(data, changed);
    const found = finding(framework, id, evidence);
    expect([found.status, found.reasons]).toEqual(['insufficient_evidence', ['vacuous_scope']]);
  });

  test('for the first time within the period: the time before is open', () => {
    const evidence = soundEvidence(1);
    declareLate(evidence, 'data_classification', timeIn(DAY));
    const found = finding(framework, id, evidence);
    expect([found.status, found.reasons]).toEqual([
      'insufficient_evidence',
      expect.arrayContaining(['history_shorter_than_period']),
    ]);
    // A service that was made that day has nothing before.
    for (const service of evidence.services) service.created_at = timeIn(3600);
    expect(finding(framework, id, evidence).status).toBe('attested');
  });
});

test('a service that ended is one of those with personal data if it was at any time of the period', () => {
  const evidence = soundEvidence();
  evidence.declarations.disposal_record = [];
  changeAt(evidence, 'data_classification', timeIn(10 * DAY - 1), { confidential: false, personal_data: 'no' });
  for (const id of ['C1.2', 'P4.3']) expect(finding('soc2', id, evidence).counts.unknown, id).toBe(1);
});

describe('a source of events', () => {
  const heard = (version: number, silence: number) => ({
    source_id: 'audit_source-1',
    version,
    resource_type: 'session',
    events: 10,
    last_event_at: END,
    longest_silence_days: silence,
  });

  test.each([
    ['a limit that is widened a second before the end', 3, 3650, [10, 10], 'exception'],
    ['a limit that is made tighter, and kept since', 20, 3, [10, 1], 'attested'],
    ['a limit that is made tighter, and not kept', 20, 3, [1, 10], 'exception'],
  ] as const)('%s counts while it holds', (_name, before, after, [first, second], status) => {
    const evidence = soundEvidence();
    for (const { data } of evidence.declarations.audit_source) data.max_silence_days = before;
    changeAt(evidence, 'audit_source', AT_LAST, { max_silence_days: after });
    evidence.audit_log.sources = [heard(1, first), heard(2, second)];
    expect(finding('soc2', 'CC7.2', evidence).status).toBe(status);
    expect(finding('dora', 'RTS 12(2)(c)', evidence).status).toBe(status);
  });

  test('of which a version was not looked at is open', () => {
    const evidence = soundEvidence();
    changeAt(evidence, 'audit_source', AT_LAST, {});
    evidence.audit_log.sources = [heard(2, 0)];
    expect(finding('soc2', 'CC7.2', evidence).status).toBe('insufficient_evidence');
  });

  test.each([
    ['soc2', 'CC7.2'],
    ['dora', 'RTS 12(2)(c)'],
  ] as const)('that is declared just now leaves the time before it open in %s %s', (framework, id) => {
    const evidence = soundEvidence();
    declareLate(evidence, 'audit_source', AT_LAST);
    const found = finding(framework, id, evidence);
    expect([found.status, found.reasons]).toEqual(['insufficient_evidence', ['history_shorter_than_period']]);
  });

  test('of an organization that was made within the period is missed from then on only', () => {
    const evidence = soundEvidence();
    declareLate(evidence, 'audit_source', timeIn(DAY + 3600));
    const made = event(0, {
      action: 'CREATE',
      resource_type: 'organization',
      resource_id: headOf('soc2').organization.id,
      occurred_at: timeIn(DAY),
    });
    evidence.events.account_lifecycle.listed.push(made);
    evidence.events.account_lifecycle.total++;
    const openOf = () => finding('soc2', 'CC7.2', evidence).assertion;
    expect(openOf()).not.toContain('its declaration through the period');
    // An event of that kind that anybody sent later isn't that of its making.
    made.sequence = 4000;
    expect(openOf()).toContain('its declaration through the period');
  });

  test('that is declared after the period is none of it', () => {
    const evidence = soundEvidence();
    const [source] = evidence.declarations.audit_source;
    if (source === undefined) throw new Error('a source');
    declare(evidence, 'audit_source', source.data, { record_id: 'new', declared_at: '2026-05-31T00:00:02Z' });
    expect(finding('soc2', 'CC7.2', evidence).status).toBe('attested');
  });
});

test.each([
  ['dora', 'dora_role', '9(2), 9(3)'],
  ['eu_ai_act', 'ai_role', 'Art. 10'],
] as const)('%s: a role that is given up a second before the end takes nothing out', (framework, kind, id) => {
  const evidence = soundEvidence();
  for (const { data } of evidence.declarations[kind]) data.role = 'neither';
  expect(finding(framework, id, evidence).status).toBe('not_applicable');
  const had = soundEvidence();
  changeAt(had, kind, AT_LAST, { role: 'neither' });
  expect(finding(framework, id, had).status).not.toBe('not_applicable');
});

test('a store that an AI system named until the end is asked about encryption', () => {
  const evidence = soundEvidence();
  for (const service of evidence.services) service.storage_encrypted_at_rest = [span(false)];
  changeAt(evidence, 'ai_system', AT_LAST, { data_services: [] });
  expect(finding('eu_ai_act', 'Art. 10', evidence).status).toBe('exception');
  const called = soundEvidence();
  changeAt(called, 'ai_system', AT_LAST, { high_risk: 'no', assessment: 'seen' });
  expect(finding('eu_ai_act', 'Art. 10', called).status).not.toBe('not_applicable');
});
