import { idOfLine } from './audit-event.ts';
import { AuditClientError } from './client-error.ts';
import type { Rejection } from './event-queue.ts';

/** An event as the server signed and keeps it. */
export interface RecordedEvent {
  readonly id: string;
  /** Parsed with JSON.parse, so that integers beyond 2^53 in `details` are rounded here; they are exact in `bytes`. */
  readonly event: Readonly<Record<string, unknown>>;
  /** As they came. Signatures and proofs are about these. */
  readonly bytes: Uint8Array;
}

interface Waiter {
  readonly resolve: (event: RecordedEvent) => void;
  readonly reject: (error: AuditClientError) => void;
}

interface Flush {
  readonly at: number;
  readonly resolve: () => void;
  readonly reject: (error: AuditClientError) => void;
}

/** Who waits for which event to be on the server, and for all of them. */
export interface Deliveries {
  expect(id: string): Promise<RecordedEvent>;
  forget(id: string): void;
  added(): void;
  /** Of everything added so far. */
  allSettled(timeoutMs?: number): Promise<void>;
  onRecorded(lines: readonly string[], items: readonly Buffer[]): void;
  onRejected(id: string, rejection: Rejection): void;
  onStopped(status: number, reason: string): void;
  close(): void;
}

/** @param found events that were in the queue at the start */
export function createDeliveries(found: number): Deliveries {
  const waiters = new Map<string, Waiter[]>();
  const flushes = new Set<Flush>();
  let added = found;
  let settled = 0;

  function take(id: string): readonly Waiter[] {
    const those = waiters.get(id) ?? [];
    waiters.delete(id);
    return those;
  }

  function settle(count: number): void {
    settled += count;
    for (const flush of flushes) {
      if (flush.at > settled) continue;
      flushes.delete(flush);
      flush.resolve();
    }
  }

  function failFlushes(error: AuditClientError): void {
    for (const flush of flushes) flush.reject(error);
    flushes.clear();
  }

  return {
    expect(id) {
      const promise = new Promise<RecordedEvent>((resolve, reject) => {
        waiters.set(id, [...(waiters.get(id) ?? []), { resolve, reject }]);
      });
      // Whoever waits hears of it; until the event is in the queue nobody does yet.
      promise.catch(() => undefined);
      return promise;
    },
    forget(id) {
      take(id);
    },
    added() {
      added += 1;
    },
    allSettled(timeoutMs) {
      if (settled >= added) return Promise.resolve();
      let timer: NodeJS.Timeout | undefined;
      const flushed = new Promise<void>((resolve, reject) => {
        const flush = { at: added, resolve, reject };
        flushes.add(flush);
        if (timeoutMs === undefined) return;
        timer = setTimeout(() => {
          flushes.delete(flush);
          reject(
            new AuditClientError('timeout', `Not everything was sent within ${timeoutMs} ms; what waits still waits.`),
          );
        }, timeoutMs);
      });
      return flushed.finally(() => clearTimeout(timer));
    },
    onRecorded(lines, items) {
      for (const [index, line] of lines.entries()) {
        const id = idOfLine(line) ?? '';
        const bytes = items[index];
        if (bytes === undefined || !waiters.has(id)) continue;
        const event = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
        // A copy of its own, or it would keep the whole answer in memory.
        for (const waiter of take(id)) waiter.resolve({ id, event, bytes: new Uint8Array(bytes) });
      }
      settle(lines.length);
    },
    onRejected(id, { status, detail }) {
      for (const waiter of take(id)) waiter.reject(new AuditClientError('refused', detail, { status }));
      settle(1);
    },
    onStopped(status, reason) {
      failFlushes(new AuditClientError('stopped', reason, { status }));
    },
    close() {
      const closed = new AuditClientError('closed', 'The client was closed before the server had the event.');
      failFlushes(closed);
      for (const id of [...waiters.keys()]) for (const waiter of take(id)) waiter.reject(closed);
    },
  };
}
