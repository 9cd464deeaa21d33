import { prepareEvent, type AuditEventInput } from './audit-event.ts';
import { AuditClientError } from './client-error.ts';
import { openConnection, type ConnectionOptions } from './connection.ts';
import { createDeliveries, type RecordedEvent } from './deliveries.ts';
import { createMemoryQueue } from './memory-queue.ts';
import { guardListener, type OnProblem } from './problem.ts';
import { startSender, type SenderState } from './sender.ts';
import { openSpool } from './spool.ts';
import { uploadNdjson, type UploadOptions, type UploadSource, type UploadSummary } from './upload-ndjson.ts';
import { createUuidV7 } from './uuid-v7.ts';

export interface AuditClientOptions extends ConnectionOptions {
  /**
   * A directory for this process alone, on a local disk. With it `record` resolves when the event is synced there;
   * without it, when the server has it.
   */
  readonly spoolDirectory?: string;
  /** Most bytes of events that may wait, on disk or in memory; past it `record` rejects. 64 MiB unless given. */
  readonly spoolBytes?: number;
  /** Most events of one request, 1 to 1,000; 500 unless given. */
  readonly batchEvents?: number;
  /** Milliseconds for which the first event of a batch waits for others; 50 unless given, 0 sends at once. */
  readonly flushMs?: number;
  readonly clock?: () => Date;
  readonly onProblem?: OnProblem;
}

export interface AuditClientStats {
  /** That wait to be sent, and their bytes. */
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly recorded: number;
  readonly rejected: number;
  readonly requests: number;
  readonly retries: number;
  /** Lines of an earlier process's spool that were torn or unreadable. */
  readonly dropped: number;
  readonly state: SenderState;
}

export interface AuditClient {
  /**
   * Resolves when the event is safe: with a spool, when it is synced to this machine's disk; without, when the server
   * has it.
   *
   * @throws {AuditClientError} `event_invalid`, `spool_full`, `closed`: the event is not taken. `spool_unusable`: it may
   *   or may not be on the disk. `refused`, without a spool: the server will not take it.
   */
  record(event: AuditEventInput): Promise<{ readonly id: string }>;
  /**
   * Resolves when the server has the event, with the event as it was signed: parsed, and its exact bytes.
   *
   * @throws {AuditClientError} as `record` does, and `refused`; `closed` if the client was closed before (with a spool
   *   the event is still there and will be sent)
   */
  deliver(event: AuditEventInput): Promise<RecordedEvent>;
  /**
   * Sends now and resolves when everything that was recorded before is on the server or put aside.
   *
   * @throws {AuditClientError} `stopped`, `timeout`, `closed`; what waits still waits
   */
  flush(options?: { readonly timeoutMs?: number }): Promise<void>;
  /**
   * Takes no more events, sends what waits for up to `timeoutMs` (10,000 unless given), and lets go of the spool.
   *
   * @returns how many events were left: with a spool they wait in it, without one they are lost and their `record` rejects
   */
  close(options?: { readonly timeoutMs?: number }): Promise<{ readonly unsent: number }>;
  /** Records lines of events, of any length; see `uploadNdjson`. They don't pass through the spool. */
  uploadNdjson(source: UploadSource, options?: UploadOptions): Promise<UploadSummary>;
  readonly stats: AuditClientStats;
}

const SPOOL_BYTES = 64 * 1024 * 1024;
const LEAST_SPOOL_BYTES = 1024 * 1024;
const CLOSE_MS = 10_000;

/** @throws {AuditClientError} `option_invalid`, `spool_in_use`, `spool_unusable` */
export async function createAuditClient(options: AuditClientOptions): Promise<AuditClient> {
  const { spoolDirectory, clock = () => new Date() } = options;
  const connection = openConnection(options);
  const spoolBytes = whole('spoolBytes', options.spoolBytes ?? SPOOL_BYTES, LEAST_SPOOL_BYTES, Number.MAX_SAFE_INTEGER);
  const batchEvents = whole('batchEvents', options.batchEvents ?? 500, 1, 1000);
  const flushMs = whole('flushMs', options.flushMs ?? 50, 0, 60_000);
  const onProblem = guardListener(options.onProblem);
  const newId = createUuidV7(clock);
  const spool = spoolDirectory === undefined ? undefined : await openSpool(spoolDirectory, spoolBytes);
  const queue = spool ?? createMemoryQueue(spoolBytes);
  const dropped = spool?.dropped ?? 0;
  if (dropped > 0) {
    onProblem({ kind: 'dropped', message: `${dropped} lines of the spool were torn or unreadable and are left out.` });
  }

  const deliveries = createDeliveries(queue.events);
  const sender = startSender({ queue, connection, batchEvents, flushMs, onProblem, ...deliveries });
  let closing: Promise<{ unsent: number }> | undefined;
  const adding = new Set<Promise<void>>();

  /** Resolves when the event is in the queue. */
  async function take(
    event: AuditEventInput,
    waitsForServer: boolean,
  ): Promise<{ id: string; recorded?: Promise<RecordedEvent> }> {
    if (closing !== undefined) throw new AuditClientError('closed', 'The client is closed; the event was not taken.');
    const queued = prepareEvent(event, newId, clock());
    // Before it is in the queue, or the answer could come first.
    const recorded = waitsForServer ? deliveries.expect(queued.id) : undefined;
    const added = queue.add(queued);
    adding.add(added);
    try {
      await added;
    } catch (error) {
      deliveries.forget(queued.id);
      throw error;
    } finally {
      adding.delete(added);
    }
    deliveries.added();
    sender.added();
    return { id: queued.id, ...(recorded !== undefined && { recorded }) };
  }

  async function flush({ timeoutMs }: { timeoutMs?: number } = {}): Promise<void> {
    await Promise.allSettled(adding);
    const settled = deliveries.allSettled(timeoutMs);
    sender.hurry();
    await settled;
  }

  async function shut(timeoutMs: number): Promise<{ unsent: number }> {
    const flushed = await flush({ timeoutMs }).then(
      () => true,
      () => false,
    );
    await sender.stop(flushed ? 'after this' : 'now');
    const unsent = queue.events;
    await queue.close();
    deliveries.close();
    return { unsent };
  }

  return {
    async record(event) {
      const { id, recorded } = await take(event, spool === undefined);
      await recorded;
      return { id };
    },
    async deliver(event) {
      const { recorded } = await take(event, true);
      return recorded as Promise<RecordedEvent>;
    },
    async flush(flushOptions) {
      if (closing !== undefined) throw new AuditClientError('closed', 'The client is closed.');
      await flush(flushOptions);
    },
    close: ({ timeoutMs = CLOSE_MS } = {}) => (closing ??= shut(timeoutMs)),
    uploadNdjson: (source, uploadOptions) => uploadNdjson(connection, source, uploadOptions),
    get stats() {
      return { waiting: queue.events, waitingBytes: queue.bytes, dropped, ...sender.stats };
    },
  };
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AuditClientError('option_invalid', `Give ${name} as a whole number from ${least} to ${most}.`);
}
