import { idOfLine } from './audit-event.ts';
import { backoffMs } from './backoff.ts';
import { createBell } from './bell.ts';
import type { Connection } from './connection.ts';
import type { EventQueue, Rejection } from './event-queue.ts';
import type { OnProblem } from './problem.ts';
import { sendBatch, type BatchOutcome } from './send-batch.ts';

/** Below the 8 MiB that the server takes, with room for the frame. */
const BATCH_BYTES = 4 * 1024 * 1024;

/** Milliseconds between tries while the server takes nothing from this client. */
const FIRST_REST_MS = 60_000;
const LONGEST_REST_MS = 10 * 60_000;

/** What the server allows a clock to be ahead of its own, and milliseconds between tries with an event that is more. */
const SKEW_MS = 5 * 60_000;
const FIRST_CLOCK_REST_MS = 1000;
const LONGEST_CLOCK_REST_MS = 60_000;

export type SenderState = 'sending' | 'waiting' | 'stopped' | 'closed';

export interface SenderStats {
  /** Events that the server has confirmed. */
  readonly recorded: number;
  /** Events that it will not take. */
  readonly rejected: number;
  readonly requests: number;
  /** Requests that had to be made again. */
  readonly retries: number;
  readonly state: SenderState;
}

export interface Sender {
  /** Tells that something was added to the queue. */
  added(): void;
  /** Sends now, whatever it waits for. */
  hurry(): void;
  /** Ends after the request that is under way, or breaks that off. */
  stop(how: 'after this' | 'now'): Promise<void>;
  readonly stats: SenderStats;
}

export interface SenderParts {
  readonly queue: EventQueue;
  readonly connection: Connection;
  readonly batchEvents: number;
  readonly flushMs: number;
  readonly onProblem: OnProblem;
  readonly onRecorded: (lines: readonly string[], items: readonly Buffer[]) => void;
  readonly onRejected: (id: string, rejection: Rejection) => void;
  /** Nothing moves until somebody does something; hears why. */
  readonly onStopped: (status: number, reason: string) => void;
}

/** Takes batches from the queue to the server, one request at a time: with two, a retry could change the order. */
export function startSender(parts: SenderParts): Sender {
  const { queue, connection, batchEvents, flushMs, onProblem } = parts;
  const bell = createBell();
  const breakOff = new AbortController();
  const counts = { recorded: 0, rejected: 0, requests: 0, retries: 0 };
  let state: SenderState = 'waiting';
  const asked = { toStop: false, toHurry: false };
  let failures = 0;
  let rests = 0;
  let aheads = 0;
  /** The next batch is no larger, because of what the one before showed; 0 is no such limit. */
  let limit = 0;
  /** An event that nobody named makes batches fail; it is among so many at the head of the queue. */
  let suspects = 0;

  const running = run();

  async function run(): Promise<void> {
    while (!asked.toStop) {
      if (queue.events === 0) {
        state = 'waiting';
        asked.toHurry = false;
        await bell.wait();
      } else if (
        flushMs > 0 &&
        !asked.toHurry &&
        limit === 0 &&
        queue.events < batchEvents &&
        queue.bytes < BATCH_BYTES
      ) {
        await waitForMore();
      }
      if (!asked.toStop && queue.events > 0) await round();
    }
    state = 'closed';
  }

  async function waitForMore(): Promise<void> {
    const until = performance.now() + flushMs;
    while (!asked.toStop && !asked.toHurry && queue.events < batchEvents && queue.bytes < BATCH_BYTES) {
      const left = until - performance.now();
      if (left <= 0) return;
      await bell.wait(left);
    }
  }

  async function round(): Promise<void> {
    try {
      const lines = await queue.peek(limit === 0 ? batchEvents : limit, BATCH_BYTES);
      if (lines.length === 0) return;
      state = 'sending';
      counts.requests += 1;
      await conclude(lines, await sendBatch(connection, lines, breakOff.signal));
    } catch (error) {
      if (failures === 0) onProblem({ kind: 'spool', message: error instanceof Error ? error.message : String(error) });
      failures += 1;
      await pause(backoffMs(failures, 0));
    }
  }

  async function conclude(lines: readonly string[], outcome: BatchOutcome): Promise<void> {
    if (outcome.kind === 'again') {
      if (breakOff.signal.aborted) return;
      if (failures === 0) onProblem({ kind: 'unreachable', message: outcome.reason });
      failures += 1;
      counts.retries += 1;
      await pause(backoffMs(failures, outcome.afterMs));
      return;
    }
    failures = 0;
    if (outcome.kind === 'ahead' && outcome.index === 0) {
      await waitForClock(outcome);
      return;
    }
    aheads = 0;
    if (outcome.kind === 'stopped') {
      await rest(outcome.status, outcome.reason);
      return;
    }
    rests = 0;
    if (outcome.kind === 'recorded') {
      await queue.settle(lines.length);
      counts.recorded += lines.length;
      suspects = Math.max(0, suspects - lines.length);
      limit = Math.ceil(suspects / 2);
      parts.onRecorded(lines, outcome.items);
    } else if (outcome.kind === 'ahead' || (outcome.kind === 'culprit' && outcome.index > 0)) {
      // Those before it first, so that it comes to the head and the order stays.
      limit = outcome.index;
    } else if (outcome.kind === 'culprit' || lines.length === 1) {
      await putAside(lines[0] ?? '', outcome);
    } else {
      suspects = lines.length;
      limit = Math.ceil(suspects / 2);
    }
  }

  async function putAside(line: string, { status, detail }: Rejection): Promise<void> {
    await queue.putAside(line, { status, detail });
    await queue.settle(1);
    counts.rejected += 1;
    limit = 0;
    suspects = 0;
    onProblem({ kind: 'rejected', message: detail, status, event: line });
    parts.onRejected(idOfLine(line) ?? '', { status, detail });
  }

  /** The clock that gave the event its time is fast. What is behind it waits too, or the order would be lost. */
  async function waitForClock({ status, detail, aheadMs }: Extract<BatchOutcome, { kind: 'ahead' }>): Promise<void> {
    if (aheads === 0) onProblem({ kind: 'clock', message: detail, status });
    aheads += 1;
    counts.retries += 1;
    // The clock may be set right meanwhile, here or there.
    await pause(Math.min(LONGEST_CLOCK_REST_MS, Math.max(aheadMs - SKEW_MS, FIRST_CLOCK_REST_MS)));
  }

  async function rest(status: number, reason: string): Promise<void> {
    state = 'stopped';
    asked.toHurry = false;
    if (rests === 0) onProblem({ kind: 'stopped', message: reason, status });
    parts.onStopped(status, reason);
    const ms = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(rests, 10));
    rests += 1;
    await pause(ms, () => asked.toHurry);
  }

  /** What is added meanwhile rings too and changes nothing. */
  async function pause(ms: number, early: () => boolean = () => false): Promise<void> {
    if (state !== 'stopped') state = 'waiting';
    const until = performance.now() + ms;
    while (!asked.toStop && !early()) {
      const left = until - performance.now();
      if (left <= 0) return;
      await bell.wait(left);
    }
  }

  return {
    added: () => bell.ring(),
    hurry() {
      asked.toHurry = true;
      bell.ring();
    },
    async stop(how) {
      asked.toStop = true;
      if (how === 'now') breakOff.abort();
      bell.ring();
      await running;
    },
    get stats() {
      return { ...counts, state };
    },
  };
}
