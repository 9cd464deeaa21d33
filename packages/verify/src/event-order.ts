import type { AuditEvent, Instant } from '@veritrail/formats';

/** In which orders the events stand: each is undefined as long as it holds, then the position of the first that breaks it. */
export interface EventOrder {
  /** By time, then sequence, as in an export. */
  readonly oldestFirst: number | undefined;
  /** By time, then sequence, as on a page. */
  readonly newestFirst: number | undefined;
  /** By sequence, as in the answer to events that were recorded together. */
  readonly asRecorded: number | undefined;
  add(event: AuditEvent, occurred: Instant, position: number): void;
}

export function createEventOrder(): EventOrder {
  let last: { readonly occurred: Instant; readonly sequence: number } | undefined;
  let oldestFirst: number | undefined;
  let newestFirst: number | undefined;
  let asRecorded: number | undefined;
  return {
    get oldestFirst() {
      return oldestFirst;
    },
    get newestFirst() {
      return newestFirst;
    },
    get asRecorded() {
      return asRecorded;
    },
    add({ sequence }, occurred, position) {
      if (last !== undefined) {
        const later =
          occurred.seconds - last.occurred.seconds ||
          occurred.micros - last.occurred.micros ||
          sequence - last.sequence;
        if (later <= 0) oldestFirst ??= position;
        if (later >= 0) newestFirst ??= position;
        if (sequence <= last.sequence) asRecorded ??= position;
      }
      last = { occurred, sequence };
    },
  };
}
