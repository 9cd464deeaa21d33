import type { AuditAction } from '@veritrail/formats';

import type { Detail } from './acts.ts';
import { PEOPLE, type DemoActor } from './cast.ts';
import type { Random } from './random.ts';
import { sentEvent, type SentEvent } from './sent-event.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const BURST_DAYS_AGO = 47;
const REVIEW_EVERY_DAYS = 91;
/** Fewer events than this are too few for a story. */
const LEAST_EVENTS = 1000;

const STRANGER: Pick<DemoActor, 'addresses' | 'userAgents'> = {
  addresses: ['203.0.113.77', '203.0.113.78', '203.0.113.91'],
  userAgents: ['python-requests/2.31.0'],
};

/**
 * What an auditor should find: a burst of guessed passwords and what was done about it, somebody who joins, somebody
 * who leaves, and a review of everybody's access each quarter. In time order.
 */
export function planIncidents(start: number, end: number, total: number, random: Random): SentEvent[] {
  if (total < LEAST_EVENTS) return [];
  const noon = (daysAgo: number): number => end - daysAgo * DAY - (end % DAY) + 12 * 60 * MINUTE;
  const events = [...passwordGuessing(end, total, random), ...joining(noon(210), random), ...leaving(noon(90), random)];
  for (let daysAgo = 5; noon(daysAgo) > start; daysAgo += REVIEW_EVERY_DAYS) {
    events.push(...accessReview(noon(daysAgo), random));
  }
  return events.filter((event) => event.at >= start && event.at < end).sort((one, other) => one.at - other.at);
}

function passwordGuessing(end: number, total: number, random: Random): SentEvent[] {
  const began = end - BURST_DAYS_AGO * DAY - (end % DAY) + 137 * MINUTE;
  const attempts = Math.min(180, Math.floor(total / 100));
  const targets = [PEOPLE.bjorn, PEOPLE.eleni, PEOPLE.francois, PEOPLE.ines, PEOPLE.agnieszka];
  const events = Array.from({ length: attempts }, (_, attempt) => {
    const target = random.pick(targets);
    const at = began + Math.floor((attempt * 14 * MINUTE) / attempts) + random.whole(0, 900);
    const details = { outcome: 'failure', method: 'password', reason: 'wrong password', attempt: attempt + 1 };
    return sentEvent(random, { ...target, ...STRANGER }, at, 'LOGIN', 'session', { id: target.id, details });
  });
  const blocked = { blocked: ['203.0.113.64/28'], reason: 'Passwörter erraten', change_request: 'CHG-11907' };
  return [
    ...events,
    said(random, PEOPLE.katarina, began + 41 * MINUTE, 'CONFIG_CHANGE', 'network_policy', 'edge', blocked),
    ...targets.map((target, index) =>
      said(random, PEOPLE.katarina, began + (52 + index) * MINUTE, 'UPDATE', 'user', target.id, {
        name: target.name,
        changed: { password_expired: { from: false, to: true } },
      }),
    ),
  ];
}

function joining(at: number, random: Random): SentEvent[] {
  const { id, name } = PEOPLE.mei;
  return [
    said(random, PEOPLE.aino, at - 40 * MINUTE, 'CREATE', 'user', id, {
      name,
      team: 'Platform',
      contract: { hours: 37.5 },
    }),
    said(random, PEOPLE.aino, at - 38 * MINUTE, 'PERMISSION_CHANGE', 'user', id, { name, from: null, to: 'editor' }),
  ];
}

function leaving(at: number, random: Random): SentEvent[] {
  const { id, name } = PEOPLE.tomas;
  return [
    said(random, PEOPLE.katarina, at + 3 * MINUTE, 'PERMISSION_CHANGE', 'user', id, {
      name,
      from: 'approver',
      to: null,
    }),
    said(random, PEOPLE.katarina, at + 5 * MINUTE, 'DELETE', 'user', id, { name, reason: 'left the company' }),
  ];
}

function accessReview(at: number, random: Random): SentEvent[] {
  const reviewed = { format: 'csv', rows: Object.keys(PEOPLE).length, purpose: 'quarterly access review' };
  const { id, name } = random.pick([PEOPLE.soren, PEOPLE.eleni, PEOPLE.francois]);
  return [
    said(random, PEOPLE.katarina, at, 'EXPORT', 'access_list', 'all', reviewed),
    said(random, PEOPLE.katarina, at + 26 * MINUTE, 'PERMISSION_CHANGE', 'user', id, {
      name,
      from: 'administrator',
      to: 'editor',
      reason: 'quarterly access review',
    }),
  ];
}

function said(
  random: Random,
  actor: DemoActor,
  at: number,
  action: AuditAction,
  resourceType: string,
  id: string,
  details: Readonly<Record<string, Detail>>,
): SentEvent {
  return sentEvent(random, actor, at, action, resourceType, { id, details });
}
