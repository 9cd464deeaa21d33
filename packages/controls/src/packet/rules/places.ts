import { isThirdCountry } from '@veritrail/formats';

import type { Declaration } from '../declarations.ts';
import { firstGap } from '../declared.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, MissingFact } from '../rule.ts';
import { earlier, firstUnknown, later, leadOf, lifeInPeriod, type Stretch } from '../spans.ts';
import { quoted } from '../text.ts';
import { heldInPeriod } from './declared-records.ts';
import { servicesOf } from './each-service.ts';
import { serviceItem } from './tally.ts';

export interface Places {
  /** Each country with the first place that brought it in, and from when to when it was seen in any. */
  readonly seen: ReadonlyMap<string, Seen>;
  /** What isn't known, and would be needed to call the list whole. */
  readonly open: readonly MissingFact[];
}

export interface Seen extends Stretch {
  readonly where: string;
}

/** Countries of storage, backups, suppliers that touch data, and support access, at any time of the period. */
export function placesOf(context: JudgeContext): Places {
  const seen = new Map<string, Seen>();
  const open: MissingFact[] = [];
  const note = (countries: readonly string[], where: string, { from, to }: Stretch): void => {
    for (const country of countries) {
      const before = seen.get(country) ?? { where, from, to };
      seen.set(country, { where: before.where, from: earlier(before.from, from), to: later(before.to, to) });
    }
  };
  for (const service of servicesOf(context, 'period')) {
    for (const span of service.countries) note(span.value, `storage of ${serviceItem(service)}`, span);
    for (const span of service.backup_countries) note(span.value, `backups of ${serviceItem(service)}`, span);
    const life = lifeInPeriod(service, context.head);
    if (life === undefined) continue;
    for (const { what, reason } of unseenPlaces(service, life)) {
      open.push({ what: `${what} of ${serviceItem(service)}`, reason });
    }
  }
  for (const record of heldInPeriod(context, 'subservice_organization')) {
    const { name, countries, data_access: access } = record.data;
    if (access !== 'none') note(countries, `supplier ${quoted(name)}`, heldOf(record));
  }
  for (const record of heldInPeriod(context, 'support_access')) {
    note(record.data.countries, 'support access', heldOf(record));
  }
  for (const [kind, what] of DECLARED_PLACES) {
    const reason = undeclared(context, kind);
    if (reason !== undefined) open.push({ what, reason });
  }
  return { seen, open };
}

const DECLARED_PLACES = [
  ['subservice_organization', 'the declared list of suppliers through the period'],
  ['support_access', 'the declared countries of support access through the period'],
] as const;

function heldOf({ declared_at: from, valid_until: to }: Declaration<unknown>): Stretch {
  return { from, to };
}

/**
 * Why such records don't cover the time in which there were services; undefined if they do. What is declared late says
 * nothing of the time before, but for the first day of an organization's first service.
 */
export function undeclared(
  context: JudgeContext,
  kind: (typeof DECLARED_PLACES)[number][0],
): MissingFact['reason'] | undefined {
  const { period_start: start, period_end: end } = context.head;
  const lives = servicesOf(context, 'period').flatMap((service) => {
    const life = lifeInPeriod(service, context.head);
    return life === undefined ? [] : [{ ...life, lead: leadOf(service, life) }];
  });
  const [first = { from: start, lead: start }] = lives.toSorted((a, b) => (a.lead < b.lead ? -1 : 1));
  const last = lives.reduce((to, life) => later(to, life.to), first.from);
  const stretch = { from: first.from, to: lives.length === 0 ? end : last };
  return firstGap(context.evidence.declarations[kind], stretch, first.lead)?.reason;
}

export function thirdCountriesOf({ seen }: Places): readonly (readonly [country: string, seen: Seen])[] {
  return [...seen].filter(([country]) => isThirdCountry(country)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What isn't known, of some time of its life, of where a service's data and backups were. */
export function unseenPlaces(service: ServiceEvidence, life: Stretch): MissingFact[] {
  const open: MissingFact[] = [];
  const unknown = firstUnknown(service.countries, life, life.from);
  if (unknown !== undefined) open.push({ what: 'the country of each zone through the period', reason: unknown.reason });
  const { backups, backup_schedule: schedules } = service;
  const hasNone = schedules.length > 0 && schedules.every(({ value }) => value === 'none') && backups.completed === 0;
  const unseen = hasNone ? undefined : firstUnknown(service.backup_countries, life, leadOf(service, life));
  if (unseen !== undefined) {
    open.push({ what: 'the countries of the backups through the period', reason: unseen.reason });
  }
  return open;
}
