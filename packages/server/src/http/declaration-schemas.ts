import type { Static, TSchema } from 'typebox';

import { text, UtcSecond } from './observation-schemas.ts';
import { closed, Day, nullable } from './schemas.ts';
import { Type } from './type.ts';

const ServiceId = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const ServiceIds = Type.Array(ServiceId, { maxItems: 1000, uniqueItems: true });
const EventId = ServiceId;
const Country = Type.String({ pattern: '^[A-Z]{2}$', 'x-check': 'country' });
const Countries = Type.Array(Country, { maxItems: 249, uniqueItems: true });
const Minutes = Type.Integer({ minimum: 0, maximum: 10_000_000 });
const Name = text(200);
const Sentence = text(2000);

const Lei = Type.String({ pattern: '^[0-9A-Z]{18}[0-9]{2}$', 'x-check': 'lei' });
const Identifier = Type.Union([
  closed({ type: Type.Literal('LEI'), value: Lei }),
  closed({ type: Type.Enum(['EUID', 'company_register', 'VAT', 'other']), value: text(100) }),
]);
const Party = closed({ name: Name, contact: text(500) });
const EventKind = Type.Enum(['access', 'capacity', 'change', 'operations', 'network']);

/** The form of each kind's data. Members are never left out: null is said, and what it says depends on the member. */
export const DECLARATION_DATA = {
  scope_categories: closed({
    categories: Type.Array(
      Type.Enum(['security', 'availability', 'confidentiality', 'processing_integrity', 'privacy']),
      { minItems: 1, maxItems: 5, uniqueItems: true },
    ),
    decided_on: Day,
  }),
  scope_decision: Type.Object(
    {
      framework: Type.Enum(['soc2', 'gdpr_ropa', 'dora', 'eu_ai_act', 'all']),
      control_id: nullable(text(100)),
      service_id: nullable(ServiceId),
      reason: Sentence,
      decided_by: Name,
      decided_on: Day,
    },
    { additionalProperties: false, 'x-check': 'one_target' },
  ),
  subservice_organization: closed({
    name: Name,
    service: text(500),
    countries: Countries,
    data_access: Type.Enum(['none', 'encrypted', 'clear']),
    method: Type.Enum(['carve_out', 'inclusive']),
    report: nullable(closed({ type: text(100), issuer: Name, period_end: Day })),
    bridge_until: nullable(Day),
    rank: Type.Integer({ minimum: 1, maximum: 100 }),
    identifier: nullable(Identifier),
  }),
  risk_acceptance: closed({
    framework: text(100),
    control_id: text(100),
    reason: Sentence,
    accepted_by: Name,
    accepted_on: Day,
    review_on: Day,
  }),
  access_review: closed({
    reviewed_on: Day,
    reviewed_by: Name,
    scope: Type.Enum(['all', 'privileged']),
    removed: Type.Array(text(200), { maxItems: 250, uniqueItems: true }),
  }),
  change_approval: closed({ event_id: EventId, approved_by: Name, approved_at: UtcSecond }),
  audit_source: closed({
    name: Name,
    resource_type: text(200),
    expected_actions: Type.Array(text(100), { maxItems: 100, uniqueItems: true }),
    max_silence_days: Type.Integer({ minimum: 1, maximum: 3650 }),
    kinds: Type.Array(EventKind, { maxItems: 5, uniqueItems: true }),
  }),
  log_held_elsewhere: closed({ kind: EventKind, where: text(500) }),
  flag_triage: closed({
    event_id: EventId,
    outcome: Type.Enum(['incident', 'no_incident']),
    decided_by: Name,
    decided_at: UtcSecond,
  }),
  incident: closed({
    title: Name,
    detected_at: UtcSecond,
    started_at: nullable(UtcSecond),
    contained_at: nullable(UtcSecond),
    communicated_at: nullable(UtcSecond),
    closed_at: nullable(UtcSecond),
    classification: nullable(Name),
    root_cause: nullable(Sentence),
    personal_data_breach: Type.Boolean(),
    effects: nullable(Sentence),
    remedy: nullable(Sentence),
    controller_notified_at: nullable(UtcSecond),
    service_ids: ServiceIds,
  }),
  restore_test: closed({
    service_id: ServiceId,
    tested_at: UtcSecond,
    result: Type.Enum(['passed', 'failed']),
    rto_minutes: nullable(Minutes),
    rpo_minutes: nullable(Minutes),
    performed_by: Name,
  }),
  disposal_record: closed({
    service_id: ServiceId,
    volumes_destroyed_at: nullable(UtcSecond),
    keys_destroyed_at: nullable(UtcSecond),
    backups_expired_at: nullable(UtcSecond),
  }),
  data_classification: closed({
    service_id: ServiceId,
    classes: Type.Array(text(100), { maxItems: 100, uniqueItems: true }),
    confidential: Type.Boolean(),
    personal_data: Type.Enum(['yes', 'no', 'unknown']),
    retention_limit_days: nullable(Type.Integer({ minimum: 1, maximum: 36_500 })),
  }),
  retention_reason: closed({ reason: Sentence, review_on: Day }),
  ropa_parties: closed({
    tenant_role: Type.Enum(['controller', 'processor', 'both']),
    processor: Party,
    controllers: Type.Array(Party, { maxItems: 200 }),
    representative: nullable(Party),
    dpo: nullable(Party),
  }),
  ropa_processing: closed({
    service_id: ServiceId,
    category: text(500),
    purposes: Type.Array(text(500), { maxItems: 50, uniqueItems: true }),
    data_subjects: Type.Array(text(500), { maxItems: 50, uniqueItems: true }),
    personal_data: Type.Array(text(500), { maxItems: 50, uniqueItems: true }),
  }),
  third_country_transfer: closed({
    country: Country,
    recipient: Name,
    mechanism: Type.Enum([
      '45',
      '46(2)(a)',
      '46(2)(b)',
      '46(2)(c)',
      '46(2)(d)',
      '46(2)(e)',
      '46(2)(f)',
      '46(3)(a)',
      '46(3)(b)',
      '49',
    ]),
    safeguards: nullable(Sentence),
  }),
  support_access: closed({ countries: Countries }),
  security_measures: closed({ text: text(10_000) }),
  dora_role: closed({
    role: Type.Enum(['financial_entity', 'ict_provider', 'neither']),
    entity_type: nullable(text(100)),
  }),
  dora_provider: closed({
    legal_name: Name,
    identifier: Identifier,
    country: Country,
    parent: nullable(Identifier),
  }),
  dora_service: closed({
    service_id: ServiceId,
    service_type: Type.String({ pattern: '^S(0[1-9]|1[0-9])$', description: 'S01 to S19' }),
    country_of_provision: Country,
    countries_of_processing: Countries,
    agreed_countries: nullable(Countries),
    arrangement_reference: nullable(Name),
  }),
  dora_function: closed({
    service_id: ServiceId,
    function_id: text(100),
    critical: Type.Enum(['yes', 'no', 'not_assessed']),
    rto_minutes: nullable(Minutes),
    rpo_minutes: nullable(Minutes),
    min_schedule: nullable(Type.Enum(['hourly', 'daily', 'weekly'])),
  }),
  ai_role: closed({ role: Type.Enum(['provider', 'deployer', 'provider_and_deployer', 'neither']) }),
  ai_system: closed({
    name: Name,
    high_risk: Type.Enum(['annex_iii', 'annex_i', 'no', 'not_assessed']),
    assessment: nullable(Sentence),
    in_use_since: nullable(Day),
    placed_on_market: nullable(Day),
    log_services: ServiceIds,
    log_retention_months: nullable(Type.Integer({ minimum: 0, maximum: 1200 })),
    data_services: ServiceIds,
    monitoring_services: ServiceIds,
  }),
} as const satisfies Readonly<Record<string, TSchema>>;

export type DeclarationKindName = keyof typeof DECLARATION_DATA;
export type DeclaredData = { [Kind in DeclarationKindName]: Static<(typeof DECLARATION_DATA)[Kind]> };
export const DECLARATION_KIND_NAMES = Object.keys(DECLARATION_DATA) as DeclarationKindName[];

const NAMING_SERVICES = ['service_id', 'service_ids', 'log_services', 'data_services', 'monitoring_services'];

/** The services that a declaration's data names. */
export function servicesNamedIn(data: Readonly<Record<string, unknown>>): string[] {
  const named = NAMING_SERVICES.flatMap((member) => data[member] ?? []);
  return [...new Set(named as string[])];
}
