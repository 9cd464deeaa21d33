import { FRAMEWORKS } from '@veritrail/formats';
import { expect, test } from 'vitest';

import { catalogueDigest, PACKET_CATALOGUES, resolveRef, soc2, type PacketCatalogue } from '../src/index.ts';
import { emptyEvidence, soundEvidence } from './support/evidence.ts';

const CATALOGUES = FRAMEWORKS.flatMap(({ id }): [string, PacketCatalogue][] => {
  const catalogue = PACKET_CATALOGUES[id];
  return catalogue === undefined ? [] : [[id, catalogue]];
});

/** Any change of a catalogue is a new version. So a digest here changes only together with the version beside it. */
const PINNED: Readonly<Record<string, readonly [version: string, digest: string]>> = {
  gdpr_ropa: ['1-packet.2', '929023feb770092d9ba969a2b8a63c13f8035ff7597e129b1e3e19e650d94190'],
  dora: ['1-packet.3', 'fcf39faa16a3358cf70387ca2d851cbb54e2fa04762fd014d4d6ae8a4accd8c2'],
  eu_ai_act: ['1-packet.2', 'c0d8298972032164dccb24818d61118eb4155d5db47d4af0c9f69433a96aef6b'],
  soc2: ['2022.2-packet.2', '53b18d1ca9ddd2d0272256cfc09124cbd2cab42e80fc44e179b0ef9b440529a5'],
};

test.each(Object.entries(PINNED))('%s is the edition that it says it is', (id, pinned) => {
  const catalogue = CATALOGUES.find(([framework]) => framework === id)?.[1] as PacketCatalogue;
  expect([catalogue.version, catalogueDigest(catalogue)]).toEqual(pinned);
});

test.each(CATALOGUES)('%s: every ref resolves, whether or not anything is known', (_id, { controls }) => {
  for (const evidence of [emptyEvidence(), soundEvidence()]) {
    for (const { id, refs } of controls) {
      // The first packet has none before it.
      const expected = refs.filter((ref) => evidence.previous !== undefined || !ref.startsWith('previous'));
      expect(
        expected.filter((ref) => !resolveRef(ref, evidence)),
        id,
      ).toEqual([]);
      expect(refs.length, id).toBeGreaterThan(0);
    }
  }
});

test.each(CATALOGUES)('%s: every id stands once, and what is not covered says why', (_id, { controls, notCovered }) => {
  const ids = [...controls, ...notCovered].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, why } of notCovered) expect(why.length, id).toBeGreaterThan(5);
});

test('SOC 2 has each of the 61 criteria, with the role that the catalogue gives it', () => {
  const packet = PACKET_CATALOGUES.soc2;
  const roles = new Map<string, string>([
    ...packet.controls.map(({ id, role }) => [id, role] as const),
    ...packet.notCovered.map(({ id }) => [id, 'not_covered'] as const),
  ]);
  expect(roles).toEqual(new Map(soc2.controls.map(({ id, role }) => [id, role])));
  expect(packet.controls.length + packet.notCovered.length).toBe(61);
});

test('a digest covers the data of rules, and not the order in which members were written', () => {
  const packet = PACKET_CATALOGUES.soc2;
  const [first, ...others] = packet.controls;
  if (first === undefined) throw new Error('no control');
  const changed = { ...packet, controls: [{ ...first, rule: { ...first.rule, parameters: { other: 1 } } }, ...others] };
  expect(catalogueDigest(changed)).not.toBe(catalogueDigest(packet));
  const turned = Object.fromEntries(Object.entries(packet).toReversed()) as unknown as PacketCatalogue;
  expect(catalogueDigest(turned)).toBe(catalogueDigest(packet));
});

test.each([
  ['services[*].tls_enabled', true],
  ['audit_log.integrity.result', true],
  ['services[*].nothing', false],
  ['nothing', false],
  ['services.0', false],
  ['', false],
  ['services[*].constructor', false],
])('the path %s resolves: %s', (ref, expected) => {
  expect(resolveRef(ref, soundEvidence())).toBe(expected);
});
