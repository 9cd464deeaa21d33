import { declare, timeIn, type Draft } from './declare.ts';

/** What people declared for GDPR, DORA and the AI Act, so that every rule that records can satisfy is satisfied. */
export function declareFrameworks(evidence: Draft): void {
  const ids = evidence.services.map(({ service_id: id }) => id);
  declareRecord(evidence, ids);
  declareDora(evidence, ids);
  declareAi(evidence);
}

function declareRecord(evidence: Draft, ids: readonly string[]): void {
  const party = (name: string) => ({ name, contact: `privacy@${name.toLowerCase().replaceAll(' ', '-')}.example` });
  declare(evidence, 'ropa_parties', {
    tenant_role: 'processor',
    processor: party('Example Cloud Ltd'),
    controllers: [party('Shop One')],
    representative: null,
    dpo: party('Data Protection Office'),
  });
  for (const id of ids) {
    declare(evidence, 'ropa_processing', {
      service_id: id,
      category: 'managed database hosting',
      purposes: ['running the shop'],
      data_subjects: ['customers'],
      personal_data: ['names', 'orders'],
    });
  }
  declare(evidence, 'security_measures', { text: 'Staff are trained each year; offices are locked.' });
  declare(evidence, 'support_access', { countries: ['SE', 'CH'] });
  declare(evidence, 'third_country_transfer', {
    country: 'CH',
    recipient: 'Night Support AG',
    mechanism: '45',
    safeguards: null,
  });
  declare(evidence, 'subservice_organization', {
    name: 'Rack Owner',
    service: 'floor space',
    countries: ['SE'],
    data_access: 'none',
    method: 'carve_out',
    report: { type: 'ISO 27001', issuer: 'Some Firm', period_end: '2026-05-20' },
    bridge_until: null,
    rank: 3,
    identifier: { type: 'company_register', value: 'SE 556000-0001' },
  });
}

function declareDora(evidence: Draft, ids: readonly string[]): void {
  declare(evidence, 'dora_role', { role: 'financial_entity', entity_type: 'payment institution' });
  declare(evidence, 'dora_provider', {
    legal_name: 'Example Cloud Ltd',
    identifier: { type: 'LEI', value: '5493001KJTIIGC8Y1R12' },
    country: 'SE',
    parent: null,
  });
  for (const id of ids) {
    declare(evidence, 'dora_service', {
      service_id: id,
      service_type: 'S18',
      country_of_provision: 'SE',
      countries_of_processing: ['SE'],
      agreed_countries: ['SE', 'FI', 'CH'],
      arrangement_reference: 'CTR-2026-001',
    });
    declare(evidence, 'dora_function', {
      service_id: id,
      function_id: 'F1',
      critical: 'yes',
      rto_minutes: 60,
      rpo_minutes: 30,
      min_schedule: 'daily',
    });
    // The first service has one among the common declarations.
    if (id === 'a') continue;
    declare(evidence, 'restore_test', {
      service_id: id,
      tested_at: '2026-05-05T00:00:00Z',
      result: 'passed',
      rto_minutes: 20,
      rpo_minutes: 5,
      performed_by: 'Ada Lovelace',
    });
  }
  for (const kind of ['capacity', 'change', 'operations', 'network'] as const) {
    declare(evidence, 'log_held_elsewhere', { kind, where: 'the log platform of the operator' });
  }
}

/** One system that uses every service which lives to the end. */
function declareAi(evidence: Draft): void {
  const stores = evidence.services.filter(({ ended_at }) => ended_at === null).map(({ service_id: id }) => id);
  declare(evidence, 'ai_role', { role: 'provider_and_deployer' });
  declare(evidence, 'ai_system', {
    name: 'Credit scoring',
    high_risk: 'annex_iii',
    assessment: null,
    in_use_since: '2025-01-01',
    placed_on_market: '2024-01-01',
    log_services: stores,
    log_retention_months: 12,
    data_services: stores,
    monitoring_services: stores,
  });
  declare(evidence, 'incident', {
    title: 'Scores were late',
    detected_at: timeIn(300_000),
    started_at: timeIn(290_000),
    contained_at: timeIn(310_000),
    communicated_at: timeIn(320_000),
    closed_at: timeIn(400_000),
    classification: 'minor',
    root_cause: 'a full disk',
    personal_data_breach: false,
    effects: 'none on data',
    remedy: 'more room',
    controller_notified_at: null,
    service_ids: stores.slice(0, 1),
  });
}
