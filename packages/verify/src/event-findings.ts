import {
  auditEventPayload,
  formatTimestamp,
  FormatError,
  parseAuditEvent,
  parseTimestamp,
  type AuditEvent,
  type Instant,
  type JsonValue,
} from '@veritrail/formats';

import { createEventOrder, type EventOrder } from './event-order.ts';
import { membersOf, quoted } from './input-text.ts';
import { isSameMac, type MacKey, type MacKeys } from './mac-keys.ts';
import { createSequenceSet, type SequenceSet } from './sequence-set.ts';

/** How often something was found, and where first. */
export interface Tally {
  count: number;
  /** Such as `Event 3, id "…"`; empty if there is none. */
  first: string;
}

/** What was found out about events one after the other, in a memory that doesn't grow with them. */
export interface EventFindings {
  readonly events: number;
  /** Not as the format has them; `reason` is of the first. */
  readonly misshapen: Tally & { reason: string };
  readonly validMacs: number;
  readonly invalidMacs: Tally;
  /** No secret fits, and none was given for the key that they name; `keyIds` are a few of those. */
  readonly unknownKeys: Tally & { readonly keyIds: ReadonlySet<string> };
  /** The MAC was made with another key than they name. */
  readonly misnamedKeys: Tally;
  /** Not the bytes that the server prints. */
  readonly reprinted: Tally;
  readonly repeated: Tally;
  readonly order: EventOrder;
  readonly sequences: SequenceSet;
  /** @param isAsPrinted whether the event stood in the input as the server prints it */
  judge(value: JsonValue, isAsPrinted: (event: AuditEvent) => boolean): void;
}

const MOST_KEY_IDS = 3;
const RECORDED_AT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function createEventFindings(keys: MacKeys): EventFindings {
  let events = 0;
  let validMacs = 0;
  const keyIds = new Set<string>();
  const misshapen = { count: 0, first: '', reason: '' };
  const invalidMacs = newTally();
  const unknownKeys = { ...newTally(), keyIds };
  const misnamedKeys = newTally();
  const reprinted = newTally();
  const repeated = newTally();
  const order = createEventOrder();
  const sequences = createSequenceSet();

  const note = (tally: Tally, value: JsonValue): void => {
    tally.count += 1;
    if (tally.count > 1) return;
    const id = membersOf(value)?.get('id');
    tally.first = `Event ${events}, id ${typeof id === 'string' ? quoted(id) : 'unreadable'}`;
  };

  const judgeMac = (event: AuditEvent, value: JsonValue): void => {
    const named = keys.find(event.signature_key_id);
    const payload = auditEventPayload(event);
    const fits = (key: MacKey): boolean => isSameMac(`sha256=${key.mac(payload)}`, event.signature);
    if (named !== undefined && fits(named)) {
      validMacs += 1;
    } else if (keys.all.some((key) => key !== named && fits(key))) {
      validMacs += 1;
      note(misnamedKeys, value);
    } else if (named !== undefined) {
      note(invalidMacs, value);
    } else {
      note(unknownKeys, value);
      if (keyIds.size < MOST_KEY_IDS) keyIds.add(event.signature_key_id);
    }
  };

  return {
    get events() {
      return events;
    },
    get validMacs() {
      return validMacs;
    },
    misshapen,
    invalidMacs,
    unknownKeys,
    misnamedKeys,
    reprinted,
    repeated,
    order,
    sequences,
    judge(value, isAsPrinted) {
      events += 1;
      const read = readEvent(value);
      if ('reason' in read) {
        note(misshapen, value);
        misshapen.reason ||= read.reason;
        return;
      }
      const { event, occurred } = read;
      if (!isAsPrinted(event)) note(reprinted, value);
      order.add(event, occurred, events);
      if (!sequences.add(event.sequence)) note(repeated, value);
      judgeMac(event, value);
    },
  };
}

function newTally(): Tally {
  return { count: 0, first: '' };
}

function readEvent(value: JsonValue): { event: AuditEvent; occurred: Instant } | { reason: string } {
  try {
    const event = parseAuditEvent(value);
    const occurred = parseTimestamp(event.timestamp);
    if (occurred === undefined || formatTimestamp(occurred) !== event.timestamp) {
      return { reason: 'Its timestamp is not a time as the format has it.' };
    }
    if (!RECORDED_AT.test(event.recorded_at) || parseTimestamp(event.recorded_at) === undefined) {
      return { reason: 'Its recorded_at is not a time as the format has it.' };
    }
    return { event, occurred };
  } catch (error) {
    if (error instanceof FormatError) return { reason: error.message };
    throw error;
  }
}
