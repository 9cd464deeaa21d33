import { accountsReconciled } from '../rules/accounts.ts';
import { backupsContinuous } from '../rules/backups.ts';
import { allOf, resting, sameItems } from '../rules/combine.ts';
import { incidentsOfPeriod } from '../rules/declared-records.ts';
import { accessReviewedInMonths } from '../rules/dora-access.ts';
import { backupsElsewhere, functionsLinked, restoresChecked, schedulesReachMinimum } from '../rules/dora-functions.ts';
import { kindsAnswered, loggingPlanned, neverRecorded, storeAccessNamed } from '../rules/dora-logging.ts';
import { countriesAgreed, registerFieldsFilled, servicesDescribed } from '../rules/dora-register.ts';
import { eachService } from '../rules/each-service.ts';
import { approvedBefore, eachEvent, hasActor, notSelfGranted, saysChange } from '../rules/event-lists.ts';
import { certificateValid, isKnown, softwareCurrent, tlsAtLeast } from '../rules/fact-checks.ts';
import { flagsTriaged } from '../rules/flag-triage.ts';
import { accountsListed } from '../rules/gdpr-record.ts';
import { orNone } from '../rules/or-none.ts';
import { keysRotated, mfaEnforced, noSharedAccounts } from '../rules/organization-facts.ts';
import { eachRecord, filled, filledWithin } from '../rules/records.ts';
import { restoreTested } from '../rules/restore-tests.ts';
import { chainListed } from '../rules/supply-chain.ts';
import { soundTrail, trailParts } from '../rules/trail.ts';
import type { FrameworkEntry } from './framework-entry.ts';
import {
  backupsEncrypted,
  notOpen,
  storageCipher,
  storageEncrypted,
  tlsOffered,
  tlsRequired,
} from './service-checks.ts';

const TEST_MONTHS = 12;
const TRIAGE_DAYS = 7;
const CLOSURE_DAYS = 90;
const KEY_DAYS = 365;
const PATCH_DAYS = 180;
const MIN_TLS = '1.2';
const REMOVAL_SLACK_DAYS = 2;

const service = { one: 'service', many: 'services' };
const tested = restoreTested({ per: 'service', maxAgeMonths: TEST_MONTHS, measured: false });
const approvedChanges = allOf(eachEvent('config_changes', [hasActor, approvedBefore]), resting(soundTrail()));

const RISK_MANAGEMENT: readonly FrameworkEntry[] = [
  {
    id: '8(1), 8(4), 8(6)',
    title: 'Inventory of functions, assets and dependencies, kept current',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'point',
    predicate: 'the inventory links the service to a declared function, or to one declared as not assessed',
    items: service,
    refs: ['services[*].service_id', 'declarations.dora_function'],
    doesNotShow: "the customer's own assets and what depends on them; links are declared",
    rule: functionsLinked({ objectives: false }),
  },
  {
    id: '9(2), 9(3)',
    title: 'Confidentiality, integrity and availability of data at rest, in use and in transit',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'period',
    predicate:
      'storage and backups were encrypted, plaintext connections were refused and the network was not open to every address',
    items: service,
    refs: [
      'services[*].storage_encrypted_at_rest',
      'services[*].backup_encryption',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'services[*].network_exposure',
      'samples',
    ],
    doesNotShow: 'data in use',
    rule: eachService('period', [storageEncrypted, backupsEncrypted, tlsRequired, tlsOffered, notOpen]),
  },
  {
    id: '9(4)(c), (d)',
    title: 'Access limited to need; strong authentication and protection of keys',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'events',
    predicate:
      'permission changes say the role before and after and were not made by their own subject, a second factor was required, and keys are on a register and rotated',
    items: {
      one: 'permission change, key or part of the platform',
      many: 'permission changes, keys and parts of the platform',
    },
    refs: [
      'access.roles',
      'events.permission_changes',
      'access.mfa_enforced',
      'access.keys_register',
      'audit_log.integrity',
    ],
    doesNotShow: 'whether each access is needed',
    rule: allOf(
      eachEvent('permission_changes', [hasActor, saysChange, notSelfGranted], { mayBeEmpty: true }),
      mfaEnforced(),
      keysRotated(KEY_DAYS),
      resting(accountsListed()),
      resting(soundTrail()),
    ),
  },
  {
    id: '9(4)(e)',
    title: 'Controlled change',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'events',
    predicate: 'somebody other than the actor had approved the change beforehand',
    items: { one: 'configuration change', many: 'configuration changes' },
    refs: [
      'events.config_changes',
      'events.account_lifecycle',
      'access.roles',
      'declarations.change_approval',
      'audit_log.integrity',
    ],
    doesNotShow: 'that the change was tested, and verified afterwards',
    rule: approvedChanges,
  },
  {
    id: '10(1), 10(2), 10(3)',
    title: 'Detecting anomalies with thresholds and alerts; watching user activity',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'period',
    predicate:
      'the audit trail is as it was signed, reaches back over the period, hears from its sources and records sign-ins, named rules ran over it, and what they flagged was decided on within 7 days',
    items: { one: 'part of the audit trail or flagged event', many: 'parts of the audit trail and flagged events' },
    refs: [
      'audit_log.integrity',
      'audit_log.sources',
      'audit_log.rules',
      'audit_log.flags',
      'audit_log.in_period',
      'declarations.audit_source',
      'declarations.flag_triage',
    ],
    doesNotShow: 'watching of networks and hosts',
    rule: allOf(
      trailParts(['integrity', 'history', 'sources', 'rules', 'sign_ins']),
      orNone(flagsTriaged(TRIAGE_DAYS)),
    ),
  },
  {
    id: '11(4), 11(6)',
    title: 'Continuity plans, and their test at least yearly',
    category: 'ict_risk_management',
    role: 'context',
    kind: 'period',
    predicate: 'a restore test within twelve months succeeded',
    items: service,
    refs: ['declarations.restore_test'],
    doesNotShow: 'the plan, its other tests, and tests after each substantive change',
    rule: tested,
  },
  {
    id: '11(8)',
    title: 'Readable records of activity before and during a disruption',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'period',
    predicate:
      'the audit trail is as it was signed, reaches back over the period and was written without a long outage',
    items: { one: 'part of the audit trail', many: 'parts of the audit trail' },
    refs: ['audit_log.integrity', 'audit_log.oldest_entry_at', 'audit_log.write_failures'],
    doesNotShow: 'records that are kept outside the platform',
    rule: trailParts(['integrity', 'history', 'write_failures']),
  },
  {
    id: '12(1)',
    title: 'Backup policy: scope and least frequency by criticality',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'point',
    predicate: 'backups are scheduled at least as often as declared for the functions supported',
    items: service,
    refs: ['services[*].backup_schedule', 'declarations.dora_function'],
    doesNotShow: 'the policy as a document; criticality is declared by the customer',
    rule: schedulesReachMinimum(),
  },
  {
    id: '12(2)',
    title: 'Backup systems that can be activated and are tested',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'period',
    predicate: 'encrypted backups ran by their schedule, and a restore test within twelve months succeeded',
    items: service,
    refs: [
      'services[*].backup_schedule',
      'services[*].backups',
      'services[*].backup_encryption',
      'declarations.restore_test',
      'samples',
    ],
    doesNotShow: 'that activation would not harm the security of other systems',
    rule: sameItems(backupsContinuous(), tested, eachService('period', [backupsEncrypted])),
  },
  {
    id: '12(3)',
    title: 'Restoring on systems that are segregated from the source',
    category: 'ict_risk_management',
    role: 'context',
    kind: 'point',
    predicate: 'a copy of the backups lies in a zone that the service does not run in',
    items: service,
    refs: ['services[*].zones', 'services[*].backup_zones'],
    doesNotShow: 'logical segregation, and separate access to the copies',
    rule: backupsElsewhere(),
  },
  {
    id: '12(4), 12(6)',
    title: 'Redundant capacity; recovery objectives for each function',
    category: 'ict_risk_management',
    role: 'context',
    kind: 'point',
    predicate: 'the topology is on record and a restore test measured times within the declared objectives',
    items: service,
    refs: ['services[*].availability_topology', 'declarations.restore_test', 'declarations.dora_function'],
    doesNotShow: 'whether the redundancy is enough; objectives and measurements are declared',
    rule: sameItems(
      eachService('point', [isKnown('availability_topology', 'its nodes and whether it fails over')]),
      functionsLinked({ objectives: true }),
      restoreTested({ per: 'service', maxAgeMonths: TEST_MONTHS, measured: true }),
    ),
  },
  {
    id: '12(7)',
    title: 'Integrity checks when recovering',
    category: 'ict_risk_management',
    role: 'assessed',
    kind: 'events',
    predicate: 'a passed integrity check of the backups counted at the time',
    items: { one: 'declared restore', many: 'declared restores' },
    refs: ['declarations.restore_test', 'services[*].backup_integrity_check'],
    doesNotShow: 'restores that nobody declared',
    rule: restoresChecked(),
  },
];

const INCIDENTS: readonly FrameworkEntry[] = [
  {
    id: '17(2), 17(3)',
    title: 'Recording, classifying and following up incidents',
    category: 'incidents',
    role: 'context',
    kind: 'events',
    predicate: 'the register has class and root cause, and closure came within 90 days',
    items: { one: 'incident on the declared register', many: 'incidents on the declared register' },
    refs: ['declarations.incident', 'audit_log.flags'],
    doesNotShow: 'incidents that nobody registered; the register is declared',
    rule: eachRecord(
      'incident',
      [
        filled('classification', 'its class'),
        filled('root_cause', 'its root cause', 'open'),
        filledWithin('closed_at', 'closed', 'detected_at', CLOSURE_DAYS),
      ],
      { one: 'incident', selects: incidentsOfPeriod, runsOut: false },
    ),
  },
  {
    id: '18',
    title: 'Inputs from the provider to the classification of incidents',
    category: 'incidents',
    role: 'context',
    kind: 'events',
    predicate: 'the register has start, containment, the services touched and the effect on data',
    items: { one: 'incident on the declared register', many: 'incidents on the declared register' },
    refs: ['declarations.incident', 'services[*].countries'],
    doesNotShow:
      "the classification itself, by the thresholds of Delegated Regulation (EU) 2024/1772, which is the customer's",
    rule: eachRecord(
      'incident',
      [
        filled('started_at', 'when it started'),
        filled('contained_at', 'when it was contained'),
        filled('service_ids', 'which services it touched'),
        filled('effects', 'its effect on data'),
      ],
      { one: 'incident', selects: incidentsOfPeriod, runsOut: false },
    ),
  },
];

const THIRD_PARTY: readonly FrameworkEntry[] = [
  {
    id: '28(3)',
    title: "Provider's side of the register of information",
    category: 'third_party',
    role: 'assessed',
    kind: 'point',
    predicate: "the provider's columns are filled and agree with the recorded countries",
    items: service,
    refs: [
      'services[*].countries',
      'services[*].backup_countries',
      'declarations.dora_provider',
      'declarations.dora_service',
      'declarations.subservice_organization',
    ],
    doesNotShow: 'the register, which the financial entity keeps; the columns that only it can fill are left out',
    rule: registerFieldsFilled(),
  },
  {
    id: '30(2)(a)',
    title: 'Contract: services described, subcontracting allowed or not',
    category: 'third_party',
    role: 'context',
    kind: 'point',
    predicate: "a description for the contract's annex is declared, beside a list of subcontractors",
    items: service,
    refs: ['declarations.dora_service', 'declarations.subservice_organization'],
    doesNotShow: 'what the contract says',
    rule: servicesDescribed(),
  },
  {
    id: '30(2)(b)',
    title: 'Contract: countries of provision, processing and storage, with notice before a change',
    category: 'third_party',
    role: 'assessed',
    kind: 'period',
    predicate: 'each country of storage, backups and support access was on the declared list of agreed countries',
    items: service,
    refs: [
      'services[*].countries',
      'services[*].backup_countries',
      'declarations.dora_service',
      'declarations.support_access',
      'samples',
    ],
    doesNotShow: 'that the declared list is what the contract says, notices of change, and access that nobody declared',
    rule: countriesAgreed(),
  },
  {
    id: '2025/532',
    title: 'Subcontracting of services that support critical or important functions',
    category: 'third_party',
    role: 'context',
    kind: 'point',
    predicate: 'rank, country and service are listed, and changes in the chain were announced',
    items: { one: 'supplier', many: 'suppliers' },
    refs: ['declarations.subservice_organization'],
    doesNotShow: 'the conditions in the contracts',
    rule: allOf(chainListed({ ranks: 2 }), neverRecorded('records that changes in the chain were announced')),
  },
];

const RISK_RTS: readonly FrameworkEntry[] = [
  {
    id: 'RTS 6',
    title: 'Encryption at rest and in transit, with named ciphers',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate: 'storage was encrypted with a named cipher, and TLS was required at version 1.2 or above',
    items: service,
    refs: [
      'services[*].storage_encrypted_at_rest',
      'services[*].storage_cipher',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'services[*].tls_min_version',
      'samples',
    ],
    doesNotShow: 'the policy, and encryption in use',
    rule: eachService('period', [storageEncrypted, storageCipher, tlsRequired, tlsOffered, tlsAtLeast(MIN_TLS)]),
  },
  {
    id: 'RTS 7',
    title: 'Keys through their life; a register of certificates',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate: 'keys on the register were rotated within 365 days, and certificates were in date',
    items: { one: 'key or service', many: 'keys and services' },
    refs: ['access.keys_register', 'services[*].tls_certificate_not_after', 'samples'],
    doesNotShow: 'how keys are made, kept and destroyed',
    rule: allOf(keysRotated(KEY_DAYS), eachService('period', [certificateValid()])),
  },
  {
    id: 'RTS 10',
    title: 'Vulnerabilities and patches',
    category: 'risk_management_rts',
    role: 'context',
    kind: 'point',
    predicate: 'the version is supported and was patched within 180 days',
    items: service,
    refs: ['services[*].version_and_patch'],
    doesNotShow: 'the results of scans for vulnerabilities',
    rule: eachService('point', [softwareCurrent(PATCH_DAYS)]),
  },
  {
    id: 'RTS 12(2)(a)',
    title: 'Logging: what, for how long, and why',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'point',
    predicate:
      'the retention has a recorded reason, the expected actions are listed, and what the policy keeps is there',
    items: { one: 'audit trail', many: 'audit trails' },
    refs: [
      'audit_log.retention',
      'audit_log.first_sequence',
      'audit_log.oldest_entry_at',
      'declarations.retention_reason',
      'declarations.audit_source',
    ],
    doesNotShow: 'whether the period suits the risk: no number of days is prescribed',
    rule: loggingPlanned({ slackDays: REMOVAL_SLACK_DAYS }),
  },
  {
    id: 'RTS 12(2)(c)',
    title: 'Kinds of events: access and identity, capacity, change, operations, network traffic',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate:
      'a declared source reported without a long silence, or the place where events are kept instead is declared',
    items: { one: 'kind of event', many: 'kinds of event' },
    refs: ['audit_log.sources', 'declarations.audit_source', 'declarations.log_held_elsewhere'],
    doesNotShow: 'that a source sends everything it should, and what is kept elsewhere',
    rule: kindsAnswered(),
  },
  {
    id: 'RTS 12(2)(d)',
    title: 'Log records guarded against change, removal and prying',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate:
      'the audit trail is as it was signed without a gap, and the logins that could change its store are named',
    items: { one: 'part of the audit trail', many: 'parts of the audit trail' },
    refs: ['audit_log.integrity', 'audit_log.oldest_entry_at', 'audit_log.store_access'],
    doesNotShow: 'who holds those logins; a change is detected, not prevented',
    rule: allOf(trailParts(['integrity', 'history']), storeAccessNamed()),
  },
  {
    id: 'RTS 12(2)(e)',
    title: 'Detecting failure of logging',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate: 'failed writes were counted, without a long outage, and the alert for them was tested',
    items: { one: 'part of the audit trail', many: 'parts of the audit trail' },
    refs: ['audit_log.write_failures'],
    doesNotShow: 'that anybody was alerted',
    rule: allOf(trailParts(['write_failures']), neverRecorded('a record that the alert for failed writes was tested')),
  },
  {
    id: 'RTS 12(2)(f)',
    title: 'Clocks synchronised to a documented source',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate: 'the source is named, and the clock was no more than one second off',
    items: { one: 'clock', many: 'clocks' },
    refs: ['audit_log.clock'],
    doesNotShow: 'clocks inside the databases and of their clients',
    rule: trailParts(['clock']),
  },
  {
    id: 'RTS 13(1)(e), 14',
    title: 'Encrypted network links; protecting information in transit',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate: 'TLS was required at version 1.2 or above',
    items: service,
    refs: ['services[*].tls_required', 'services[*].tls_enabled', 'services[*].tls_min_version', 'samples'],
    doesNotShow: "whether clients verify certificates, and the customer's own links",
    rule: eachService('period', [tlsRequired, tlsOffered, tlsAtLeast(MIN_TLS)]),
  },
  {
    id: 'RTS 17',
    title: 'Change management in detail',
    category: 'risk_management_rts',
    role: 'context',
    kind: 'events',
    predicate: 'somebody other than the actor had approved the change beforehand',
    items: { one: 'configuration change', many: 'configuration changes' },
    refs: [
      'events.config_changes',
      'events.account_lifecycle',
      'access.roles',
      'declarations.change_approval',
      'audit_log.integrity',
    ],
    doesNotShow: 'tests, fall-back plans and emergency changes',
    rule: approvedChanges,
  },
  {
    id: 'RTS 20',
    title: "Unique identities and their life cycle, the provider's staff included",
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'events',
    predicate: 'an event says who made the account, no removed account acted, and none is shared',
    items: { one: 'account or register', many: 'accounts and registers' },
    refs: [
      'access.roles',
      'access.shared_accounts',
      'events.account_lifecycle',
      'events.acts_after_removal',
      'audit_log.integrity',
    ],
    doesNotShow: "accounts inside the databases, and those of the provider's staff on its own systems",
    rule: allOf(accountsReconciled(), noSharedAccounts(), resting(soundTrail())),
  },
  {
    id: 'RTS 21(e)',
    title: 'Access rights granted, reviewed and withdrawn',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'events',
    predicate:
      'a review of access took place within a year, or within six months unless every service is declared to support no critical or important function, and what it said to remove is gone',
    items: { one: 'account', many: 'accounts' },
    refs: [
      'access.roles',
      'events.account_lifecycle',
      'declarations.access_review',
      'declarations.dora_function',
      'events.permission_changes',
    ],
    doesNotShow: 'the quality of the review; reviews are declared',
    rule: accessReviewedInMonths({ months: 12, critical: 6 }),
  },
  {
    id: 'RTS 21(f)',
    title: 'Strong authentication for remote, privileged and critical access',
    category: 'risk_management_rts',
    role: 'assessed',
    kind: 'period',
    predicate: 'a second factor was required of whoever signs in',
    items: { one: 'part of the platform', many: 'parts of the platform' },
    refs: ['access.mfa_enforced', 'access.roles'],
    doesNotShow: 'sign-in to the databases themselves',
    rule: allOf(mfaEnforced(), resting(accountsListed())),
  },
];

export const DORA_ENTRIES: readonly FrameworkEntry[] = [...RISK_MANAGEMENT, ...INCIDENTS, ...THIRD_PARTY, ...RISK_RTS];
