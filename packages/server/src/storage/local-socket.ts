import { Socket, type OnReadOpts } from 'node:net';

/** As much as a socket reads at once. */
const READ_BYTES = 64 * 1024;

/**
 * A socket that reads into the same memory again and again. Node makes sixty-four kilobytes anew for each read, and
 * reading millions of rows then has the garbage collector look at everything ten times a second.
 */
export class LocalSocket extends Socket {
  /** Whether what comes may be passed on as it lies: whoever listens copies it at once. Else it is copied before. */
  isBorrowed = false;

  constructor() {
    const onread: OnReadOpts = {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length, memory) => this.#receive(Buffer.from(memory.buffer, memory.byteOffset, length)),
    };
    // Its types know this option only where sockets connect at once.
    super({ onread } as ConstructorParameters<typeof Socket>[0]);
  }

  #receive(bytes: Buffer): boolean {
    if (!this.isBorrowed) return this.push(Buffer.from(bytes));
    this.emit('data', bytes);
    return true;
  }
}
