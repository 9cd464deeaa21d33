import { csvCell, formatSeconds, jsonString, readPostgresTimestamp } from '@veritrail/formats';

import { firstRowIn, isRow } from './read-rows.ts';

/** Bytes of one event at most, each of its texts escaped in full: its limits are in event-draft.ts. */
const MOST_ROW_BYTES = 512 * 1024;
const PIECE_BYTES = 128 * 1024;
/** Cut into pieces one after the other. */
const SLAB_BYTES = 2 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DASH = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const Z = 0x5a;
const HEX = Buffer.from('0123456789abcdef');
/** Bytes that a JSON string has as they are; with those of characters beyond ASCII. */
const PLAIN_IN_JSON = tableOf((byte) => byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH);
/** Bytes that a CSV cell has as they are, wherever they stand but for its ends. */
const PLAIN_IN_CSV = tableOf((byte) => byte >= SPACE && !'",'.includes(String.fromCharCode(byte)));
/** Bytes that neither begin what a spreadsheet takes for a formula nor are white space. */
const PLAIN_AT_ENDS = tableOf((byte) => /[A-Za-z0-9_/:.()[\]{}*~]/.test(String.fromCharCode(byte)));

export interface ExportWriter {
  /** The rows that `copyOut` got, as they stand in the export, piece by piece. */
  pieces(rows: Buffer): Generator<Buffer>;
  readonly events: number;
  /** Of the sequences so far; null when there are none. */
  readonly lowest: number | null;
  readonly highest: number | null;
}

/**
 * Writes what formatAuditEvent and formatAuditEventCsv do, to the byte, but from bytes to bytes: making texts of what
 * comes as UTF-8 and leaves as UTF-8 would take more than all the rest of an export.
 *
 * @param between what stands between two events
 * @param keyIdOf turns a row's key number into the key's id
 */
export function createExportWriter(
  format: 'json' | 'csv',
  between: string,
  keyIdOf: (keyNo: number) => string,
): ExportWriter {
  const labels = format === 'json' ? JSON_LABELS : CSV_LABELS;
  const separator = Buffer.from(between);
  const tails = new Map<number, Buffer>();
  let [events, lowest, highest] = [0, Infinity, -Infinity];
  // Events that came late were recorded on another day than they happened.
  const happened = { day: -1, text: Buffer.alloc(0) };
  const recorded = { day: -1, text: Buffer.alloc(0) };
  let out = Buffer.allocUnsafe(SLAB_BYTES);
  /** Where the piece begins that is being written. */
  let begin = 0;
  let at = 0;
  let rows: Buffer = Buffer.alloc(0);
  let view = new DataView<ArrayBufferLike>(new ArrayBuffer(0));
  let pos = 0;

  const put = (bytes: Uint8Array): void => {
    const target = out;
    let to = at;
    for (let index = 0; index < bytes.length; index += 1) target[to++] = bytes[index] as number;
    at = to;
  };
  const putText = (text: string): void => {
    at += out.write(text, at, 'utf8');
  };
  /** Steps over the length word. */
  const lengthOf = (): number => {
    pos += 4;
    return view.getInt32(pos - 4);
  };

  const jsonText = (): void => {
    const length = lengthOf();
    if (length === -1) return putText('null');
    const end = pos + length;
    const source = rows;
    const target = out;
    let to = at;
    target[to++] = QUOTE;
    let from = pos;
    for (; from < end; from += 1) {
      const byte = source[from] as number;
      if (PLAIN_IN_JSON[byte] === 0) break;
      target[to++] = byte;
    }
    if (from < end) putText(jsonString(rows.toString('utf8', pos, end)));
    else {
      target[to++] = QUOTE;
      at = to;
    }
    pos = end;
  };
  const csvText = (): void => {
    const length = lengthOf();
    if (length === -1) return;
    const end = pos + length;
    const plainEnds =
      length > 0 && PLAIN_AT_ENDS[rows[pos] as number] === 1 && PLAIN_AT_ENDS[rows[end - 1] as number] === 1;
    let from = plainEnds ? pos : end + 1;
    const source = rows;
    const target = out;
    let to = at;
    for (; from < end; from += 1) {
      const byte = source[from] as number;
      if (PLAIN_IN_CSV[byte] === 0) break;
      target[to++] = byte;
    }
    if (from === end) at = to;
    else putText(csvCell(rows.toString('utf8', pos, end)));
    pos = end;
  };
  /** Canonical JSON text of an object: in CSV it is quoted for its quotes, and what else it holds needs no care. */
  const details = (): void => {
    const length = lengthOf();
    const end = pos + length;
    if (format === 'json' || length === 2) {
      rows.copy(out, at, pos, end);
      at += length;
    } else {
      const source = rows;
      const target = out;
      let to = at;
      target[to++] = QUOTE;
      for (let from = pos; from < end; from += 1) {
        const byte = source[from] as number;
        target[to++] = byte;
        if (byte === QUOTE) target[to++] = QUOTE;
      }
      target[to++] = QUOTE;
      at = to;
    }
    pos = end;
  };
  const verbatim = (): void => {
    const end = lengthOf() + pos;
    while (pos < end) out[at++] = rows[pos++] as number;
  };
  const hex = (bytes: number): void => {
    const source = rows;
    const target = out;
    let to = at;
    for (let from = pos; from < pos + bytes; from += 1) {
      const byte = source[from] as number;
      target[to++] = HEX[byte >> 4] as number;
      target[to++] = HEX[byte & 15] as number;
    }
    at = to;
    pos += bytes;
  };
  const uuid = (): void => {
    pos += 4;
    hex(4);
    for (let group = 0; group < 3; group += 1) {
      out[at++] = DASH;
      hex(2);
    }
    out[at++] = DASH;
    hex(6);
  };
  const two = (value: number): void => {
    const tens = (value / 10) | 0;
    out[at++] = ZERO + tens;
    out[at++] = ZERO + value - tens * 10;
  };
  /** As formatTimestamp has it, or formatMilliseconds. */
  const time = (known: typeof happened, places: 'as needed' | 'three'): void => {
    const { seconds, micros } = readPostgresTimestamp(rows, pos + 4);
    pos += 12;
    const ofDay = seconds % 86_400;
    if (seconds - ofDay !== known.day) {
      known.day = seconds - ofDay;
      known.text = Buffer.from(formatSeconds(known.day * 1000).slice(0, 11));
    }
    put(known.text);
    const minutes = (ofDay / 60) | 0;
    const hours = (minutes / 60) | 0;
    two(hours);
    out[at++] = COLON;
    two(minutes - hours * 60);
    out[at++] = COLON;
    two(ofDay - minutes * 60);
    if (places === 'three' || micros > 0) {
      const thousands = (micros / 1000) | 0;
      const hundreds = (thousands / 100) | 0;
      out[at++] = POINT;
      out[at++] = ZERO + hundreds;
      two(thousands - hundreds * 100);
      if (places === 'as needed') {
        const rest = micros - thousands * 1000;
        const tenths = (rest / 100) | 0;
        out[at++] = ZERO + tenths;
        two(rest - tenths * 100);
        while (out[at - 1] === ZERO) at -= 1;
      }
    }
    out[at++] = Z;
  };
  const sequence = (): void => {
    const value = view.getInt32(pos + 4) * 0x1_0000_0000 + view.getUint32(pos + 8);
    pos += 12;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    const text = String(value);
    for (let index = 0; index < text.length; index += 1) out[at++] = text.charCodeAt(index);
  };
  const tail = (): Buffer => {
    const keyNo = view.getInt16(pos + 4);
    pos += 6;
    const known = tails.get(keyNo);
    if (known !== undefined) return known;
    const keyId = keyIdOf(keyNo);
    const made = Buffer.from(format === 'json' ? `${labels.key}${jsonString(keyId)}}` : `,${keyId}\r\n`);
    tails.set(keyNo, made);
    return made;
  };

  const text = format === 'json' ? jsonText : csvText;
  const event = (): void => {
    if (events > 0) put(separator);
    events += 1;
    put(labels.id);
    uuid();
    put(labels.action);
    verbatim();
    put(labels.resourceType);
    text();
    put(labels.resourceId);
    text();
    put(labels.actorId);
    text();
    put(labels.actorUsername);
    text();
    put(labels.timestamp);
    time(happened, 'as needed');
    put(labels.ipAddress);
    text();
    put(labels.userAgent);
    text();
    put(labels.details);
    details();
    put(labels.signature);
    pos += 4;
    hex(32);
    put(labels.recordedAt);
    time(recorded, 'three');
    put(labels.sequence);
    sequence();
    put(tail());
  };

  return {
    *pieces(copied) {
      rows = copied;
      view = new DataView(rows.buffer, rows.byteOffset, rows.length);
      pos = firstRowIn(rows);
      let more = isRow(rows, pos);
      while (more) {
        pos += 2;
        event();
        more = isRow(rows, pos);
        if (more && at - begin < PIECE_BYTES) continue;
        const piece = out.subarray(begin, at);
        begin = at;
        if (SLAB_BYTES - at < PIECE_BYTES + MOST_ROW_BYTES) {
          // Whoever has pieces of the old one may hold them for a while.
          out = Buffer.allocUnsafe(SLAB_BYTES);
          begin = 0;
          at = 0;
        }
        yield piece;
      }
    },
    get events() {
      return events;
    },
    get lowest() {
      return events === 0 ? null : lowest;
    },
    get highest() {
      return events === 0 ? null : highest;
    },
  };
}

const JSON_LABELS = {
  ...bytesOf({
    id: '{"id":"',
    action: '","action":"',
    resourceType: '","resource_type":',
    resourceId: ',"resource_id":',
    actorId: ',"actor_id":',
    actorUsername: ',"actor_username":',
    timestamp: ',"timestamp":"',
    ipAddress: '","ip_address":',
    userAgent: ',"user_agent":',
    details: ',"details":',
    signature: ',"signature":"sha256=',
    recordedAt: '","recorded_at":"',
    sequence: '","sequence":',
  }),
  key: ',"signature_key_id":',
};
const COMMA = Buffer.from(',');
const CSV_LABELS: typeof JSON_LABELS = {
  ...bytesOf({ id: '', action: ',', signature: ',sha256=' }),
  ...{ resourceType: COMMA, resourceId: COMMA, actorId: COMMA, actorUsername: COMMA, timestamp: COMMA },
  ...{ ipAddress: COMMA, userAgent: COMMA, details: COMMA, recordedAt: COMMA, sequence: COMMA },
  key: ',',
};

function bytesOf<Name extends string>(texts: Readonly<Record<Name, string>>): Record<Name, Buffer> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, Buffer.from(text)]);
  return Object.fromEntries(entries) as Record<Name, Buffer>;
}

function tableOf(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0));
}
