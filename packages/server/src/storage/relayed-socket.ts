import { Duplex } from 'node:stream';
import type { Worker } from 'node:worker_threads';

import { startThread } from '../start-thread.ts';
import type { FromRelay, ToRelay } from './relay-thread.ts';

/** Bytes from which memory is handed over: whoever writes so much can't use it afterwards. */
const LARGE_BYTES = 32 * 1024;

const open = new Map<number, RelayedSocket>();
let thread: Worker | undefined;
let lastId = 0;

const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

function relay(): Worker {
  if (thread !== undefined) return thread;
  const own = startThread(import.meta.url, 'relay-thread', LIMITS);
  own.on('message', (message: FromRelay) => open.get(message.id)?.receive(message));
  own.on('error', (error) => {
    for (const socket of open.values()) socket.destroy(error);
  });
  own.on('exit', () => {
    thread = undefined;
    for (const socket of open.values()) socket.destroy(new Error('the thread of the socket has ended'));
  });
  own.unref();
  thread = own;
  return own;
}

/** A connection to a Unix socket that a thread of its own keeps fed (relay-thread.ts). */
export class RelayedSocket extends Duplex {
  readonly #id = ++lastId;
  /** As Node's sockets count. */
  bytesRead = 0;

  constructor() {
    super({ allowHalfOpen: false });
  }

  connect(socketPath: string): this {
    open.set(this.#id, this);
    relay().ref();
    this.#tell({ id: this.#id, type: 'connect', path: socketPath });
    return this;
  }

  receive(message: FromRelay): void {
    if (message.type === 'connect') this.emit('connect');
    else if (message.type === 'data') {
      this.bytesRead += message.bytes.byteLength;
      this.push(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength));
    } else if (message.type === 'end') this.push(null);
    else if (message.type === 'error') this.destroy(Object.assign(new Error(message.message), { code: message.code }));
    else this.destroy();
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, callback: () => void): void {
    this.#send([bytes]);
    callback();
  }

  override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
    this.#send(chunks.map(({ chunk }) => chunk));
    callback();
  }

  override _final(callback: () => void): void {
    this.#tell({ id: this.#id, type: 'end' });
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#tell({ id: this.#id, type: 'destroy' });
    open.delete(this.#id);
    if (open.size === 0) thread?.unref();
    callback(error);
  }

  #send(pieces: readonly Buffer[]): void {
    for (const piece of pieces) {
      const isLarge = piece.length >= LARGE_BYTES;
      // A small one lies in memory that it shares with others, all of which would go along.
      const bytes = isLarge ? piece : Uint8Array.from(piece);
      this.#tell({ id: this.#id, type: 'write', bytes }, isLarge ? [piece.buffer as ArrayBuffer] : []);
    }
  }

  #tell(message: ToRelay, transfer: readonly ArrayBuffer[] = []): void {
    thread?.postMessage(message, transfer);
  }
}
