import { expect, test } from 'vitest';

import { assess, type ListedEvent, type PacketHead } from '../src/index.ts';
import { event, headOf, soundEvidence, timeIn, type Draft } from './support/evidence.ts';

const DAY = 86_400;
/** Thirty days, and a packet that is made five days after them. */
const PAST = { generated_at: timeIn(35 * DAY) };

function found(evidence: Draft, id = 'CC6.2', changes: Partial<PacketHead> = {}) {
  const framework = id.startsWith('CC') ? 'soc2' : 'dora';
  const control = assess(headOf(framework, changes), evidence).controls.find(({ control_id }) => control_id === id);
  if (control === undefined) throw new Error('no such control');
  return control;
}

function statusOf(evidence: Draft, changes: Partial<PacketHead> = {}): string {
  const { status, counts } = found(evidence, 'CC6.2', changes);
  return `${status} ${counts.passing}/${counts.population}`;
}

/** Events of accounts, at days of the period; their places are those in which they were recorded. */
function tell(evidence: Draft, ...events: Partial<ListedEvent>[]): void {
  const { account_lifecycle: list } = evidence.events;
  for (const one of events) list.listed.push(event(100 + list.listed.length, { resource_type: 'member', ...one }));
  list.total = list.listed.length;
}

const made = (id: string, day: number): Partial<ListedEvent> => ({
  action: 'CREATE',
  resource_id: id,
  occurred_at: timeIn(day * DAY),
});
const removed = (id: string, day: number): Partial<ListedEvent> => ({ ...made(id, day), action: 'DELETE' });
const invited = (id: string, day: number): Partial<ListedEvent> => ({ ...made(id, day), resource_type: 'invitation' });
const accepted = (id: string, day: number): Partial<ListedEvent> => ({
  ...made(id, day),
  action: 'UPDATE',
  actor_id: id,
});

function holds(evidence: Draft, id: string, day: number, role = 'analyst'): void {
  evidence.access.roles.push({ actor_id: id, kind: 'user', role, since: timeIn(day * DAY) });
}

function acts(evidence: Draft, id: string, seconds: number, sequence = 900): void {
  const list = evidence.events.acts_after_removal;
  if (list === undefined) throw new Error('not looked for');
  list.listed.push(event(sequence, { action: 'READ', actor_id: id, occurred_at: timeIn(seconds) }));
  list.total++;
}

test('an account that was made after the period is not of it, whether or not an event says so', () => {
  const before = statusOf(soundEvidence(), PAST);
  const evidence = soundEvidence();
  holds(evidence, 'later', 32);
  expect(statusOf(evidence, PAST)).toBe(before);
  tell(evidence, made('later', 32));
  expect(statusOf(evidence, PAST)).toBe(before);
  expect(found(evidence, 'RTS 20', PAST).status).toBe('attested');
  // Of a period that ends as the packet is made, its very second is part.
  const now = soundEvidence();
  holds(now, 'now', 30);
  expect(statusOf(now, { generated_at: timeIn(30 * DAY) })).toBe('exception 3/4');
  expect(statusOf(now, PAST)).toBe('attested 3/3');
});

test('an account that is older than the recording is not said to have been made by nobody', () => {
  const evidence = soundEvidence();
  holds(evidence, 'new', 10);
  expect(statusOf(evidence, PAST)).toBe('exception 3/4');
  // Whatever a late event tells of, the one of this account's making may have been before or removed since.
  evidence.audit_log.recorded_since = timeIn(11 * DAY);
  evidence.audit_log.oldest_entry_at = timeIn(-1000 * DAY);
  expect(statusOf(evidence, PAST)).toBe('insufficient_evidence 3/4');
});

test('an account that left after the period is of it, and judged by its own events', () => {
  const evidence = soundEvidence();
  tell(evidence, made('left', 3), removed('left', 32));
  expect(statusOf(evidence, PAST)).toBe('attested 4/4');
  const unknown = soundEvidence();
  tell(unknown, removed('left', 32));
  expect(statusOf(unknown, PAST)).toBe('insufficient_evidence 3/4');
  const come = soundEvidence();
  tell(come, made('come', 31), removed('come', 32));
  expect(statusOf(come, PAST)).toBe('attested 3/3');
});

test('a member who was removed before the end and let in again after it is not of the period', () => {
  const evidence = soundEvidence();
  tell(evidence, made('back', 3), removed('back', 10), invited('back', 31), accepted('back', 32));
  holds(evidence, 'back', 32);
  expect(statusOf(evidence, PAST)).toBe('attested 3/3');
  acts(evidence, 'back', 20 * DAY);
  expect(statusOf(evidence, PAST)).toBe('exception 3/4');
});

test('who was removed and let in again is judged by each membership of its own', () => {
  const evidence = soundEvidence();
  tell(evidence, made('back', 3), removed('back', 10), invited('back', 12), accepted('back', 13));
  holds(evidence, 'back', 13);
  expect(statusOf(evidence)).toBe('attested 4/4');
  acts(evidence, 'back', 14 * DAY, 901);
  expect(statusOf(evidence)).toBe('attested 4/4');
  acts(evidence, 'back', 11 * DAY, 902);
  const control = found(evidence);
  expect([control.status, control.counts.failing]).toEqual(['exception', 1]);
  expect(control.failing_items).toEqual([
    {
      item: 'account back (user)',
      what: 'it acted after its removal (event 902)',
      from: timeIn(11 * DAY),
      to: timeIn(11 * DAY),
    },
  ]);
});

test('a membership that nobody told of is an exception, also where an earlier one was told of', () => {
  const evidence = soundEvidence();
  tell(evidence, made('back', 3), removed('back', 10));
  holds(evidence, 'back', 13);
  expect(found(evidence).failing_items.map(({ what }) => what)).toEqual(['no event says who made it']);
  const stays = soundEvidence();
  tell(stays, made('stays', 3), removed('stays', 10));
  holds(stays, 'stays', 3);
  expect(found(stays).failing_items.map(({ what }) => what)).toEqual(['it could still act after its removal']);
});

test('an accepted invitation says who let the account in by the event of the invitation', () => {
  const evidence = soundEvidence();
  tell(evidence, invited('guest', 3), accepted('guest', 4));
  holds(evidence, 'guest', 4);
  expect(statusOf(evidence)).toBe('attested 4/4');
  const alone = soundEvidence();
  tell(alone, accepted('guest', 4), invited('guest', 5));
  holds(alone, 'guest', 4);
  expect(statusOf(alone)).toBe('insufficient_evidence 3/4');
});

test('any event by a removed account in the period is an exception, and one of another time is not', () => {
  const gone = (): Draft => {
    const evidence = soundEvidence();
    tell(evidence, made('gone', 3), removed('gone', 10));
    return evidence;
  };
  expect(statusOf(gone())).toBe('attested 3/3');
  const after = gone();
  acts(after, 'gone', 10 * DAY + 1);
  expect(statusOf(after)).toBe('exception 3/4');
  expect(found(after, 'RTS 20').status).toBe('exception');
  // In the second of the removal, before it though recorded later, and once the period is over.
  for (const seconds of [10 * DAY, 9 * DAY, 31 * DAY]) {
    const evidence = gone();
    acts(evidence, 'gone', seconds);
    expect(statusOf(evidence), String(seconds)).toBe('attested 3/3');
  }
});

test('an event in any list shows that a removed account acted, and one that came late does not', () => {
  const late = soundEvidence();
  tell(late, made('gone', 3), removed('gone', 10));
  const change = event(950, { actor_id: 'gone', action: 'EXPORT', occurred_at: timeIn(9 * DAY) });
  late.events.exports.listed.push(change);
  late.events.exports.total++;
  expect(statusOf(late)).toBe('attested 3/3');
  change.occurred_at = timeIn(11 * DAY);
  expect(statusOf(late)).toBe('exception 3/4');
});

test('where it was not looked for, or a list was cut, what removed accounts did is not known', () => {
  const evidence = soundEvidence();
  delete evidence.events.acts_after_removal;
  expect(statusOf(evidence)).toBe('attested 3/3');
  tell(evidence, made('gone', 3), removed('gone', 10));
  expect(statusOf(evidence)).toBe('insufficient_evidence 3/3');
  const cut = soundEvidence();
  tell(cut, made('gone', 3), removed('gone', 10));
  if (cut.events.acts_after_removal !== undefined) cut.events.acts_after_removal.total++;
  expect(found(cut).reasons).toEqual(['population_incomplete']);
  const accounts = soundEvidence();
  accounts.events.account_lifecycle.total++;
  expect(found(accounts).reasons).toEqual(['population_incomplete']);
});

const promoted = (id: string, day: number, from: string, to: string): Partial<ListedEvent> => ({
  ...made(id, day),
  action: 'PERMISSION_CHANGE',
  from,
  to,
});

/** The sound evidence has a review on the fifteenth day. */
test.each([
  ['an administrator since after the review', 'admin', 20, [], 'insufficient_evidence'],
  ['one since the day of the review', 'owner', 14.5, [], 'attested'],
  ['one since before it', 'owner', 3, [], 'attested'],
  ['one since after the period', 'owner', 31, [], 'attested'],
  ['somebody else since after the review', 'analyst', 20, [], 'attested'],
  ['one raised after the review', 'admin', 3, [promoted('x', 20, 'member', 'admin')], 'insufficient_evidence'],
  ['one raised before it', 'admin', 3, [promoted('x', 5, 'member', 'admin')], 'attested'],
  ['one raised further after it', 'owner', 3, [promoted('x', 20, 'admin', 'owner')], 'attested'],
  ['one raised after the period', 'admin', 3, [promoted('x', 31, 'member', 'admin')], 'attested'],
  ['one lowered after the period', 'member', 20, [promoted('x', 31, 'admin', 'member')], 'insufficient_evidence'],
])('a review covers who was privileged at its time: %s', (_name, role, day, changes, status) => {
  const evidence = soundEvidence();
  tell(evidence, made('x', day), ...changes);
  holds(evidence, 'x', day, role);
  const control = found(evidence, 'CC6.3', PAST);
  expect(control.status, control.assertion).toBe(status);
  if (status !== 'attested') expect(control.assertion).toContain('a review since account x became privileged');
});

test('a removal that a review asked for is carried out if the account was gone by then, whatever came after', () => {
  const evidence = soundEvidence();
  for (const { data } of evidence.declarations.access_review) data.removed.push('back');
  holds(evidence, 'back', 20);
  expect(found(evidence, 'CC6.3', PAST).status).toBe('attested');
  holds(evidence, 'stays', 3);
  for (const { data } of evidence.declarations.access_review) data.removed.push('stays');
  expect(found(evidence, 'CC6.3', PAST).status).toBe('exception');
});
