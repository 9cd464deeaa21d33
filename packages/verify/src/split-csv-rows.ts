import { createByteBuffer } from './byte-buffer.ts';
import { InputError } from './input-text.ts';
import { MAX_EVENT_BYTES, type Splitter } from './split-json-events.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/**
 * Cuts CSV (RFC 4180) where a line ends outside of quotes. Each row must have its line end: without the last one nobody
 * could tell whether the last cell is whole.
 *
 * @param onRow gets each row's bytes with its line end, good until it returns
 */
export function createCsvSplitter(onRow: (bytes: Uint8Array) => void): Splitter {
  const kept = createByteBuffer();
  let inQuotes = false;
  let rows = 0;
  const keep = (bytes: Uint8Array): void => {
    if (kept.length + bytes.length > MAX_EVENT_BYTES) {
      throw new InputError(`Row ${rows + 1} is longer than ${MAX_EVENT_BYTES} bytes.`);
    }
    kept.append(bytes);
  };
  return {
    push(chunk) {
      let start = 0;
      for (let at = 0; at < chunk.length; at++) {
        const code = chunk[at];
        if (code === QUOTE) inQuotes = !inQuotes;
        if (code !== LINE_FEED || inQuotes) continue;
        const bytes = chunk.subarray(start, at + 1);
        if (kept.length > 0) keep(bytes);
        rows += 1;
        start = at + 1;
        onRow(kept.length > 0 ? kept.take() : bytes);
      }
      keep(chunk.subarray(start));
    },
    finish() {
      if (kept.length > 0) throw new InputError('It ends inside a row: it was cut off, or the export broke off.');
    },
  };
}
