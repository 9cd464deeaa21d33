/**
 * What only people can say. Each record has an owner and a date, is kept with its history, and stays marked as declared
 * wherever it appears. A record holds until it is replaced, withdrawn, or past `valid_until`.
 */
export interface Declaration<T> {
  /** Chosen by the caller: letters, digits, dot, dash, underscore; 1 to 100. */
  readonly record_id: string;
  /** Of the record, from 1 on. A withdrawal counts as a version and is no entry of its own. */
  readonly version: number;
  /** The person who answers for it, as they named themselves. */
  readonly owner: string;
  /** Id of the user or key that stored it. */
  readonly declared_by: string;
  readonly declared_at: string;
  /** At most one year after `declared_at`; earlier where it was replaced or withdrawn. */
  readonly valid_until: string;
  /** It was taken back, and not replaced by a next version. */
  readonly withdrawn: boolean;
  readonly data: T;
}

/**
 * A kind without records has an empty list. Oldest first. What was in force at some time of the period or since, and of
 * records of what happened (`HAPPENED_KINDS`) every earlier version too.
 */
export type Declarations = {
  readonly [Kind in DeclarationKind]: readonly Declaration<DeclarationData[Kind]>[];
};

export type DeclarationKind = keyof DeclarationData;

export interface DeclarationData {
  // scope
  /** Trust services categories of the engagement; `security` always is. */
  readonly scope_categories: { readonly categories: readonly TrustCategory[]; readonly decided_on: string };
  /** Leaves one service or one control of a framework out. */
  readonly scope_decision: {
    readonly framework: 'soc2' | 'gdpr_ropa' | 'dora' | 'eu_ai_act' | 'all';
    readonly control_id: string | null;
    readonly service_id: string | null;
    readonly reason: string;
    readonly decided_by: string;
    readonly decided_on: string;
  };
  readonly subservice_organization: {
    readonly name: string;
    readonly service: string;
    readonly countries: readonly string[];
    readonly data_access: 'none' | 'encrypted' | 'clear';
    readonly method: 'carve_out' | 'inclusive';
    readonly report: { readonly type: string; readonly issuer: string; readonly period_end: string } | null;
    readonly bridge_until: string | null;
    /** Place in the chain of suppliers: 1 is the operator, its own suppliers are 2. */
    readonly rank: number;
    readonly identifier: PartyIdentifier | null;
  };
  readonly risk_acceptance: {
    readonly framework: string;
    readonly control_id: string;
    readonly reason: string;
    readonly accepted_by: string;
    readonly accepted_on: string;
    readonly review_on: string;
  };
  // access and change
  readonly access_review: {
    readonly reviewed_on: string;
    readonly reviewed_by: string;
    readonly scope: 'all' | 'privileged';
    /** Actor ids whose access the review said to remove. */
    readonly removed: readonly string[];
  };
  readonly change_approval: {
    readonly event_id: string;
    readonly approved_by: string;
    readonly approved_at: string;
  };
  readonly audit_source: {
    readonly name: string;
    /** Events of it are told by this resource type. */
    readonly resource_type: string;
    readonly expected_actions: readonly string[];
    readonly max_silence_days: number;
    /** Which of DORA's kinds of event it covers. */
    readonly kinds: readonly ('access' | 'capacity' | 'change' | 'operations' | 'network')[];
  };
  /** A kind of event that is kept elsewhere. */
  readonly log_held_elsewhere: {
    readonly kind: 'access' | 'capacity' | 'change' | 'operations' | 'network';
    readonly where: string;
  };
  readonly flag_triage: {
    readonly event_id: string;
    readonly outcome: 'incident' | 'no_incident';
    readonly decided_by: string;
    readonly decided_at: string;
  };
  readonly incident: {
    readonly title: string;
    readonly detected_at: string;
    readonly started_at: string | null;
    readonly contained_at: string | null;
    readonly communicated_at: string | null;
    readonly closed_at: string | null;
    readonly classification: string | null;
    readonly root_cause: string | null;
    readonly personal_data_breach: boolean;
    readonly effects: string | null;
    readonly remedy: string | null;
    readonly controller_notified_at: string | null;
    readonly service_ids: readonly string[];
  };
  // recovery and disposal
  readonly restore_test: {
    readonly service_id: string;
    readonly tested_at: string;
    readonly result: 'passed' | 'failed';
    readonly rto_minutes: number | null;
    readonly rpo_minutes: number | null;
    readonly performed_by: string;
  };
  readonly disposal_record: {
    readonly service_id: string;
    readonly volumes_destroyed_at: string | null;
    readonly keys_destroyed_at: string | null;
    readonly backups_expired_at: string | null;
  };
  readonly data_classification: {
    readonly service_id: string;
    readonly classes: readonly string[];
    readonly confidential: boolean;
    readonly personal_data: 'yes' | 'no' | 'unknown';
    /** Null: no limit was set. */
    readonly retention_limit_days: number | null;
  };
  /** Why the audit log is kept as long as it is, and when that is looked at again. */
  readonly retention_reason: { readonly reason: string; readonly review_on: string };
  // GDPR
  readonly ropa_parties: {
    readonly tenant_role: 'controller' | 'processor' | 'both';
    readonly processor: Party;
    readonly controllers: readonly Party[];
    /** Null: declared not required. */
    readonly representative: Party | null;
    readonly dpo: Party | null;
  };
  readonly ropa_processing: {
    readonly service_id: string;
    readonly category: string;
    readonly purposes: readonly string[];
    readonly data_subjects: readonly string[];
    readonly personal_data: readonly string[];
  };
  readonly third_country_transfer: {
    readonly country: string;
    readonly recipient: string;
    readonly mechanism: TransferMechanism;
    readonly safeguards: string | null;
  };
  readonly support_access: { readonly countries: readonly string[] };
  readonly security_measures: { readonly text: string };
  // DORA
  readonly dora_role: {
    readonly role: 'financial_entity' | 'ict_provider' | 'neither';
    readonly entity_type: string | null;
  };
  readonly dora_provider: {
    readonly legal_name: string;
    readonly identifier: PartyIdentifier;
    readonly country: string;
    readonly parent: PartyIdentifier | null;
  };
  readonly dora_service: {
    readonly service_id: string;
    /** S01 to S19. */
    readonly service_type: string;
    readonly country_of_provision: string;
    readonly countries_of_processing: readonly string[];
    /** Countries that the contract names; null: none agreed yet. */
    readonly agreed_countries: readonly string[] | null;
    readonly arrangement_reference: string | null;
  };
  readonly dora_function: {
    readonly service_id: string;
    readonly function_id: string;
    readonly critical: 'yes' | 'no' | 'not_assessed';
    readonly rto_minutes: number | null;
    readonly rpo_minutes: number | null;
    readonly min_schedule: 'hourly' | 'daily' | 'weekly' | null;
  };
  // EU AI Act
  readonly ai_role: { readonly role: 'provider' | 'deployer' | 'provider_and_deployer' | 'neither' };
  readonly ai_system: {
    readonly name: string;
    readonly high_risk: 'annex_iii' | 'annex_i' | 'no' | 'not_assessed';
    readonly assessment: string | null;
    readonly in_use_since: string | null;
    readonly placed_on_market: string | null;
    /** Services that hold the system's own logs. */
    readonly log_services: readonly string[];
    readonly log_retention_months: number | null;
    readonly data_services: readonly string[];
    readonly monitoring_services: readonly string[];
  };
}

export type TrustCategory = 'security' | 'availability' | 'confidentiality' | 'processing_integrity' | 'privacy';

export interface Party {
  readonly name: string;
  readonly contact: string;
}

export interface PartyIdentifier {
  readonly type: 'LEI' | 'EUID' | 'company_register' | 'VAT' | 'other';
  readonly value: string;
}

/** Articles of the GDPR by which data may go to a third country. */
export type TransferMechanism =
  | '45'
  | '46(2)(a)'
  | '46(2)(b)'
  | '46(2)(c)'
  | '46(2)(d)'
  | '46(2)(e)'
  | '46(2)(f)'
  | '46(3)(a)'
  | '46(3)(b)'
  | '49';

export const DECLARATION_KINDS = [
  'scope_categories',
  'scope_decision',
  'subservice_organization',
  'risk_acceptance',
  'access_review',
  'change_approval',
  'audit_source',
  'log_held_elsewhere',
  'flag_triage',
  'incident',
  'restore_test',
  'disposal_record',
  'data_classification',
  'retention_reason',
  'ropa_parties',
  'ropa_processing',
  'third_country_transfer',
  'support_access',
  'security_measures',
  'dora_role',
  'dora_provider',
  'dora_service',
  'dora_function',
  'ai_role',
  'ai_system',
] as const satisfies readonly DeclarationKind[];

/**
 * Records of what happened once: a later version corrects an earlier one, and the newest is what its owner says. Every
 * other kind says how things stand, and each of its versions speaks of the time while it held.
 */
export const HAPPENED_KINDS = [
  'access_review',
  'change_approval',
  'flag_triage',
  'incident',
  'restore_test',
  'disposal_record',
] as const satisfies readonly DeclarationKind[];
export type HappenedKind = (typeof HAPPENED_KINDS)[number];
