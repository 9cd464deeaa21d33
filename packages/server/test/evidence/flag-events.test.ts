import { expect, test } from 'vitest';

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
    id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    action: 'READ',
    resourceId: 'r',
    actorId: 'ana',
    ipAddress: null,
    occurredAt,
    recordedAt: occurredAt,
    loginFailed: false,
    ...change,
  };
}

function memory(): RuleMemory {
  return { recent: new Map(), firstAt: new Map(), lastAt: new Map(), addresses: new Set() };
}

/** Index of each flagged event with its rule. */
function flagged(events: readonly SeenEvent[], settings?: string): string[] {
  return flagEvents(events, readFlagSettings(settings), memory()).map(
    (flag) => `${events.indexOf(flag.event)} ${flag.rule}`,
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

test('changing ones own permissions is flagged, changing another person’s is not', () => {
  const change = (resourceId: string) => event({ action: 'PERMISSION_CHANGE', resourceId });
  expect(flagged([change('bo'), change('ana')])).toEqual(['1 self_granted_role']);
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

test('what rules remember survives being stored and read again', () => {
  const rules = readFlagSettings(undefined);
  const events = [0, 1, 2, 3, 4].map((minute) => failure(minute));
  const first = memory();
  const before = flagEvents(events.slice(0, 3), rules, first);
  const stored = JSON.parse(JSON.stringify(Object.fromEntries(first.recent))) as object;
  const second = { ...first, recent: new Map(Object.entries(stored)) };
  expect([...before, ...flagEvents(events.slice(3), rules, second)].map((flag) => flag.event)).toEqual([events[4]]);
});

test('a rule can be switched off, and its thresholds moved', () => {
  const failures = [0, 1, 2, 3, 4].map((minute) => failure(minute));
  expect(flagged(failures, 'failed_login_burst=off')).toEqual([]);
  expect(flagged(failures, 'failed_login_burst.failures=3')).toEqual([
    '2 failed_login_burst',
    '3 failed_login_burst',
    '4 failed_login_burst',
  ]);
});

test.each(['nonsense', 'mass_deletion=on', 'mass_deletion.hours=3', 'mass_deletion.minutes=0', 'unknown=off'])(
  'the setting %s is refused',
  (text) => expect(() => readFlagSettings(text)).toThrow(/^FLAG_RULES: /),
);
