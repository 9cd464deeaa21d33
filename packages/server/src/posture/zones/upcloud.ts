import type { ProviderZones } from './provider-zones.ts';

export const upcloud: ProviderZones = {
  provider: 'UpCloud',
  source: 'https://upcloud.com/data-centres',
  asOf: '2026-07-24',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'au-syd1', city: 'Sydney', country: 'AU', region: 'oceania' },
    { zone: 'de-fra1', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'dk-cph1', city: 'Copenhagen', country: 'DK', region: 'europe' },
    { zone: 'es-mad1', city: 'Madrid', country: 'ES', region: 'europe' },
    { zone: 'fi-hel1', city: 'Helsinki', country: 'FI', region: 'europe' },
    { zone: 'fi-hel2', city: 'Helsinki', country: 'FI', region: 'europe' },
    { zone: 'nl-ams1', city: 'Amsterdam', country: 'NL', region: 'europe' },
    { zone: 'no-svg1', city: 'Stavanger', country: 'NO', region: 'europe' },
    { zone: 'pl-waw1', city: 'Warsaw', country: 'PL', region: 'europe' },
    { zone: 'se-sto1', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'sg-sin1', city: 'Singapore', country: 'SG', region: 'asia' },
    { zone: 'uk-lon1', city: 'London', country: 'GB', region: 'europe' },
    { zone: 'us-chi1', city: 'Chicago', country: 'US', region: 'north-america' },
    { zone: 'us-nyc1', city: 'New York', country: 'US', region: 'north-america' },
    { zone: 'us-sjo1', city: 'San Jose', country: 'US', region: 'north-america' },
  ],
};
