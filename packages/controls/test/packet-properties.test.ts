import { expect, test } from 'vitest';

import {
  assess,
  PACKET_CATALOGUES,
  type Assessment,
  type ControlFinding,
  type DeclarationKind,
  type Evidence,
  type PacketCatalogue,
  type ServiceFact,
} from '../src/index.ts';
import { END, headOf, soundEvidence, START, type Draft } from './support/evidence.ts';
import { BAD_VALUES, breakAndMend, disturb, dropDeclaration, dropSample, dropSpan, spansOf } from './support/mutate.ts';
import { Random } from '../../formats/test/support/random.ts';

const CATALOGUES = Object.entries(PACKET_CATALOGUES) as [keyof typeof PACKET_CATALOGUES, PacketCatalogue][];
const CASES = 300;
const RANK = { exception: 0, insufficient_evidence: 1, attested: 2, not_applicable: 3 };

/** Records that only ever support: the others are items themselves, or ask for more. */
const SUPPORTING: readonly DeclarationKind[] = [
  'change_approval',
  'flag_triage',
  'disposal_record',
  'retention_reason',
  'risk_acceptance',
  'restore_test',
];

function disturbed(random: Random): Draft {
  const evidence = soundEvidence(1 + random.below(4));
  const times = random.below(5);
  for (let i = 0; i < times; i++) disturb(random, evidence);
  return evidence;
}

/** Each finding before beside the one after. */
function pairs(before: Assessment, after: Assessment): [ControlFinding, ControlFinding][] {
  return before.controls.map((control, i) => [control, after.controls[i] as ControlFinding]);
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

test.each(CATALOGUES)('%s: what is taken away never turns anything into an attestation', (framework) => {
  const random = new Random(1);
  const head = headOf(framework);
  const removals = [
    (evidence: Draft) => dropSpan(random, evidence),
    (evidence: Draft) => dropSample(evidence, random.below(evidence.samples.taken.length)),
    (evidence: Draft) => dropDeclaration(random, evidence, SUPPORTING),
  ];
  for (let i = 0; i < CASES; i++) {
    const evidence = disturbed(random);
    const before = assess(head, evidence);
    const times = 1 + random.below(3);
    for (let j = 0; j < times; j++) random.pick(removals)(evidence);
    for (const [was, is] of pairs(before, assess(head, evidence))) {
      // Restores on record are its items: it speaks of those that are there.
      if (is.control_id === '12(7)') continue;
      if (is.status === 'attested')
        expect(was.status, `case ${i}, ${was.control_id}: ${was.assertion}`).toBe('attested');
    }
  }
});

test.each(CATALOGUES)('%s: a fact that was fine and is no longer known never makes a status better', (framework) => {
  const random = new Random(2);
  const head = headOf(framework);
  // What two facts contradict together is no longer known without one of them.
  const single = (Object.keys(BAD_VALUES) as ServiceFact[]).filter((fact) => fact !== 'backup_schedule');
  for (let i = 0; i < CASES; i++) {
    const evidence = disturbed(random);
    const before = assess(head, evidence);
    const service = random.below(evidence.services.length);
    const fact = random.pick(single);
    const spans = spansOf(evidence, service, fact);
    const gone = spans.find((one) => JSON.stringify(one.value) !== JSON.stringify(BAD_VALUES[fact]));
    if (gone !== undefined) spans.splice(spans.indexOf(gone), 1);
    for (const [was, is] of pairs(before, assess(head, evidence))) {
      const message = `case ${i}, ${was.control_id} without ${fact} of ${service}: ${was.assertion} | ${is.assertion}`;
      expect(RANK[is.status], message).toBeLessThanOrEqual(RANK[was.status]);
    }
  }
});

test.each(CATALOGUES)('%s: without a fact that a control asks of every service it is not attested', (framework) => {
  const head = headOf(framework);
  const catalogue = PACKET_CATALOGUES[framework];
  for (const control of catalogue.controls) {
    for (const fact of factsAsked(control.rule)) {
      for (let service = 0; service < 2; service++) {
        const evidence = soundEvidence(2);
        spansOf(evidence, service, fact).length = 0;
        const found = assess(head, evidence).controls.find(({ control_id: id }) => id === control.id);
        expect(found?.status, `${control.id} without ${fact}`).not.toBe('attested');
      }
    }
  }
});

test.each(CATALOGUES)('%s: an exception that was mended within the period stays one, with from and to', (framework) => {
  const head = headOf(framework);
  const catalogue = PACKET_CATALOGUES[framework];
  for (const control of catalogue.controls.filter(({ kind }) => kind === 'period')) {
    for (const fact of factsAsked(control.rule, true)) {
      const bad = BAD_VALUES[fact];
      if (bad === undefined || isOnlyAsked(control.rule, fact)) continue;
      const evidence = soundEvidence(2);
      breakAndMend(evidence, 1, fact, bad);
      const found = assess(head, evidence).controls.find(({ control_id: id }) => id === control.id);
      if (found?.status === 'not_applicable') continue;
      expect(found?.status, `${control.id}, ${fact}: ${found?.assertion}`).toBe('exception');
      for (const { from, to } of found?.failing_items ?? []) {
        expect(from !== null && to !== null && from >= START && from < to && to < END, `${from} ${to}`).toBe(true);
      }
    }
  }
});

test.each(CATALOGUES)('%s: an empty population never passes', (framework) => {
  const random = new Random(3);
  const head = headOf(framework);
  for (let i = 0; i < CASES; i++) {
    const evidence = disturbed(random);
    evidence.services = [];
    for (const list of Object.values(evidence.events)) {
      if (random.chance(0.5)) Object.assign(list, { total: 0, listed: [] });
    }
    const catalogue = PACKET_CATALOGUES[framework];
    for (const [n, found] of assess(head, evidence).controls.entries()) {
      const asksServices = factsAsked(catalogue.controls[n]?.rule).length > 0;
      if (found.counts.population === 0 || asksServices) expect(found.status, found.control_id).not.toBe('attested');
    }
  }
});

test.each(CATALOGUES)('%s: counts add up, reasons fit the status, and what is attested has evidence', (framework) => {
  const random = new Random(4);
  const head = headOf(framework);
  for (let i = 0; i < CASES; i++) {
    for (const { counts, status, reasons, failing_items: items, evidence_refs: refs, ...found } of assess(
      head,
      disturbed(random),
    ).controls) {
      expect(counts.passing + counts.failing + counts.unknown, found.control_id).toBe(counts.population);
      expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
      expect(status === 'exception', found.control_id).toBe(counts.failing > 0);
      expect(items.length > 0, found.control_id).toBe(counts.failing > 0);
      // A law that isn't in application yet is a reason beside any status.
      const own = reasons.filter((reason) => reason !== 'not_yet_in_application');
      expect(own.length > 0, found.control_id).toBe(status !== 'attested');
      if (status === 'attested') expect([counts.passing, refs.length > 0]).toEqual([counts.population, true]);
    }
  }
});

test.each(CATALOGUES)(
  '%s: the same head and evidence give the same bytes, in whatever order they list things',
  (framework) => {
    const random = new Random(5);
    const head = headOf(framework);
    for (let i = 0; i < CASES; i++) {
      const evidence = frozen(disturbed(random) as Evidence);
      const text = JSON.stringify(assess(head, evidence));
      expect(JSON.stringify(assess(head, evidence))).toBe(text);
      const moved = structuredClone(evidence) as Draft;
      const shuffle = <T>(items: T[]) => items.sort(() => random.below(3) - 1);
      shuffle(moved.services);
      for (const records of Object.values(moved.declarations)) shuffle(records as unknown[]);
      for (const list of Object.values(moved.events)) shuffle(list.listed);
      for (const items of [moved.access.roles, moved.audit_log.flags, moved.audit_log.rules, moved.scheduled_runs]) {
        shuffle(items as unknown[]);
      }
      expect(JSON.stringify(assess(head, moved))).toBe(text);
    }
  },
);

interface RuleData {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The facts that a rule asks of every service, from its data. */
function factsAsked(rule: RuleData | undefined, withFilter = false): ServiceFact[] {
  return eachServiceRules(rule, withFilter).flatMap(({ checks }) => checks.map(({ fact }) => fact));
}

function isOnlyAsked(rule: RuleData, fact: ServiceFact): boolean {
  return eachServiceRules(rule, true).every(({ checks }) =>
    checks.every((check) => check.fact !== fact || check.test === 'is_known'),
  );
}

function eachServiceRules(
  rule: RuleData | undefined,
  withFilter: boolean,
): { checks: { fact: ServiceFact; test: string }[] }[] {
  if (rule === undefined || rule.name === 'resting_on') return [];
  const inner = (rule.parameters['rules'] ?? []) as RuleData[];
  const own = rule.name === 'each_service' && (withFilter || rule.parameters['where'] === undefined);
  return [
    ...(own ? [rule.parameters as unknown as { checks: { fact: ServiceFact; test: string }[] }] : []),
    ...inner.flatMap((one) => eachServiceRules(one, withFilter)),
  ];
}
