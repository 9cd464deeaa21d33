import type { ProviderZones } from './provider-zones.ts';

export const hetzner: ProviderZones = {
  provider: 'Hetzner',
  source: 'https://docs.hetzner.com/cloud/general/locations/',
  asOf: '2026-07-24',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'ash', city: 'Ashburn', country: 'US', region: 'north-america' },
    { zone: 'ash-dc1', city: 'Ashburn', country: 'US', region: 'north-america' },
    { zone: 'fsn1', city: 'Falkenstein', country: 'DE', region: 'europe' },
    { zone: 'fsn1-dc14', city: 'Falkenstein', country: 'DE', region: 'europe' },
    { zone: 'hel1', city: 'Helsinki', country: 'FI', region: 'europe' },
    { zone: 'hel1-dc2', city: 'Helsinki', country: 'FI', region: 'europe' },
    { zone: 'hil', city: 'Hillsboro', country: 'US', region: 'north-america' },
    { zone: 'hil-dc1', city: 'Hillsboro', country: 'US', region: 'north-america' },
    { zone: 'nbg1', city: 'Nuremberg', country: 'DE', region: 'europe' },
    { zone: 'nbg1-dc3', city: 'Nuremberg', country: 'DE', region: 'europe' },
    { zone: 'sin', city: 'Singapore', country: 'SG', region: 'asia' },
    { zone: 'sin-dc1', city: 'Singapore', country: 'SG', region: 'asia' },
  ],
};
