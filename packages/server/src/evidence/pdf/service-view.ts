import type { Evidence, ServiceEvidence, Span } from '@veritrail/controls';

import { whole } from './printable-text.ts';
import { dayAndTime, dayAndTimeOr } from './times.ts';

type Print = (text: string) => string;

/** Values of a fact through the period that are printed; the file has them all. */
const MOST_VALUES = 3;

export function viewServices({ services }: Pick<Evidence, 'services'>, print: Print) {
  return services.map((service) => ({
    id: whole(service.service_id, print),
    name: print(service.name),
    engine: print(service.database_type),
    zones: viewPlaces(service.zones, print),
    countries: viewCountries(service, print),
    created: dayAndTime(service.created_at),
    ended: dayAndTimeOr(service.ended_at, 'in service'),
  }));
}

function viewCountries(service: ServiceEvidence, print: Print): string {
  const known = viewPlaces(service.countries, print);
  if (service.unknown_zones.length === 0) return known;
  const unknown = `${service.unknown_zones.length === 1 ? 'zone' : 'zones'} not in the catalogue: ${service.unknown_zones.map(print).join(', ')}`;
  return service.countries.length === 0 ? unknown : `${known}; ${unknown}`;
}

/** One value after another as they were in force: "DE, then FR". */
function viewPlaces(spans: readonly Span<readonly string[]>[], print: Print): string {
  const values: string[] = [];
  for (const { value } of spans) {
    const text = value.length === 0 ? 'none' : value.map(print).join(', ');
    if (values.at(-1) !== text) values.push(text);
  }
  if (values.length === 0) return 'unknown';
  const left = values.length - MOST_VALUES;
  return values.slice(0, MOST_VALUES).join(', then ') + (left > 0 ? `, then ${left} more` : '');
}
