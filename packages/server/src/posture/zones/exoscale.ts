import type { ProviderZones } from './provider-zones.ts';

export const exoscale: ProviderZones = {
  provider: 'Exoscale',
  source: 'https://www.exoscale.com/datacenters/',
  asOf: '2026-08-18',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'at-vie-1', city: 'Vienna', country: 'AT', region: 'europe' },
    { zone: 'at-vie-2', city: 'Vienna', country: 'AT', region: 'europe' },
    { zone: 'bg-sof-1', city: 'Sofia', country: 'BG', region: 'europe' },
    { zone: 'ch-dk-2', city: 'Zurich', country: 'CH', region: 'europe' },
    { zone: 'ch-gva-2', city: 'Geneva', country: 'CH', region: 'europe' },
    { zone: 'de-fra-1', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'de-muc-1', city: 'Munich', country: 'DE', region: 'europe' },
    { zone: 'hr-zag-1', city: 'Zagreb', country: 'HR', region: 'europe' },
  ],
};
