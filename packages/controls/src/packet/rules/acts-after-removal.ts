import type { Evidence, ListedEvent } from '../evidence.ts';
import { absencesOf, type Absence } from '../membership.ts';
import type { JudgeContext } from '../rule.ts';
import { isByEnd } from '../times.ts';
import type { Findings, ItemFindings } from './tally.ts';

/**
 * What accounts did in the period while they were removed. Times tell, not places in the trail: what happened before a
 * removal may be recorded after it. Within one second the two can't be told apart, and the account gets the doubt, since a
 * request that was let in before may end after.
 *
 * @param items of the accounts that are counted already, such as one that was let in again
 */
export function judgeActsAfterRemoval(
  context: JudgeContext,
  found: Findings,
  items: ReadonlyMap<string, ItemFindings>,
): void {
  const { evidence, head } = context;
  const { account_lifecycle: lifecycle, acts_after_removal: acts } = evidence.events;
  const absences = absencesOf(lifecycle.listed);
  if (![...absences.values()].flat().some(({ from }) => isByEnd(from, head))) return;
  if (acts === undefined) found.lacks('whether removed accounts acted afterwards', 'fact_missing');
  else if (acts.total > acts.listed.length) {
    found.lacks(
      `all ${acts.total} acts of removed accounts (${acts.listed.length} are listed)`,
      'population_incomplete',
    );
  }
  const first = new Map<string, ListedEvent>();
  for (const event of eventsOf(evidence)) {
    if (event.occurred_at < head.period_start || !isByEnd(event.occurred_at, head)) continue;
    const away = absences.get(event.actor_id)?.some((absence) => isWithin(event, absence)) ?? false;
    const known = first.get(event.actor_id);
    if (away && (known === undefined || isEarlier(event, known))) first.set(event.actor_id, event);
  }
  for (const [id, { sequence, occurred_at: at }] of first) {
    const item = items.get(id) ?? found.item(`removed:${id}`, `account ${id}`);
    item.fails(`it acted after its removal (event ${sequence})`, at, at);
  }
}

/** Every list may show such an act; the one of them alone is looked for in all of the period's events. */
function eventsOf({ events }: Evidence): ListedEvent[] {
  const { acts_after_removal: acts, service_changes: services, ...others } = events;
  return [acts, services, ...Object.values(others)].flatMap((list) => list?.listed ?? []);
}

function isWithin({ occurred_at: at }: ListedEvent, { from, to }: Absence): boolean {
  return at > from && (to === null || at < to);
}

function isEarlier(one: ListedEvent, other: ListedEvent): boolean {
  return (
    one.occurred_at < other.occurred_at || (one.occurred_at === other.occurred_at && one.sequence < other.sequence)
  );
}
