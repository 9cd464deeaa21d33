import { backupsContinuous } from '../rules/backups.ts';
import { alertsClosed } from '../rules/capacity.ts';
import { allOf, resting, sameItems } from '../rules/combine.ts';
import { disposalRecorded } from '../rules/disposal.ts';
import { eachService } from '../rules/each-service.ts';
import { eachEvent, hasActor, saysScope } from '../rules/event-lists.ts';
import { backupsChecked, backupsElsewhere, isKnown, retainsBackups } from '../rules/fact-checks.ts';
import { restoreTested } from '../rules/restore-tests.ts';
import { retainedWithinLimit } from '../rules/retention.ts';
import { confidential, personalData } from '../rules/service-filters.ts';
import { soundTrail, trailParts } from '../rules/trail.ts';
import { backupsEncrypted, storageEncrypted, tlsThroughout } from './soc2-access.ts';
import type { Soc2Entry } from './soc2-entry.ts';
import { breachesDescribed } from './soc2-operations.ts';

const MIN_BACKUP_DAYS = 7;
const ALERT_HOURS = 24;

/** A, C, PI and P: judged only where their category was chosen. */
export const CATEGORIES: readonly Soc2Entry[] = [
  {
    id: 'A1.1',
    kind: 'period',
    predicate: 'use was measured, and no alert about a full resource stayed open for longer than 24 hours',
    items: { one: 'service', many: 'services' },
    refs: ['services[*].capacity', 'samples'],
    doesNotShow: 'planning ahead for capacity',
    rule: sameItems(eachService('period', [isKnown('capacity', 'how full it was')]), alertsClosed(ALERT_HOURS)),
  },
  {
    id: 'A1.2',
    kind: 'period',
    predicate:
      'a backup schedule was set, the newest completed backup was recent at each sample, backups were encrypted, were kept for at least 7 days and lay in another zone too, and the topology is known',
    items: { one: 'service', many: 'services' },
    refs: [
      'services[*].backup_schedule',
      'services[*].backups',
      'services[*].backup_retention_days',
      'services[*].backup_encryption',
      'services[*].backup_zones',
      'services[*].zones',
      'services[*].availability_topology',
      'samples',
    ],
    doesNotShow: 'protections in the data centre; that a backup can be restored, which A1.3 is about',
    rule: sameItems(
      backupsContinuous(),
      eachService('period', [
        retainsBackups(MIN_BACKUP_DAYS),
        backupsEncrypted,
        isKnown('zones', 'its zones'),
        backupsElsewhere(),
        isKnown('availability_topology', 'its nodes and zones'),
      ]),
    ),
  },
  {
    id: 'A1.3',
    kind: 'period',
    predicate: 'a restore was tested within the last 12 months, with the time it took and the loss measured',
    items: { one: 'service class', many: 'service classes' },
    refs: ['declarations.restore_test', 'declarations.dora_function'],
    doesNotShow: 'a recovery of everything at once',
    rule: restoreTested({ per: 'database_type', maxAgeMonths: 12, measured: true }),
  },
  {
    id: 'C1.1',
    kind: 'period',
    predicate:
      'those classed as confidential were encrypted in storage, in backups and in transit, and every service was classed',
    items: { one: 'confidential service', many: 'confidential services' },
    refs: [
      'declarations.data_classification',
      'services[*].storage_encrypted_at_rest',
      'services[*].backup_encryption',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'audit_log.retention',
      'samples',
    ],
    doesNotShow: 'whether the classification is right',
    rule: eachService('period', [storageEncrypted, backupsEncrypted, ...tlsThroughout], { where: confidential }),
  },
  {
    id: 'C1.2',
    kind: 'events',
    predicate: 'a record says when storage and keys were destroyed, and backups ran out in the stated time',
    items: { one: 'ended confidential service', many: 'ended confidential services' },
    refs: [
      'services[*].ended_at',
      'services[*].backup_retention_days',
      'declarations.disposal_record',
      'declarations.data_classification',
      'audit_log.in_period',
    ],
    doesNotShow: 'the deletion of single rows inside a database',
    rule: disposalRecorded({ where: confidential }),
  },
  {
    id: 'PI1.5',
    kind: 'period',
    predicate: "stored copies were checked, and the platform's own audit records are as they were signed",
    items: { one: 'service or part of the audit trail', many: 'services and parts of the audit trail' },
    refs: [
      'services[*].backup_integrity_check',
      'services[*].backups',
      'services[*].storage_encrypted_at_rest',
      'audit_log.integrity',
      'samples',
    ],
    doesNotShow: 'that what was stored was right; only the protection of stored copies is spoken of',
    rule: allOf(eachService('period', [backupsChecked()]), trailParts(['integrity', 'history'])),
  },
  {
    id: 'P4.2',
    kind: 'point',
    predicate: 'a limit is declared for its personal data, and backups and the audit log are not kept for longer',
    items: { one: 'service with personal data', many: 'services with personal data' },
    refs: [
      'declarations.data_classification',
      'declarations.retention_reason',
      'declarations.ropa_processing',
      'services[*].backup_retention_days',
      'audit_log.retention',
    ],
    doesNotShow: 'how long rows are kept inside a database',
    rule: retainedWithinLimit(personalData),
  },
  {
    id: 'P4.3',
    kind: 'events',
    predicate: 'a record says when storage and keys were destroyed, and backups ran out in the stated time',
    items: { one: 'ended service with personal data', many: 'ended services with personal data' },
    refs: [
      'services[*].ended_at',
      'services[*].backup_retention_days',
      'declarations.disposal_record',
      'declarations.data_classification',
    ],
    doesNotShow: 'the erasure of single rows inside a database, which the platform does not see',
    rule: disposalRecorded({ where: personalData }),
  },
  {
    id: 'P6.2',
    kind: 'events',
    predicate: 'the record of it says who made it, when, and what it held',
    items: { one: 'export through the platform', many: 'exports through the platform' },
    refs: ['events.exports', 'audit_log.integrity'],
    doesNotShow: 'what was read over a direct connection to a database',
    rule: allOf(eachEvent('exports', [hasActor, saysScope]), resting(soundTrail())),
  },
  {
    id: 'P6.3',
    kind: 'events',
    predicate: 'the record kept of it says what happened, its effects and what was done',
    items: { one: 'declared breach', many: 'declared breaches' },
    refs: ['declarations.incident'],
    doesNotShow: 'that every breach was declared',
    rule: breachesDescribed,
  },
];
