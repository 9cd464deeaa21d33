import { declaredAt } from '../declared-at.ts';
import type { Declaration, DeclarationData } from '../declarations.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, Rule } from '../rule.ts';
import { blank } from './gdpr-duties.ts';
import { servicesAtEnd } from './gdpr-record.ts';
import { openTally, serviceItem, type OpenTally } from './open-tally.ts';
import { firstGap, lifeIn, valueAt } from './span-cover.ts';

type ServiceRecord = DeclarationData['dora_service'];

/** Article 28(3): the provider's columns of the customer's register; a blank one is unknown, never filled by a guess. */
export function registerFieldsFilled(): Rule {
  return (context) => {
    const { evidence, head } = context;
    const tally = openTally();
    const provider = declaredAt(evidence.declarations.dora_provider, head.period_end).at(-1)?.data;
    if (provider === undefined) tally.missing("the provider's legal name, identifier and country");
    if (declaredAt(evidence.declarations.subservice_organization, head.period_end).length === 0) {
      tally.missing('the chain of suppliers');
    }
    tally.rests('declared', 'derived');
    const there = servicesAtEnd(context.services, head.period_end);
    for (const service of there) {
      const item = serviceItem(service);
      const countries = valueAt(service.countries, head.period_end);
      if (countries === undefined) tally.unknown(service.service_id, item, 'the countries in which its data is stored');
      const withoutBackups = valueAt(service.backup_schedule, head.period_end)?.value === 'none';
      const backups = valueAt(service.backup_countries, head.period_end);
      if (backups === undefined && !withoutBackups) {
        tally.unknown(service.service_id, item, 'the countries in which its backups are stored');
      }
      const record = recordsOf(evidence.declarations.dora_service, head.period_end, service.service_id).at(-1);
      if (record === undefined) {
        tally.unknown(service.service_id, item, 'type, country of provision and countries of processing');
        continue;
      }
      if (blank(record.arrangement_reference)) tally.unknown(service.service_id, item, 'the arrangement it belongs to');
      const unnamed = (countries?.value ?? []).filter((country) => !record.countries_of_processing.includes(country));
      if (unnamed.length > 0) {
        const what = `runs in ${unnamed.join(', ')}, which the declared countries of processing leave out`;
        tally.fail(service.service_id, item, what, countries?.from, countries?.to);
      }
    }
    return tally.close(there.length);
  };
}

/** Article 30(2)(a): a description of each service, and the list of suppliers, for the contract's annex. */
export function servicesDescribed(): Rule {
  return ({ evidence, head, services }) => {
    const tally = openTally();
    const there = servicesAtEnd(services, head.period_end);
    tally.rests('declared');
    for (const service of there) {
      if (recordsOf(evidence.declarations.dora_service, head.period_end, service.service_id).length > 0) continue;
      tally.unknown(service.service_id, serviceItem(service), 'no description of it is declared');
    }
    if (declaredAt(evidence.declarations.subservice_organization, head.period_end).length === 0) {
      tally.missing('a declared list of subcontractors');
    }
    return tally.close(there.length);
  };
}

/**
 * Article 30(2)(b): through the period, each country of storage, backups and support access is on the list that the
 * contract names. A list that changed counts from when it was declared; the first one in force also before that.
 */
export function countriesAgreed(): Rule {
  return (context) => {
    const { evidence } = context;
    const tally = openTally();
    tally.rests('derived', 'declared');
    let population = 0;
    for (const service of context.services) {
      const life = lifeIn(context, service);
      if (life === undefined) continue;
      population++;
      noteUnseen(service, life, tally);
      const lists = agreedLists(evidence.declarations.dora_service, service.service_id, life.from);
      if (lists.length === 0) {
        tally.unknown(service.service_id, serviceItem(service), 'the countries that the contract names');
        continue;
      }
      for (const [index, list] of lists.entries()) {
        const window = { from: list.from, to: lists[index + 1]?.from ?? life.to };
        if (list.countries === null) {
          tally.unknown(service.service_id, serviceItem(service), 'the countries that the contract names');
        } else notePlaces(context, service, list.countries, window, tally);
      }
      if ((lists.at(-1)?.until ?? '') < life.to) {
        tally.unknown(service.service_id, serviceItem(service), 'a newer list of agreed countries', 'fact_stale');
      }
    }
    if (evidence.declarations.support_access.length === 0) tally.missing('the declared countries of support access');
    return tally.close(population);
  };
}

interface Window {
  readonly from: string;
  readonly to: string;
}

function noteUnseen(service: ServiceEvidence, life: Window, tally: OpenTally): void {
  const item = serviceItem(service);
  const gap = firstGap(service.countries, life.from, life.to);
  if (gap !== undefined) {
    tally.unknown(service.service_id, item, `the country of each zone from ${gap.from} to ${gap.to}`);
  }
  const withoutBackups =
    service.backup_schedule.length > 0 && service.backup_schedule.every(({ value }) => value === 'none');
  const unseen = withoutBackups ? undefined : firstGap(service.backup_countries, life.from, life.to);
  if (unseen !== undefined) {
    tally.unknown(service.service_id, item, `where backups were from ${unseen.from} to ${unseen.to}`);
  }
}

function notePlaces(
  { evidence }: JudgeContext,
  service: ServiceEvidence,
  agreed: readonly string[],
  window: Window,
  tally: OpenTally,
): void {
  const check = (countries: readonly string[], what: string, from: string, to: string): void => {
    const start = from > window.from ? from : window.from;
    const end = to < window.to ? to : window.to;
    const outside = countries.filter((country) => !agreed.includes(country));
    if (outside.length === 0 || start >= end) return;
    const wording = `${what} in ${outside.join(', ')}, agreed are ${agreed.join(', ') || 'none'}`;
    tally.fail(service.service_id, serviceItem(service), wording, start, end);
  };
  for (const span of service.countries) check(span.value, 'storage', span.from, span.to);
  for (const span of service.backup_countries) check(span.value, 'backups', span.from, span.to);
  const { support_access } = evidence.declarations;
  for (const [index, record] of support_access.entries()) {
    const next = support_access.slice(index + 1).find(({ record_id }) => record_id === record.record_id);
    const to = next === undefined || record.valid_until < next.declared_at ? record.valid_until : next.declared_at;
    check(record.data.countries, 'support access', index === 0 ? window.from : record.declared_at, to);
  }
}

function agreedLists(
  records: readonly Declaration<ServiceRecord>[],
  serviceId: string,
  since: string,
): { from: string; until: string; countries: readonly string[] | null }[] {
  return records
    .filter(({ data }) => data.service_id === serviceId)
    .map(({ declared_at, valid_until, data }, index) => ({
      from: index === 0 || declared_at < since ? since : declared_at,
      until: valid_until,
      countries: data.agreed_countries,
    }));
}

function recordsOf(records: readonly Declaration<ServiceRecord>[], at: string, serviceId: string): ServiceRecord[] {
  return declaredAt(records, at)
    .map(({ data }) => data)
    .filter((data) => data.service_id === serviceId);
}
