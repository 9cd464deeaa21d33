import { isThirdCountry } from '@veritrail/formats';

import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, MissingFact } from '../rule.ts';
import { firstUnknown, lifeInPeriod, type Stretch } from '../spans.ts';
import { quoted } from '../text.ts';
import { DAY_SECONDS, secondsOf, timeOf } from '../times.ts';
import { atPeriodEnd, whyNone } from './declared-records.ts';
import { servicesOf } from './each-service.ts';
import { serviceItem } from './tally.ts';

export interface Places {
  /** Each country with the first place that brought it in. */
  readonly seen: ReadonlyMap<string, string>;
  /** What isn't known, and would be needed to call the list whole. */
  readonly open: readonly MissingFact[];
}

/** Countries of storage, backups, suppliers that touch data, and support access, at any time of the period. */
export function placesOf(context: JudgeContext): Places {
  const seen = new Map<string, string>();
  const open: MissingFact[] = [];
  const note = (countries: readonly string[], where: string): void => {
    for (const country of countries) if (!seen.has(country)) seen.set(country, where);
  };
  for (const service of servicesOf(context, 'period')) {
    for (const { value } of service.countries) note(value, `storage of ${serviceItem(service)}`);
    for (const { value } of service.backup_countries) note(value, `backups of ${serviceItem(service)}`);
    const life = lifeInPeriod(service, context.head);
    if (life === undefined) continue;
    for (const { what, reason } of unseenPlaces(service, life)) {
      open.push({ what: `${what} of ${serviceItem(service)}`, reason });
    }
  }
  const suppliers = atPeriodEnd(context, 'subservice_organization');
  for (const { data } of suppliers)
    if (data.data_access !== 'none') note(data.countries, `supplier ${quoted(data.name)}`);
  if (suppliers.length === 0) {
    open.push({ what: 'the declared list of suppliers', reason: whyNone(context, 'subservice_organization') });
  }
  const support = atPeriodEnd(context, 'support_access');
  for (const { data } of support) note(data.countries, 'support access');
  if (support.length === 0) {
    open.push({ what: 'the declared countries of support access', reason: whyNone(context, 'support_access') });
  }
  return { seen, open };
}

export function thirdCountriesOf({ seen }: Places): readonly (readonly [country: string, where: string])[] {
  return [...seen].filter(([country]) => isThirdCountry(country)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What isn't known, of some time of its life, of where a service's data and backups were. */
export function unseenPlaces(service: ServiceEvidence, life: Stretch): MissingFact[] {
  const open: MissingFact[] = [];
  const unknown = firstUnknown(service.countries, life, life.from);
  if (unknown !== undefined) open.push({ what: 'the country of each zone through the period', reason: unknown.reason });
  const { backups, backup_schedule: schedules } = service;
  const hasNone = schedules.length > 0 && schedules.every(({ value }) => value === 'none') && backups.completed === 0;
  // A collector can't have read a service before its first day's end.
  const isNew = service.created_at >= life.from;
  const lead = isNew ? timeOf(secondsOf(service.created_at) + DAY_SECONDS) : life.from;
  const unseen = hasNone ? undefined : firstUnknown(service.backup_countries, life, lead);
  if (unseen !== undefined) {
    open.push({ what: 'the countries of the backups through the period', reason: unseen.reason });
  }
  return open;
}
