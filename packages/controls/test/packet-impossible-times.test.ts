import { expect, test } from 'vitest';

import { assess, type ControlFinding, type PacketHead } from '../src/index.ts';
import { declare, headOf, soundEvidence, soundService, span, timeIn, type Draft } from './support/evidence.ts';

const DAY = 86_400;
const FAR_AHEAD = '2099-01-01T00:00:00Z';
/** Two days after the packet was made. */
const AHEAD = timeIn(32 * DAY);

function finding(framework: PacketHead['framework'], id: string, evidence: Draft): ControlFinding {
  const found = assess(headOf(framework), evidence).controls.find(({ control_id }) => control_id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
}

function set(records: readonly { data: object }[], data: object): void {
  for (const record of records) record.data = { ...record.data, ...data };
}

type Change = (evidence: Draft) => void;
type Case = [framework: PacketHead['framework'], id: string, what: string, change: Change, status?: string];

const CASES: readonly Case[] = [
  ...(['volumes_destroyed_at', 'keys_destroyed_at'] as const).flatMap((member): Case[] => [
    ['soc2', 'CC6.5', `${member} ahead`, (e) => set(e.declarations.disposal_record, { [member]: AHEAD })],
    ['gdpr_ropa', '28(3)(g)', `${member} ahead`, (e) => set(e.declarations.disposal_record, { [member]: AHEAD })],
  ]),
  [
    'soc2',
    'CC6.5',
    'backups that will run out within their days',
    (e) => {
      for (const { backup_retention_days: spans } of e.services) for (const one of spans) one.value = 60;
      set(e.declarations.disposal_record, { backups_expired_at: AHEAD });
    },
  ],
  [
    'soc2',
    'CC6.5',
    'storage destroyed days before the service ended',
    (e) => set(e.declarations.disposal_record, { volumes_destroyed_at: timeIn(8 * DAY) }),
  ],
  ...(['contained_at', 'communicated_at', 'closed_at'] as const).flatMap((member): Case[] => [
    ['soc2', 'CC7.4', `${member} ahead`, (e) => set(e.declarations.incident, { [member]: AHEAD })],
    ['soc2', 'CC7.4', `${member} before it began`, (e) => set(e.declarations.incident, { [member]: timeIn(DAY / 2) })],
  ]),
  [
    'soc2',
    'CC7.4',
    'closed ahead of a packet that is past the limit',
    (e) => {
      const [incident] = e.declarations.incident;
      if (incident === undefined) throw new Error('an incident');
      Object.assign(incident.data, { detected_at: '2026-02-01T00:00:00Z', started_at: null, closed_at: AHEAD });
    },
    'exception',
  ],
  ['soc2', 'CC7.4', 'found ahead', (e) => set(e.declarations.incident, { detected_at: AHEAD })],
  ['gdpr_ropa', '33(2)', 'told ahead', (e) => set(e.declarations.incident, { controller_notified_at: AHEAD })],
  ['gdpr_ropa', '33(2)', 'told before', (e) => set(e.declarations.incident, { controller_notified_at: timeIn(5) })],
  ['dora', '18', 'started ahead', (e) => set(e.declarations.incident, { started_at: AHEAD })],
  ['soc2', 'CC7.3', 'decided ahead', (e) => set(e.declarations.flag_triage, { decided_at: AHEAD }), 'exception'],
  [
    'soc2',
    'CC7.3',
    'decided before the event',
    (e) => set(e.declarations.flag_triage, { decided_at: timeIn(5 * DAY - 1) }),
    'exception',
  ],
  [
    'soc2',
    'CC9.2',
    'a report that is not over',
    (e) => {
      for (const { data } of e.declarations.subservice_organization) {
        if (data.report !== null) data.report.period_end = FAR_AHEAD.slice(0, 10);
      }
    },
  ],
  [
    'soc2',
    'A1.3',
    'restored before there was a service',
    (e) => {
      e.services = [soundService('a', { created_at: timeIn(3 * DAY) })];
      set(e.declarations.restore_test, { tested_at: timeIn(2 * DAY) });
    },
  ],
  [
    'dora',
    '12(7)',
    'restored before there was a service',
    (e) => {
      e.services = [soundService('a', { created_at: timeIn(3 * DAY) })];
      set(e.declarations.restore_test, { tested_at: timeIn(2 * DAY) });
    },
  ],
  ...(['soc2 CC6.8', 'dora RTS 10'] as const).map((one): Case => {
    const [framework, ...id] = one.split(' ') as ['soc2' | 'dora', string, string?];
    return [
      framework,
      id.join(' '),
      'patched ahead of the reading',
      (e) => {
        for (const { version_and_patch: spans } of e.services) for (const { value } of spans) value.patched_at = AHEAD;
      },
    ];
  }),
  [
    'dora',
    'RTS 7',
    'a key rotated ahead',
    (e) => {
      for (const { value } of e.access.keys_register) for (const key of value) key.rotated_at = AHEAD;
    },
  ],
  [
    'eu_ai_act',
    'Art. 26(6)',
    'in use from a day ahead',
    (e) => set(e.declarations.ai_system, { in_use_since: '2026-07-01' }),
  ],
  [
    'eu_ai_act',
    'Art. 12(1), 12(2)',
    'a newest log ahead of the reading',
    (e) => {
      for (const service of e.services) {
        service.log_store = [span({ oldest_record_at: '2025-01-01T00:00:00Z', newest_record_at: AHEAD })];
      }
    },
  ],
];

test.each<Case>([...CASES])(
  '%s %s, %s: is no support',
  (framework, id, _what, change, status = 'insufficient_evidence') => {
    const evidence = soundEvidence();
    expect(finding(framework, id, evidence).status).toBe('attested');
    change(evidence);
    const found = finding(framework, id, evidence);
    expect([found.status, found.assertion]).toEqual([status, expect.any(String)]);
  },
);

const decision = (decided_on: string) => ({ reason: 'a test', decided_by: 'Ada Lovelace', decided_on });

test.each([
  ['2026-05-31', 'not_applicable'],
  // It has begun somewhere: fourteen hours ahead of ours.
  ['2026-06-01', 'attested'],
  ['2099-01-01', 'attested'],
])('a decision of %s leaves a control out: %s', (decided_on, status) => {
  const evidence = soundEvidence();
  declare(evidence, 'scope_decision', {
    framework: 'soc2',
    control_id: 'CC6.2',
    service_id: null,
    ...decision(decided_on),
  });
  expect(finding('soc2', 'CC6.2', evidence).status).toBe(status);
});

test('a day counts as soon as it has begun anywhere', () => {
  const evidence = soundEvidence();
  declare(evidence, 'scope_decision', {
    framework: 'soc2',
    control_id: 'CC6.2',
    service_id: null,
    ...decision('2026-06-01'),
  });
  const head = headOf('soc2', { generated_at: '2026-05-31T10:00:00Z' });
  const found = assess(head, evidence).controls.find(({ control_id: id }) => id === 'CC6.2');
  expect(found?.status).toBe('not_applicable');
});

test('categories that are to be decided on are not chosen yet, and a risk to be accepted is not accepted', () => {
  const evidence = soundEvidence();
  for (const { data } of evidence.declarations.scope_categories) data.decided_on = '2099-01-01';
  expect(finding('soc2', 'A1.1', evidence).reasons).toEqual(['role_undeclared']);
  evidence.services[0]?.tls_required.splice(0, 1, span(false));
  const risk = { framework: 'soc2', control_id: 'CC6.1', reason: 'old', accepted_by: 'Ada', review_on: '2099-02-01' };
  declare(evidence, 'risk_acceptance', { ...risk, accepted_on: '2099-01-01' });
  expect(finding('soc2', 'CC6.1', evidence).reasons).not.toContain('risk_accepted');
});
