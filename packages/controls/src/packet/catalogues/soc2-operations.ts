import { backupsContinuous } from '../rules/backups.ts';
import { allOf, resting, sameItems } from '../rules/combine.ts';
import { eachService } from '../rules/each-service.ts';
import { APPROVAL_REFS, approvedBefore, eachEvent } from '../rules/event-lists.ts';
import { isKnown } from '../rules/fact-checks.ts';
import { flagsTriaged } from '../rules/flag-triage.ts';
import { differencesExplained } from '../rules/posture-differences.ts';
import { eachRecord, filled, filledWithin } from '../rules/records.ts';
import { restoreTested } from '../rules/restore-tests.ts';
import { runsCompleted } from '../rules/runs.ts';
import { subservicesReported } from '../rules/subservices.ts';
import { soundTrail, trailParts } from '../rules/trail.ts';
import type { Soc2Entry } from './soc2-entry.ts';

const TRIAGE_DAYS = 7;
const CLOSURE_DAYS = 90;

/** CC7 to CC9: what is watched, changed and recovered. */
export const OPERATIONS: readonly Soc2Entry[] = [
  {
    id: 'CC7.1',
    kind: 'period',
    predicate: 'the configuration was looked at daily, and an event explains each difference',
    items: { one: 'service', many: 'services' },
    refs: ['services[*]', 'events.config_changes', 'events.service_changes', 'audit_log.integrity', 'samples'],
    doesNotShow: 'the results of scans for vulnerabilities',
    rule: allOf(
      sameItems(
        differencesExplained(),
        eachService('period', [
          isKnown('zones', 'its zones'),
          isKnown('storage_encrypted_at_rest', 'whether its storage is encrypted'),
          isKnown('tls_enabled', 'whether TLS is offered'),
          isKnown('backup_schedule', 'its backup schedule'),
          isKnown('backup_retention_days', 'how long its backups are kept'),
        ]),
      ),
      resting(soundTrail()),
    ),
  },
  {
    id: 'CC7.2',
    kind: 'period',
    predicate:
      'the audit trail is as it was signed, reaches back over the period, hears from its sources, was written without a long outage, records sign-ins and was evaluated by named rules',
    items: { one: 'part of the audit trail', many: 'parts of the audit trail' },
    refs: [
      'audit_log.integrity',
      'audit_log.oldest_entry_at',
      'audit_log.recorded_since',
      'audit_log.retention',
      'audit_log.sources',
      'audit_log.rules',
      'audit_log.flags_total',
      'audit_log.in_period',
      'audit_log.write_failures',
      'declarations.audit_source',
    ],
    doesNotShow: 'that a person looked at what was flagged; watching of networks and hosts',
    rule: trailParts(['integrity', 'history', 'sources', 'rules', 'sign_ins', 'write_failures']),
  },
  {
    id: 'CC7.3',
    kind: 'events',
    predicate: 'a named person decided within 7 days whether it was an incident',
    items: { one: 'flagged event', many: 'flagged events' },
    refs: ['audit_log.flags', 'audit_log.flags_total', 'declarations.flag_triage', 'declarations.incident'],
    doesNotShow: 'whether the decisions were good ones',
    rule: allOf(flagsTriaged(TRIAGE_DAYS), resting(soundTrail())),
  },
  {
    id: 'CC7.4',
    kind: 'events',
    predicate: 'the record kept of it names an owner and says when it was contained, told and closed',
    items: { one: 'declared incident', many: 'declared incidents' },
    refs: ['declarations.incident'],
    doesNotShow: 'that there is a programme for responding, or that it was rehearsed',
    rule: eachRecord(
      'incident',
      [
        filledWithin('contained_at', 'contained', 'detected_at', CLOSURE_DAYS),
        filledWithin('communicated_at', 'communicated', 'detected_at', CLOSURE_DAYS),
        filledWithin('closed_at', 'closed', 'detected_at', CLOSURE_DAYS),
      ],
      { one: 'incident', runsOut: false },
    ),
  },
  {
    id: 'CC7.5',
    kind: 'period',
    predicate: 'backups ran without a gap, and a restore was tested within the last 12 months',
    items: { one: 'service or service class', many: 'services and service classes' },
    refs: [
      'services[*].backups',
      'services[*].backup_schedule',
      'declarations.restore_test',
      'declarations.incident',
      'samples',
    ],
    doesNotShow: null,
    rule: allOf(backupsContinuous(), restoreTested({ per: 'database_type', maxAgeMonths: 12, measured: false })),
  },
  {
    id: 'CC8.1',
    kind: 'events',
    predicate: 'another person approved it before it was made',
    items: { one: 'configuration change', many: 'configuration changes' },
    refs: APPROVAL_REFS,
    doesNotShow: 'that changes were tested; changes of application code outside the platform',
    rule: allOf(eachEvent('config_changes', [approvedBefore]), resting(soundTrail())),
  },
  {
    id: 'CC9.1',
    kind: 'point',
    predicate: 'the topology and the place of backups are known and match a decision about the risk of disruption',
    items: { one: 'service', many: 'services' },
    refs: ['services[*].availability_topology', 'services[*].backup_zones'],
    doesNotShow: 'which risks of disruption were decided on, and how',
    rule: eachService('point', [
      isKnown('availability_topology', 'its nodes and zones'),
      isKnown('backup_zones', 'where its backups are'),
    ]),
    mayAttest: false,
  },
  {
    id: 'CC9.2',
    kind: 'point',
    predicate: 'a report or a bridge letter listed for it reaches into the period',
    items: { one: 'subservice organization', many: 'subservice organizations' },
    refs: ['declarations.subservice_organization'],
    doesNotShow: 'how the risk of each was assessed; that the list is complete',
    rule: subservicesReported(),
  },
  {
    id: 'CC2.1',
    kind: 'period',
    predicate: 'the audit trail that other entries rest on is as it was signed, hears from its sources and keeps time',
    items: { one: 'part of the audit trail', many: 'parts of the audit trail' },
    refs: ['audit_log.integrity', 'audit_log.sources', 'audit_log.clock', 'declarations.audit_source'],
    doesNotShow: 'the quality of information outside the audit trail',
    rule: trailParts(['integrity', 'history', 'sources', 'clock']),
    mayAttest: false,
  },
  {
    id: 'CC4.1',
    kind: 'period',
    predicate: 'the scheduled packet was made',
    items: { one: 'scheduled run', many: 'scheduled runs' },
    refs: ['scheduled_runs'],
    doesNotShow: 'any evaluation by people',
    rule: runsCompleted(),
  },
];

/** What each breach on the register says. */
export const breachesDescribed = eachRecord(
  'incident',
  [filled('title', 'what happened'), filled('effects', 'its effects'), filled('remedy', 'what was done')],
  {
    one: 'breach',
    runsOut: false,
    selects: { name: 'personal_data_breach', parameters: {}, test: ({ personal_data_breach: breach }) => breach },
  },
);
