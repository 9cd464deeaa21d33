import type { EventList, ListedEvent } from '../evidence.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { secondsOf } from '../times.ts';
import { Findings, type ItemFindings } from './tally.ts';

/** An organization and its first account are made in one transaction, whose times may fall into two seconds. */
const FOUNDING_SECONDS = 2;

/** Every account that can act has a record of its making, and none acted after it was removed. */
export function accountsReconciled(): NamedRule {
  return {
    name: 'accounts_reconciled',
    parameters: {},
    judge: (context) => {
      const { evidence } = context;
      const found = new Findings();
      found.bases.add('observed');
      const { account_lifecycle: list } = evidence.events;
      for (const { actor_id: id, kind, since } of evidence.access.roles) {
        const item = found.item(id, `account ${id} (${kind === 'user' ? 'user' : 'API key'})`);
        judgeMaking(context, { id, since }, list, item);
      }
      judgeRemoved(context, found);
      if (found.population === 0) found.lacks('the accounts that can act', 'vacuous_scope');
      return found;
    },
  };
}

function judgeMaking(
  { evidence }: JudgeContext,
  account: { readonly id: string; readonly since: string },
  list: EventList,
  item: ItemFindings,
): void {
  const own = list.listed.filter((event) => event.resource_id === account.id);
  if (own.some((event) => event.action === 'CREATE') || list.listed.some((event) => founds(event, account))) return;
  const { oldest_entry_at: oldest } = evidence.audit_log;
  const isListed = list.total === list.listed.length;
  if (oldest === null || account.since <= oldest || !isListed) {
    item.leavesOpen('the event of its making, which the trail does not reach', 'population_incomplete');
  } else {
    item.fails('no event says who made it', account.since, null);
  }
}

function founds(event: ListedEvent, account: { readonly id: string; readonly since: string }): boolean {
  if (event.action !== 'CREATE' || event.resource_type !== 'organization') return false;
  return (
    event.actor_id === account.id ||
    Math.abs(secondsOf(event.occurred_at) - secondsOf(account.since)) <= FOUNDING_SECONDS
  );
}

/** Removed and not made again, yet it acted or is still among those that can. */
function judgeRemoved({ evidence }: JudgeContext, found: Findings): void {
  const { account_lifecycle, permission_changes, config_changes, exports } = evidence.events;
  const last = new Map<string, ListedEvent>();
  for (const event of account_lifecycle.listed.toSorted((a, b) => a.sequence - b.sequence)) {
    if (event.action === 'CREATE' || event.action === 'DELETE') last.set(event.resource_id, event);
  }
  const acted = [account_lifecycle, permission_changes, config_changes, exports].flatMap(({ listed }) => listed);
  for (const [id, removal] of last) {
    if (removal.action !== 'DELETE') continue;
    const after = acted.find((event) => event.actor_id === id && event.sequence > removal.sequence);
    const current = evidence.access.roles.find((role) => role.actor_id === id);
    if (after === undefined && current === undefined) continue;
    const key = current === undefined ? `removed:${id}` : id;
    const item = current === undefined ? found.item(key, `account ${id}`) : undefined;
    const what = 'it could still act after its removal';
    if (item === undefined) {
      found.failing.push({ key, item: `account ${id}`, what, from: removal.occurred_at, to: null });
    } else item.fails(what, removal.occurred_at, null);
  }
}
