import { akamai } from './akamai.ts';
import { arubaCloud } from './aruba-cloud.ts';
import { aws } from './aws.ts';
import { azure } from './azure.ts';
import { cleura } from './cleura.ts';
import { digitalocean } from './digitalocean.ts';
import { elastx } from './elastx.ts';
import { exoscale } from './exoscale.ts';
import { googleCloud } from './google-cloud.ts';
import { gridscale } from './gridscale.ts';
import { hetzner } from './hetzner.ts';
import { ibmCloud } from './ibm-cloud.ts';
import { infomaniak } from './infomaniak.ts';
import { ionos } from './ionos.ts';
import { openTelekomCloud } from './open-telekom-cloud.ts';
import { oracleCloud } from './oracle-cloud.ts';
import { outscale } from './outscale.ts';
import { ovhcloud } from './ovhcloud.ts';
import type { ProviderZones } from './provider-zones.ts';
import { scaleway } from './scaleway.ts';
import { stackit } from './stackit.ts';
import { upcloud } from './upcloud.ts';
import { vultr } from './vultr.ts';

/** Moves with every change to the shipped zones or jurisdictions: packets print it, and its readers look it up. */
export const catalogueVersion = '2026-11-22';

/** In order of precedence: of providers that share an id, the first gives its city and source. */
export const providers: readonly ProviderZones[] = [
  upcloud,
  hetzner,
  ovhcloud,
  scaleway,
  exoscale,
  ionos,
  openTelekomCloud,
  stackit,
  arubaCloud,
  infomaniak,
  cleura,
  gridscale,
  elastx,
  outscale,
  digitalocean,
  vultr,
  akamai,
  aws,
  googleCloud,
  azure,
  oracleCloud,
  ibmCloud,
];
