import { watchOwnThread } from '../busy-thread.ts';
import type { AuditMac } from '../keyring/audit-mac.ts';
import { KeyringError } from '../keyring/keyring-error.ts';
import type { AppendSession } from '../storage/append-session.ts';
import type { Database } from '../storage/database.ts';
import { StorageError } from '../storage/storage-error.ts';
import {
  appendEvents,
  callersIds,
  placeEvents,
  type Placement,
  type RecordedEvents,
  type RequestOutcome,
  type Requests,
  type StoredEvents,
} from './append-events.ts';
import type { PreparedEvent } from './prepare-event.ts';
import { TrailError } from './trail-error.ts';
import { appendBehind, findEvents, isHeadElsewhere, type TrailHead } from './trail-store.ts';

export interface GroupCommit {
  /** Resolves when the events are durable, in order. All of a request or nothing. */
  record(organizationNo: number, events: readonly PreparedEvent[]): Promise<RecordedEvents>;
  /** Events that wait or are being stored. */
  readonly waiting: number;
  /** Says that something else put an event into that trail, so that the next ones are placed by asking where it ends. */
  moved(organizationNo: number): void;
  /** Resolves when nothing waits any longer. New events are still taken: close the door first. */
  drained(): Promise<void>;
}

/** Past about this many events a transaction gains nothing more and only makes those behind it wait. */
const EVENTS_A_TRANSACTION = 256;

/** Fewer requests than this are not worth a second transaction. */
const SPLIT_REQUESTS = 16;

/**
 * Transactions that a slow disk doesn't have yet, while this thread is busy. More would share the next flush too, but be
 * smaller, and each costs as much as the storing of many events.
 */
const UNFLUSHED_WHEN_BUSY = 3;
/** So many are worth one more. */
const MANY_REQUESTS = 32;

/** Beside storing so many, waiting for a flush is little. */
const LARGE_EVENTS = 200;

/** For so long after another writer was in the way, the head is asked for under its lock. */
const CAUTIOUS_MS = 200;

/** Bytes of waiting events, over all organizations: what a database that is slow or away may cost in memory. */
const MAX_WAITING_BYTES = 48 * 1024 * 1024;

/** What an event costs besides its bytes. */
const EVENT_OVERHEAD = 200;

function weightOf({ rowStart, entryEnd }: PreparedEvent): number {
  return EVENT_OVERHEAD + entryEnd - rowStart;
}

function isLarge(request: Waiting): boolean {
  return request.events.length >= LARGE_EVENTS;
}

interface Waiting {
  readonly events: readonly PreparedEvent[];
  readonly weight: number;
  readonly resolve: (recorded: RecordedEvents) => void;
  readonly reject: (error: unknown) => void;
}

/** What one organization has under way. */
interface Lane {
  readonly organizationNo: number;
  readonly queue: Waiting[];
  /** Transactions that are not committed yet. */
  storing: number;
  /** Transactions that the disk doesn't have yet, those among them. */
  unflushed: number;
  /** Where the last of them is under way; undefined before it is. */
  session: AppendSession | undefined;
  /** Behind the last of them; undefined while nobody knows. */
  head: TrailHead | undefined;
  cautiousUntil: number;
  /** At the end of this turn. */
  isCalled: boolean;
  /** Requests in the transaction before. */
  requestsBefore: number;
  /** Requests in the queue when it was last looked at and left to grow. */
  seen: number;
}

/**
 * Stores events of requests that come together in one transaction. An organization has one under way until it is
 * committed; while it waits for the disk, what arrived meanwhile is the next one, or half of it (`takeBatch`), and
 * several share a flush. There is no timer: a lone event is stored at once, with what comes in the same turn of the event
 * loop. Callers hear of their events when the disk has them.
 *
 * The first transaction takes the head under its lock. Those that follow are placed behind the one before, in one round
 * trip, and fail if another writer came between: then they are placed anew, under the lock.
 *
 * If the connection breaks during COMMIT or after it the caller hears `database_unavailable` though the events may be
 * stored; an id makes the retry safe.
 */
export function createGroupCommit(parts: {
  readonly db: Database;
  readonly auditMac: AuditMac;
  readonly clock: () => Date;
  /** Told after each commit which trail grew. */
  readonly onGrown?: (organizationNo: number) => void;
}): GroupCommit {
  const { db, auditMac, clock } = parts;
  /** Of every organization that recorded anything since the start. */
  const lanes = new Map<number, Lane>();
  const idle = new Set<() => void>();
  const isBusy = watchOwnThread();
  let waitingEvents = 0;
  let waitingBytes = 0;

  /** Begins the next transaction, if there is anything for it and its turn has come. */
  function proceed(lane: Lane): void {
    if (lane.queue.length === 0) {
      if (waitingEvents === 0) becomeIdle();
      return;
    }
    if (lane.storing > 0 && !mayFollow(lane)) return;
    if (waitsForDisk(lane)) return;
    if (isGrowing(lane)) {
      call(lane);
      return;
    }
    // It settles every request or puts it back, whatever happens, so nothing can escape from here.
    void run(lane, takeBatch(lane));
  }

  /**
   * Whether the next transaction can go behind the one under way, on the same connection, where nothing can come between.
   * It waits for that one's flush too, so only a large one goes there.
   */
  function mayFollow({ storing, session, head, queue }: Lane): boolean {
    const [next] = queue;
    return storing === 1 && session?.isOpen === true && head !== undefined && next !== undefined && isLarge(next);
  }

  /** Then the next flush that is over calls. */
  function waitsForDisk({ unflushed, queue }: Lane): boolean {
    const [next] = queue;
    const isLittle = queue.length < MANY_REQUESTS && next !== undefined && !isLarge(next);
    return isLittle && unflushed >= UNFLUSHED_WHEN_BUSY && isBusy();
  }

  /**
   * Whether more are just coming: those who were answered together ask again together, and a transaction for the first of
   * them would only keep the others waiting. It lasts as long as each turn of the event loop brings another.
   */
  function isGrowing(lane: Lane): boolean {
    const { length } = lane.queue;
    const isFew = length < Math.min(lane.requestsBefore / 2, SPLIT_REQUESTS);
    const grew = isFew && length > lane.seen;
    lane.seen = grew ? length : 0;
    return grew;
  }

  /** Has the lane proceed at the end of this turn. */
  function call(lane: Lane): void {
    if (lane.isCalled) return;
    lane.isCalled = true;
    setImmediate(() => {
      lane.isCalled = false;
      proceed(lane);
    });
  }

  function becomeIdle(): void {
    for (const resolve of idle) resolve();
    idle.clear();
  }

  async function run(lane: Lane, batch: readonly Waiting[]): Promise<void> {
    let isCommitted = false;
    const before = lane.storing > 0 ? lane.session : undefined;
    lane.storing += 1;
    lane.unflushed += 1;
    lane.session = undefined;
    await store(lane, batch, before, () => {
      isCommitted = true;
      lane.storing -= 1;
      proceed(lane);
    });
    lane.unflushed -= 1;
    if (!isCommitted) lane.storing -= 1;
    proceed(lane);
  }

  /** @param onCommitted called at most once, and only if the batch is stored as one */
  async function store(
    lane: Lane,
    batch: readonly Waiting[],
    before: AppendSession | undefined,
    onCommitted: () => void,
  ): Promise<void> {
    const isBehind = lane.head?.macTurnNo === auditMac.current.turnNo;
    try {
      const placement = isBehind ? await storeBehind(lane, batch, before, onCommitted) : await storeLocked(lane, batch);
      for (const [index, waiting] of batch.entries()) settle(waiting, placement.outcomes[index]);
      parts.onGrown?.(lane.organizationNo);
    } catch (error) {
      lane.head = undefined;
      if (error instanceof StorageError || error instanceof KeyringError) {
        for (const waiting of batch) settle(waiting, asError(error));
      } else if (isBehind) {
        if (isHeadElsewhere(error)) lane.cautiousUntil = performance.now() + CAUTIOUS_MS;
        lane.queue.unshift(...batch);
      } else if (batch.length > 1) {
        // Something in one request broke the transaction: each on its own, so that only that one fails.
        for (const waiting of batch) await store(lane, [waiting], undefined, () => undefined);
      } else {
        for (const waiting of batch) settle(waiting, asError(error));
      }
    }
  }

  async function storeLocked(lane: Lane, batch: readonly Waiting[]): Promise<Placement> {
    const { organizationNo } = lane;
    const requests = batch.map((waiting) => waiting.events);
    const attempt = (): Promise<Placement> =>
      db.scoped(organizationNo, (tx) => appendEvents(tx, organizationNo, requests, auditMac, clock()), {
        // Where all of it was stored before, perhaps just now by another server, nothing else waits for the disk.
        settled: true,
      });
    const placement = await attempt().catch(async (error: unknown) => {
      const isBehind = error instanceof KeyringError && error.code === 'audit_key_behind';
      if (!isBehind || !(await auditMac.catchUp())) throw error;
      return attempt();
    });
    lane.head = performance.now() < lane.cautiousUntil ? undefined : placement.head;
    return placement;
  }

  async function storeBehind(
    lane: Lane,
    batch: readonly Waiting[],
    before: AppendSession | undefined,
    onCommitted: () => void,
  ): Promise<Placement> {
    const { organizationNo } = lane;
    const requests = batch.map((waiting) => waiting.events);
    const stored = await findStored(organizationNo, requests);
    const session = before?.isOpen === true ? before : await db.appendSession(organizationNo, batch.some(isLarge));
    try {
      const { head } = lane;
      const key = auditMac.current;
      if (head === undefined || head.macTurnNo !== key.turnNo) return await storeLocked(lane, batch);
      const placement = placeEvents({ organizationNo, head, key, stored, auditMac, now: clock() }, requests);
      if (placement.rows === undefined) return placement;
      const behind = appendBehind(organizationNo, head, placement.rows, placement.head);
      const appended = session.append({ ...behind, onCommitted });
      lane.head = placement.head;
      lane.session = session;
      proceed(lane);
      await appended;
      return placement;
    } finally {
      session.release();
    }
  }

  /** What the trail has of the ids that callers chose. One that comes in after this is found when its event is stored. */
  async function findStored(organizationNo: number, requests: Requests): Promise<StoredEvents> {
    const ids = callersIds(requests);
    if (ids.length === 0) return new Map();
    return db.scoped(organizationNo, (tx) => findEvents(tx, organizationNo, ids), { settled: true });
  }

  function settle(waiting: Waiting, outcome: RequestOutcome | undefined): void {
    waitingEvents -= waiting.events.length;
    waitingBytes -= waiting.weight;
    if (outcome instanceof Error) waiting.reject(outcome);
    else if (outcome !== undefined) waiting.resolve(outcome);
    else waiting.reject(new Error('a request was given no outcome'));
  }

  function laneOf(organizationNo: number): Lane {
    const known = lanes.get(organizationNo);
    if (known !== undefined) return known;
    const lane = {
      organizationNo,
      queue: [],
      storing: 0,
      unflushed: 0,
      session: undefined,
      head: undefined,
      cautiousUntil: 0,
      isCalled: false,
      requestsBefore: 0,
      seen: 0,
    };
    lanes.set(organizationNo, lane);
    return lane;
  }

  return {
    get waiting() {
      return waitingEvents;
    },
    record(organizationNo, events) {
      const weight = events.reduce((sum, event) => sum + weightOf(event), 0);
      if (waitingBytes + weight > MAX_WAITING_BYTES) {
        return Promise.reject(
          new TrailError('overloaded', 'More events wait to be stored than may wait; send these again in a moment.'),
        );
      }
      waitingEvents += events.length;
      waitingBytes += weight;
      return new Promise((resolve, reject) => {
        const lane = laneOf(organizationNo);
        lane.queue.push({ events, weight, resolve, reject });
        call(lane);
      });
    },
    moved: (organizationNo) => {
      const lane = lanes.get(organizationNo);
      if (lane !== undefined) lane.head = undefined;
    },
    drained: () => (waitingEvents === 0 ? Promise.resolve() : new Promise((resolve) => idle.add(resolve))),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('storing failed', { cause: error });
}

/**
 * Whole requests, at least one. Where all callers came to wait for the same transaction, half of them are taken: while
 * those are answered and ask again the others are stored, and neither this thread nor the database waits for the other.
 */
function takeBatch(lane: Lane): Waiting[] {
  const { queue, requestsBefore } = lane;
  const most = queue.length < SPLIT_REQUESTS ? queue.length : Math.ceil((queue.length + requestsBefore) / 2);
  let events = 0;
  let requests = 0;
  for (const waiting of queue) {
    events += waiting.events.length;
    if (requests > 0 && (requests === most || events > EVENTS_A_TRANSACTION)) break;
    requests += 1;
  }
  lane.requestsBefore = requests;
  return queue.splice(0, requests);
}
