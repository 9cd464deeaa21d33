import type { FlagRuleId } from '@veritrail/controls';

import { COMMON_RECENT_ACTS } from './actor-memory.ts';

/** An event as rules see it. Times in milliseconds since the Unix epoch, with microseconds after the point. */
export interface SeenEvent {
  readonly sequence: number;
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  readonly action: string;
  readonly actorId: string;
  readonly ipAddress: string | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly loginFailed: boolean;
  /** Whether its resource is its actor. */
  readonly isOnActor: boolean;
}

/** What is known of an actor before an event. */
export interface ActorHistory {
  /** Undefined for an actor's first event. */
  readonly firstAt: number | undefined;
  /** What came before the event, and the event itself. */
  readonly recent: RecentActs;
  /** Milliseconds without an event of the actor, if it then comes from an address never seen for it; 0 for less than a day. */
  restBeforeNewAddress(event: SeenEvent): number;
}

/** Times of an actor's latest failed logins and deletions, a hundred or more of each, and when a burst of failures ended. */
export interface RecentActs {
  readonly failures: number[];
  readonly deletions: number[];
  burstAt: number | undefined;
}

export type RuleParameters = Readonly<Record<string, number>>;

export interface FlagRule {
  readonly id: FlagRuleId;
  /** Raised when the same events would be flagged otherwise. */
  readonly version: number;
  readonly meaning: string;
  readonly parameters: RuleParameters;
  /** The reason, if the event is flagged. */
  flag(event: SeenEvent, actor: ActorHistory, parameters: RuleParameters): string | undefined;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Every rule there is. docs/operating/flags.md has the same table, and a test holds the two together. */
export const FLAG_RULES: readonly FlagRule[] = [
  {
    id: 'failed_login_burst',
    version: 2,
    meaning: 'Many failed logins of one actor in a short time; the one that makes it many and each after it.',
    parameters: { failures: 5, minutes: 10 },
    flag(event, { recent }, { failures = 5, minutes = 10 }) {
      if (!event.loginFailed) return undefined;
      const count = within(recent.failures, event.occurredAt, minutes);
      if (count < failures) return undefined;
      return `${countOf(count, recent.failures)} failed logins of this actor within ${minutes} minutes`;
    },
  },
  {
    id: 'login_after_failures',
    version: 3,
    meaning: 'A login that succeeds soon after such a burst, also where bursts themselves are not flagged.',
    parameters: { minutes: 30 },
    flag(event, { recent }, { minutes = 30 }) {
      if (event.action !== 'LOGIN' || event.loginFailed || recent.burstAt === undefined) return undefined;
      const since = event.occurredAt - recent.burstAt;
      return since >= 0 && since <= minutes * MINUTE
        ? `a login of this actor within ${minutes} minutes of a burst of failed ones`
        : undefined;
    },
  },
  {
    id: 'self_granted_role',
    version: 1,
    meaning: 'A permission change whose resource is its actor.',
    parameters: {},
    flag: (event) =>
      event.action === 'PERMISSION_CHANGE' && event.isOnActor ? 'the actor changed their own permissions' : undefined,
  },
  {
    id: 'mass_deletion',
    version: 2,
    meaning: 'Many deletions by one actor in a short time; the one that makes it many and each after it.',
    parameters: { deletions: 50, minutes: 10 },
    flag(event, { recent }, { deletions = 50, minutes = 10 }) {
      if (event.action !== 'DELETE') return undefined;
      const count = within(recent.deletions, event.occurredAt, minutes);
      if (count < deletions) return undefined;
      return `${countOf(count, recent.deletions)} deletions by this actor within ${minutes} minutes`;
    },
  },
  {
    id: 'export_by_new_actor',
    version: 1,
    meaning: 'An export by an actor whom the trail has not known for long.',
    parameters: { days: 7 },
    flag(event, { firstAt }, { days = 7 }) {
      if (event.action !== 'EXPORT') return undefined;
      if (firstAt === undefined) return "an export is this actor's first event";
      return event.occurredAt - firstAt < days * DAY
        ? `an export by an actor known for less than ${days} days`
        : undefined;
    },
  },
  {
    id: 'backdated_event',
    version: 1,
    meaning: 'An event whose time lies long before it was recorded.',
    parameters: { hours: 24 },
    flag: (event, _actor, { hours = 24 }) =>
      event.recordedAt - event.occurredAt > hours * 60 * MINUTE
        ? `recorded more than ${hours} hours after its time`
        : undefined,
  },
  {
    id: 'idle_actor_new_address',
    version: 2,
    meaning: 'An actor, such as an API key, comes from an address never seen for it after a long rest.',
    parameters: { days: 30 },
    flag: (event, actor, { days = 30 }) =>
      actor.restBeforeNewAddress(event) > days * DAY
        ? `a new address after more than ${days} days without an event of this actor`
        : undefined,
  },
];

/** Where all that is remembered is counted, there may have been more. */
function countOf(count: number, times: readonly number[]): string {
  return count === times.length && count >= COMMON_RECENT_ACTS ? `${count} or more` : `${count}`;
}

/** How many of these times lie in the minutes up to `at`, itself included. */
function within(times: readonly number[], at: number, minutes: number): number {
  const from = at - minutes * MINUTE;
  let count = 0;
  for (const time of times) if (time <= at && time > from) count += 1;
  return count;
}
