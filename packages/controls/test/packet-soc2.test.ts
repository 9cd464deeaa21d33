import { expect, test } from 'vitest';

import { assess, OBSERVED_SERVICE_FACTS, SERVICE_FACTS } from '../src/index.ts';
import {
  DAYS,
  declare,
  emptyEvidence,
  event,
  headOf,
  soundEvidence,
  soundService,
  span,
  timeIn,
  type Draft,
} from './support/evidence.ts';
import { breakAndMend, dropSample } from './support/mutate.ts';

const HEAD = headOf('soc2');

test('where everything is known and fine, each criterion that records can show is attested', () => {
  const { controls } = assess(HEAD, soundEvidence());
  const others = controls.filter((control) => control.status !== 'attested');
  expect(others.map((control) => `${control.control_id} ${control.status} ${control.reasons.join()}`)).toEqual([
    // They ask for more than records, however good those are.
    'CC9.1 insufficient_evidence outside_platform',
    'CC2.1 insufficient_evidence outside_platform',
  ]);
});

test('where nothing is known, nothing is attested', () => {
  for (const control of assess(HEAD, emptyEvidence()).controls) {
    expect(control.status, control.assertion).toBe('insufficient_evidence');
  }
});

type Case = readonly [id: string, name: string, change: (evidence: Draft) => unknown, status: string, reason?: string];

const first = (evidence: Draft) => {
  const [service] = evidence.services;
  if (service === undefined) throw new Error('no service');
  return service;
};

const CASES: readonly Case[] = [
  ['CC6.1', 'TLS only offered', (e) => (first(e).tls_required = []), 'insufficient_evidence', 'fact_missing'],
  [
    'CC6.1',
    'TLS off, and nothing else known',
    (e) => {
      Object.assign(first(e), { tls_required: [], auth_required: [], tls_enabled: [span(false)] });
    },
    'exception',
    'item_failed',
  ],
  ['CC6.1', 'no record of a cipher for backups', (e) => (first(e).backup_encryption = []), 'insufficient_evidence'],
  [
    'CC6.1',
    'a cipher that somebody only declared',
    (e) => {
      first(e).backup_encryption = [span('AES-256-GCM', { basis: 'declared' })];
    },
    'insufficient_evidence',
    'fact_declared_only',
  ],
  [
    'CC6.1',
    'a reading that ran out',
    (e) => {
      first(e).auth_required = [span(true, { to: timeIn(20 * 86_400), valid_until: timeIn(20 * 86_400) })];
    },
    'insufficient_evidence',
    'fact_stale',
  ],
  ['CC6.1', 'open to the world for one day', (e) => breakAndMend(e, 0, 'network_exposure', 'public'), 'exception'],
  [
    'CC6.1',
    'behind a list of addresses',
    (e) => (first(e).network_exposure = [span('allow_list' as const)]),
    'attested',
  ],
  ['CC6.1', 'no register of keys', (e) => (e.access.keys_register = []), 'insufficient_evidence', 'fact_missing'],
  [
    'CC6.1',
    'too few samples',
    (e) => {
      for (let i = 0; i < 3; i++) dropSample(e, 5);
    },
    'insufficient_evidence',
    'sample_coverage_low',
  ],
  ['CC6.1', 'one sample missing', (e) => dropSample(e, 5), 'attested'],
  [
    'CC6.1',
    'samples from the third day on',
    (e) => {
      dropSample(e, 0);
      dropSample(e, 0);
      e.samples.missing = [];
      e.samples.expected = 28;
    },
    'insufficient_evidence',
    'history_shorter_than_period',
  ],
  [
    'CC6.1',
    'a service made within the period, first read an hour later',
    (e) => {
      e.services = [newService(3600)];
    },
    'attested',
  ],
  [
    'CC6.1',
    'a service made within the period, first read two days later',
    (e) => {
      e.services = [newService(2 * 86_400)];
    },
    'insufficient_evidence',
    'fact_missing',
  ],
  ['CC6.1', 'a decision to leave it out', (e) => scopeOut(e, 'CC6.1', null), 'attested'],
  ['CC6.2', 'a decision to leave it out', (e) => scopeOut(e, 'CC6.2', null), 'not_applicable', 'scoped_out'],
  ['CC6.2', 'an account that nobody made', (e) => e.access.roles.push(ghost('2026-05-02T00:00:00Z')), 'exception'],
  [
    'CC6.1',
    'a new service of which most was not read',
    (e) => {
      e.services.push(newService(90, DAYS * 86_400 - 100));
    },
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC6.2',
    'an account as old as the trail',
    (e) => e.access.roles.push(ghost('2025-12-01T00:00:00Z')),
    'insufficient_evidence',
    'population_incomplete',
  ],
  [
    'CC6.2',
    'an account that acted after its removal',
    (e) => {
      e.events.account_lifecycle.listed.push(
        event(3, { action: 'DELETE', resource_type: 'member', resource_id: 'user-1' }),
      );
      e.events.account_lifecycle.total++;
    },
    'exception',
  ],
  [
    'CC6.2',
    'a trail that diverged',
    (e) => (e.audit_log.integrity.result = 'diverged'),
    'insufficient_evidence',
    'integrity_broken',
  ],
  [
    'CC6.2',
    'events not checked yet',
    (e) => (e.audit_log.integrity.unchecked = 1),
    'insufficient_evidence',
    'integrity_unverified',
  ],
  ['CC6.2', 'sources not declared', (e) => (e.declarations.audit_source = []), 'insufficient_evidence', 'fact_missing'],
  [
    'CC6.3',
    "a change of one's own role",
    (e) => {
      e.events.permission_changes.listed.push(
        event(20, { action: 'PERMISSION_CHANGE', actor_id: 'x', resource_id: 'x', from: 'member', to: 'owner' }),
      );
      e.events.permission_changes.total++;
    },
    'exception',
  ],
  [
    'CC6.3',
    "a flag of a change of one's own role",
    (e) => {
      const [change] = e.events.permission_changes.listed;
      e.audit_log.flags.push({
        event_id: change?.event_id ?? '',
        sequence: 10,
        rule: 'self_granted_role',
        rule_version: 1,
        occurred_at: timeIn(5),
      });
      e.audit_log.flags_total++;
    },
    'exception',
  ],
  [
    'CC6.3',
    'a change that does not say from what',
    (e) => e.events.permission_changes.listed.forEach((one) => (one.from = null)),
    'insufficient_evidence',
  ],
  [
    'CC6.3',
    'more changes than are listed',
    (e) => e.events.permission_changes.total++,
    'insufficient_evidence',
    'population_incomplete',
  ],
  [
    'CC6.3',
    'a review that is overdue',
    (e) => e.declarations.access_review.forEach((one) => (one.data.reviewed_on = '2025-05-01')),
    'exception',
    'threshold_not_met',
  ],
  ['CC6.3', 'no review', (e) => (e.declarations.access_review = []), 'insufficient_evidence'],
  [
    'CC6.3',
    'a removal that was not carried out',
    (e) => e.declarations.access_review.forEach((one) => one.data.removed.push('user-1')),
    'exception',
  ],
  [
    'CC6.3',
    'no permission change in a sound trail',
    (e) => (e.events.permission_changes = { total: 0, listed: [] }),
    'attested',
  ],
  ['CC6.5', 'no service ended', (e) => e.services.pop(), 'insufficient_evidence', 'vacuous_scope'],
  ['CC6.5', 'no record of disposal', (e) => (e.declarations.disposal_record = []), 'insufficient_evidence'],
  [
    'CC6.5',
    'backups kept past their retention',
    (e) => e.declarations.disposal_record.forEach((one) => (one.data.backups_expired_at = timeIn(29 * 86_400))),
    'exception',
  ],
  ['CC6.6', 'an old TLS version accepted', (e) => breakAndMend(e, 0, 'tls_min_version', '1.1'), 'exception'],
  ['CC6.6', 'no second factor', (e) => (e.access.mfa_enforced = [span(false)]), 'exception'],
  [
    'CC6.6',
    'no sign-in on record',
    (e) => (e.audit_log.in_period.by_action.LOGIN = 0),
    'insufficient_evidence',
    'vacuous_scope',
  ],
  [
    'CC6.7',
    'a certificate that ran out',
    (e) => (first(e).tls_certificate_not_after = [span('2026-05-20T00:00:00Z')]),
    'exception',
  ],
  [
    'CC6.7',
    'an export that names no actor',
    (e) => e.events.exports.listed.forEach((one) => (one.actor_id = '')),
    'exception',
  ],
  [
    'CC6.8',
    'an end of life within the period',
    (e) => first(e).version_and_patch.forEach((one) => (one.value.end_of_life = '2026-05-20T00:00:00Z')),
    'exception',
  ],
  ['CC7.1', 'a change that no event explains', (e) => breakAndMend(e, 0, 'backup_retention_days', 30), 'exception'],
  [
    'CC7.1',
    'a change that events explain',
    (e) => {
      breakAndMend(e, 0, 'backup_retention_days', 30);
      const days = [10, 12].map((day) =>
        event(30 + day, { action: 'UPDATE', resource_id: 'a', occurred_at: timeIn(day * 86_400) }),
      );
      e.events.service_changes = { total: 2, listed: days };
    },
    'attested',
  ],
  [
    'CC7.1',
    'a change where events of changes were not gathered',
    (e) => {
      breakAndMend(e, 0, 'backup_retention_days', 30);
      delete e.events.service_changes;
    },
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC7.2',
    'a trail that diverged',
    (e) => (e.audit_log.integrity.result = 'diverged'),
    'exception',
    'integrity_broken',
  ],
  [
    'CC7.2',
    'a source that fell silent',
    (e) => e.audit_log.sources.forEach((one) => (one.longest_silence_days = 9)),
    'exception',
    'threshold_not_met',
  ],
  ['CC7.2', 'no rule on', (e) => (e.audit_log.rules = []), 'insufficient_evidence', 'vacuous_scope'],
  [
    'CC7.2',
    'a rule that did not see all',
    (e) => e.audit_log.rules.forEach((one) => (one.whole_trail = false)),
    'insufficient_evidence',
  ],
  [
    'CC7.2',
    'a trail younger than the period',
    (e) => (e.audit_log.oldest_entry_at = timeIn(3600)),
    'insufficient_evidence',
    'history_shorter_than_period',
  ],
  [
    'CC7.2',
    'an old event in a trail that was begun later',
    (e) => (e.audit_log.recorded_since = timeIn(3600)),
    'insufficient_evidence',
    'history_shorter_than_period',
  ],
  [
    'CC7.3',
    'a flag triaged too late',
    (e) => e.declarations.flag_triage.forEach((one) => (one.data.decided_at = timeIn(20 * 86_400))),
    'exception',
  ],
  ['CC7.3', 'no triage kept', (e) => (e.declarations.flag_triage = []), 'insufficient_evidence'],
  [
    'CC7.3',
    'no flag',
    (e) => Object.assign(e.audit_log, { flags: [], flags_total: 0 }),
    'insufficient_evidence',
    'vacuous_scope',
  ],
  [
    'CC7.4',
    'an incident still open',
    (e) => e.declarations.incident.forEach((one) => (one.data.closed_at = null)),
    'insufficient_evidence',
  ],
  [
    'CC7.4',
    'an incident open for a year',
    (e) =>
      e.declarations.incident.forEach((one) =>
        Object.assign(one.data, { closed_at: null, detected_at: '2025-05-01T00:00:00Z' }),
      ),
    'exception',
  ],
  [
    'CC7.5',
    'a gap in the backups',
    (e) =>
      Object.assign(first(e).backups, {
        gaps: [{ from: timeIn(86_400), to: timeIn(4 * 86_400), limit_seconds: 129_600 }],
        gaps_total: 1,
      }),
    'exception',
  ],
  ['CC7.5', 'backups, but no restore test', (e) => (e.declarations.restore_test = []), 'insufficient_evidence'],
  ['CC7.5', 'a failed test after the one that succeeded', (e) => failedTest(e), 'exception'],
  ['CC8.1', 'no approvals kept', (e) => (e.declarations.change_approval = []), 'insufficient_evidence'],
  ['CC8.1', 'one change without', (e) => e.declarations.change_approval.pop(), 'exception'],
  [
    'CC8.1',
    'approved by its own actor',
    (e) => e.declarations.change_approval.forEach((one) => (one.data.approved_by = 'user-1')),
    'exception',
  ],
  [
    'CC8.1',
    'approved by somebody who is named in words only',
    (e) => e.declarations.change_approval.forEach((one) => (one.data.approved_by = 'Jane Doe')),
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC8.1',
    'approved by an API key',
    (e) => e.declarations.change_approval.forEach((one) => (one.data.approved_by = 'key-1')),
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC8.1',
    'approved by a member who has left since',
    (e) => {
      e.access.roles = e.access.roles.filter(({ actor_id: id }) => id !== 'user-2');
    },
    'attested',
  ],
  [
    'CC8.1',
    'approved by nobody that the records know',
    (e) => {
      e.access.roles = e.access.roles.filter(({ actor_id: id }) => id !== 'user-2');
      for (const one of e.events.account_lifecycle.listed) one.resource_type = 'api_key';
    },
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC8.1',
    'stored in the second of the change, with an earlier time of approval',
    (e) =>
      e.declarations.change_approval.forEach((one) => {
        Object.assign(one, { declared_at: e.events.config_changes.listed[0]?.occurred_at });
      }),
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC8.1',
    "stored by the change's own actor",
    (e) =>
      e.declarations.change_approval.forEach((one) => {
        Object.assign(one, { declared_by: 'user-1' });
      }),
    'insufficient_evidence',
    'fact_missing',
  ],
  [
    'CC8.1',
    'no change',
    (e) => (e.events.config_changes = { total: 0, listed: [] }),
    'insufficient_evidence',
    'vacuous_scope',
  ],
  [
    'CC9.2',
    'a report that ended before',
    (e) =>
      e.declarations.subservice_organization.forEach((one) => {
        if (one.data.report) one.data.report.period_end = '2026-03-31';
      }),
    'exception',
  ],
  [
    'CC9.2',
    'a bridge over the rest',
    (e) =>
      e.declarations.subservice_organization.forEach((one) => {
        one.data.report = null;
        one.data.bridge_until = '2026-06-30';
      }),
    'attested',
  ],
  [
    'A1.1',
    'an alert of two days',
    (e) => breakAndMend(e, 0, 'capacity', { used_percent: 99, alert_open: true }),
    'exception',
  ],
  ['A1.2', 'no schedule', (e) => breakAndMend(e, 0, 'backup_schedule', 'none'), 'exception'],
  ['A1.2', 'backups only where the service is', (e) => (first(e).backup_zones = [span(['se-sto1'])]), 'exception'],
  ['A1.2', 'zones not known', (e) => (first(e).zones = []), 'insufficient_evidence'],
  ['A1.2', 'an old backup at a sample', (e) => (first(e).backups.age_at_samples[7] = 200_000), 'exception'],
  [
    'A1.2',
    'no backup on record',
    (e) =>
      Object.assign(first(e).backups, {
        last_completed_at: null,
        age_at_samples: Array.from({ length: DAYS }, () => null),
      }),
    'insufficient_evidence',
  ],
  [
    'A1.2',
    'no backup yet of a service that is too young to be late',
    (e) => e.services.push(withoutBackup(0)),
    'insufficient_evidence',
    'fact_missing',
  ],
  ['A1.2', 'failed backups and none completed', (e) => e.services.push(withoutBackup(2)), 'exception'],
  ['CC7.5', 'no backup yet', (e) => e.services.push(withoutBackup(0)), 'insufficient_evidence', 'fact_missing'],
  [
    'A1.2',
    'the category not chosen',
    (e) => e.declarations.scope_categories.forEach((one) => (one.data.categories = ['security'])),
    'not_applicable',
  ],
  [
    'A1.2',
    'nobody chose categories',
    (e) => (e.declarations.scope_categories = []),
    'insufficient_evidence',
    'role_undeclared',
  ],
  [
    'A1.2',
    'nobody chose categories, and there is no schedule',
    (e) => {
      e.declarations.scope_categories = [];
      breakAndMend(e, 0, 'backup_schedule', 'none');
    },
    'exception',
  ],
  [
    'A1.3',
    'a test without measures',
    (e) => e.declarations.restore_test.forEach((one) => (one.data.rto_minutes = null)),
    'insufficient_evidence',
  ],
  [
    'A1.3',
    'a failed test of a service that was deleted since',
    (e) => {
      Object.assign(e.services[1] ?? {}, { ended_at: timeIn(29 * 86_400) });
      failedTest(e);
    },
    'exception',
  ],
  [
    'A1.3',
    'too few samples',
    (e) => {
      while (e.samples.taken.length > DAYS / 2) dropSample(e, 0);
    },
    'insufficient_evidence',
    'sample_coverage_low',
  ],
  ['C1.1', 'an unclassified service', (e) => e.declarations.data_classification.shift(), 'insufficient_evidence'],
  ['C1.1', 'a confidential service in plaintext', (e) => breakAndMend(e, 0, 'tls_required', false), 'exception'],
  [
    'PI1.5',
    'a check that failed',
    (e) => breakAndMend(e, 0, 'backup_integrity_check', { method: 'checksum', passed: false }),
    'exception',
  ],
  [
    'P4.2',
    'backups longer than the limit',
    (e) => e.declarations.data_classification.forEach((one) => (one.data.retention_limit_days = 10)),
    'exception',
  ],
  [
    'P4.2',
    'a log without end and without reason',
    (e) => {
      e.audit_log.retention = { mode: 'indefinite' };
      e.declarations.retention_reason = [];
    },
    'exception',
  ],
  ['P4.2', 'a log without end for a reason', (e) => (e.audit_log.retention = { mode: 'indefinite' }), 'attested'],
  [
    'P6.2',
    'an export that says nothing',
    (e) => e.events.exports.listed.forEach((one) => (one.has_details = false)),
    'exception',
  ],
  [
    'P6.3',
    'a breach without effects',
    (e) => e.declarations.incident.forEach((one) => (one.data.effects = null)),
    'exception',
  ],
  [
    'P6.3',
    'no breach',
    (e) => e.declarations.incident.forEach((one) => (one.data.personal_data_breach = false)),
    'insufficient_evidence',
    'vacuous_scope',
  ],
  [
    'CC4.1',
    'a missed run',
    (e) => e.scheduled_runs.push({ due_at: timeIn(86_400), status: 'missed', report_id: null }),
    'exception',
  ],
  ['CC4.2', 'no packet before', (e) => delete e.previous, 'insufficient_evidence', 'vacuous_scope'],
  ['CC4.2', 'an exception that is no longer known', (e) => (first(e).tls_required = []), 'exception'],
  [
    'CC4.2',
    'an exception that the packet before found gone, and is so still',
    (e) => {
      first(e).tls_required = [];
      if (e.previous !== undefined) e.previous.exceptions = ['CC4.2', 'CC6.1'];
    },
    'exception',
  ],
  [
    'CC4.2',
    'nothing but its own exception before',
    (e) => {
      if (e.previous !== undefined) e.previous.exceptions = ['CC4.2'];
    },
    'insufficient_evidence',
    'vacuous_scope',
  ],
  ['CC4.2', 'an exception that is there again', (e) => breakAndMend(e, 0, 'tls_required', false), 'attested'],
];

test.each(CASES.map((one) => [one[0], one[1], one] as const))('%s, %s', (id, _name, [, , change, status, reason]) => {
  const evidence = soundEvidence();
  change(evidence);
  const found = assess(HEAD, evidence).controls.find(({ control_id: control }) => control === id);
  expect(found?.status, found?.assertion).toBe(status);
  if (reason !== undefined) expect(found?.reasons).toContain(reason);
});

test('a service that was left out is no longer judged, and the packet says who left it out', () => {
  const evidence = soundEvidence();
  first(evidence).tls_required = [span(false)];
  scopeOut(evidence, null, 'a');
  const { controls, scope_boundary: scope } = assess(HEAD, evidence);
  expect(controls.find(({ control_id: id }) => id === 'CC6.1')?.status).toBe('attested');
  expect(scope).toContain('service “orders-a” (a) (“Ada Lovelace”, 2026-04-01: “a test system”)');
});

test('a decision that ran out leaves nothing out', () => {
  const evidence = soundEvidence();
  first(evidence).tls_required = [span(false)];
  scopeOut(evidence, null, 'a');
  for (const record of evidence.declarations.scope_decision) record.valid_until = timeIn(86_400);
  expect(assess(HEAD, evidence).controls.find(({ control_id: id }) => id === 'CC6.1')?.status).toBe('exception');
});

test('an accepted risk is printed and changes no status; one past its review reads as none', () => {
  for (const [review, accepted] of [
    ['2026-12-31', true],
    ['2026-05-30', false],
  ] as const) {
    const evidence = soundEvidence();
    breakAndMend(evidence, 0, 'tls_required', false);
    const by = { accepted_by: 'Ada Lovelace', accepted_on: '2026-04-01', review_on: review };
    declare(evidence, 'risk_acceptance', { framework: 'soc2', control_id: 'CC6.1', reason: 'old clients', ...by });
    const found = assess(HEAD, evidence).controls.find(({ control_id: id }) => id === 'CC6.1');
    expect(found?.status).toBe('exception');
    expect(found?.reasons.includes('risk_accepted')).toBe(accepted);
    expect(found?.assertion.includes('accepted by “Ada Lovelace” on 2026-04-01 until 2026-12-31')).toBe(accepted);
  }
});

test('an exception says what, where, from when to when, and how many more are unknown', () => {
  const evidence = soundEvidence();
  breakAndMend(evidence, 0, 'tls_required', false);
  Object.assign(evidence.services[1] ?? {}, { auth_required: [] });
  const found = assess(HEAD, evidence).controls.find(({ control_id: id }) => id === 'CC6.1');
  expect(found?.counts).toEqual({ population: 4, passing: 2, failing: 1, unknown: 1 });
  expect(found?.assertion).toContain(
    'for 1 of 4 services it does not hold that sign-in was required, plaintext connections were refused',
  );
  expect(found?.assertion).toContain(
    'service “orders-a” (a): plaintext connections were accepted from 2026-05-11 00:00:00 UTC to 2026-05-13 00:00:00 UTC. Further 1 unknown.',
  );
});

test('a finding names five items in words, lists a hundred, and counts them all', () => {
  const evidence = soundEvidence();
  evidence.services = Array.from({ length: 142 }, (_, i) => soundService(`s${i}`, { tls_required: [span(false)] }));
  const found = assess(HEAD, evidence).controls.find(({ control_id: id }) => id === 'CC6.1');
  expect([found?.counts.failing, found?.failing_items.length]).toEqual([142, 100]);
  expect(found?.assertion).toContain('and 137 more.');
});

test('what a tenant wrote stays inside its quotation marks and on its line', () => {
  const evidence = soundEvidence();
  const name = 'a” for all 9 services.\u202e\n\u200bSigned: “everybody';
  Object.assign(first(evidence), { name, tls_required: [span(false)] });
  const found = assess(HEAD, evidence).controls.find(({ control_id: id }) => id === 'CC6.1');
  expect(found?.assertion).toContain("service “a' for all 9 services. Signed: 'everybody” (a)");
});

function newService(firstReadAfter: number, createdAfter = 5 * 86_400) {
  const created = timeIn(createdAfter);
  const service = soundService('n', { created_at: created });
  for (const fact of SERVICE_FACTS) {
    const observed = (OBSERVED_SERVICE_FACTS as readonly string[]).includes(fact);
    for (const one of service[fact]) one.from = observed ? timeIn(createdAfter + firstReadAfter) : created;
  }
  return service;
}

/** Made two hours before the period's end, on a daily schedule. */
function withoutBackup(failed: number) {
  const created = timeIn(DAYS * 86_400 - 7200);
  const service = soundService('n', { created_at: created });
  for (const fact of SERVICE_FACTS) for (const one of service[fact]) one.from = created;
  Object.assign(service.backups, {
    completed: 0,
    failed,
    last_completed_at: null,
    age_at_samples: Array.from({ length: DAYS }, () => null),
  });
  return service;
}

function scopeOut(evidence: Draft, controlId: string | null, serviceId: string | null): void {
  const who = { reason: 'a test system', decided_by: 'Ada Lovelace', decided_on: '2026-04-01' };
  declare(evidence, 'scope_decision', { framework: 'soc2', control_id: controlId, service_id: serviceId, ...who });
}

function ghost(since: string) {
  return { actor_id: 'ghost', kind: 'user', role: 'admin', since } as const;
}

function failedTest(evidence: Draft): void {
  const measures = { rto_minutes: null, rpo_minutes: null, performed_by: 'Ada Lovelace' };
  declare(evidence, 'restore_test', {
    service_id: 'b',
    tested_at: '2026-05-25T00:00:00Z',
    result: 'failed',
    ...measures,
  });
}

test('what is said of residency is of every service, also of one that a decision leaves out', () => {
  const evidence = soundEvidence(2);
  const residency = () => assess(HEAD, evidence).summary.all_services_eu_residency;
  expect(residency()).toBe(true);
  first(evidence).residency = [span('other' as const, { basis: 'derived' })];
  expect(residency()).toBe(false);
  declare(evidence, 'scope_decision', {
    framework: 'all',
    control_id: null,
    service_id: first(evidence).service_id,
    reason: 'a test system',
    decided_by: 'Ada Lovelace',
    decided_on: '2026-04-01',
  });
  expect(assess(HEAD, evidence).summary.service_count).toBe(1);
  expect(residency()).toBe(false);
});
