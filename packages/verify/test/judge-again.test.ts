import { assess } from '@veritrail/controls';
import { formatJcs, parsePacketText, type JsonValue } from '@veritrail/formats';
import { expect, test } from 'vitest';

import {
  emptyEvidence,
  headOf,
  soundEvidence,
  span,
  timeIn,
  type Draft,
} from '../../controls/test/support/evidence.ts';
import { Random } from '../../formats/test/support/random.ts';
import { judgeAgain } from '../src/judge-again.ts';

/** For hundreds of judgements on a busy machine. */
const MANY = { timeout: 120_000 };

/** As a verifier has it: read from the signed bytes. */
function packetOf(evidence: Draft, changes: Record<string, unknown> = {}): Record<string, JsonValue> {
  const head = headOf('soc2');
  return parsePacketText(formatJcs({ ...head, ...assess(head, evidence), evidence, ...changes }));
}

const judge = (packet: Record<string, JsonValue>) => judgeAgain(new Map(Object.entries(packet)));

function withException(): Draft {
  const evidence = soundEvidence();
  evidence.services[0]?.tls_required.splice(0, 1, span(false));
  return evidence;
}

test('a packet that says what its records say passes', () => {
  for (const evidence of [soundEvidence(), emptyEvidence(), withException()]) {
    expect(judge(packetOf(evidence))).toMatchObject({ outcome: 'pass' });
  }
});

test('an exception that was written over is found by its control', () => {
  const packet = packetOf(withException());
  for (const control of packet['controls'] as Record<string, JsonValue>[]) {
    if (control['control_id'] === 'CC6.1') control['status'] = 'attested';
  }
  expect(judge(packet)).toEqual({
    outcome: 'fail',
    detail: 'CC6.1 is exception by these records; the packet says "attested".',
  });
});

test('a record that was mended after the judgement is found', () => {
  const packet = packetOf(withException(), { evidence: soundEvidence() });
  expect(judge(packet)).toMatchObject({ outcome: 'fail', detail: expect.stringContaining('CC6.1 is attested') });
});

test.each(['title', 'scope_boundary', 'not_covered', 'statements', 'summary'])('a changed %s is found', (member) => {
  const packet = packetOf(soundEvidence());
  packet[member] = 'something else';
  expect(judge(packet)).toEqual({ outcome: 'fail', detail: `\`${member}\` does not follow from these records.` });
});

test.each([
  ['version', 0],
  ['version', '1'],
  ['version', 1.5],
  ['withdrawn', null],
  ['record_id', 7],
  ['declared_at', '2026-04-01'],
  ['valid_until', '2026-04-01T00:00:00+01:00'],
])('a declaration whose %s is %j is of another form', (member, value) => {
  const packet = packetOf(soundEvidence());
  const { declarations } = packet['evidence'] as Record<string, Record<string, Record<string, JsonValue>[]>>;
  for (const record of declarations?.['incident'] ?? []) record[member] = value;
  expect(judge(packet)).toEqual({
    outcome: 'fail',
    detail: 'The declarations are not of the form of declarations.',
  });
});

test('a control or an annex that was added is found', () => {
  const packet = packetOf(soundEvidence());
  const controls = packet['controls'] as JsonValue[];
  expect(judge({ ...packet, controls: [...controls, controls[0] as JsonValue] }).outcome).toBe('fail');
  expect(judge({ ...packet, controls: controls.slice(1) }).outcome).toBe('fail');
  expect(judge({ ...packet, provider_annex: [] }).outcome).toBe('fail');
});

test('a catalogue that the verifier does not have is not checked; one of the same name with other data fails', () => {
  const packet = packetOf(soundEvidence());
  const catalogue = packet['catalogue'] as Record<string, JsonValue>;
  expect(judge({ ...packet, catalogue: { ...catalogue, version: '1900.1' } }).outcome).toBe('not_checked');
  expect(judge({ ...packet, framework: 'toString' }).outcome).toBe('not_checked');
  expect(judge({ ...packet, catalogue: null }).outcome).toBe('not_checked');
  expect(judge({ ...packet, catalogue: { ...catalogue, digest: 'ff' } }).outcome).toBe('fail');
});

test('a fact that was another at every reading of a year is judged again', MANY, () => {
  const evidence = soundEvidence();
  const [service] = evidence.services;
  if (service === undefined) throw new Error('no service');
  service.log_store = Array.from({ length: 25_000 }, (_, i) =>
    span(
      { oldest_record_at: '2025-01-01T00:00:00Z', newest_record_at: timeIn(i) },
      { from: timeIn(i), to: timeIn(i + 1) },
    ),
  );
  expect(judge(packetOf(evidence))).toMatchObject({ outcome: 'pass' });
});

test('evidence that would take minutes to judge is not checked, and never fails for its size', MANY, () => {
  const packet = packetOf(soundEvidence());
  const evidence = packet['evidence'] as Record<string, Record<string, JsonValue>>;
  const incidents = evidence['declarations']?.['incident'];
  const incident = Array.isArray(incidents) ? (incidents[0] ?? null) : null;
  const many = (count: number): JsonValue[] => Array.from({ length: count }, () => incident);
  const judged = judge({ ...packet, evidence: { ...evidence, declarations: { incident: many(40_000) } } });
  expect(judged).toEqual({ outcome: 'not_checked', detail: 'Its evidence is too large to be judged again here.' });
});

test.each([
  ['An event', (e: Draft) => e.events.account_lifecycle.listed[0], 'occurred_at'],
  ['An account', (e: Draft) => e.access.roles[0], 'since'],
])('%s whose time is spelled in another way fails, since judgement compares times as texts', (what, pick, name) => {
  for (const time of ['2026-01-02T00:00:00.5Z', '2026-01-02', '', 7]) {
    const evidence = soundEvidence();
    Object.assign(pick(evidence) ?? {}, { [name]: time });
    expect(judge(packetOf(evidence))).toEqual({ outcome: 'fail', detail: `${what} has no time of the format.` });
  }
});

test('an act of a removed account that was taken out after the judgement is found', () => {
  const evidence = soundEvidence();
  const { account_lifecycle: accounts, acts_after_removal: acts } = evidence.events;
  const [made] = accounts.listed;
  if (made === undefined || acts === undefined) throw new Error('no account');
  accounts.listed.push({ ...made, sequence: 900, action: 'DELETE', resource_id: 'gone', occurred_at: timeIn(60) });
  acts.listed.push({ ...made, sequence: 901, actor_id: 'gone', action: 'READ', occurred_at: timeIn(120) });
  accounts.total++;
  acts.total++;
  const packet = packetOf(evidence);
  expect(judge(packet)).toMatchObject({ outcome: 'pass' });
  acts.listed.pop();
  expect(judge({ ...packet, evidence: packetOf(evidence)['evidence'] as JsonValue })).toEqual({
    outcome: 'fail',
    detail: 'CC6.2 is insufficient_evidence by these records; the packet says "exception".',
  });
});

test('whatever stands in place of any part of a packet, it never passes by it and never throws', MANY, () => {
  const random = new Random(7);
  const original = packetOf(withException());
  const junk: JsonValue[] = [
    null,
    true,
    -1,
    1e15,
    '',
    'zzzz',
    [],
    {},
    [null],
    [[]],
    [{}],
    { '*': [] },
    '2026-05-01T00:00:00Z',
  ];
  for (let i = 0; i < 500; i++) {
    const packet = structuredClone(original);
    const path = spoil(random, packet, junk);
    const { outcome } = judge(packet);
    // What judgement doesn't look at can be anything; where it changed the outcome, it must have been found.
    if (path.startsWith('controls') || path.startsWith('summary')) expect([outcome, path]).not.toContain('pass');
  }
});

/** Replaces one part at random. @returns its path */
function spoil(random: Random, packet: Record<string, JsonValue>, junk: readonly JsonValue[]): string {
  let node: JsonValue = packet;
  let path = '';
  for (;;) {
    const holder = node as Record<string, JsonValue>;
    const names = Object.keys(holder);
    const name = random.pick(names);
    const inner: JsonValue | undefined = holder[name];
    path += `${path === '' ? '' : '.'}${name}`;
    const isLeaf = typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0;
    if (isLeaf || random.chance(0.2)) {
      const other = random.pick(junk.filter((value) => JSON.stringify(value) !== JSON.stringify(inner)));
      holder[name] = structuredClone(other);
      return path;
    }
    node = inner;
  }
}
