import { newestOf } from '../declared.ts';
import type { EventList, EventsEvidence, Evidence, ListedEvent } from '../evidence.ts';
import { isAdmission, isRemoval } from '../membership.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { Findings } from './tally.ts';

export type EventListName =
  | 'permission_changes'
  | 'config_changes'
  | 'account_lifecycle'
  | 'exports'
  | 'service_changes';

/** What every event of a list must have. */
export interface EventCheck {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What is wrong or can't be told of it; undefined if it is fine. */
  readonly judge: (
    event: ListedEvent,
    context: JudgeContext,
  ) => { readonly fails: string } | { readonly open: string } | undefined;
}

/**
 * Every event of a list. Where the list was cut, whatever wasn't listed is unknown.
 *
 * @param mayBeEmpty no event is no gap here, such as where nothing was exported; another rule must have items then
 */
export function eachEvent(
  name: EventListName,
  checks: readonly EventCheck[],
  { mayBeEmpty = false, selects }: { readonly mayBeEmpty?: boolean; readonly selects?: EventSelection } = {},
): NamedRule {
  return {
    name: 'each_event',
    parameters: {
      list: name,
      mayBeEmpty,
      checks: checks.map(({ name: check, parameters }) => ({ name: check, parameters })),
      ...(selects === undefined ? {} : { selects: { name: selects.name, parameters: selects.parameters } }),
    },
    judge: (context) => {
      const found = new Findings();
      const list = listOf(context.evidence.events, name);
      if (list === undefined) return found.lacks(`the events in ${name}`, 'fact_missing');
      found.bases.add('observed');
      const events = selects === undefined ? list.listed : list.listed.filter((event) => selects.test(event, context));
      for (const event of events) judgeEvent(event, checks, context, found);
      if (list.total > list.listed.length) {
        found.lacks(`all ${list.total} events in ${name} (${list.listed.length} are listed)`, 'population_incomplete');
      }
      if (events.length === 0 && !mayBeEmpty) found.lacks(`at least one event in ${name}`, 'vacuous_scope');
      return found;
    },
  };
}

export interface EventSelection {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly test: (event: ListedEvent, context: JudgeContext) => boolean;
}

function listOf(events: EventsEvidence, name: EventListName): EventList | undefined {
  return events[name];
}

function judgeEvent(event: ListedEvent, checks: readonly EventCheck[], context: JudgeContext, found: Findings): void {
  const item = found.item(event.event_id, `event ${event.sequence} (${event.event_id})`);
  for (const check of checks) {
    const answer = check.judge(event, context);
    if (answer === undefined) continue;
    if ('fails' in answer) item.fails(answer.fails, event.occurred_at, event.occurred_at);
    else item.leavesOpen(answer.open, 'fact_missing');
  }
}

export const hasActor: EventCheck = {
  name: 'has_actor',
  parameters: {},
  judge: ({ actor_id: actor }) => (actor === '' ? { fails: 'it names no actor' } : undefined),
};

export const saysScope: EventCheck = {
  name: 'says_scope',
  parameters: {},
  judge: ({ has_details: has }) => (has ? undefined : { fails: 'it says nothing of what was exported' }),
};

/** What it was before and after. */
export const saysChange: EventCheck = {
  name: 'says_change',
  parameters: {},
  judge: ({ from, to }) => (from === null || to === null ? { open: 'the role before and after' } : undefined),
};

/** Nobody changed their own rights, by the event itself or by the flag rule. */
export const notSelfGranted: EventCheck = {
  name: 'not_self_granted',
  parameters: { rule: 'self_granted_role' },
  judge: (event, { evidence }) => {
    const flagged = evidence.audit_log.flags.some(
      ({ rule, event_id: id }) => rule === 'self_granted_role' && id === event.event_id,
    );
    return flagged || event.actor_id === event.resource_id
      ? { fails: 'its actor changed their own rights' }
      : undefined;
  },
};

/** What `approvedBefore` rests on. */
export const APPROVAL_REFS = [
  'events.config_changes',
  'events.account_lifecycle',
  'access.roles',
  'declarations.change_approval',
  'audit_log.integrity',
] as const;

/**
 * Approved by another person before it happened. Where approvals are kept at all, a change without one is known not to
 * have any; where none is, nothing is known.
 *
 * An approval shows that only where it names a member by the id that events carry, since any other name may be the actor's
 * own, and where somebody else stored it before the change: what was stored afterwards says of itself when it was given.
 */
export const approvedBefore: EventCheck = {
  name: 'approved_before',
  parameters: {},
  judge: (event, { evidence }) => {
    const kept = newestOf(evidence, 'change_approval');
    const approvals = kept.filter(({ data, withdrawn }) => !withdrawn && data.event_id === event.event_id);
    if (approvals.length === 0) {
      return kept.length === 0 ? { open: 'an approval record' } : { fails: 'no approval is on record' };
    }
    const inTime = approvals.filter(({ data }) => data.approved_at <= event.occurred_at);
    if (inTime.length === 0) return { fails: 'it was approved only afterwards' };
    const others = inTime.filter(({ data }) => data.approved_by !== event.actor_id);
    if (others.length === 0) return { fails: 'it was approved by its own actor' };
    const named = others.filter(({ data }) => isMember(data.approved_by, evidence));
    if (named.length === 0) return { open: 'an approval that names a member by id' };
    const stored = named.filter((record) => record.declared_by !== event.actor_id);
    if (stored.length === 0) return { open: 'an approval that somebody else stored' };
    // Times are whole seconds: of the same one it can't be told which was first.
    const before = stored.some((record) => record.declared_at < event.occurred_at);
    return before ? undefined : { open: 'an approval that was stored before the change' };
  },
};

/** Of now or of any time that the events of accounts reach. */
function isMember(id: string, { access, events }: Evidence): boolean {
  return (
    access.roles.some((role) => role.kind === 'user' && role.actor_id === id) ||
    events.account_lifecycle.listed.some(
      (event) =>
        event.resource_type === 'member' && event.resource_id === id && (isAdmission(event) || isRemoval(event)),
    )
  );
}
