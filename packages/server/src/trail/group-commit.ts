import type { AuditMac } from '../keyring/audit-mac.ts';
import { KeyringError } from '../keyring/keyring-error.ts';
import type { Database } from '../storage/database.ts';
import { StorageError } from '../storage/storage-error.ts';
import { appendEvents, type RecordedEvent, type RequestOutcome } from './append-events.ts';
import type { PreparedEvent } from './prepare-event.ts';
import { TrailError } from './trail-error.ts';

export interface GroupCommit {
  /** Resolves when the events are durable, in order. All of a request or nothing. */
  record(organizationNo: number, events: readonly PreparedEvent[]): Promise<readonly RecordedEvent[]>;
  /** Events that wait or are being stored. */
  readonly waiting: number;
  /** Resolves when nothing waits any longer. New events are still taken: close the door first. */
  drained(): Promise<void>;
}

/** Past about this many events a transaction gains nothing more and only makes those behind it wait. */
const EVENTS_A_TRANSACTION = 2000;

/** Characters of waiting events, over all organizations: what a database that is slow or away may cost in memory. */
const MAX_WAITING_CHARACTERS = 48 * 1024 * 1024;

/** What an event costs besides its long texts. */
const EVENT_OVERHEAD = 600;

function weightOf(event: PreparedEvent): number {
  const texts = event.detailsText.length + event.resource_id.length + event.actor_id.length;
  return EVENT_OVERHEAD + texts + (event.actor_username?.length ?? 0) + (event.user_agent?.length ?? 0);
}

interface Waiting {
  readonly events: readonly PreparedEvent[];
  readonly weight: number;
  readonly resolve: (recorded: readonly RecordedEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Stores events of requests that come together in one transaction with one fsync. An organization has one transaction
 * under way; whatever arrives meanwhile is the next one. There is no timer: a lone event is stored at once.
 *
 * If the connection breaks during COMMIT the caller hears `database_unavailable` though the events may be stored; an id
 * makes the retry safe.
 */
export function createGroupCommit(parts: {
  readonly db: Database;
  readonly auditMac: AuditMac;
  readonly clock: () => Date;
  /** Told after each commit which trail grew. */
  readonly onGrown?: (organizationNo: number) => void;
}): GroupCommit {
  const queues = new Map<number, Waiting[]>();
  const idle = new Set<() => void>();
  let waitingEvents = 0;
  let waitingCharacters = 0;

  async function drain(organizationNo: number, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await store(organizationNo, takeBatch(queue));
    queues.delete(organizationNo);
    if (queues.size === 0) for (const resolve of idle) resolve();
    if (queues.size === 0) idle.clear();
  }

  async function store(organizationNo: number, batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await append(organizationNo, batch);
      for (const [index, waiting] of batch.entries()) settle(waiting, outcomes[index]);
      parts.onGrown?.(organizationNo);
    } catch (error) {
      if (batch.length > 1 && !(error instanceof StorageError || error instanceof KeyringError)) {
        // Something in one request broke the transaction: each on its own, so that only that one fails.
        for (const waiting of batch) await store(organizationNo, [waiting]);
        return;
      }
      for (const waiting of batch) settle(waiting, error);
    }
  }

  function append(organizationNo: number, batch: readonly Waiting[]): Promise<RequestOutcome[]> {
    const requests = batch.map((waiting) => waiting.events);
    const attempt = (): Promise<RequestOutcome[]> =>
      parts.db.scoped(organizationNo, (tx) =>
        appendEvents(tx, organizationNo, requests, parts.auditMac, parts.clock()),
      );
    return attempt().catch(async (error: unknown) => {
      const isBehind = error instanceof KeyringError && error.code === 'audit_key_behind';
      if (!isBehind || !(await parts.auditMac.catchUp())) throw error;
      return attempt();
    });
  }

  function settle(waiting: Waiting, outcome: unknown): void {
    waitingEvents -= waiting.events.length;
    waitingCharacters -= waiting.weight;
    if (Array.isArray(outcome)) waiting.resolve(outcome as RecordedEvent[]);
    else waiting.reject(outcome);
  }

  return {
    get waiting() {
      return waitingEvents;
    },
    record(organizationNo, events) {
      const weight = events.reduce((sum, event) => sum + weightOf(event), 0);
      if (waitingCharacters + weight > MAX_WAITING_CHARACTERS) {
        return Promise.reject(
          new TrailError('overloaded', 'More events wait to be stored than may wait; send these again in a moment.'),
        );
      }
      waitingEvents += events.length;
      waitingCharacters += weight;
      return new Promise((resolve, reject) => {
        const waiting = { events, weight, resolve, reject };
        const queue = queues.get(organizationNo);
        if (queue !== undefined) {
          queue.push(waiting);
          return;
        }
        const fresh = [waiting];
        queues.set(organizationNo, fresh);
        // `store` settles every request whatever happens, so nothing can escape from here.
        void drain(organizationNo, fresh);
      });
    },
    drained: () => (queues.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.add(resolve))),
  };
}

/** Whole requests, at least one. */
function takeBatch(queue: Waiting[]): Waiting[] {
  let events = 0;
  let requests = 0;
  for (const waiting of queue) {
    events += waiting.events.length;
    if (requests > 0 && events > EVENTS_A_TRANSACTION) break;
    requests += 1;
  }
  return queue.splice(0, requests);
}
