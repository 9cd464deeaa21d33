import type { ProviderZones } from './provider-zones.ts';

// Its other regions are left out on purpose: they have ids of AWS regions, and eu-west-2 is Paris here, London there.
export const outscale: ProviderZones = {
  provider: '3DS OUTSCALE',
  source: 'https://docs.outscale.com/en/userguide/About-Regions-and-Subregions.html',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [{ zone: 'cloudgouv-eu-west-1', city: 'Paris', country: 'FR', region: 'europe', suffixes: ['a'] }],
};
