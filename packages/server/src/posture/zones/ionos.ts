import type { ProviderZones } from './provider-zones.ts';

export const ionos: ProviderZones = {
  provider: 'IONOS Cloud',
  source: 'https://registry.terraform.io/providers/ionos-cloud/ionoscloud/latest/docs',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'de/fra', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'de/fra/2', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'de/txl', city: 'Berlin', country: 'DE', region: 'europe' },
    { zone: 'es/vit', city: 'Logroño', country: 'ES', region: 'europe' },
    { zone: 'fr/par', city: 'Paris', country: 'FR', region: 'europe' },
    { zone: 'gb/bhx', city: 'Worcester', country: 'GB', region: 'europe' },
    { zone: 'gb/lhr', city: 'London', country: 'GB', region: 'europe' },
    { zone: 'us/ewr', city: 'Newark', country: 'US', region: 'north-america' },
    { zone: 'us/las', city: 'Las Vegas', country: 'US', region: 'north-america' },
    { zone: 'us/mci', city: 'Lenexa', country: 'US', region: 'north-america' },
  ],
};
