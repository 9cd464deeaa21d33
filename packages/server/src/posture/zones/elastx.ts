import type { ProviderZones } from './provider-zones.ts';

export const elastx: ProviderZones = {
  provider: 'Elastx',
  source: 'https://docs.elastx.cloud/',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'se-sto', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'sto1', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'sto2', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'sto3', city: 'Stockholm', country: 'SE', region: 'europe' },
  ],
};
