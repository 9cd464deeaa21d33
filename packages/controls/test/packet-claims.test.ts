import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { FRAMEWORKS } from '@veritrail/formats';
import { describe, expect, test } from 'vitest';

import { assess, PACKET_CATALOGUES, type Assessment } from '../src/index.ts';
import { declare, emptyEvidence, headOf, soundEvidence, type Draft } from './support/evidence.ts';
import { AVOIDED_WORDS, claimsIn, FORBIDDEN_CLAIMS } from './support/forbidden-claims.ts';
import { disturb } from './support/mutate.ts';
import { Random } from '../../formats/test/support/random.ts';

const ROOT = join(import.meta.dirname, '../../..');
const IDS = FRAMEWORKS.map(({ id }) => id).filter((id) => PACKET_CATALOGUES[id] !== undefined);

/** Evidences of many kinds, so that every template is filled in many ways. */
function corpus(): Draft[] {
  const random = new Random(11);
  const some = Array.from({ length: 60 }, () => {
    const evidence = soundEvidence(1 + random.below(8));
    for (let i = random.below(6); i > 0; i--) disturb(random, evidence);
    return evidence;
  });
  const accepted = soundEvidence();
  for (const control_id of ['CC6.1', 'CC6.2']) {
    declare(accepted, 'risk_acceptance', {
      framework: 'all',
      control_id,
      reason: 'replaced in autumn',
      accepted_by: 'Ada Lovelace',
      accepted_on: '2026-04-01',
      review_on: '2026-12-31',
    });
  }
  accepted.access.roles.push({ actor_id: 'ghost', kind: 'user', role: 'admin', since: '2026-05-02T00:00:00Z' });
  const scoped = soundEvidence();
  const decision = {
    framework: 'all',
    reason: 'a test system',
    decided_by: 'Ada Lovelace',
    decided_on: '2026-04-01',
  } as const;
  declare(scoped, 'scope_decision', { ...decision, control_id: null, service_id: 'b' });
  declare(scoped, 'scope_decision', { ...decision, control_id: 'CC6.2', service_id: null });
  return [emptyEvidence(), soundEvidence(), accepted, scoped, ...some];
}

const ASSESSMENTS: Assessment[] = corpus().flatMap((evidence) => IDS.map((id) => assess(headOf(id), evidence)));

test('no sentence, statement or title of a packet makes a forbidden claim', () => {
  for (const { title, scope_boundary, controls, statements, not_covered } of ASSESSMENTS) {
    expect(claimsIn(title, 'own_title'), title).toEqual([]);
    const texts = [
      scope_boundary,
      ...statements.map(({ text }) => text),
      ...not_covered.flatMap((one) => [one.title, one.why]),
      ...controls.flatMap((one) => [one.title, one.assertion, one.does_not_show ?? '']),
      ...controls.flatMap((one) => one.failing_items.flatMap(({ item, what }) => [item, what])),
    ];
    for (const text of texts) expect(claimsIn(text, 'packet'), text).toEqual([]);
  }
});

test('assertions hold none of the words that promise too much', () => {
  for (const { controls } of ASSESSMENTS) {
    for (const { assertion } of controls) expect(AVOIDED_WORDS.exec(assertion)?.[0], assertion).toBeUndefined();
  }
});

test('assertions are one line, end with a full stop, and have no gap where a value is missing', () => {
  for (const { controls } of ASSESSMENTS) {
    for (const { assertion } of controls) {
      expect(assertion).toMatch(/^\S[^\n]*\.$/u);
      expect(assertion).not.toMatch(/undefined|null|NaN|\[object| {2}|: \.|: ;/);
    }
  }
});

/** Where a text quotes a forbidden claim to forbid it, or a name of others. Path, claim, and the line's own words. */
const QUOTED: readonly { readonly path: string; readonly id: string; readonly line: RegExp }[] = [
  { path: 'packages/controls/src/catalogues/soc2.ts', id: 'F16', line: /criteria's text is AICPA's/ },
  {
    path: 'packages/server/src/http/routes/dashboard.ts',
    id: 'F7',
    line: /'cache-control', 'public, max-age=\d+, immutable'/,
  },
  // The name of a function of the library.
  { path: 'packages/server/src/tenancy/oidc-client.ts', id: 'F13', line: /^ *oidc\.enableNonRepudiationChecks,$/ },
];

describe('texts outside packets', () => {
  const texts = [
    ...filesUnder('docs', /\.(?:md|py)$/),
    ...filesUnder('packages', /\.(?:ts|tsx|typ|html|md|json)$/),
    'README.md',
    'ARCHITECTURE.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
  ];

  test('there are some', () => expect(texts.length).toBeGreaterThan(100));

  test.each(texts)('%s makes no forbidden claim', (path) => {
    const found = readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line) =>
        claimsIn(line, path.includes('/src/') && path.includes('packet') ? 'packet' : 'elsewhere')
          .filter(
            (claim) =>
              !QUOTED.some((one) => one.path === path && claim.startsWith(`${one.id} `) && one.line.test(line)),
          )
          .map((claim) => `${claim} in: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });
});

test('each claim has its id once', () => {
  expect(FORBIDDEN_CLAIMS.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, i) => `F${i + 1}`));
});

test.each([
  ['F1', 'Acme is SOC 2 compliant'],
  ['F5', 'The control operated effectively'],
  ['F6', 'The data never left the EU'],
  ['F7', 'a tamper-proof log'],
  ['F9', 'All connections require TLS'],
  ['F11', '98 % compliant'],
])('%s is found', (id, text) => {
  expect(claimsIn(text, 'packet').map((claim) => claim.split(' ')[0])).toContain(id);
});

/** Sources and templates, without what is built, installed or a test: those quote claims to look for them. */
function filesUnder(folder: string, name: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/node_modules|\/dist\/|\/test\//.test(path))
    .toSorted();
}
