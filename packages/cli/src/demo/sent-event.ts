import type { AuditAction } from '@veritrail/formats';

import type { Detail } from './acts.ts';
import type { DemoActor } from './cast.ts';
import type { Random } from './random.ts';

/** An event as a program would send it to POST /audit-events, and when: milliseconds since the Unix epoch. */
export interface SentEvent {
  readonly at: number;
  readonly body: {
    readonly action: AuditAction;
    readonly resource_type: string;
    readonly resource_id: string;
    readonly actor_id: string;
    readonly actor_username: string;
    readonly timestamp: string;
    readonly ip_address: string;
    readonly user_agent: string;
    readonly details: Readonly<Record<string, Detail>>;
  };
}

export function sentEvent(
  random: Random,
  actor: Pick<DemoActor, 'id' | 'username' | 'addresses' | 'userAgents'>,
  at: number,
  action: AuditAction,
  resourceType: string,
  what: { readonly id: string; readonly details: Readonly<Record<string, Detail>> },
): SentEvent {
  const iso = new Date(at).toISOString();
  return {
    at,
    body: {
      action,
      resource_type: resourceType,
      resource_id: what.id,
      actor_id: actor.id,
      actor_username: actor.username,
      // Some senders keep milliseconds, some don't.
      timestamp: actor.id.startsWith('client-') ? iso : `${iso.slice(0, 19)}Z`,
      ip_address: random.pick(actor.addresses),
      user_agent: random.pick(actor.userAgents),
      details: what.details,
    },
  };
}
