import { accessReviewed } from '../rules/access-reviews.ts';
import { backupsContinuous } from '../rules/backups.ts';
import { allOf, sameItems } from '../rules/combine.ts';
import { breachesOfPeriod } from '../rules/declared-records.ts';
import { disposalRecorded } from '../rules/disposal.ts';
import { eachService } from '../rules/each-service.ts';
import { isKnown } from '../rules/fact-checks.ts';
import {
  accountsListed,
  measuresDescribed,
  packetItself,
  partiesNamed,
  processingDescribed,
  recordBegun,
  transfersListed,
} from '../rules/gdpr-record.ts';
import { eachRecord, filled } from '../rules/records.ts';
import { restoreTested } from '../rules/restore-tests.ts';
import { personalData } from '../rules/service-filters.ts';
import { storageLimited } from '../rules/storage-limitation.ts';
import { chainListed } from '../rules/supply-chain.ts';
import { trailParts } from '../rules/trail.ts';
import type { FrameworkEntry } from './framework-entry.ts';
import { noThirdCountry } from './gdpr-gates.ts';
import { backupsEncrypted, notOpen, storageEncrypted, tlsOffered, tlsRequired } from './service-checks.ts';

const TEST_MONTHS = 12;
const REVIEW_DAYS = 180;
/** The operator is rank 1, its suppliers are 2: a chain that was followed has a 3. */
const FOLLOWED_RANK = 3;
/** Removal runs in batches and once a day. */
const REMOVAL_SLACK_DAYS = 2;

const service = { one: 'service', many: 'services' };
const personalService = {
  one: 'service that is not declared free of personal data',
  many: 'services that are not declared free of personal data',
};

/** The fields of the record of Article 30(2), and its form. */
const RECORD: readonly FrameworkEntry[] = [
  {
    id: '30(2)(a)',
    title: 'Names and contacts: processor, controllers served, representative, data protection officer',
    category: 'processor_record',
    role: 'assessed',
    kind: 'point',
    predicate: 'name and contact are on the record, or declared as not required',
    items: { one: 'part of the record', many: 'parts of the record' },
    refs: ['declarations.ropa_parties'],
    doesNotShow: 'that the people named are the right ones, or can be reached',
    rule: partiesNamed(),
  },
  {
    id: '30(2)(b)',
    title: 'Categories of processing carried out for each controller',
    category: 'processor_record',
    role: 'assessed',
    kind: 'point',
    predicate: 'the record has a line with category and purposes, and every line has a service',
    items: { one: 'service or stray line', many: 'services and stray lines' },
    refs: ['services[*].service_id', 'declarations.ropa_processing'],
    doesNotShow: 'what is in the databases; the lines are the word of the person who declared them',
    rule: processingDescribed(),
  },
  {
    id: '30(2)(c)',
    title: 'Transfers to third countries and the papers on their safeguards',
    category: 'processor_record',
    role: 'assessed',
    kind: 'period',
    predicate: 'a recipient and a mechanism that can hold for the country are listed',
    items: {
      one: 'third country of storage, backups, suppliers or support access',
      many: 'third countries of storage, backups, suppliers and support access',
    },
    refs: [
      'services[*].countries',
      'services[*].backup_countries',
      'declarations.subservice_organization',
      'declarations.support_access',
      'declarations.third_country_transfer',
    ],
    doesNotShow:
      'whether the mechanism holds for the recipient, access that nobody declared, and what networks carried',
    rule: transfersListed(),
    gate: noThirdCountry,
  },
  {
    id: '30(2)(d)',
    title: 'General description of the security measures, where possible',
    category: 'processor_record',
    role: 'assessed',
    kind: 'point',
    predicate: 'encryption, TLS and network access are on record, beside a declared description of the other measures',
    items: service,
    refs: [
      'services[*].storage_encrypted_at_rest',
      'services[*].backup_encryption',
      'services[*].tls_required',
      'services[*].network_exposure',
      'services[*].backup_schedule',
      'declarations.security_measures',
    ],
    doesNotShow: 'whether the measures are appropriate to the risk; the declared part was not checked',
    rule: sameItems(
      eachService('point', [
        isKnown('storage_encrypted_at_rest', 'whether its storage is encrypted'),
        isKnown('backup_encryption', 'the cipher of its backups'),
        isKnown('tls_required', 'whether plaintext connections are refused'),
        isKnown('network_exposure', 'from where it can be reached'),
        isKnown('backup_schedule', 'its backup schedule'),
      ]),
      measuresDescribed(),
    ),
  },
  {
    id: '30(3)',
    title: 'In writing, electronic form included',
    category: 'form',
    role: 'context',
    kind: 'point',
    predicate: 'the record is kept in electronic form, which this packet carries',
    items: { one: 'record', many: 'records' },
    refs: ['declarations.ropa_parties'],
    doesNotShow: 'anything but the form',
    rule: recordBegun(),
  },
  {
    id: '30(4)',
    title: 'Made available to the supervisory authority on request',
    category: 'form',
    role: 'context',
    kind: 'events',
    predicate: 'the record was made available when the authority asked',
    items: { one: 'record', many: 'records' },
    refs: ['events.exports'],
    doesNotShow: 'conduct towards an authority; that the record can be exported is all that is shown',
    rule: packetItself(),
    mayAttest: false,
  },
];

/** Article 32, and storage limitation. */
const SECURITY: readonly FrameworkEntry[] = [
  {
    id: '32(1)(a)',
    title: 'Pseudonymisation and encryption as appropriate',
    category: 'security',
    role: 'assessed',
    kind: 'period',
    predicate: 'storage and backups were encrypted and plaintext connections were refused',
    items: personalService,
    refs: [
      'services[*].storage_encrypted_at_rest',
      'services[*].backup_encryption',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'declarations.data_classification',
      'samples',
    ],
    doesNotShow: 'pseudonymisation, and encryption inside the databases',
    rule: eachService('period', [storageEncrypted, backupsEncrypted, tlsRequired, tlsOffered], { where: personalData }),
  },
  {
    id: '32(1)(b)',
    title: 'Ongoing confidentiality, integrity, availability and resilience',
    category: 'security',
    role: 'assessed',
    kind: 'period',
    predicate:
      'the network was not open to every address, the topology is on record, the audit trail is as it was signed, and who can act is listed',
    items: { one: 'service, account or part of the platform', many: 'services, accounts and parts of the platform' },
    refs: [
      'services[*].network_exposure',
      'services[*].availability_topology',
      'audit_log.integrity',
      'access.roles',
      'samples',
    ],
    doesNotShow: 'whether this baseline is enough for the risk of the processing',
    rule: allOf(
      eachService('period', [notOpen, isKnown('availability_topology', 'its nodes and whether it fails over')]),
      trailParts(['integrity', 'history']),
      accountsListed(),
    ),
  },
  {
    id: '32(1)(c)',
    title: 'Restoring availability in time after an incident',
    category: 'security',
    role: 'assessed',
    kind: 'period',
    predicate: 'backups ran by their schedule, and a restore test within twelve months succeeded',
    items: service,
    refs: ['services[*].backup_schedule', 'services[*].backups', 'declarations.restore_test', 'samples'],
    doesNotShow: 'that a restore after an incident would be in time; the restore tests are declared',
    rule: sameItems(backupsContinuous(), restoreTested({ per: 'service', maxAgeMonths: TEST_MONTHS, measured: false })),
  },
  {
    id: '32(1)(d)',
    title: 'Testing and evaluating the measures regularly',
    category: 'security',
    role: 'assessed',
    kind: 'period',
    predicate: 'restore tests and the review of access are dated within their ages',
    items: { one: 'service or review', many: 'services and reviews' },
    refs: ['declarations.restore_test', 'declarations.access_review', 'access.roles', 'events.account_lifecycle'],
    doesNotShow: 'tests of other measures, and what was learned from any of them',
    rule: allOf(
      restoreTested({ per: 'service', maxAgeMonths: TEST_MONTHS, measured: false }),
      accessReviewed(REVIEW_DAYS),
    ),
  },
  {
    id: '32(4)',
    title: 'People act only on instructions',
    category: 'security',
    role: 'context',
    kind: 'events',
    predicate: "people act only on the controller's instructions",
    items: { one: 'account', many: 'accounts' },
    refs: ['access.roles', 'audit_log.in_period'],
    doesNotShow: 'on whose instructions anybody acted; the accounts and sign-ins are listed for that question',
    rule: accountsListed(),
    mayAttest: false,
  },
  {
    id: '5(1)(e)',
    title: 'Storage limitation',
    category: 'principles',
    role: 'assessed',
    kind: 'point',
    predicate:
      'what is kept is bounded by a policy that is carried out, with a recorded reason for the audit trail and within the declared limits for backups',
    items: { one: 'store', many: 'stores' },
    refs: [
      'audit_log.retention',
      'audit_log.recorded_since',
      'audit_log.first_sequence',
      'audit_log.removed_up_to',
      'services[*].backup_retention_days',
      'declarations.retention_reason',
      'declarations.data_classification',
    ],
    doesNotShow: 'whether the purpose needs the data for that long, and data inside the databases',
    rule: storageLimited({ slackDays: REMOVAL_SLACK_DAYS }),
  },
];

/** Duties of a processor that records say something about. */
const DUTIES: readonly FrameworkEntry[] = [
  {
    id: '28(2), 28(4)',
    title: 'Further processors: authorisation, notice of change, the same duties',
    category: 'processor_duties',
    role: 'context',
    kind: 'point',
    predicate: 'service and countries are on a dated list of the whole chain',
    items: { one: 'supplier', many: 'suppliers' },
    refs: ['declarations.subservice_organization'],
    doesNotShow: 'authorisation, notice of changes, and the contracts; the list is declared',
    rule: chainListed({ ranks: FOLLOWED_RANK }),
  },
  {
    id: '28(3)(g)',
    title: 'Deletion or return at the end',
    category: 'processor_duties',
    role: 'context',
    kind: 'events',
    predicate: 'a record says when storage and keys were destroyed, and backups ran out in the stated time',
    items: { one: 'ended service', many: 'ended services' },
    refs: ['services[*].ended_at', 'services[*].backup_retention_days', 'declarations.disposal_record'],
    doesNotShow: 'which of deletion or return the controller chose',
    rule: disposalRecorded(),
  },
  {
    id: '28(3)(h)',
    title: 'Information that shows the duties, and audits',
    category: 'processor_duties',
    role: 'context',
    kind: 'point',
    predicate: 'the controller has all the information that shows the duties of Article 28',
    items: { one: 'packet', many: 'packets' },
    refs: ['scheduled_runs'],
    doesNotShow: 'audits, and other information; this packet is a part of it',
    rule: packetItself(),
    mayAttest: false,
  },
  {
    id: '33(2)',
    title: 'Telling the controller of a breach without undue delay',
    category: 'processor_duties',
    role: 'context',
    kind: 'events',
    predicate: 'the register has the time at which the controller was told',
    items: { one: 'breach on the declared register', many: 'breaches on the declared register' },
    refs: ['declarations.incident'],
    doesNotShow: 'whether the delay was undue, and breaches that nobody registered',
    rule: eachRecord('incident', [filled('controller_notified_at', 'when the controller was told')], {
      one: 'breach',
      selects: breachesOfPeriod,
      runsOut: false,
    }),
  },
  {
    id: '33(5)',
    title: 'Documenting each breach: facts, effects, remedy',
    category: 'processor_duties',
    role: 'context',
    kind: 'events',
    predicate: 'the register has facts, effects and remedy',
    items: { one: 'breach on the declared register', many: 'breaches on the declared register' },
    refs: ['declarations.incident'],
    doesNotShow: 'whether the entries are true; the duty is one of the controller, whom the register helps',
    rule: eachRecord(
      'incident',
      [filled('title', 'what happened'), filled('effects', 'its effects'), filled('remedy', 'what was done about it')],
      { one: 'breach', selects: breachesOfPeriod, runsOut: false },
    ),
  },
];

export const GDPR_ENTRIES: readonly FrameworkEntry[] = [...RECORD, ...SECURITY, ...DUTIES];
