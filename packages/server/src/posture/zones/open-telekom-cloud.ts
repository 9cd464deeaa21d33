import type { ProviderZones } from './provider-zones.ts';

export const openTelekomCloud: ProviderZones = {
  provider: 'Open Telekom Cloud',
  source: 'https://docs.otc.t-systems.com/regions-and-endpoints/',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: ['-01', '-02', '-03'],
  zones: [
    { zone: 'eu-ch2', city: 'Switzerland', country: 'CH', region: 'europe', suffixes: ['a', 'b'] },
    { zone: 'eu-de', city: 'Magdeburg', country: 'DE', region: 'europe' },
    { zone: 'eu-nl', city: 'Amsterdam', country: 'NL', region: 'europe' },
  ],
};
