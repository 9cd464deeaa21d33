import type { ListedEvent } from '../evidence.ts';
import { byAccount, isAcceptance, isAdmission, isRemoval, rolesAtEnd } from '../membership.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { isByEnd, secondsOf } from '../times.ts';
import { judgeActsAfterRemoval } from './acts-after-removal.ts';
import { Findings, type ItemFindings } from './tally.ts';

/** An organization and its first account are made in one transaction, whose times may fall into two seconds. */
const FOUNDING_SECONDS = 2;

/** Every account that could act when the period ended has a record of its making, and none acted after it was removed. */
export function accountsReconciled(): NamedRule {
  return {
    name: 'accounts_reconciled',
    parameters: {},
    judge: (context) => {
      const { account_lifecycle: list } = context.evidence.events;
      const found = new Findings();
      found.bases.add('observed');
      const histories = byAccount(list.listed);
      const items = new Map<string, ItemFindings>();
      for (const { actor_id: id, kind, since } of rolesAtEnd(context)) {
        const item = found.item(id, `account ${id} (${kind === 'user' ? 'user' : 'API key'})`);
        items.set(id, item);
        judgeMaking(context, { id, since }, histories.get(id) ?? [], item);
      }
      for (const [id, since] of leftSince(context, histories)) {
        if (items.has(id)) continue;
        const item = found.item(id, `account ${id}`);
        items.set(id, item);
        judgeMaking(context, { id, since }, histories.get(id) ?? [], item);
      }
      judgeActsAfterRemoval(context, found, items);
      if (list.total > list.listed.length) {
        found.lacks(`all events of accounts (${list.listed.length} are listed)`, 'population_incomplete');
      }
      if (found.population === 0) found.lacks('the accounts that can act', 'vacuous_scope');
      return found;
    },
  };
}

interface Account {
  readonly id: string;
  /** Undefined for one that isn't there any more, so that only its events tell. */
  readonly since: string | undefined;
}

/**
 * Those that were there when the period ended and were removed before the packet was made.
 *
 * @returns by account, since when; undefined where the trail doesn't reach back to that
 */
function leftSince(
  { head }: JudgeContext,
  histories: ReadonlyMap<string, readonly ListedEvent[]>,
): Map<string, string | undefined> {
  const left = new Map<string, string | undefined>();
  for (const [id, own] of histories) {
    const turns = own.filter((event) => isAdmission(event) || isRemoval(event));
    const last = turns.findLast((event) => isByEnd(event.occurred_at, head));
    const later = turns.filter((event) => !isByEnd(event.occurred_at, head));
    const [next] = last === undefined ? later : isAdmission(last) ? later.filter(isRemoval) : [];
    if (next !== undefined && isRemoval(next)) left.set(id, last?.occurred_at);
  }
  return left;
}

function judgeMaking(
  context: JudgeContext,
  account: Account,
  history: readonly ListedEvent[],
  item: ItemFindings,
): void {
  const { evidence, head } = context;
  const { account_lifecycle: list } = evidence.events;
  const removed = history.findLastIndex((event) => isRemoval(event) && isByEnd(event.occurred_at, head));
  const removal = history[removed];
  // Of that membership alone: who was let in once and removed has to be let in again.
  const rest = history.slice(removed + 1);
  const next = rest.findIndex(isRemoval);
  const made = (next === -1 ? rest : rest.slice(0, next)).find(isAdmission);
  if (made !== undefined) {
    if (!isAcceptance(made) || history.some((event) => invites(event, made))) return;
    item.leavesOpen('the event of its invitation', 'population_incomplete');
    return;
  }
  if (removal === undefined && list.listed.some((event) => founds(event, account))) return;
  const { since } = account;
  if (removal !== undefined && since !== undefined && since <= removal.occurred_at) {
    item.fails('it could still act after its removal', removal.occurred_at, null);
    return;
  }
  const { recorded_since: recorded } = evidence.audit_log;
  const isListed = list.total === list.listed.length;
  if (since === undefined || recorded === null || since <= recorded || !isListed) {
    item.leavesOpen('the event of its making, which the trail does not reach', 'population_incomplete');
  } else {
    item.fails('no event says who made it', since, null);
  }
}

/** Who has an account elsewhere is asked first, and that says who let them in. */
function invites({ action, resource_type: type, sequence }: ListedEvent, acceptance: ListedEvent): boolean {
  return action === 'CREATE' && type === 'invitation' && sequence < acceptance.sequence;
}

function founds(event: ListedEvent, account: Account): boolean {
  if (event.action !== 'CREATE' || event.resource_type !== 'organization') return false;
  if (event.actor_id === account.id) return true;
  if (account.since === undefined) return false;
  return Math.abs(secondsOf(event.occurred_at) - secondsOf(account.since)) <= FOUNDING_SECONDS;
}
