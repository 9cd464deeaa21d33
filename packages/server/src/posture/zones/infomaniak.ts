import type { ProviderZones } from './provider-zones.ts';

export const infomaniak: ProviderZones = {
  provider: 'Infomaniak',
  source: 'https://docs.infomaniak.cloud/',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'dc3-a', city: 'Geneva', country: 'CH', region: 'europe' },
    { zone: 'dc4-a', city: 'Geneva', country: 'CH', region: 'europe' },
  ],
};
