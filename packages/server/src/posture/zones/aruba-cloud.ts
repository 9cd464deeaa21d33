import type { ProviderZones } from './provider-zones.ts';

export const arubaCloud: ProviderZones = {
  provider: 'Aruba Cloud',
  source: 'https://api.arubacloud.com/docs/metadata/',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'ITBG-1', city: 'Bergamo', country: 'IT', region: 'europe' },
    { zone: 'ITBG-2', city: 'Bergamo', country: 'IT', region: 'europe' },
    { zone: 'ITBG-3', city: 'Bergamo', country: 'IT', region: 'europe' },
    { zone: 'ITBG-Bergamo', city: 'Bergamo', country: 'IT', region: 'europe' },
  ],
};
