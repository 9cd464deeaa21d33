import { infrastructureListed, logsGrow, logsKept } from '../rules/ai-stores.ts';
import {
  documentationKept,
  incidentsOfSystems,
  namedFor,
  storesNamed,
  systemsClassified,
} from '../rules/ai-systems.ts';
import { backupsContinuous } from '../rules/backups.ts';
import { allOf, resting, sameItems } from '../rules/combine.ts';
import { eachService } from '../rules/each-service.ts';
import { eachEvent } from '../rules/event-lists.ts';
import { accountsListed } from '../rules/gdpr-record.ts';
import { eachRecord, filled } from '../rules/records.ts';
import { restoreTested } from '../rules/restore-tests.ts';
import { trailParts } from '../rules/trail.ts';
import { aiGate } from './ai-act-gates.ts';
import type { FrameworkEntry } from './framework-entry.ts';
import { failsOver, notOpen, signInRequired, storageEncrypted, tlsOffered, tlsRequired } from './service-checks.ts';

/** Calendar months: compared as dates, not as 180 days. */
const LOG_MONTHS = 6;
const LOG_SLACK_DAYS = 1;
const LOG_SILENCE_DAYS = 7;
const DOCUMENTATION_YEARS = 10;
const TEST_MONTHS = 12;

const logStores = namedFor(['log_services']);
const dataStores = namedFor(['data_services']);
const monitoringStores = namedFor(['monitoring_services']);
const highRisk = aiGate({ highRisk: true });

const LOGS_REFS = ['declarations.ai_system', 'services[*].log_store', 'services[*].backup_retention_days'];
const keptLogs = allOf(storesNamed(['log_services']), logsKept({ months: LOG_MONTHS, slackDays: LOG_SLACK_DAYS }));
const keptPredicate =
  "the declared retention of the system's own logs is at least six calendar months, and the named store's records reach back over the declared span or to the start of use";
const systemOrStore = { one: 'AI system or store', many: 'AI systems and stores' };

export const AI_ACT_ENTRIES: readonly FrameworkEntry[] = [
  {
    id: 'Art. 6, 6(4)',
    title: 'Classification as high-risk, with a written assessment when a listed use is held not to be',
    category: 'classification',
    role: 'context',
    kind: 'point',
    predicate: 'the class is declared, with an assessment where the system is held not to be high-risk',
    items: { one: 'AI system', many: 'AI systems' },
    refs: ['declarations.ai_system', 'declarations.ai_role'],
    doesNotShow: 'whether the class is right, and systems that nobody declared',
    rule: systemsClassified(),
  },
  {
    id: 'Art. 10',
    title: 'Governance of training, validation and test data',
    category: 'data_governance',
    role: 'context',
    kind: 'period',
    predicate: 'the stores of data sets are named, were encrypted and were not open to every address',
    items: systemOrStore,
    refs: [
      'declarations.ai_system',
      'services[*].storage_encrypted_at_rest',
      'services[*].network_exposure',
      'services[*].countries',
      'access.roles',
      'events.exports',
      'samples',
    ],
    doesNotShow: 'origin, preparation, quality, relevance and bias of the data',
    rule: allOf(
      storesNamed(['data_services']),
      eachService('period', [storageEncrypted, notOpen], { where: dataStores }),
      resting(accountsListed()),
    ),
    gate: highRisk,
  },
  {
    id: 'Art. 11, Annex IV 1(c), 1(e), 2(c), 2(d), 2(g), 6',
    title: 'Technical documentation: versions, architecture and computing resources, provenance, test logs, changes',
    category: 'documentation',
    role: 'context',
    kind: 'point',
    predicate: 'version, topology and countries of the infrastructure named are on record',
    items: { one: 'service of an AI system', many: 'services of AI systems' },
    refs: [
      'declarations.ai_system',
      'services[*].version_and_patch',
      'services[*].availability_topology',
      'services[*].countries',
      'events.config_changes',
    ],
    doesNotShow: 'everything else that Annex IV asks for',
    rule: infrastructureListed(),
    gate: highRisk,
  },
  {
    id: 'Art. 12(1), 12(2)',
    title: "Automatic recording of events over the system's life",
    category: 'logging',
    role: 'context',
    kind: 'period',
    predicate: "the store of the system's own logs is named, was there, protected and backed up, and received records",
    items: systemOrStore,
    refs: [
      'declarations.ai_system',
      'services[*].log_store',
      'services[*].storage_encrypted_at_rest',
      'services[*].network_exposure',
      'services[*].backups',
      'samples',
    ],
    doesNotShow: 'which events the system logs; the audit trail of this platform is not that log',
    rule: allOf(
      storesNamed(['log_services']),
      logsGrow({ maxSilenceDays: LOG_SILENCE_DAYS }),
      sameItems(
        eachService('period', [storageEncrypted, notOpen], { where: logStores }),
        backupsContinuous({ where: logStores }),
      ),
    ),
    gate: highRisk,
  },
  {
    id: 'Art. 15(1), 15(4)',
    title: 'Accuracy and robustness; redundancy, such as backup or fail-safe plans',
    category: 'robustness_cybersecurity',
    role: 'context',
    kind: 'period',
    predicate:
      'the stores of data sets are named, could fail over, were backed up, and were restored in a test within twelve months',
    items: systemOrStore,
    refs: [
      'declarations.ai_system',
      'services[*].availability_topology',
      'services[*].backups',
      'declarations.restore_test',
      'samples',
    ],
    doesNotShow: 'accuracy, and robustness of the system itself',
    rule: allOf(
      storesNamed(['data_services']),
      sameItems(
        eachService('period', [failsOver], { where: dataStores }),
        backupsContinuous({ where: dataStores }),
        restoreTested({ per: 'service', maxAgeMonths: TEST_MONTHS, measured: false, where: dataStores }),
      ),
    ),
    gate: highRisk,
  },
  {
    id: 'Art. 15(5)',
    title: 'Cybersecurity, against poisoning and evasion among others',
    category: 'robustness_cybersecurity',
    role: 'context',
    kind: 'period',
    predicate:
      'access to the named stores of data sets asked for sign-in over encrypted connections from limited addresses, and the audit trail is as it was signed',
    items: { one: 'AI system, store or part of the platform', many: 'AI systems, stores and parts of the platform' },
    refs: [
      'declarations.ai_system',
      'services[*].auth_required',
      'services[*].network_exposure',
      'services[*].tls_required',
      'services[*].tls_enabled',
      'access.roles',
      'audit_log.integrity',
      'samples',
    ],
    doesNotShow: 'attacks on the model',
    rule: allOf(
      storesNamed(['data_services']),
      eachService('period', [signInRequired, notOpen, tlsRequired, tlsOffered], { where: dataStores }),
      trailParts(['integrity', 'history']),
      resting(accountsListed()),
    ),
    gate: highRisk,
  },
  {
    id: 'Art. 16(e), 19(1)',
    title: "Provider: keeping the system's own logs at least six months",
    category: 'log_retention',
    role: 'assessed',
    kind: 'period',
    predicate: keptPredicate,
    items: systemOrStore,
    refs: [...LOGS_REFS, 'audit_log.retention'],
    doesNotShow: 'whether the span suits the purpose, and other law that sets another one, data protection above all',
    rule: keptLogs,
    gate: aiGate({ role: 'provider', highRisk: true }),
  },
  {
    id: 'Art. 18(1)',
    title: 'Provider: documentation kept ten years after the placing on the market',
    category: 'documentation',
    role: 'context',
    kind: 'point',
    predicate: 'the retention policy of the trail reaches ten years past the placing on the market',
    items: { one: 'AI system', many: 'AI systems' },
    refs: ['audit_log.retention', 'declarations.ai_system'],
    doesNotShow: 'documentation that is kept elsewhere, and whether packets belong to it',
    rule: documentationKept({ years: DOCUMENTATION_YEARS }),
    gate: aiGate({ role: 'provider', highRisk: true }),
  },
  {
    id: 'Art. 21(2)',
    title: 'Access to the logs for authorities, on a reasoned request',
    category: 'cooperation',
    role: 'context',
    kind: 'events',
    predicate: 'an authority was given the logs that it had asked for',
    items: { one: 'export of the audit trail', many: 'exports of the audit trail' },
    refs: ['events.exports'],
    doesNotShow: "requests of authorities, and the system's own logs; exports of the platform's trail are listed",
    rule: eachEvent('exports', []),
    mayAttest: false,
  },
  {
    id: 'Art. 26(6)',
    title: "Deployer: keeping the system's own logs at least six months",
    category: 'deployer',
    role: 'assessed',
    kind: 'period',
    predicate: keptPredicate,
    items: systemOrStore,
    refs: LOGS_REFS,
    doesNotShow: "whether the logs are under the deployer's control, and other law that sets another span",
    rule: keptLogs,
    gate: aiGate({ role: 'deployer', highRisk: true }),
  },
  {
    id: 'Art. 72',
    title: 'Monitoring after the placing on the market: the data for it',
    category: 'monitoring',
    role: 'context',
    kind: 'period',
    predicate: 'the store of monitoring data is named, was encrypted and was not open to every address',
    items: systemOrStore,
    refs: [
      'declarations.ai_system',
      'services[*].storage_encrypted_at_rest',
      'services[*].network_exposure',
      'samples',
    ],
    doesNotShow: 'the plan, and what is monitored',
    rule: allOf(
      storesNamed(['monitoring_services']),
      eachService('period', [storageEncrypted, notOpen], { where: monitoringStores }),
    ),
    gate: highRisk,
  },
  {
    id: 'Art. 73',
    title: 'Serious incidents: the times that a report needs',
    category: 'incidents',
    role: 'context',
    kind: 'events',
    predicate: 'the register has when the incident started and when it was noticed',
    items: { one: 'incident of a named service', many: 'incidents of named services' },
    refs: ['declarations.incident', 'declarations.ai_system'],
    doesNotShow:
      'whether it was serious, and reports: 15 days, 2 if widespread or of critical infrastructure, 10 for a death',
    rule: eachRecord(
      'incident',
      [filled('started_at', 'when it started'), filled('detected_at', 'when it was noticed')],
      {
        one: 'incident',
        selects: incidentsOfSystems,
        runsOut: false,
      },
    ),
    gate: highRisk,
  },
];
