import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

import { createExportWriter } from './export-writer.ts';

export type ToExportThread =
  | {
      readonly id: number;
      readonly type: 'begin';
      readonly layout: 'json' | 'csv';
      readonly open: string;
      readonly between: string;
    }
  | {
      readonly id: number;
      readonly type: 'rows';
      /** As `copyRows` got them. */
      readonly rows: Uint8Array;
      /** Of every key that signed one of them, by number. */
      readonly keyIds: ReadonlyMap<number, string>;
      /** For pieces. */
      readonly memory: readonly SharedArrayBuffer[];
    }
  | { readonly id: number; readonly type: 'end'; readonly close: string }
  | { readonly id: number; readonly type: 'forget' };

/** What an export held. */
export interface Written {
  readonly events: number;
  /** Lowest and highest sequence among the events; null when there are none. */
  readonly firstSequence: number | null;
  readonly lastSequence: number | null;
  /** Of all that was written, with its frame; lower-case hex. */
  readonly sha256: string;
}

/** One answer to each question but `begin` and `forget`, in their order. */
export type FromExportThread =
  | { readonly id: number; readonly type: 'pieces'; readonly pieces: readonly Uint8Array[] }
  | { readonly id: number; readonly type: 'written'; readonly written: Written }
  | { readonly id: number; readonly type: 'error'; readonly message: string };

/** Of memory for a piece. */
const PIECE_BYTES = 2 * 1024 * 1024;

/**
 * Writes exports and hashes them, so that neither keeps the main thread from its callers.
 *
 * Rows and pieces lie in memory that both threads see and use again. Handing memory over instead would make V8 look, at each
 * byte from then on, whether what it reads was handed over, which halves the speed of all of this.
 */
const port = parentPort;
if (port === null) throw new Error('this file is the body of a thread');
const open = new Map<number, (message: ToExportThread) => void>();
/** Of all exports, so that there is never more than they needed at once. */
const free: SharedArrayBuffer[] = [];
const memory = (): Buffer => Buffer.from(free.pop() ?? new SharedArrayBuffer(PIECE_BYTES));

port.on('message', (message: ToExportThread) => {
  const { id } = message;
  try {
    if (message.type === 'rows') free.push(...message.memory);
    if (message.type === 'begin') open.set(id, begin(message));
    else if (message.type === 'forget') open.delete(id);
    else open.get(id)?.(message);
  } catch (error) {
    open.delete(id);
    tell({ id, type: 'error', message: error instanceof Error ? error.message : String(error) });
  }
});

function tell(message: FromExportThread): void {
  port?.postMessage(message);
}

function begin(opening: ToExportThread & { type: 'begin' }): (message: ToExportThread) => void {
  const { id, layout, between } = opening;
  const sha256 = createHash('sha256').update(opening.open);
  let keyIds: ReadonlyMap<number, string> = new Map();
  const keyIdOf = (keyNo: number): string => {
    const keyId = keyIds.get(keyNo);
    if (keyId === undefined) throw new Error(`nobody said which key is number ${keyNo}`);
    return keyId;
  };
  const writer = createExportWriter(layout, between, keyIdOf, memory);
  return (message) => {
    if (message.type === 'rows') {
      const { buffer, byteOffset, length } = message.rows;
      keyIds = message.keyIds;
      const pieces = writer.write(Buffer.from(buffer, byteOffset, length));
      for (const piece of pieces) sha256.update(piece);
      tell({ id, type: 'pieces', pieces });
    } else if (message.type === 'end') {
      sha256.update(message.close);
      const { events, lowest: firstSequence, highest: lastSequence } = writer;
      tell({ id, type: 'written', written: { events, firstSequence, lastSequence, sha256: sha256.digest('hex') } });
    }
  };
}
