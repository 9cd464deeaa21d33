import { formatAuditEvent, formatAuditEventCsv, type AuditEvent, type JsonValue } from '@veritrail/formats';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

import { decodeUtf8, InputError, membersOf, readJson } from './input-text.ts';
import { checkCsvHeader, readCsvEvent } from './read-csv-event.ts';
import { readEnvelope, type Envelope } from './read-envelope.ts';
import { createCsvSplitter } from './split-csv-rows.ts';
import { createJsonSplitter } from './split-json-events.ts';

/** One event; an export as a JSON array, as one event a line, or as CSV; or an answer with `items`. */
export type EventsInput = { readonly kind: 'event' | 'array' | 'lines' | 'csv' } | Envelope;

export interface EventReader {
  /** @throws {InputError} where the input can't be relied on; the reader is of no use afterwards */
  push(chunk: Uint8Array): void;
  /** @throws {InputError} */
  finish(): EventsInput;
}

/** @param isAsPrinted whether the event stands in the input as the server prints it */
export type OnEvent = (value: JsonValue, isAsPrinted: (event: AuditEvent) => boolean) => void;

/** The first letter of the header `id,action,…`; JSON begins otherwise. */
const CSV_START = 0x69;

/** Reads events in any of their forms, and holds no more than one of them at a time. */
export function createEventReader(onEvent: OnEvent): EventReader {
  let reader: EventReader | undefined;
  return {
    push(chunk) {
      if (chunk.length === 0) return;
      reader ??= chunk[0] === CSV_START ? createCsvReader(onEvent) : createJsonReader(onEvent);
      reader.push(chunk);
    },
    finish() {
      if (reader === undefined) throw new InputError('It is empty.');
      return reader.finish();
    },
  };
}

function createJsonReader(onEvent: OnEvent): EventReader {
  let objects = 0;
  let envelope: Envelope | undefined;
  const splitter = createJsonSplitter((bytes) => {
    objects += 1;
    const text = decodeUtf8(bytes);
    const value = readJson(text);
    const items = splitter.frame === 'objects' ? membersOf(value)?.get('items') : undefined;
    if (Array.isArray(items)) {
      // An answer whose items a tool has moved behind its other members: within the bounds of one object it is read too.
      envelope = readEnvelope(value);
      for (const item of items) onEvent(item, () => false);
    } else {
      onEvent(value, (event) => formatAuditEvent(event) === text);
    }
    if (envelope !== undefined && objects > 1) throw new InputError('Something stands beside the answer.');
  });
  return {
    push: splitter.push,
    finish() {
      splitter.finish();
      if (splitter.frame === 'array') return { kind: 'array' };
      if (splitter.frame === 'objects') return envelope ?? { kind: objects === 1 ? 'event' : 'lines' };
      // The items were read before; what is left of the answer is JSON only if the whole was.
      return readEnvelope(readJson(decodeUtf8(concatBytes(utf8ToBytes('{"items":[]'), splitter.tail))));
    },
  };
}

function createCsvReader(onEvent: OnEvent): EventReader {
  let isHeader = true;
  const splitter = createCsvSplitter((bytes) => {
    const row = decodeUtf8(bytes);
    if (isHeader) checkCsvHeader(row);
    else onEvent(readCsvEvent(row), (event) => formatAuditEventCsv(event) === row);
    isHeader = false;
  });
  return {
    push: splitter.push,
    finish() {
      splitter.finish();
      return { kind: 'csv' };
    },
  };
}
