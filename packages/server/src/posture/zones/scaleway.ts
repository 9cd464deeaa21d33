import type { ProviderZones } from './provider-zones.ts';

export const scaleway: ProviderZones = {
  provider: 'Scaleway',
  source: 'https://www.scaleway.com/en/docs/account/reference-content/products-availability/',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: ['-1', '-2', '-3'],
  zones: [
    { zone: 'fr-par', city: 'Paris', country: 'FR', region: 'europe' },
    { zone: 'it-mil', city: 'Milan', country: 'IT', region: 'europe', suffixes: ['-1'] },
    { zone: 'nl-ams', city: 'Amsterdam', country: 'NL', region: 'europe' },
    { zone: 'pl-waw', city: 'Warsaw', country: 'PL', region: 'europe' },
  ],
};
