import { csvCell, formatSeconds, jsonString, readPostgresTimestamp } from '@veritrail/formats';

import { firstRowIn, isRow } from './read-rows.ts';

/** Bytes of one event at most, each of its texts escaped in full: its limits are in event-draft.ts. */
const MOST_ROW_BYTES = 512 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const DASH = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const Z = 0x5a;
/** Two hex digits of each byte, the first one in the lower half: words are written with the lower byte first. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [high = '', low = ''] = byte.toString(16).padStart(2, '0');
  return high.charCodeAt(0) | (low.charCodeAt(0) << 8);
});
/** Four at once of what must not stand in a string, or in a cell, as it is. */
const [QUOTES, BACKSLASHES, COMMAS] = [0x22222222, 0x5c5c5c5c, 0x2c2c2c2c];
/** Bytes that a JSON string has as they are; with those of characters beyond ASCII. */
const PLAIN_IN_JSON = tableOf((byte) => byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH);
/** Bytes that a CSV cell has as they are, wherever they stand but for its ends. */
const PLAIN_IN_CSV = tableOf((byte) => byte >= SPACE && !'",'.includes(String.fromCharCode(byte)));
/** Bytes that neither begin what a spreadsheet takes for a formula nor are white space. */
const PLAIN_AT_ENDS = tableOf((byte) => /[A-Za-z0-9_/:.()[\]{}*~]/.test(String.fromCharCode(byte)));

export interface ExportWriter {
  /** The rows that `copyRows` got, as they stand in the export. Each piece has memory of its own, as `memory` gave it. */
  write(rows: Buffer): Buffer[];
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
 * @param memory for a piece; more than the longest event takes
 */
export function createExportWriter(
  format: 'json' | 'csv',
  between: string,
  keyIdOf: (keyNo: number) => string,
  memory: () => Buffer,
): ExportWriter {
  const labels = format === 'json' ? JSON_LABELS : CSV_LABELS;
  const separator = wordsOf(between);
  const tails = new Map<number, Words>();
  let [events, lowest, highest] = [0, Infinity, -Infinity];
  // Events that came late were recorded on another day than they happened.
  const happened = { day: -1, text: wordsOf('') };
  const recorded = { day: -1, text: wordsOf('') };
  let out: Buffer = Buffer.alloc(0);
  let outView = viewOf(out);
  let at = 0;
  let rows: Buffer = Buffer.alloc(0);
  let view = viewOf(rows);
  let pos = 0;

  /** Up to three bytes too many, over which the next ones are written. */
  const put = ({ words, length }: Words): void => {
    const target = outView;
    let to = at;
    for (let index = 0; index < words.length; index += 1, to += 4) target.setInt32(to, words[index] as number, true);
    at += length;
  };
  const putText = (text: string): void => {
    at += out.write(text, at, 'utf8');
  };
  /** The bytes of the rows up to there, as they are. A call into the engine takes longer than most texts. */
  const copy = (end: number): void => {
    let from = pos;
    let to = at;
    for (const last = end - 4; from <= last; from += 4, to += 4) {
      outView.setInt32(to, view.getInt32(from, true), true);
    }
    while (from < end) out[to++] = rows[from++] as number;
    pos = end;
    at = to;
  };
  /** Steps over the length word. */
  const lengthOf = (): number => {
    pos += 4;
    return view.getInt32(pos - 4);
  };

  const jsonText = (): void => {
    const length = lengthOf();
    if (length === -1) return put(NULL);
    const end = pos + length;
    const source = rows;
    const target = out;
    let to = at;
    target[to++] = QUOTE;
    let from = pos;
    for (const last = end - 4; from <= last; from += 4, to += 4) {
      const word = view.getInt32(from, true);
      if (hasLow(word) || hasOf(word, QUOTES) || hasOf(word, BACKSLASHES)) break;
      outView.setInt32(to, word, true);
    }
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
    for (const last = end - 4; from <= last; from += 4, to += 4) {
      const word = view.getInt32(from, true);
      if (hasLow(word) || hasOf(word, QUOTES) || hasOf(word, COMMAS)) break;
      outView.setInt32(to, word, true);
    }
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
    if (format === 'json' || length === 2) copy(end);
    else {
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
    const length = lengthOf();
    copy(pos + length);
  };
  const hex = (bytes: number): void => {
    const source = rows;
    const target = outView;
    let to = at;
    for (let from = pos; from < pos + bytes; from += 1, to += 2) {
      target.setUint16(to, HEX_PAIRS[source[from] as number] as number, true);
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
      known.text = wordsOf(formatSeconds(known.day * 1000).slice(0, 11));
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
    if (value < 0 || value > 0x7fff_ffff) return putText(String(value));
    let rest = value;
    let end = at + 1;
    for (let power = 10; power <= value; power *= 10) end += 1;
    at = end;
    do {
      const tens = (rest / 10) | 0;
      out[--end] = ZERO + rest - tens * 10;
      rest = tens;
    } while (rest > 0);
  };
  const tail = (): Words => {
    const keyNo = view.getInt16(pos + 4);
    pos += 6;
    const known = tails.get(keyNo);
    if (known !== undefined) return known;
    const keyId = keyIdOf(keyNo);
    const made = wordsOf(format === 'json' ? `${labels.key}${jsonString(keyId)}}` : `,${keyId}\r\n`);
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
    write(copied) {
      rows = copied;
      view = viewOf(rows);
      pos = firstRowIn(rows);
      const pieces: Buffer[] = [];
      const close = (): void => {
        if (at > 0) pieces.push(out.subarray(0, at));
        at = 0;
      };
      out = Buffer.alloc(0);
      while (isRow(rows, pos)) {
        if (at + MOST_ROW_BYTES > out.length) {
          close();
          out = memory();
          outView = viewOf(out);
        }
        pos += 2;
        event();
      }
      close();
      return pieces;
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

/** A text that is written often: four bytes a word, the last one filled up with zeros. */
interface Words {
  readonly words: Int32Array;
  readonly length: number;
}

function wordsOf(text: string): Words {
  const bytes = Buffer.from(text);
  const view = viewOf(Buffer.concat([bytes, Buffer.alloc(3)]));
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => view.getInt32(4 * index, true));
  return { words, length: bytes.length };
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Whether one of four bytes is below 0x20. */
function hasLow(word: number): boolean {
  return ((word - 0x20202020) & ~word & 0x80808080) !== 0;
}

/** Whether one of four bytes is that one, which is given four times. */
function hasOf(word: number, four: number): boolean {
  const zeros = word ^ four;
  return ((zeros - 0x01010101) & ~zeros & 0x80808080) !== 0;
}

const NULL = wordsOf('null');
const JSON_LABELS = {
  ...allWordsOf({
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
const COMMA = wordsOf(',');
const CSV_LABELS: typeof JSON_LABELS = {
  ...allWordsOf({ id: '', action: ',', signature: ',sha256=' }),
  ...{ resourceType: COMMA, resourceId: COMMA, actorId: COMMA, actorUsername: COMMA, timestamp: COMMA },
  ...{ ipAddress: COMMA, userAgent: COMMA, details: COMMA, recordedAt: COMMA, sequence: COMMA },
  key: ',',
};

function allWordsOf<Name extends string>(texts: Readonly<Record<Name, string>>): Record<Name, Words> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, wordsOf(text)]);
  return Object.fromEntries(entries) as Record<Name, Words>;
}

function tableOf(holds: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0));
}
