import { isIP } from 'node:net';

import { expect, test } from 'vitest';

import { ActorMemory } from '../../src/evidence/flags/actor-memory.ts';
import { flagEvents, type RuleMemory } from '../../src/evidence/flags/flag-events.ts';
import type { SeenEvent } from '../../src/evidence/flags/flag-rules.ts';
import { readFlagSettings } from '../../src/evidence/flags/flag-settings.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;

let sequence = 0;
function event(change: Partial<SeenEvent>): SeenEvent {
  const occurredAt = change.occurredAt ?? NOON;
  sequence += 1;
  return {
    sequence,
    id: '',
    action: 'READ',
    isOnActor: false,
    actorId: 'ana',
    ipAddress: null,
    occurredAt,
    recordedAt: occurredAt,
    loginFailed: false,
    ...change,
  };
}

/** Index of each flagged event with its rule. */
function flagged(events: readonly SeenEvent[], settings?: string): string[] {
  return flagEvents(events, readFlagSettings(settings), new Map()).map(
    (flag) => `${events.indexOf(flag.event)} ${flag.rule.rule.id}`,
  );
}

const failure = (minute: number, actorId = 'ana') =>
  event({ action: 'LOGIN', loginFailed: true, actorId, occurredAt: NOON + minute * MINUTE });
const success = (minute: number, actorId = 'ana') =>
  event({ action: 'LOGIN', actorId, occurredAt: NOON + minute * MINUTE });

test('the fifth failed login within ten minutes is flagged and each after it', () => {
  expect(flagged([0, 1, 2, 3, 4, 5].map((minute) => failure(minute)))).toEqual([
    '4 failed_login_burst',
    '5 failed_login_burst',
  ]);
});

test('five failed logins over more than ten minutes, or of five actors, are not', () => {
  expect(flagged([0, 3, 6, 9, 12].map((minute) => failure(minute)))).toEqual([]);
  expect(flagged(['a', 'b', 'c', 'd', 'e'].map((actor) => failure(1, actor)))).toEqual([]);
});

test('a login after a burst is flagged for half an hour, for that actor', () => {
  const burst = [0, 1, 2, 3, 4].map((minute) => failure(minute));
  expect(flagged([...burst, success(34)])).toEqual(['4 failed_login_burst', '5 login_after_failures']);
  expect(flagged([...burst, success(35)])).toEqual(['4 failed_login_burst']);
  expect(flagged([...burst, success(10, 'bo')])).toEqual(['4 failed_login_burst']);
});

test('a login after a burst is flagged where bursts are not, by what a burst is as shipped', () => {
  const burst = [0, 1, 2, 3, 4].map((minute) => failure(minute));
  expect(flagged([...burst, success(34)], 'failed_login_burst=off')).toEqual(['5 login_after_failures']);
  expect(flagged([...burst.slice(1), success(34)], 'failed_login_burst=off')).toEqual([]);
});

test('changing ones own permissions is flagged, changing another person’s is not', () => {
  const change = (isOnActor: boolean) => event({ action: 'PERMISSION_CHANGE', isOnActor });
  expect(flagged([change(false), change(true)])).toEqual(['1 self_granted_role']);
});

test('the fiftieth deletion within ten minutes is flagged', () => {
  const deletions = Array.from({ length: 50 }, (_, index) =>
    event({ action: 'DELETE', occurredAt: NOON + index * 10_000 }),
  );
  expect(flagged(deletions)).toEqual(['49 mass_deletion']);
  expect(flagged(deletions.slice(1))).toEqual([]);
});

test('an export is flagged until the actor has been known for a week', () => {
  const exportAt = (day: number) => event({ action: 'EXPORT', occurredAt: NOON + day * DAY });
  expect(flagged([exportAt(0)])).toEqual(['0 export_by_new_actor']);
  expect(flagged([event({}), exportAt(6)])).toEqual(['1 export_by_new_actor']);
  expect(flagged([event({}), exportAt(7)])).toEqual([]);
});

test('an event recorded more than a day after its time is flagged', () => {
  expect(flagged([event({ recordedAt: NOON + DAY })])).toEqual([]);
  expect(flagged([event({ recordedAt: NOON + DAY + 1 })])).toEqual(['0 backdated_event']);
});

test('a new address is flagged after a long rest, and only then', () => {
  const from = (ipAddress: string, day: number) => event({ ipAddress, occurredAt: NOON + day * DAY });
  expect(flagged([from('192.0.2.1', 0), from('192.0.2.2', 31)])).toEqual(['1 idle_actor_new_address']);
  expect(flagged([from('192.0.2.1', 0), from('192.0.2.1', 31)])).toEqual([]);
  expect(flagged([from('192.0.2.1', 0), from('192.0.2.2', 29)])).toEqual([]);
  expect(flagged([from('192.0.2.1', 31)])).toEqual([]);
});

test.each([
  ['::1', '0:0:0:0:0:0:0:1'],
  ['2001:DB8::A:0:0:1', '2001:db8:0:0:a::1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:C000:201', '192.0.2.1'],
  ['fe80::1%eth0', 'FE80:0::1%eth0'],
])('%s is no other address than %s', (one, other) => {
  const from = (ipAddress: string, day: number) => event({ ipAddress, occurredAt: NOON + day * DAY });
  expect([isIP(one), isIP(other)]).not.toContain(0);
  expect(flagged([from(one, 0), from(other, 31)])).toEqual([]);
  expect(flagged([from(other, 0), from(one, 31)])).toEqual([]);
});

test.each([
  ['::1', '::2'],
  ['::192.0.2.1', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1%eth1'],
  ['fe80::1%eth0', 'fe80::1'],
])('%s is another address than %s', (one, other) => {
  const from = (ipAddress: string, day: number) => event({ ipAddress, occurredAt: NOON + day * DAY });
  expect(flagged([from(one, 0), from(other, 31)])).toEqual(['1 idle_actor_new_address']);
});

test('an address that comes again is known, also to a step that begins after a rest', () => {
  const rules = readFlagSettings(undefined);
  const kept = (): RuleMemory => new Map([['ana', new ActorMemory({ firstAt: NOON, lastAt: NOON, recent: null })]]);
  const later = event({ ipAddress: '192.0.2.1', occurredAt: NOON + 31 * DAY });
  const known = kept();
  known.get('ana')?.addresses.add('192.0.2.1');
  expect(flagEvents([later], rules, known)).toEqual([]);
  expect(flagEvents([later, later], rules, kept()).map((flag) => flag.event)).toEqual([later]);
});

/** What an actor's memory is when it was kept and read again. */
function keptAndRead(memory: RuleMemory): RuleMemory {
  return new Map(
    Array.from(memory, ([actor, { firstAt = 0, lastAt = 0, changedRecent }]) => [
      actor,
      new ActorMemory({ firstAt, lastAt, recent: changedRecent }),
    ]),
  );
}

test('what rules remember survives being kept and read again', () => {
  const rules = readFlagSettings(undefined);
  const events = [0, 1, 2, 3, 4].map((minute) => failure(minute));
  const login = success(30);
  const first: RuleMemory = new Map();
  const before = flagEvents(events.slice(0, 3), rules, first);
  const second = keptAndRead(first);
  const burst = flagEvents(events.slice(3), rules, second);
  const after = flagEvents([login], rules, keptAndRead(second));
  expect([...before, ...burst, ...after].map((flag) => flag.event)).toEqual([events[4], login]);
});

test('what is kept of an actor is written again only when it changed', () => {
  const memory = new ActorMemory({ firstAt: NOON, lastAt: NOON, recent: '{"failures":[1],"deletions":[]}' });
  flagEvents([event({}), success(1)], readFlagSettings(undefined), new Map([['ana', memory]]));
  expect(memory.changedRecent).toBeNull();
  flagEvents([event({ action: 'DELETE' })], readFlagSettings(undefined), new Map([['ana', memory]]));
  expect(JSON.parse(memory.changedRecent ?? '')).toEqual({ failures: [1], deletions: [NOON] });
});

test.each([
  ['mass_deletion=off', 100, 0, ''],
  ['mass_deletion.deletions=50', 100, 1451, '50'],
  ['mass_deletion.deletions=1000', 1000, 501, '1000 or more'],
])(
  'of very many acts as many are remembered as the rules need, and a hundred: %s',
  (settings, kept, flagged, first) => {
    const memory: RuleMemory = new Map();
    const deletions = Array.from({ length: 1500 }, (_, index) => event({ action: 'DELETE', occurredAt: NOON + index }));
    const flags = flagEvents(deletions, readFlagSettings(settings), memory);
    expect(flags.map((flag) => flag.event)).toEqual(deletions.slice(deletions.length - flagged));
    expect(flags[0]?.reason ?? '').toBe(first === '' ? '' : `${first} deletions by this actor within 10 minutes`);
    if (flagged > 0) expect(flags.at(-1)?.reason).toBe(`${kept} or more deletions by this actor within 10 minutes`);
    expect(memory.get('ana')?.recent.deletions).toEqual(deletions.slice(-kept).map((one) => one.occurredAt));
  },
);

test('a rule can be switched off, and its thresholds moved', () => {
  const failures = [0, 1, 2, 3, 4].map((minute) => failure(minute));
  expect(flagged(failures, 'failed_login_burst=off')).toEqual([]);
  expect(flagged(failures, 'failed_login_burst.failures=3')).toEqual([
    '2 failed_login_burst',
    '3 failed_login_burst',
    '4 failed_login_burst',
  ]);
});

test.each([
  'nonsense',
  'mass_deletion=on',
  'mass_deletion.hours=3',
  'mass_deletion.minutes=0',
  // More than are remembered would never be reached.
  'mass_deletion.deletions=1001',
  'failed_login_burst.failures=1001',
  'unknown=off',
  'mass_deletion.constructor=5',
  // One of them would be left out, and nobody would hear which.
  'mass_deletion.minutes=3,mass_deletion.minutes=4',
  'mass_deletion.minutes=3,mass_deletion.minutes=3',
  'mass_deletion=off,mass_deletion=off',
])('the setting %s is refused', (text) => expect(() => readFlagSettings(text)).toThrow(/^FLAG_RULES: /));
