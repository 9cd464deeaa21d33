import { AUDIT_ACTIONS, type AuditAction } from '@veritrail/formats';
import { expect, test } from 'vitest';

import { FLAG_RULE_IDS, judgeActivity, SOC2_ACTIVITY, type ActivityControl, type ActivityFacts } from '../src/index.ts';

const [CC61 = missing()] = SOC2_ACTIVITY;

function missing(): never {
  throw new Error('the first control is missing');
}

/** The published sample, as far as it is consistent with itself. */
const SAMPLE: Record<AuditAction, number> = {
  CREATE: 12_450,
  UPDATE: 28_901,
  DELETE: 3210,
  READ: 9800,
  LOGIN: 2100,
  LOGOUT: 1880,
  PERMISSION_CHANGE: 320,
  CONFIG_CHANGE: 154,
  EXPORT: 526,
};

const ALL_GOOD: ActivityFacts = {
  events: SAMPLE,
  flagged: {},
  rulesApplied: new Set(FLAG_RULE_IDS),
  integrity: 'sound',
  coversPeriod: true,
};

test('the published evidence count comes out: logins and permission changes', () => {
  expect(judgeActivity(CC61, ALL_GOOD)).toEqual({ status: 'COMPLIANT', reasons: [], evidenceCount: 2420 });
});

const nothing = Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, 0])) as Record<AuditAction, number>;

test.each<[string, Partial<ActivityFacts>, string]>([
  ['a trail that was not checked', { integrity: 'unverified' }, 'integrity_unverified'],
  ['a trail that diverged', { integrity: 'broken' }, 'integrity_broken'],
  ['a trail younger than the period', { coversPeriod: false }, 'history_shorter_than_period'],
  ['no evidence at all', { events: nothing }, 'vacuous_scope'],
  ['a rule that did not look at everything', { rulesApplied: new Set() }, 'integrity_unverified'],
])('%s is insufficient evidence, however many events there are', (_name, change, reason) => {
  for (const control of SOC2_ACTIVITY) {
    const { status, reasons } = judgeActivity(control, { ...ALL_GOOD, ...change });
    expect(status).toBe('INSUFFICIENT_EVIDENCE');
    expect(reasons).toContain(reason);
  }
});

test('one flag of a rule that the control names is an exception, whatever else is unknown', () => {
  const facts: ActivityFacts = { ...ALL_GOOD, flagged: { login_after_failures: 1 }, integrity: 'unverified' };
  expect(judgeActivity(CC61, facts)).toMatchObject({ status: 'EXCEPTION', reasons: ['item_failed'] });
});

test('a flag of a rule that the control does not name leaves it alone', () => {
  expect(judgeActivity(CC61, { ...ALL_GOOD, flagged: { mass_deletion: 3 } }).status).toBe('COMPLIANT');
});

test('knowing less never makes a status better', () => {
  const worse: Partial<ActivityFacts>[] = [
    { integrity: 'unverified' },
    { integrity: 'broken' },
    { coversPeriod: false },
    { rulesApplied: new Set() },
    { events: nothing },
  ];
  const rank = { COMPLIANT: 2, INSUFFICIENT_EVIDENCE: 1, EXCEPTION: 0 };
  const controls: readonly ActivityControl[] = SOC2_ACTIVITY;
  for (const control of controls) {
    for (const flagged of [{}, { mass_deletion: 1, self_granted_role: 1, failed_login_burst: 1 }]) {
      const before = rank[judgeActivity(control, { ...ALL_GOOD, flagged }).status];
      for (const change of worse) {
        expect(rank[judgeActivity(control, { ...ALL_GOOD, flagged, ...change }).status]).toBeLessThanOrEqual(before);
      }
    }
  }
});
