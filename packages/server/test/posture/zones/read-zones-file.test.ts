import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PostureError } from '../../../src/posture/posture-error.ts';
import { loadZoneCatalogue, type ZoneCatalogue } from '../../../src/posture/zone-catalogue.ts';

const shipped = loadZoneCatalogue();

describe('zones of the operator', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'zones-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function load(content: string | Uint8Array): ZoneCatalogue {
    const file = path.join(folder, 'zones.json');
    writeFileSync(file, content);
    return loadZoneCatalogue(file);
  }
  const good = { zone: 'tampere-dc1', region: 'europe', country: 'FI' };
  const loadZones = (...zones: unknown[]): ZoneCatalogue => load(JSON.stringify({ zones }));

  function refusal(attempt: () => unknown): string {
    try {
      attempt();
    } catch (error) {
      expect(error).toBeInstanceOf(PostureError);
      expect((error as PostureError).code).toBe('zone_file_invalid');
      return (error as PostureError).message;
    }
    throw new Error('was not refused');
  }

  it('stand beside the shipped ones, their flags told by the country', () => {
    const catalogue = loadZones(good, { ...good, zone: 'bodo', country: 'NO', city: 'Bodø', provider: 'Own' });
    const untold = { city: '', provider: '', source: 'ZONES_FILE' };
    expect(catalogue.find('tampere-dc1')).toEqual({ ...good, ...untold, eu: true, eea: true });
    expect(catalogue.find('bodo')).toMatchObject({ city: 'Bodø', provider: 'Own', eu: false, eea: true });
    expect(catalogue.find('fi-hel1')).toEqual(shipped.find('fi-hel1'));
    const ids = catalogue.list().map(({ zone }) => zone);
    expect(ids).toHaveLength(shipped.list().length + 2);
    expect([...ids].sort()).toEqual(ids);
    expect(catalogue.digest).not.toBe(shipped.digest);
  });

  it('replace a shipped one only when they say so', () => {
    const london = { zone: 'eu-west-1', region: 'europe', country: 'GB' };
    const catalogue = loadZones({ ...london, override: true }, { ...good, override: true });
    expect(catalogue.find('eu-west-1')).toMatchObject({ country: 'GB', eu: false, provider: '', source: 'ZONES_FILE' });
    expect(catalogue.find('eu-west-1a')).toEqual(shipped.find('eu-west-1a'));
    expect(catalogue.find('tampere-dc1')).toMatchObject({ eu: true });
    expect(catalogue.list()).toHaveLength(shipped.list().length + 1);
    for (const zone of [london, { ...london, override: false }, { ...london, country: 'IE' }]) {
      const message = refusal(() => loadZones(good, zone));
      expect(message).toMatch(/^ZONES_FILE: zones\[1\] "eu-west-1": a shipped zone has this id; add "override": true/);
    }
    expect(shipped.find('eu-west-1')).toMatchObject({ country: 'IE', eu: true });
  });

  it('may be none, or 10,000, in any layout', () => {
    expect(loadZones().digest).toBe(shipped.digest);
    const many = Array.from({ length: 10_000 }, (_, index) => ({ ...good, zone: `own-${index}` }));
    expect(loadZones(...many).list()).toHaveLength(shipped.list().length + 10_000);
    const reordered = { country: 'FI', city: '', override: false, zone: 'tampere-dc1', region: 'europe' };
    const laidOut = load(`\uFEFF${JSON.stringify({ zones: [reordered] }, null, 4)}\n`);
    expect(laidOut.digest).toBe(loadZones(good).digest);
  });

  it.each<[string, unknown[], RegExp]>([
    ['an entry that is no object', [good, 'fi-hel1'], /zones\[1\]: must be a JSON object/],
    ['a list as an entry', [[good]], /zones\[0\]: must be a JSON object/],
    ['null as an entry', [null], /zones\[0\]: must be a JSON object/],
    ['an unknown member', [{ ...good, eu: true }], /zones\[0\] "tampere-dc1": "eu" is not a known member/],
    ['no id', [{ region: 'europe', country: 'FI' }], /zones\[0\]: "zone" must be/],
    ['an empty id', [{ ...good, zone: '' }], /zones\[0\] "": "zone" must be/],
    ['an id with a space', [{ ...good, zone: 'a b' }], /"zone" must be/],
    ['an id with a line break', [{ ...good, zone: 'a\n' }], /"zone" must be/],
    ['an id outside ASCII', [{ ...good, zone: 'bodø' }], /"zone" must be/],
    ['an id of 101 characters', [{ ...good, zone: 'x'.repeat(101) }], /"zone" must be/],
    ['an id that is no text', [{ ...good, zone: 7 }], /zones\[0\] 7: "zone" must be/],
    ['no region', [{ zone: 'x', country: 'FI' }], /zones\[0\] "x": "region" is nothing/],
    ['a region of another name', [{ ...good, region: 'Europe' }], /"region" is "Europe"; it must be one of africa, /],
    ['the region of unknown zones', [{ ...good, region: 'unknown' }], /"region" is "unknown"/],
    ['a region that is no text', [{ ...good, region: ['europe'] }], /"region" is a list; it must be/],
    ['no country', [{ zone: 'x', region: 'europe' }], /zones\[0\] "x": "country" is nothing/],
    ['a code that is not ISO', [{ ...good, country: 'UK' }], /"country" is "UK"; it must be an ISO 3166-1/],
    ['a code in small letters', [{ ...good, country: 'fi' }], /"country" is "fi"/],
    ['a three-letter code', [{ ...good, country: 'FIN' }], /"country" is "FIN"/],
    ['a city that is no text', [{ ...good, city: null }], /"city" must be text/],
    ['a city of 101 characters', [{ ...good, city: 'x'.repeat(101) }], /"city" must be text/],
    ['a provider with a control character', [{ ...good, provider: 'a\u0000b' }], /"provider" must be text/],
    ['half a surrogate pair', [{ ...good, city: 'a\ud83d' }], /"city" must be text/],
    ['an override that is no truth value', [{ ...good, override: 'true' }], /"override" must be true or false/],
    ['an id twice', [good, { ...good, zone: 'x' }, { ...good, country: 'SE' }], /zones\[2\] "tampere-dc1": an earlier/],
  ])('are refused for %s', (_, zones, sentence) => {
    const message = refusal(() => loadZones(...zones));
    expect(message).toMatch(/^ZONES_FILE: zones\[\d\]/);
    expect(message).toMatch(sentence);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['no JSON', '{"zones": [}', /not JSON/],
    ['nothing', '', /not JSON/],
    ['bytes that are not UTF-8', Buffer.from('{"zones":[{"city":"\xe9"}]}', 'latin1'), /not JSON in UTF-8/],
    ['a bare list', '[]', /one JSON object/],
    ['null', 'null', /one JSON object/],
    ['nesting without end', '['.repeat(400_000), /not JSON/],
    ['deep nesting', `${'['.repeat(400_000)}${']'.repeat(400_000)}`, /one JSON object|not JSON/],
    ['a deep id', `{"zones": [{"zone": ${'['.repeat(400_000)}${']'.repeat(400_000)}}]}`, /zones\[0\] a list: "zone"/],
    ['no list', '{"zones": {}}', /"zones" must be a list/],
    ['no zones', '{}', /"zones" must be a list/],
    ['another member', '{"zones": [], "version": 1}', /"version" is not a known member/],
    ['a hidden member', '{"zones": [], "__proto__": {}}', /"__proto__" is not a known member/],
    ['a hidden member of a zone', '{"zones": [{"__proto__": {"zone": "x"}}]}', /"__proto__" is not a known member/],
    ['10,001 zones', JSON.stringify({ zones: Array(10_001).fill(0) }), /there are 10001 zones; the most is 10000/],
    ['5,000,001 bytes', ' '.repeat(5_000_001), /has 5000001 bytes; the most is 5000000/],
  ])('are refused in a file with %s', (_, content, sentence) => {
    expect(refusal(() => load(content))).toMatch(sentence);
  });

  it('are refused when there is no such file, or it is no file', () => {
    expect(refusal(() => loadZoneCatalogue(path.join(folder, 'missing.json')))).toMatch(/missing\.json can't be read/);
    expect(refusal(() => loadZoneCatalogue(folder))).toMatch(/is not a file/);
    expect(refusal(() => loadZoneCatalogue('/dev/zero'))).toMatch(/is not a file/);
    expect(refusal(() => loadZoneCatalogue(''))).toMatch(/can't be read/);
  });

  it('never fill the refusal, however long they are', () => {
    const long = 'x'.repeat(1_000_000);
    for (const wrong of [{ zone: long }, { country: long }, { region: { long } }, { [long]: 1 }]) {
      expect(refusal(() => loadZones({ ...good, ...wrong })).length).toBeLessThan(300);
    }
  });
});
