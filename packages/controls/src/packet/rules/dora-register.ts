import type { Declaration, DeclarationData } from '../declarations.ts';
import { firstGap } from '../declared.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { earlier, later, leadOf, lifeInPeriod, spanAt, type Stretch } from '../spans.ts';
import { compareText, listed } from '../text.ts';
import { atPeriodEnd, isBlank, namedRule, whyNone } from './declared-records.ts';
import { servicesOf } from './each-service.ts';
import { undeclared, unseenPlaces } from './places.ts';
import { checkSamples } from './samples.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

type ServiceRecord = Declaration<DeclarationData['dora_service']>;

/** Article 28(3): the provider's columns of the customer's register. A blank one is unknown, never filled by a guess. */
export function registerFieldsFilled(): NamedRule {
  return namedRule('register_fields_filled', {}, (context) => {
    const found = new Findings();
    if (atPeriodEnd(context, 'dora_provider').length === 0) {
      found.lacks("the provider's declared name, identifier and country", whyNone(context, 'dora_provider'));
    }
    if (atPeriodEnd(context, 'subservice_organization').length === 0) {
      found.lacks('the declared chain of suppliers', whyNone(context, 'subservice_organization'));
    }
    const records = recordsByService(context);
    for (const service of servicesOf(context, 'point')) {
      judgeFields(context, service, records.get(service.service_id), found);
    }
    if (found.population === 0) found.lacks('at least one service at the end of the period', 'vacuous_scope');
    return found;
  });
}

function judgeFields(
  context: JudgeContext,
  service: ServiceEvidence,
  record: DeclarationData['dora_service'] | undefined,
  found: Findings,
): void {
  const { period_end: end, period_start: start } = context.head;
  found.bases.add('derived');
  const item = found.item(service.service_id, serviceItem(service));
  const countries = spanAt(service.countries, end, end);
  if (countries === undefined) item.leavesOpen('the countries of storage');
  const hasNone = spanAt(service.backup_schedule, end, end)?.value === 'none';
  if (!hasNone && spanAt(service.backup_countries, end, end) === undefined) {
    item.leavesOpen('the countries of the backups');
  }
  if (record === undefined) {
    item.leavesOpen(
      'type, country of provision and countries of processing',
      whyNone(context, 'dora_service', service.service_id),
    );
    return;
  }
  found.bases.add('declared');
  if (isBlank(record.arrangement_reference)) item.leavesOpen('the reference of the arrangement');
  const unnamed = (countries?.value ?? []).filter((country) => !record.countries_of_processing.includes(country));
  if (unnamed.length === 0 || countries === undefined) return;
  const what = `it runs in ${listed(unnamed)}, which the declared countries of processing leave out`;
  item.fails(what, later(countries.from, start));
}

/** Article 30(2)(a): a declared description of each service, for the contract's annex. */
export function servicesDescribed(): NamedRule {
  return namedRule('services_described', {}, (context) => {
    const found = new Findings();
    const records = recordsByService(context);
    for (const service of servicesOf(context, 'point')) {
      const item = found.item(service.service_id, serviceItem(service));
      if (records.has(service.service_id)) found.bases.add('declared');
      else item.leavesOpen('the declared description', whyNone(context, 'dora_service', service.service_id));
    }
    if (atPeriodEnd(context, 'subservice_organization').length === 0) {
      found.lacks('a declared list of subcontractors', whyNone(context, 'subservice_organization'));
    }
    if (found.population === 0) found.lacks('at least one service at the end of the period', 'vacuous_scope');
    return found;
  });
}

export function recordsByService(context: JudgeContext): ReadonlyMap<string, DeclarationData['dora_service']> {
  return new Map(atPeriodEnd(context, 'dora_service').map(({ data }) => [data.service_id, data]));
}

/**
 * Article 30(2)(b): through the period, each country of storage, backups and support access is on the list that the
 * contract names. A list counts from when it was declared, so one that was widened afterwards mends nothing, and the first
 * one says nothing of the time before it.
 */
export function countriesAgreed(): NamedRule {
  return namedRule('countries_agreed', {}, (context) => {
    const found = new Findings();
    const { dora_service, support_access: support } = context.evidence.declarations;
    const lists = new Map<string, ServiceRecord[]>();
    for (const record of dora_service.toSorted((a, b) => compareText(a.declared_at, b.declared_at))) {
      if (record.declared_at > context.head.period_end) continue;
      const own = lists.get(record.data.service_id);
      if (own === undefined) lists.set(record.data.service_id, [record]);
      else own.push(record);
    }
    const services = servicesOf(context, 'period');
    for (const service of services) {
      const life = lifeInPeriod(service, context.head);
      if (life === undefined) continue;
      found.bases.add('derived');
      const item = found.item(service.service_id, serviceItem(service));
      for (const { what, reason } of unseenPlaces(service, life)) item.leavesOpen(what, reason);
      const own = lists.get(service.service_id) ?? [];
      if (own.length > 0) found.bases.add('declared');
      judgeLists(service, support, own, life, item);
    }
    const unsaid = undeclared(context, 'support_access');
    if (unsaid !== undefined) found.lacks('the declared countries of support access through the period', unsaid);
    if (services.length === 0) found.lacks('at least one service in the period', 'vacuous_scope');
    checkSamples(context, services, found);
    return found;
  });
}

function judgeLists(
  service: ServiceEvidence,
  support: readonly Declaration<DeclarationData['support_access']>[],
  lists: readonly ServiceRecord[],
  life: Stretch,
  item: ItemFindings,
): void {
  const needed = 'the countries that the contract names';
  const lead = leadOf(service, life);
  const gap = firstGap(lists, life, lead);
  if (gap !== undefined) item.leavesOpen(`${needed} through the period`, gap.reason);
  for (const [index, { declared_at, valid_until, data }] of lists.entries()) {
    const from = index === 0 && declared_at <= lead ? life.from : later(declared_at, life.from);
    const to = earlier(valid_until, life.to);
    const agreed = data.agreed_countries;
    if (agreed === null) {
      if (from < to) item.leavesOpen(needed);
      continue;
    }
    const judge = (countries: readonly string[], what: string, since: string, until: string): void => {
      const outside = countries.filter((country) => !agreed.includes(country)).sort(compareText);
      const start = later(since, from);
      const end = earlier(until, to);
      if (outside.length === 0 || start >= end) return;
      item.fails(`${what} in ${listed(outside)}, agreed: ${listed(agreed) || 'none'}`, start, end);
    };
    for (const span of service.countries) judge(span.value, 'storage', span.from, span.to);
    for (const span of service.backup_countries) judge(span.value, 'backups', span.from, span.to);
    for (const record of support) {
      judge(record.data.countries, 'support access', record.declared_at, record.valid_until);
    }
  }
}
