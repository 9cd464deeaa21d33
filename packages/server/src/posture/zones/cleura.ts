import type { ProviderZones } from './provider-zones.ts';

export const cleura: ProviderZones = {
  provider: 'Cleura',
  source: 'https://docs.cleura.cloud/reference/features/',
  asOf: '2026-03-05',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'Fra1', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'Kna1', city: 'Karlskrona', country: 'SE', region: 'europe' },
    { zone: 'Sto-Com', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'Sto1HS', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'Sto2', city: 'Stockholm', country: 'SE', region: 'europe' },
    { zone: 'Sto2HS', city: 'Stockholm', country: 'SE', region: 'europe' },
  ],
};
