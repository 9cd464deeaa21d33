import { absencesOf, type EventList, type EventsEvidence, type ListedEvent } from '@veritrail/controls';
import { formatSeconds, type AuditAction } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';
import { readDeedMark, type DeedKept } from '../../trail/deed-store.ts';
import { listDeeds, listEventsByAction, listFirstActs, type ActorStretch, type EventRow } from './event-list-store.ts';
import { second } from './gather-services.ts';
import type { Period } from './period.ts';

/** More than that nobody reads in a packet; who needs all of them exports the trail. The total says what is left out. */
const MOST_LISTED = 5000;

/** What the server itself tells of accounts by; an organization's own event is also that of its first owner. */
const ACCOUNTS: readonly DeedKept[] = ['member', 'invitation', 'api_key', 'organization'];
const SERVICES: readonly DeedKept[] = ['service'];
const SECOND_MS = 1000;

export async function gatherEvents(
  tx: Queryable,
  organizationNo: number,
  period: Period,
  byAction: Readonly<Record<AuditAction, number>>,
): Promise<EventsEvidence> {
  const list = async (action: AuditAction): Promise<EventList> => {
    const rows = await listEventsByAction(tx, organizationNo, action, period, MOST_LISTED);
    return { total: Math.max(byAction[action], rows.length), listed: rows.map(describe) };
  };
  const accounts = await listAbout(tx, organizationNo, ACCOUNTS);
  return {
    permission_changes: await list('PERMISSION_CHANGE'),
    config_changes: await list('CONFIG_CHANGE'),
    account_lifecycle: accounts,
    acts_after_removal: await listActsAfterRemoval(tx, organizationNo, accounts, period),
    service_changes: await listAbout(tx, organizationNo, SERVICES, period),
    exports: await list('EXPORT'),
  };
}

async function listAbout(
  tx: Queryable,
  organizationNo: number,
  resourceTypes: readonly DeedKept[],
  period?: { readonly start: string; readonly before: string },
): Promise<EventList> {
  const mark = await readDeedMark(tx, organizationNo);
  const rows: EventRow[] = [];
  let whole = true;
  for (const resourceType of resourceTypes) {
    const found = await listDeeds(tx, organizationNo, { resourceType, mark }, period, MOST_LISTED + 1);
    whole &&= found.length <= MOST_LISTED;
    rows.push(...found.slice(0, MOST_LISTED));
  }
  rows.sort((one, other) => one.sequence - other.sequence);
  // One more than are listed says that there are more, without counting them all.
  return { total: rows.length + (whole ? 0 : 1), listed: rows.map(describe) };
}

/** From the second after a removal: times in evidence are whole seconds, so within one nothing comes before another. */
async function listActsAfterRemoval(
  tx: Queryable,
  organizationNo: number,
  accounts: EventList,
  period: Period,
): Promise<EventList> {
  const stretches = [...absencesOf(accounts.listed)].flatMap(([actorId, absences]) =>
    absences.map(({ from, to }): ActorStretch => {
      const after = formatSeconds(Date.parse(from) + SECOND_MS);
      return {
        actorId,
        from: after < period.start ? period.start : after,
        before: to !== null && to < period.before ? to : period.before,
      };
    }),
  );
  const possible = stretches.filter(({ from, before }) => from < before);
  const rows = possible.length === 0 ? [] : await listFirstActs(tx, organizationNo, possible, MOST_LISTED + 1);
  return { total: rows.length, listed: rows.slice(0, MOST_LISTED).map(describe) };
}

function describe(row: EventRow): ListedEvent {
  const details = read(row.details);
  return {
    event_id: row.id,
    sequence: row.sequence,
    occurred_at: second(row.occurred_at),
    action: row.action,
    actor_id: row.actor_id,
    resource_type: row.resource_type,
    resource_id: row.resource_id,
    ...change(details),
    has_details: row.details === null || Object.keys(details).length > 0,
  };
}

function read(details: string | null): Readonly<Record<string, unknown>> {
  return details === null ? {} : (JSON.parse(details) as Record<string, unknown>);
}

/** How senders of events name what was before and what is after, in the order in which they are looked for. */
const PAIRS = [
  ['from', 'to'],
  ['old', 'new'],
  ['old_role', 'new_role'],
  ['previous_role', 'role'],
  ['previous', 'current'],
  ['before', 'after'],
] as const;

function change(details: Readonly<Record<string, unknown>>): { from: string | null; to: string | null } {
  for (const [before, after] of PAIRS) {
    const [from, to] = [words(details[before]), words(details[after])];
    if (from !== null && to !== null) return { from, to };
  }
  return { from: null, to: null };
}

function words(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
