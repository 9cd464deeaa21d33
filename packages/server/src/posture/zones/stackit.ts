import type { ProviderZones } from './provider-zones.ts';

export const stackit: ProviderZones = {
  provider: 'STACKIT',
  source: 'https://docs.stackit.cloud/',
  asOf: '2026-08-21',
  confirmed: 'stored',
  suffixes: ['-1', '-2', '-3', '-m'],
  zones: [
    { zone: 'eu01', city: 'Germany South', country: 'DE', region: 'europe' },
    { zone: 'eu02', city: 'Austria West', country: 'AT', region: 'europe' },
  ],
};
