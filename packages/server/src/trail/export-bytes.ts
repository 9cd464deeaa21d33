import type { Worker } from 'node:worker_threads';

import { startThread } from '../start-thread.ts';
import type { FromExportThread, ToExportThread, Written } from './export-thread.ts';

/** An export that a thread of its own writes (export-thread.ts), in the order of the calls. */
export interface ExportBytes {
  /** Memory for so many bytes of rows. */
  room(bytes: number): Buffer;
  /**
   * @param rows as `copyRows` got them, in memory from `room`, which it takes back
   * @param keyIds of every key that signed one of them
   * @returns pieces, each to be given back when its bytes are out
   */
  write(rows: Buffer, keyIds: ReadonlyMap<number, string>): Promise<readonly Buffer[]>;
  giveBack(piece: Buffer): void;
  /** All that is left, once nothing will be sent any longer. */
  giveBackAll(): void;
  /** Frees what the thread has of it. */
  end(close: string): Promise<Written>;
  /** The same, if nobody waits for the rest. */
  forget(): void;
}

interface Asked {
  readonly resolve: (answer: FromExportThread) => void;
  readonly reject: (error: Error) => void;
}

/** Rows take such steps, so that memory for them fits again. */
const STEP_BYTES = 512 * 1024;

/**
 * Memory that nothing needs any longer, for what is read and written next: V8 doesn't count what threads share, and so
 * would free it late. There is never more of it than the exports that ran needed at once.
 */
const kept = { rows: [] as SharedArrayBuffer[], pieces: [] as SharedArrayBuffer[] };

const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };

/** What each open export waits for, in order. */
const open = new Map<number, Asked[]>();
let thread: Worker | undefined;
let lastId = 0;

function writer(): Worker {
  if (thread !== undefined) return thread;
  const own = startThread(import.meta.url, 'export-thread', LIMITS);
  const fail = (error: Error): void => {
    if (thread === own) thread = undefined;
    for (const asked of open.values()) for (const { reject } of asked.splice(0)) reject(error);
  };
  own.on('message', (message: FromExportThread) => {
    const waiting = open.get(message.id)?.shift();
    if (message.type === 'error') waiting?.reject(new Error(message.message));
    else waiting?.resolve(message);
  });
  own.on('error', fail);
  own.on('exit', () => fail(new Error('the thread that writes exports has ended')));
  own.unref();
  thread = own;
  return own;
}

export function beginExport(layout: 'json' | 'csv', frame: { open: string; between: string }): ExportBytes {
  lastId += 1;
  const id = lastId;
  const own = writer();
  const asked: Asked[] = [];
  open.set(id, asked);
  own.ref();
  const tell = (message: ToExportThread): void => own.postMessage(message, []);
  const ask = (message: ToExportThread): Promise<FromExportThread> =>
    new Promise((resolve, reject) => {
      if (thread !== own) return reject(new Error('the thread that writes exports has ended'));
      asked.push({ resolve, reject });
      tell(message);
    });
  const forget = (): void => {
    if (!open.delete(id)) return;
    tell({ id, type: 'forget' });
    if (open.size === 0) own.unref();
  };
  tell({ id, type: 'begin', layout, open: frame.open, between: frame.between });
  /** Pieces that didn't come back yet. */
  const out = new Set<Buffer>();
  const giveBack = (piece: Buffer): void => {
    if (out.delete(piece)) keep(kept.pieces, piece);
  };
  return {
    room(bytes) {
      const index = kept.rows.findIndex(({ byteLength }) => byteLength >= bytes);
      const [fits] = index === -1 ? [] : kept.rows.splice(index, 1);
      return Buffer.from(fits ?? new SharedArrayBuffer(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES), 0, bytes);
    },
    async write(rows, keyIds) {
      const answer = await ask({ id, type: 'rows', rows, keyIds, memory: kept.pieces.splice(0) });
      keep(kept.rows, rows);
      if (answer.type !== 'pieces') throw new Error(`the thread that writes exports answered ${answer.type}`);
      const pieces = answer.pieces.map(({ buffer, byteOffset, length }) => Buffer.from(buffer, byteOffset, length));
      for (const piece of pieces) out.add(piece);
      return pieces;
    },
    giveBack,
    giveBackAll() {
      for (const piece of out) giveBack(piece);
    },
    async end(close) {
      const answer = await ask({ id, type: 'end', close });
      if (answer.type !== 'written') throw new Error(`the thread that writes exports answered ${answer.type}`);
      forget();
      return answer.written;
    },
    forget,
  };
}

function keep(where: SharedArrayBuffer[], { buffer }: Buffer): void {
  if (!(buffer instanceof SharedArrayBuffer)) throw new TypeError('not in memory that both threads see');
  where.push(buffer);
}
