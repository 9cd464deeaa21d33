import type { ProviderZones } from './provider-zones.ts';

export const digitalocean: ProviderZones = {
  provider: 'DigitalOcean',
  source: 'https://docs.digitalocean.com/platform/regional-availability/',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: [],
  zones: [
    { zone: 'ams2', city: 'Amsterdam', country: 'NL', region: 'europe' },
    { zone: 'ams3', city: 'Amsterdam', country: 'NL', region: 'europe' },
    { zone: 'atl1', city: 'Atlanta', country: 'US', region: 'north-america' },
    { zone: 'blr1', city: 'Bangalore', country: 'IN', region: 'asia' },
    { zone: 'fra1', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'lon1', city: 'London', country: 'GB', region: 'europe' },
    { zone: 'mem1', city: 'Memphis', country: 'US', region: 'north-america' },
    { zone: 'mkc1', city: 'Kansas City', country: 'US', region: 'north-america' },
    { zone: 'nyc1', city: 'New York', country: 'US', region: 'north-america' },
    { zone: 'nyc2', city: 'New York', country: 'US', region: 'north-america' },
    { zone: 'nyc3', city: 'New York', country: 'US', region: 'north-america' },
    { zone: 'ric1', city: 'Richmond', country: 'US', region: 'north-america' },
    { zone: 'sfo1', city: 'San Francisco', country: 'US', region: 'north-america' },
    { zone: 'sfo2', city: 'San Francisco', country: 'US', region: 'north-america' },
    { zone: 'sfo3', city: 'San Francisco', country: 'US', region: 'north-america' },
    { zone: 'sgp1', city: 'Singapore', country: 'SG', region: 'asia' },
    { zone: 'syd1', city: 'Sydney', country: 'AU', region: 'oceania' },
    { zone: 'tor1', city: 'Toronto', country: 'CA', region: 'north-america' },
  ],
};
