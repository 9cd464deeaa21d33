import type { AccessEvidence, ListedEvent } from './evidence.ts';
import { groupBy } from './group-by.ts';
import type { JudgeContext } from './rule.ts';
import { isByEnd } from './times.ts';

type Role = AccessEvidence['roles'][number];

/** A time in which an account was not to act: after its removal, until it was let in again. */
export interface Absence {
  readonly from: string;
  /** Null: it stayed away. */
  readonly to: string | null;
}

/** What is looked at of an event: the server asks before the list is made, the rules ask of the list. */
export type AccountEvent = Pick<
  ListedEvent,
  'sequence' | 'occurred_at' | 'action' | 'actor_id' | 'resource_type' | 'resource_id'
>;

/** Somebody let the account in, or it accepted an invitation, which is the one change of itself that a member tells of. */
export function isAdmission(event: AccountEvent): boolean {
  return (event.action === 'CREATE' && isOfAccount(event)) || isAcceptance(event);
}

export function isAcceptance({ action, resource_type: type, resource_id: id, actor_id: actor }: AccountEvent): boolean {
  return action === 'UPDATE' && type === 'member' && id === actor;
}

export function isRemoval(event: AccountEvent): boolean {
  return event.action === 'DELETE' && isOfAccount(event);
}

function isOfAccount({ resource_type: type }: AccountEvent): boolean {
  return type === 'member' || type === 'api_key';
}

/** Events by the account that they are about, each account's in the order in which they were recorded. */
export function byAccount<Event extends AccountEvent>(events: readonly Event[]): Map<string, Event[]> {
  return groupBy(
    events.toSorted((a, b) => a.sequence - b.sequence),
    (event) => event.resource_id,
  );
}

/** Of each account that was removed, every stretch between two of its memberships and the one after the last. */
export function absencesOf(events: readonly AccountEvent[]): Map<string, Absence[]> {
  const absences = new Map<string, Absence[]>();
  for (const [id, own] of byAccount(events)) {
    const away: Absence[] = [];
    let from: string | undefined;
    for (const event of own) {
      if (isRemoval(event)) from ??= event.occurred_at;
      else if (from !== undefined && isAdmission(event)) {
        away.push({ from, to: event.occurred_at });
        from = undefined;
      }
    }
    if (from !== undefined) away.push({ from, to: null });
    if (away.length > 0) absences.set(id, away);
  }
  return absences;
}

/**
 * Who could act when the period ended, of those who could when the packet was made: whoever came later is not of it, and
 * a role that was changed later is as it was before. Who left in between is in the events of accounts alone.
 */
export function rolesAtEnd(context: JudgeContext): Role[] {
  const { head, evidence } = context;
  const changes = roleChanges(context);
  return evidence.access.roles
    .filter(({ since }) => isByEnd(since, head))
    .map((role) => {
      const later = changes.get(role.actor_id)?.find(({ occurred_at: at }) => !isByEnd(at, head));
      return { ...role, role: later?.from ?? role.role };
    });
}

const PRIVILEGED: readonly (string | null)[] = ['owner', 'admin'];

export function isPrivileged({ role }: Role): boolean {
  return PRIVILEGED.includes(role);
}

/** Of those who could administer when the period ended, since when: they were made so, or came to be. */
export function privilegedSince(context: JudgeContext): Map<string, string> {
  const changes = roleChanges(context);
  return new Map(
    rolesAtEnd(context)
      .filter(isPrivileged)
      .map(({ actor_id: id, since }) => {
        const raised = changes
          .get(id)
          ?.findLast(
            ({ occurred_at: at, from, to }) =>
              isByEnd(at, context.head) && at > since && PRIVILEGED.includes(to) && !PRIVILEGED.includes(from),
          );
        return [id, raised?.occurred_at ?? since];
      }),
  );
}

function roleChanges({ evidence }: JudgeContext): Map<string, ListedEvent[]> {
  const { listed } = evidence.events.account_lifecycle;
  return byAccount(
    listed.filter(({ action, resource_type: type }) => action === 'PERMISSION_CHANGE' && type === 'member'),
  );
}
