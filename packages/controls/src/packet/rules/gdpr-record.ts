import { adequacyOf, isThirdCountry } from '@veritrail/formats';

import { declaredAt } from '../declared-at.ts';
import type { Party, TransferMechanism } from '../declarations.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, Rule } from '../rule.ts';
import { openTally, serviceItem } from './open-tally.ts';

/** Article 30(2)(a): one item a part of the record that names somebody. */
export function partiesNamed(): Rule {
  return ({ evidence, head }) => {
    const tally = openTally();
    const record = declaredAt(evidence.declarations.ropa_parties, head.period_end).at(-1)?.data;
    if (record === undefined) {
      const reason = evidence.declarations.ropa_parties.length > 0 ? 'fact_stale' : 'fact_missing';
      for (const part of ['processor', 'tenant role', 'controllers', 'representative', 'data protection officer']) {
        tally.unknown(part, part, `no declaration of the ${part} in force`, reason);
      }
      return tally.close(5);
    }
    tally.rests('declared');
    const blank = (key: string, party: Party): void => {
      if (party.name.trim() === '' || party.contact.trim() === '') {
        tally.unknown(key, key, 'name or contact is blank');
      }
    };
    blank('processor', record.processor);
    if (record.tenant_role === 'controller' && sameName(record.processor.name, head.organization.name)) {
      tally.fail('processor', 'processor', 'named as the organization that the same record calls the controller');
    }
    if (record.tenant_role !== 'controller' && record.controllers.length === 0) {
      tally.unknown('controllers', 'controllers', 'the organization processes for others, and none is named');
    }
    record.controllers.forEach((controller, index) => blank(`controller ${index + 1}`, controller));
    if (record.representative !== null) blank('representative', record.representative);
    if (record.dpo !== null) blank('data protection officer', record.dpo);
    // The processor, the role, the representative and the officer; null says that the latter two aren't required.
    return tally.close(4 + Math.max(1, record.controllers.length));
  };
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Article 30(2)(b): a declared line for each service that is there at the period's end, and no line without one. */
export function processingDescribed(): Rule {
  return ({ evidence, head, services }) => {
    const tally = openTally();
    const lines = declaredAt(evidence.declarations.ropa_processing, head.period_end);
    const there = servicesAtEnd(services, head.period_end);
    tally.rests('observed');
    if (lines.length === 0) {
      for (const service of there) {
        tally.unknown(service.service_id, serviceItem(service), 'the record has no line yet');
      }
      return tally.close(there.length);
    }
    tally.rests('declared');
    const described = new Set(lines.map(({ data }) => data.service_id));
    for (const service of there) {
      if (described.has(service.service_id)) continue;
      tally.fail(service.service_id, serviceItem(service), 'in use without a line in the record', service.created_at);
    }
    const known = new Set(evidence.services.map(({ service_id }) => service_id));
    const astray = lines.filter(({ data }) => !known.has(data.service_id));
    for (const { record_id, data, declared_at } of astray) {
      const item = `line ${record_id}`;
      tally.fail(item, item, `describes service ${data.service_id}, which did not exist in the period`, declared_at);
    }
    return tally.close(there.length + astray.length);
  };
}

/**
 * Article 30(2)(c): each third country in which data was seen to be, or from which it could be reached, has a declared
 * mechanism that can hold for it.
 */
export function transfersListed(): Rule {
  return (context) => {
    const { evidence, head } = context;
    const tally = openTally();
    const { seen, unknown } = placesOf(context);
    for (const what of unknown) tally.missing(what);
    tally.rests('derived', 'declared');
    const third = [...seen].filter(([country]) => isThirdCountry(country)).sort(([a], [b]) => (a < b ? -1 : 1));
    const listed = declaredAt(evidence.declarations.third_country_transfer, head.period_end);
    for (const [country, where] of third) {
      const item = `country ${country} (${where})`;
      const entries = listed.filter(({ data }) => data.country === country);
      if (entries.length === 0) tally.fail(country, item, 'not listed with a recipient and a mechanism');
      for (const { data } of entries) {
        const misfit = misfitOf(data.mechanism, country, head.period_end);
        if (misfit !== undefined) tally.fail(country, item, misfit);
        else if (needsPapers(data.mechanism) && (data.safeguards ?? '').trim() === '') {
          tally.unknown(country, item, `no safeguards are named for the mechanism of Article ${data.mechanism}`);
        }
      }
    }
    return tally.close(third.length);
  };
}

function misfitOf(mechanism: TransferMechanism, country: string, onDate: string): string | undefined {
  if (mechanism !== '45' || adequacyOf(country, onDate) !== undefined) return undefined;
  return 'Article 45 is named, and no adequacy decision for this country was in force';
}

function needsPapers(mechanism: TransferMechanism): boolean {
  return mechanism !== '45';
}

/** Countries of storage, backups, suppliers who touch data, and support access; each with how it came to be among them. */
export function placesOf({ evidence, head, services }: JudgeContext): {
  seen: ReadonlyMap<string, string>;
  unknown: readonly string[];
} {
  const seen = new Map<string, string>();
  const note = (countries: readonly string[], where: string): void => {
    for (const country of countries) if (!seen.has(country)) seen.set(country, where);
  };
  const unknown: string[] = [];
  for (const service of services) {
    for (const { value } of service.countries) note(value, `storage of ${service.name}`);
    for (const { value } of service.backup_countries) note(value, `backups of ${service.name}`);
    if (service.countries.length === 0) unknown.push(`the country of each zone of ${serviceItem(service)}`);
    if (service.backup_countries.length === 0 && keepsBackups(service)) {
      unknown.push(`where the backups of ${serviceItem(service)} are`);
    }
  }
  const suppliers = declaredAt(evidence.declarations.subservice_organization, head.period_end);
  for (const { data } of suppliers) if (data.data_access !== 'none') note(data.countries, `supplier ${data.name}`);
  if (suppliers.length === 0) unknown.push('the declared list of suppliers');
  const support = declaredAt(evidence.declarations.support_access, head.period_end);
  for (const { data } of support) note(data.countries, 'support access');
  if (support.length === 0) unknown.push('the declared countries of support access');
  return { seen, unknown };
}

function keepsBackups(service: ServiceEvidence): boolean {
  const schedules = service.backup_schedule;
  return schedules.length === 0 || schedules.some(({ value }) => value !== 'none') || service.backups.completed > 0;
}

export function servicesAtEnd(services: readonly ServiceEvidence[], end: string): ServiceEvidence[] {
  return services.filter(({ created_at, ended_at }) => created_at <= end && (ended_at === null || ended_at > end));
}
