import type { ProviderZones } from './provider-zones.ts';

export const ibmCloud: ProviderZones = {
  provider: 'IBM Cloud',
  source: 'https://cloud.ibm.com/docs/vpc?topic=vpc-creating-a-vpc-in-a-different-region',
  asOf: '2026-11-22',
  confirmed: 'stored',
  suffixes: ['-1', '-2', '-3'],
  zones: [
    { zone: 'au-syd', city: 'Sydney', country: 'AU', region: 'oceania' },
    { zone: 'br-sao', city: 'São Paulo', country: 'BR', region: 'south-america' },
    { zone: 'ca-mon', city: 'Montréal', country: 'CA', region: 'north-america' },
    { zone: 'ca-tor', city: 'Toronto', country: 'CA', region: 'north-america' },
    { zone: 'eu-de', city: 'Frankfurt', country: 'DE', region: 'europe' },
    { zone: 'eu-es', city: 'Madrid', country: 'ES', region: 'europe' },
    { zone: 'eu-gb', city: 'London', country: 'GB', region: 'europe' },
    { zone: 'in-che', city: 'Chennai', country: 'IN', region: 'asia' },
    { zone: 'in-mum', city: 'Mumbai', country: 'IN', region: 'asia' },
    { zone: 'jp-osa', city: 'Osaka', country: 'JP', region: 'asia' },
    { zone: 'jp-tok', city: 'Tokyo', country: 'JP', region: 'asia' },
    { zone: 'us-east', city: 'Washington, D.C.', country: 'US', region: 'north-america' },
    { zone: 'us-south', city: 'Dallas', country: 'US', region: 'north-america' },
  ],
};
