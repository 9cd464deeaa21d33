import type { ProviderZones } from './provider-zones.ts';

export const gridscale: ProviderZones = {
  provider: 'gridscale',
  source: 'https://registry.terraform.io/providers/gridscale/gridscale/latest/docs/data-sources/location',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [{ zone: 'de/fra', city: 'Frankfurt', country: 'DE', region: 'europe' }],
};
