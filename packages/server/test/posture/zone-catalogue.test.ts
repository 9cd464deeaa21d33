import { JURISDICTIONS } from '@veritrail/formats';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { buildZoneCatalogue, loadZoneCatalogue, type Zone } from '../../src/posture/zone-catalogue.ts';
import { countryCodes } from '../../src/posture/zones/country-codes.ts';
import { regionLabels, type ProviderZones } from '../../src/posture/zones/provider-zones.ts';
import { catalogueVersion, providers } from '../../src/posture/zones/providers.ts';
import type { OwnZone } from '../../src/posture/zones/read-zones-file.ts';

const shipped = loadZoneCatalogue();

function known(zone: string): Zone {
  const found = shipped.find(zone);
  if (found === undefined) throw new Error(`${zone} is not in the catalogue`);
  return found;
}

describe('the shipped zones', () => {
  it('have an id, a place and a source each', () => {
    expect(shipped.list().length).toBeGreaterThan(800);
    for (const zone of shipped.list()) {
      expect(zone.zone, zone.zone).toMatch(/^[!-~]{1,100}$/);
      expect(regionLabels, zone.zone).toContain(zone.region);
      expect(countryCodes.has(zone.country), zone.zone).toBe(true);
      expect(zone.city, zone.zone).not.toBe('');
      expect(zone.provider, zone.zone).not.toBe('');
      expect(URL.canParse(zone.source) && new URL(zone.source).protocol, zone.zone).toBe('https:');
    }
  });

  it('are listed once each, sorted, and found as listed', () => {
    const ids = shipped.list().map((zone) => zone.zone);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
    for (const zone of shipped.list()) expect(shipped.find(zone.zone)).toBe(zone);
  });

  it('can not be changed by who reads them', () => {
    expect(Object.isFrozen(shipped.list())).toBe(true);
    expect(shipped.list().every((zone) => Object.isFrozen(zone))).toBe(true);
  });

  it('are europe in every member state, and nothing else is EU', () => {
    for (const zone of shipped.list().filter(({ eu }) => eu)) expect(zone.region, zone.zone).toBe('europe');
    const notEu = shipped.list().filter(({ eu, region }) => !eu && region === 'europe');
    expect([...new Set(notEu.map(({ country }) => country))].sort()).toEqual(['CH', 'GB', 'NO', 'RS']);
  });

  it('say of each provider when and how it was read', () => {
    for (const provider of providers) {
      expect(provider.asOf, provider.provider).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(provider.asOf <= catalogueVersion, provider.provider).toBe(true);
      expect(provider.provider).not.toContain(';');
      const ids = provider.zones.map(({ zone }) => zone);
      expect(new Set(ids).size, provider.provider).toBe(ids.length);
    }
    expect(new Set(providers.map(({ provider }) => provider)).size).toBe(providers.length);
  });

  it('are counted in the operating page', () => {
    const page = readFileSync(new URL('../../../../docs/operating/zones.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| \[(.+)\]\((.+)\) \| (\d+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
    const counted = providers.map(({ provider, source, suffixes, zones, asOf }) => {
      const count = zones.reduce((sum, zone) => sum + 1 + (zone.suffixes ?? suffixes).length, 0);
      return [provider, source, String(count), asOf];
    });
    expect(rows).toEqual(counted);
    expect(page).toContain(`as of ${JURISDICTIONS.asOf}`);
  });

  // The digest was computed in Python from the rows. When it no longer fits, catalogueVersion has to move with it.
  it('have the digest of their version', () => {
    expect(shipped.version).toBe('2026-11-22');
    expect(shipped.digest).toBe('bd2f6ac692b58ee58875471e99befe47de18835a072b9a1155b7b8d25c815396');
  });
});

describe('the EU flag', () => {
  it('is true in member states', () => {
    const zones = ['se-sto1', 'fi-hel1', 'de-fra1', 'nl-ams1', 'EU-WEST-PAR', 'hr-zag-1', 'eu02-1', 'eusc-de-east-1'];
    for (const zone of zones) {
      expect(known(zone), zone).toMatchObject({ region: 'europe', eu: true, eea: true });
    }
  });

  it.each([
    ['GB', ['uk-lon1', 'UK1', 'eu-west-eri-a', 'eu-west-lz-mnc', 'gb/lhr', 'lon1', 'lhr', 'man', 'gb-lon', 'eu-west']],
    ['GB', ['eu-west-2', 'eu-west-2b', 'europe-west2', 'europe-west2-c', 'uksouth', 'uksouth-3', 'ukwest']],
    ['GB', ['eu-gb-1', 'uk-london-1']],
    ['CH', ['ch-gva-2', 'ch-dk-2', 'eu-ch2', 'eu-ch2a', 'dc4-a', 'eu-central-2', 'eu-central-2a', 'europe-west6-a']],
    ['CH', ['switzerlandnorth-1', 'switzerlandwest', 'eu-zurich-1', 'eu-west-lz-zrh']],
    ['RS', ['eu-jovanovac-1']],
  ])('is false in %s, though the region is europe: %j', (country, zones) => {
    for (const zone of zones) {
      expect(known(zone), zone).toMatchObject({ country, region: 'europe', eu: false, eea: false });
    }
  });

  it.each(['no-svg1', 'norwayeast', 'norwayeast-2', 'norwaywest', 'eu-north-lz-osl'])(
    'is false in Norway, which is in the EEA: %s',
    (zone) => expect(known(zone)).toMatchObject({ country: 'NO', region: 'europe', eu: false, eea: true }),
  );

  it('is false outside Europe', () => {
    expect(known('us-nyc1')).toMatchObject({ country: 'US', region: 'north-america', eu: false, eea: false });
    expect(known('sg-sin1')).toMatchObject({ country: 'SG', region: 'asia', eu: false });
  });

  it('holds for the states that acceded, and for no other country', () => {
    const accessions = {
      1958: 'BE DE FR IT LU NL',
      1973: 'DK IE',
      1981: 'GR',
      1986: 'ES PT',
      1995: 'AT FI SE',
      2004: 'CY CZ EE HU LT LV MT PL SI SK',
      2007: 'BG RO',
      2013: 'HR',
    };
    const states = Object.values(accessions)
      .flatMap((year) => year.split(' '))
      .sort();
    const flagged = (flag: 'eu' | 'eea'): string[] =>
      [...countryCodes]
        .map((country) => ({ zone: country, region: 'europe', country, city: '', provider: '', override: false }))
        .flatMap((own) => [...buildZoneCatalogue('v', [], [own]).list()])
        .filter((zone) => zone[flag])
        .map(({ country }) => country);
    expect(flagged('eu')).toEqual(states);
    expect(flagged('eea')).toEqual([...states, 'IS', 'LI', 'NO'].sort());
  });

  it('can be told for each of the 249 countries', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    expect(countryCodes.size).toBe(249);
    for (const code of countryCodes) expect(names.of(code), code).toBeDefined();
    for (const code of ['EU', 'UK', 'XK', 'ZZ', 'de', '']) expect(countryCodes.has(code), code).toBe(false);
  });
});

describe('looking up', () => {
  it.each(['mars-1', '', 'gra11', 'FI-HEL1', ' fi-hel1', 'fi-hel', '__proto__', 'constructor', 'toString'])(
    'does not find %j',
    (zone) => expect(shipped.find(zone)).toBeUndefined(),
  );

  it('finds the availability zones of a region, in the place of the region', () => {
    for (const [region, zones] of [
      ['eu-central-1', ['eu-central-1a', 'eu-central-1b', 'eu-central-1c']],
      ['us-west-2', ['us-west-2a', 'us-west-2d']],
      ['europe-west3', ['europe-west3-a', 'europe-west3-b', 'europe-west3-c']],
      ['europe-west1', ['europe-west1-b', 'europe-west1-c', 'europe-west1-d']],
      ['westeurope', ['westeurope-1', 'westeurope-2', 'westeurope-3']],
      ['eu01', ['eu01-1', 'eu01-m']],
      ['eu-nl', ['eu-nl-01', 'eu-nl-03']],
    ] as const) {
      for (const zone of zones) expect(known(zone)).toEqual({ ...known(region), zone });
    }
  });

  it('finds no availability zone that there is not', () => {
    const none = ['eu-central-1d', 'eu-central-1-waw-1a', 'europe-west1-a', 'europe-west3-d', 'ukwest-1'];
    for (const zone of [...none, 'westeurope-0', 'eu-nl-1', 'eu-nl-1a', 'it-mil-2', 'fi-hel1a']) {
      expect(shipped.find(zone), zone).toBeUndefined();
    }
  });
});

const one: ProviderZones = {
  provider: 'One',
  source: 'https://one.example/',
  asOf: '2026-01-01',
  confirmed: 'stored',
  suffixes: ['a'],
  zones: [{ zone: 'x-1', city: 'Turku', country: 'FI', region: 'europe' }],
};

function two(zone: Partial<ProviderZones['zones'][number]>, provider = 'Two'): ProviderZones {
  const source = 'https://two.example/';
  return { ...one, provider, source, zones: [{ zone: 'x-1', city: 'Åbo', country: 'FI', region: 'europe', ...zone }] };
}

describe('an id of two providers', () => {
  it('names both and keeps the place of the first', () => {
    const found = buildZoneCatalogue('v', [one, two({})], []).find('x-1a');
    expect(found).toMatchObject({ city: 'Turku', provider: 'One; Two', source: 'https://one.example/', eu: true });
  });

  it.each([
    ['another country', two({ country: 'NO' })],
    ['another region', two({ region: 'asia' })],
    ['a suffix that makes the id of a zone elsewhere', two({ zone: 'x-', country: 'SE', suffixes: ['1'] })],
    ['the same provider', two({}, 'One')],
  ])('is refused for %s', (_, other) => {
    const build = (): unknown => buildZoneCatalogue('v', [one, other], []);
    expect(build).toThrow(expect.objectContaining({ name: 'PostureError', code: 'zone_catalogue_invalid' }));
    expect(build).toThrow(/^x-1 is listed by One \(FI, europe\) and again by /);
  });
});

describe('the digest', () => {
  it('is of the bytes that the operating page names', () => {
    const bytes =
      '[["x-1","europe","FI",true,true,"Turku","One","https://one.example/"],' +
      '["x-1a","europe","FI",true,true,"Turku","One","https://one.example/"],' +
      '["y","europe","NO",false,true,"Bodø","","ZONES_FILE"]]';
    const own = { zone: 'y', region: 'europe', country: 'NO', city: 'Bodø', provider: '', override: false };
    const digest = createHash('sha256').update(bytes, 'utf8').digest('hex');
    expect(buildZoneCatalogue('v', [one], [own]).digest).toBe(digest);
  });

  it('changes with everything that is said of a zone, and with nothing else', () => {
    const own: OwnZone = { zone: 'y', region: 'asia', country: 'JP', city: 'Oita', provider: 'Own', override: false };
    const digest = (...zones: OwnZone[]): string => buildZoneCatalogue('v', [one], zones).digest;
    const changed: Partial<OwnZone>[] = [
      {},
      { zone: 'z' },
      { region: 'oceania' },
      { country: 'KR' },
      { country: 'DE' },
      { city: 'oita' },
      { city: '' },
      { provider: '' },
      { city: 'Own', provider: 'Oita' },
    ];
    const digests = changed.map((change) => digest({ ...own, ...change }));
    digests.push(digest(), digest(own, { ...own, zone: 'z' }), buildZoneCatalogue('v', [two({})], [own]).digest);
    expect(new Set(digests).size).toBe(digests.length);

    expect(digest({ ...own, zone: 'z' }, own)).toBe(digest(own, { ...own, zone: 'z' }));
    expect(digest({ ...own, override: true })).toBe(digest(own));
    expect(buildZoneCatalogue('w', [one], [own]).digest).toBe(digest(own));
  });
});
