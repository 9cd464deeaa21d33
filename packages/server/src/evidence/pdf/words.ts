import type { ControlStatus, ReasonCode } from '@veritrail/controls';
import type { Framework } from '@veritrail/formats';

/** What stands at the head of each page. Never the name of a report that only an auditor issues. */
export const FRAMEWORK_LABELS: Readonly<Record<Framework, string>> = {
  soc2: 'SOC 2 criteria',
  gdpr_ropa: 'GDPR Art. 30(2)',
  dora: 'DORA',
  eu_ai_act: 'EU AI Act',
};

export const STATUS_WORDS: Readonly<Record<ControlStatus | 'not_covered', string>> = {
  attested: 'Attested',
  exception: 'Exception',
  insufficient_evidence: 'Insufficient evidence',
  not_applicable: 'Not applicable',
  not_covered: 'Not covered',
};

export const STATUS_MEANINGS: Readonly<Record<ControlStatus | 'not_covered', string>> = {
  attested: 'the records show that the statement held for every item and sample',
  exception: 'the records show at least one item or sample for which it did not hold',
  insufficient_evidence: 'the records do not show whether it held',
  not_applicable:
    'a named person decided, with a reason, that it lies outside, or the records show that it does not apply',
  not_covered: 'no record of the platform can speak to it',
};

export const REASON_WORDS: Readonly<Record<ReasonCode, string>> = {
  vacuous_scope: 'There was nothing to judge, and nothing is no support.',
  population_incomplete: 'Not every item that belongs to it is known.',
  fact_missing: 'A fact that it needs was not collected.',
  fact_stale: 'A fact that it needs was read too long ago.',
  fact_declared_only: 'A fact that it needs was only declared, not observed.',
  collector_failed: 'A collector failed, so facts are missing.',
  collector_denied: 'A collector was refused access, so facts are missing.',
  integrity_unverified: 'The audit trail it rests on was not checked to its end.',
  integrity_broken: 'The audit trail it rests on does not match what was signed.',
  sample_coverage_low: 'Too few days of the period were sampled.',
  history_shorter_than_period: 'Records do not reach back to the start of the period.',
  threshold_not_met: 'A required value was not reached.',
  item_failed: 'At least one item did not meet it.',
  risk_accepted: 'A named person accepted the risk; the status stays as it is.',
  role_undeclared: 'The role under this framework was not declared.',
  not_yet_in_application: 'The provision was not yet in application.',
  scoped_out: 'A named person left it out of scope.',
  excluded_by_records: 'The records themselves show that it does not apply.',
  outside_platform: 'What it asks for lies outside the platform.',
};

export const ROLE_WORDS = {
  assessed: 'assessed',
  context: 'context only: records say something about it, never enough alone',
} as const;

export const KIND_WORDS = {
  point: "as of the period's end",
  period: 'through the whole period',
  events: 'over the events of the period',
} as const;

export const BASIS_WORDS: Readonly<Record<string, string>> = {
  observed: 'observed',
  derived: 'derived',
  declared: 'declared (not checked)',
  third_party: 'third party',
};

export const DECLARATION_WORDS: Readonly<Record<string, string>> = {
  ropa_parties: 'Parties of the processing',
  ropa_processing: 'Processing',
  third_country_transfer: 'Transfers to third countries',
  dora_role: 'Role under DORA',
  dora_provider: 'Provider identity',
  dora_service: 'Services under DORA',
  dora_function: 'Functions supported',
  ai_role: 'Role under the AI Act',
  ai_system: 'AI systems',
};
