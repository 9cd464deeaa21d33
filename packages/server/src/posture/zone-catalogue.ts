import { JURISDICTIONS } from '@veritrail/formats';
import { createHash } from 'node:crypto';

import { PostureError } from './posture-error.ts';
import type { ProviderZones } from './zones/provider-zones.ts';
import { catalogueVersion, providers } from './zones/providers.ts';
import { quoted, readZonesFile, refuse, type OwnZone } from './zones/read-zones-file.ts';

export interface Zone {
  /** The id as the provider writes it; ids are compared exactly, capitals included. */
  readonly zone: string;
  readonly region: string;
  /** ISO 3166-1 alpha-2 of the data centre. */
  readonly country: string;
  /** Whether the country is a member state of the EU. */
  readonly eu: boolean;
  /** Whether it is one, or Iceland, Liechtenstein or Norway. */
  readonly eea: boolean;
  /** Empty where an operator's own zone gives none. */
  readonly city: string;
  /** Several, with `; ` between, where they share the id. Empty where an operator's own zone gives none. */
  readonly provider: string;
  /** URL of the provider's list, or `ZONES_FILE`. */
  readonly source: string;
}

export interface ZoneCatalogue {
  /** Of the shipped zones, `YYYY-MM-DD`; the digest alone tells whether an operator added or replaced any. */
  readonly version: string;
  /** SHA-256, lower-case hex, over every zone and what is said of it; docs/operating/zones.md says over which bytes. */
  readonly digest: string;
  find(zone: string): Zone | undefined;
  /** Sorted by id, in code unit order. */
  list(): readonly Zone[];
}

/**
 * The shipped zones with the operator's own among them. Reads the file once, synchronously: for use at the start.
 *
 * @throws {PostureError} `zone_file_invalid` when the operator's file can't be used whole.
 */
export function loadZoneCatalogue(operatorFile?: string): ZoneCatalogue {
  return buildZoneCatalogue(catalogueVersion, providers, operatorFile === undefined ? [] : readZonesFile(operatorFile));
}

/**
 * @throws {PostureError} `zone_catalogue_invalid` when two providers put one id into different places: a bare id could
 *   then show data as being in the EU that isn't. `zone_file_invalid` when `own` replaces a shipped zone unasked.
 */
export function buildZoneCatalogue(
  version: string,
  shipped: readonly ProviderZones[],
  own: readonly OwnZone[],
): ZoneCatalogue {
  const zones = new Map<string, Zone>();
  for (const provider of shipped) {
    for (const zone of expand(provider)) {
      const first = zones.get(zone.zone);
      zones.set(zone.zone, first === undefined ? zone : share(first, zone));
    }
  }
  for (const [index, { override, ...entry }] of own.entries()) {
    if (!override && zones.has(entry.zone)) {
      const where = `zones[${index}] ${quoted(entry.zone)}`;
      refuse(`${where}: a shipped zone has this id; add "override": true to replace it.`);
    }
    zones.set(entry.zone, place({ ...entry, source: 'ZONES_FILE' }));
  }

  const sorted = Object.freeze([...zones.values()].sort((a, b) => (a.zone < b.zone ? -1 : 1)));
  return { version, digest: digestOf(sorted), find: (zone) => zones.get(zone), list: () => sorted };
}

/** A provider's zones and, for each, one more a suffix: `eu-central-1` gives `eu-central-1a` too, in the same place. */
function expand({ provider, source, suffixes, zones }: ProviderZones): Zone[] {
  return zones.flatMap(({ zone, city, country, region, suffixes: of = suffixes }) =>
    ['', ...of].map((suffix) => place({ zone: zone + suffix, region, country, city, provider, source })),
  );
}

function place(zone: Omit<Zone, 'eu' | 'eea'>): Zone {
  const eu = JURISDICTIONS.eu.has(zone.country);
  return Object.freeze({ ...zone, eu, eea: eu || JURISDICTIONS.eeaEfta.has(zone.country) });
}

function share(first: Zone, second: Zone): Zone {
  const twice = first.provider.split('; ').includes(second.provider);
  if (twice || first.country !== second.country || first.region !== second.region) {
    const [here, there] = [first, second].map((zone) => `${zone.provider} (${zone.country}, ${zone.region})`);
    throw new PostureError('zone_catalogue_invalid', `${first.zone} is listed by ${here} and again by ${there}.`);
  }
  return Object.freeze({ ...first, provider: `${first.provider}; ${second.provider}` });
}

function digestOf(zones: readonly Zone[]): string {
  const rows = zones.map((z) => [z.zone, z.region, z.country, z.eu, z.eea, z.city, z.provider, z.source]);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}
