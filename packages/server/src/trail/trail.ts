import { setImmediate as nextTurn } from 'node:timers/promises';

import { canonicalJson } from '@veritrail/formats';

import { inTurn } from '../in-turn.ts';
import type { AuditMac } from '../keyring/audit-mac.ts';
import type { Database } from '../storage/database.ts';
import type { Actor } from '../tenancy/principal.ts';
import type { Deed, RecordDeed } from '../tenancy/ground.ts';
import { appendEvents, formatStoredEvent, type RecordedEvents } from './append-events.ts';
import { insertDeed, isDeedKept } from './deed-store.ts';
import { EventBytes } from './event-bytes.ts';
import type { EventDraft } from './event-draft.ts';
import type { GroupCommit } from './group-commit.ts';
import { prepareEvent, type PreparedEvent } from './prepare-event.ts';
import type { EventFilter } from './event-filter.ts';
import { listEvents } from './list-events.ts';
import { findEvents } from './trail-store.ts';

export interface EventPage {
  /** Each event's entry, ready to be sent. */
  readonly items: readonly string[];
  readonly total: number;
}

/** One organization's append-only sequence of audit events: what happened, by whom, in which order. */
export interface Trail {
  /** Signs and stores events that callers state. Resolves when they are durable. */
  record(organizationNo: number, drafts: readonly EventDraft[]): Promise<RecordedEvents>;
  /** For what only reads, such as a report: its event is durable before the answer leaves. */
  recordReading(organizationNo: number, actor: Actor, deed: Deed): Promise<void>;
  find(organizationNo: number, id: string): Promise<string | undefined>;
  list(organizationNo: number, filter: EventFilter, page: { limit: number; offset: number }): Promise<EventPage>;
}

/** Of the row and the entry of an ordinary event. */
const COMMON_EVENT_BYTES = 1500;
const MOST_BYTES_AT_ONCE = 128 * 1024;
/** In such bytes and those of details: a millisecond or so. */
const WORK_A_TURN = 160 * 1024;

export function createTrail(parts: {
  readonly db: Database;
  readonly groupCommit: GroupCommit;
  readonly auditMac: AuditMac;
  readonly clock: () => Date;
}): Trail {
  const { db, groupCommit, auditMac, clock } = parts;
  const prepare = async (drafts: readonly EventDraft[]): Promise<PreparedEvent[]> => {
    const now = clock();
    const bytes = new EventBytes(Math.min(drafts.length * COMMON_EVENT_BYTES, MOST_BYTES_AT_ONCE));
    const events: PreparedEvent[] = [];
    let work = 0;
    for (const draft of drafts) {
      // Whoever else waits for this thread, above all the transaction before, doesn't wait for a thousand signatures.
      if (work > WORK_A_TURN) {
        await nextTurn();
        work = 0;
      }
      events.push(prepareEvent(draft, auditMac, now, bytes));
      work += COMMON_EVENT_BYTES + draft.detailsText.length;
    }
    return events;
  };
  const record: Trail['record'] = async (organizationNo, drafts) => {
    const isLong = drafts.length * COMMON_EVENT_BYTES > WORK_A_TURN;
    const events = isLong ? await inTurn('begun', () => prepare(drafts)) : await prepare(drafts);
    return groupCommit.record(organizationNo, events);
  };
  return {
    record,
    recordReading: async (organizationNo, actor, deed) => {
      await record(organizationNo, [draftOf(actor, deed)]);
    },
    find: (organizationNo, id) =>
      db.scoped(
        organizationNo,
        async (tx) => {
          const event = (await findEvents(tx, organizationNo, [id])).get(id);
          if (event === undefined) return undefined;
          return formatStoredEvent(event, auditMac);
        },
        { settled: true },
      ),
    list: (organizationNo, filter, page) =>
      db.scoped(
        organizationNo,
        async (tx) => {
          const { events, total } = await listEvents(tx, organizationNo, filter, page);
          return { items: events.map((event) => formatStoredEvent(event, auditMac)), total };
        },
        { snapshot: true, settled: true },
      ),
  };
}

/** How the deeds of tenancy and posture reach the trail: in their own transaction, as its last statement. */
export function createRecordDeed(
  auditMac: AuditMac,
  clock: () => Date,
  onGrown?: (organizationNo: number) => void,
): RecordDeed {
  return async (tx, organizationNo, actor, deed) => {
    const now = clock();
    const event = prepareEvent(draftOf(actor, deed), auditMac, now);
    const { outcomes, head } = await appendEvents(tx, organizationNo, [[event]], auditMac, now);
    const [outcome] = outcomes;
    if (outcome instanceof Error) throw outcome;
    // Its event is the last before the new head. A row of its own is nothing that another transaction waits for.
    if (isDeedKept(deed.resourceType)) await insertDeed(tx, organizationNo, deed.resourceType, head.nextSequence - 1);
    onGrown?.(organizationNo);
  };
}

export function draftOf(actor: Actor, deed: Deed): EventDraft {
  return {
    id: undefined,
    action: deed.action,
    resource_type: deed.resourceType,
    resource_id: deed.resourceId,
    actor_id: actor.id,
    actor_username: actor.username,
    occurred: undefined,
    ip_address: actor.ipAddress,
    user_agent: actor.userAgent,
    // Through the same door as what callers send, so that one canonical form is all there is.
    detailsText: canonicalJson(JSON.stringify(deed.details)),
  };
}
