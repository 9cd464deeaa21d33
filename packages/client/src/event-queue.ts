import type { QueuedEvent } from './audit-event.ts';

/** Why the server will not take an event. */
export interface Rejection {
  readonly status: number;
  readonly detail: string;
}

/** Events in the order in which they came, until the server has them. One reader. */
export interface EventQueue {
  /**
   * Resolves when the event is in the queue and as safe as the queue can make it.
   *
   * @throws {AuditClientError} `spool_full`, `spool_unusable`: the event is not in the queue
   */
  add(event: QueuedEvent): Promise<void>;
  /** Lines of the oldest events, at least one unless the queue is empty. They stay until `settle`. */
  peek(mostEvents: number, mostBytes: number): Promise<readonly string[]>;
  /** Forgets the first `count` events of the last `peek`: the server has them, or they were put aside. */
  settle(count: number): Promise<void>;
  /** Keeps what the server will not take where its owner finds it. Resolves when that is as safe as the event was. */
  putAside(line: string, rejection: Rejection): Promise<void>;
  /** That wait, and their bytes. */
  readonly events: number;
  readonly bytes: number;
  close(): Promise<void>;
}
