import type { DeclarationKindName, DeclaredData } from '@veritrail/server';

import { PEOPLE, type DemoActor } from './cast.ts';
import { namedId } from './random.ts';

/** What somebody of the demo declared, so many days before its end. */
export interface DemoDeclaration {
  readonly daysAgo: number;
  readonly by: DemoActor;
  readonly kind: DeclarationKindName;
  readonly recordId: string;
  readonly data: DeclaredData[DeclarationKindName];
}

const DAY = 86_400_000;
const { aino, katarina, soren, eleni, lukasz } = PEOPLE;

/** In no order. A year is as long as a declaration holds, so what must hold for longer is declared twice. */
export function planDeclarations(end: number): DemoDeclaration[] {
  const day = (daysAgo: number): string => new Date(end - daysAgo * DAY).toISOString().slice(0, 10);
  const time = (daysAgo: number, of = '08:40:00'): string => `${day(daysAgo)}T${of}Z`;
  const say = <Kind extends DeclarationKindName>(
    daysAgo: number,
    by: DemoActor,
    kind: Kind,
    recordId: string,
    data: DeclaredData[Kind],
  ): DemoDeclaration => ({ daysAgo, by, kind, recordId, data });
  const restore = (service: string, daysAgo: number, result: 'passed' | 'failed', minutes: number | null) =>
    say(daysAgo, soren, 'restore_test', `${service.replace(/[^a-z-]/g, '')}-${day(daysAgo)}`, {
      service_id: namedId(service),
      tested_at: time(daysAgo),
      result,
      rto_minutes: minutes,
      rpo_minutes: result === 'passed' ? 24 * 60 : null,
      performed_by: soren.name,
    });
  const classify = (service: string, classes: string[], personal: 'yes' | 'no', days: number | null) =>
    say(250, eleni, 'data_classification', service, {
      service_id: namedId(service),
      classes,
      confidential: personal === 'yes',
      personal_data: personal,
      retention_limit_days: days,
    });
  const process = (service: string, category: string, purposes: string[], personal_data: string[]) =>
    say(240, eleni, 'ropa_processing', service, {
      service_id: namedId(service),
      category,
      purposes,
      data_subjects: ['Kundinnen und Kunden der Auftraggeber'],
      personal_data,
    });
  const provide = (service: string, country: string, agreed: string[] | null) =>
    say(230, lukasz, 'dora_service', service, {
      service_id: namedId(service),
      service_type: 'S17',
      country_of_provision: 'SE',
      countries_of_processing: [country],
      agreed_countries: agreed,
      arrangement_reference: agreed === null ? null : 'FB-2024-017',
    });

  return [
    ...[390, 35].map((daysAgo) =>
      say(daysAgo, katarina, 'scope_categories', 'engagement', {
        categories: ['security', 'availability', 'confidentiality'],
        decided_on: day(daysAgo),
      }),
    ),
    say(180, katarina, 'scope_decision', 'metrics-outside-dora', {
      framework: 'dora',
      control_id: null,
      service_id: namedId('mätvärden'),
      reason: 'Room temperatures and power; no function of a customer rests on it.',
      decided_by: katarina.name,
      decided_on: day(180),
    }),
    // Declared again when its next report was there.
    ...(
      [
        [260, 300],
        [140, 150],
      ] as const
    ).map(([daysAgo, reported]) =>
      say(daysAgo, katarina, 'subservice_organization', 'hosting', {
        name: 'Norrsken Hosting AB (invented)',
        service: 'Data centres and virtual machines',
        countries: ['SE', 'FI', 'DE', 'NL'],
        data_access: 'encrypted',
        method: 'carve_out',
        report: { type: 'SOC 2 Type 2', issuer: 'Gransk & Co (invented)', period_end: day(reported) },
        bridge_until: null,
        rank: 2,
        identifier: { type: 'company_register', value: '559000-0000' },
      }),
    ),
    say(259, katarina, 'subservice_organization', 'transatlantic', {
      name: 'Hudson Cloud Inc. (invented)',
      service: 'The database of the customers in the United States',
      countries: ['US'],
      data_access: 'encrypted',
      method: 'carve_out',
      report: null,
      bridge_until: null,
      rank: 2,
      identifier: null,
    }),
    ...[369, 278, 187, 96, 5].map((daysAgo) =>
      say(daysAgo, katarina, 'access_review', `review-${day(daysAgo)}`, {
        reviewed_on: day(daysAgo),
        reviewed_by: katarina.name,
        scope: 'all',
        removed: [],
      }),
    ),
    say(300, aino, 'audit_source', 'shop', {
      name: 'Shop',
      resource_type: 'order',
      expected_actions: ['CREATE', 'UPDATE'],
      max_silence_days: 2,
      kinds: ['operations'],
    }),
    say(46, katarina, 'incident', 'password-guessing', {
      title: 'Guessed passwords at the sign-in',
      detected_at: time(47, '02:40:00'),
      started_at: time(47, '02:17:00'),
      contained_at: time(47, '02:58:00'),
      communicated_at: time(47, '09:10:00'),
      closed_at: time(46),
      classification: 'minor',
      root_cause: 'No limit by network at the sign-in of the shop',
      personal_data_breach: false,
      effects: 'None: no attempt succeeded',
      remedy: 'The network was blocked and the passwords that were tried had to be changed',
      controller_notified_at: null,
      service_ids: [namedId('customer-profiles')],
    }),

    restore('orders-prod', 82, 'passed', 38),
    restore('billing-eu', 81, 'passed', 44),
    restore('customer-profiles', 80, 'passed', 51),
    restore('search-catalogue', 79, 'failed', null),
    restore('search-catalogue', 72, 'passed', 205),
    restore('analytics-warehouse', 78, 'passed', 390),
    restore('payments-uk', 77, 'passed', 29),
    restore('event-stream', 76, 'passed', 63),
    say(150, soren, 'disposal_record', 'reports-legacy', {
      service_id: namedId('reports-legacy'),
      volumes_destroyed_at: time(181),
      keys_destroyed_at: time(181),
      backups_expired_at: time(152),
    }),
    classify('orders-prod', ['orders', 'addresses'], 'yes', 3650),
    classify('billing-eu', ['invoices'], 'yes', 3650),
    classify('customer-profiles', ['profiles'], 'yes', 1095),
    classify('sessions-cache', ['sessions'], 'yes', 30),
    classify('analytics-warehouse', ['aggregates'], 'no', null),
    classify('search-catalogue', ['products'], 'no', null),
    classify('crm-us', ['contacts'], 'yes', 1095),
    classify('payments-uk', ['payments'], 'yes', 3650),
    classify('event-stream', ['events', 'logs of decisions'], 'yes', 400),
    say(280, katarina, 'retention_reason', 'audit-log', {
      reason: 'Two years: twice the longest period that a customer has asked to see.',
      review_on: day(-60),
    }),

    say(241, eleni, 'ropa_parties', 'parties', {
      tenant_role: 'processor',
      processor: { name: 'Nordlicht Commerce AB (invented)', contact: 'privacy@nordlicht.example' },
      controllers: [
        { name: 'Müller & Söhne GmbH (invented)', contact: 'datenschutz@mueller.example' },
        { name: 'Café de la Gare SARL (invented)', contact: 'rgpd@gare.example' },
      ],
      representative: null,
      dpo: { name: eleni.name, contact: 'dpo@nordlicht.example' },
    }),
    process('orders-prod', 'Hosting of orders', ['fulfilment'], ['names', 'addresses', 'orders']),
    process('billing-eu', 'Hosting of invoices', ['accounting'], ['names', 'invoices']),
    process('customer-profiles', 'Hosting of profiles', ['accounts of customers'], ['names', 'e-mail addresses']),
    process('crm-us', 'Hosting of contacts', ['sales in the United States'], ['names', 'telephone numbers']),
    process('payments-uk', 'Hosting of payments', ['payments in the United Kingdom'], ['names', 'masked card numbers']),
    say(239, eleni, 'third_country_transfer', 'us', {
      country: 'US',
      recipient: 'Hudson Cloud Inc. (invented)',
      mechanism: '46(2)(c)',
      safeguards: 'Standard contractual clauses; encrypted with keys that are kept in Sweden',
    }),
    say(239, eleni, 'third_country_transfer', 'uk', {
      country: 'GB',
      recipient: 'Norrsken Hosting AB (invented)',
      mechanism: '45',
      safeguards: null,
    }),
    say(238, eleni, 'support_access', 'support', { countries: ['SE', 'DE'] }),
    say(238, eleni, 'security_measures', 'measures', {
      text: 'Encryption at rest and in transit; a second factor for everybody; access reviewed each quarter; backups tested each year.',
    }),

    say(235, lukasz, 'dora_role', 'role', { role: 'ict_provider', entity_type: null }),
    say(235, lukasz, 'dora_provider', 'provider', {
      legal_name: 'Nordlicht Commerce AB (invented)',
      identifier: { type: 'LEI', value: '98450NORDLICHTDEMO85' },
      country: 'SE',
      parent: null,
    }),
    provide('orders-prod', 'SE', ['SE', 'FI']),
    provide('billing-eu', 'DE', ['SE', 'FI']),
    provide('payments-uk', 'GB', null),
    ...(['orders-prod', 'payments-uk'] as const).map((service) =>
      say(229, lukasz, 'dora_function', service, {
        service_id: namedId(service),
        function_id: service === 'orders-prod' ? 'F-ORDERS' : 'F-PAYMENTS',
        critical: 'yes',
        rto_minutes: 60,
        rpo_minutes: 24 * 60,
        min_schedule: 'daily',
      }),
    ),

    say(118, katarina, 'ai_role', 'role', { role: 'deployer' }),
    say(118, katarina, 'ai_system', 'invoice-scoring', {
      name: 'Scoring of purchases on account (invented)',
      high_risk: 'annex_iii',
      assessment: 'Point 5(b): the creditworthiness of natural persons',
      in_use_since: day(118),
      placed_on_market: null,
      log_services: [namedId('event-stream')],
      log_retention_months: 12,
      data_services: [namedId('customer-profiles'), namedId('crm-us')],
      monitoring_services: [namedId('analytics-warehouse')],
    }),
  ];
}
