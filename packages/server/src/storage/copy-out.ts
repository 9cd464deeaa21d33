import pg from 'pg';

import { COPY_DATA } from './copy-in.ts';

type OnData = (bytes: Buffer) => void;

/** What this uses of the driver's connection. */
interface Connection {
  readonly stream: {
    /** Of a LocalSocket. */
    isBorrowed?: boolean;
    listeners(event: 'data'): OnData[];
    on(event: 'data', listener: OnData): void;
    off(event: 'data', listener: OnData): void;
  };
  query(text: string): void;
}

/** Types of messages: PostgreSQL manual, Message Formats. */
const COPY_OUT_RESPONSE = 0x48;
/** NoticeResponse, NotificationResponse and ParameterStatus, which may come at any time. */
const BESIDE = new Set([0x4e, 0x41, 0x53]);
/** Its type and its length. */
const MESSAGE_HEADER = 5;

/** Where the answer to a COPY goes. */
export interface CopyRoom {
  /** About as many bytes as will come. */
  readonly expected: number;
  /** Gives memory for so many. */
  take(bytes: number): Buffer;
}

/**
 * `COPY … TO STDOUT` whose whole answer is in memory. Each piece from the socket is copied once and lies where it will be
 * read; an object a row, as drivers make it, would take longer than the rest.
 */
class CopyOut extends pg.Query {
  readonly #text: string;
  readonly #room: CopyRoom;
  #bytes: Buffer;
  /** Data before this, then what came and wasn't looked at yet. */
  #kept = 0;
  #at = 0;
  #filled = 0;
  /** Of a message's data, how much is still to come. */
  #left = 0;

  constructor(text: string, room: CopyRoom, callback: (error: Error | undefined) => void) {
    super(text, callback);
    this.#text = text;
    this.#room = room;
    this.#bytes = room.take(room.expected);
  }

  /** All of the data, once the driver says that it is complete. */
  get data(): Buffer {
    return this.#bytes.subarray(0, this.#kept);
  }

  override submit = (connection: pg.Connection): void => {
    const { stream, query } = connection as unknown as Connection;
    const drivers = stream.listeners('data');
    const toDriver = (bytes: Buffer): void => {
      for (const listener of drivers) listener(bytes);
    };
    // Each piece is copied as it comes.
    stream.isBorrowed = true;
    const onData = (piece: Buffer): void => {
      this.#take(piece);
      if (!this.#look(toDriver)) return;
      stream.isBorrowed = false;
      for (const listener of drivers) stream.on('data', listener);
      stream.off('data', onData);
      // The end of the data or an error, and what follows: a copy, since the driver may keep it.
      toDriver(Buffer.from(this.#bytes.subarray(this.#at, this.#filled)));
    };
    stream.on('data', onData);
    for (const listener of drivers) stream.off('data', listener);
    query.call(connection, this.#text);
  };

  #take(piece: Buffer): void {
    const needed = this.#filled + piece.length;
    if (needed > this.#bytes.length) {
      const larger = this.#room.take(Math.max(needed, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#filled);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#filled);
    this.#filled = needed;
  }

  /** @returns whether what is next is the driver's */
  #look(toDriver: OnData): boolean {
    const bytes = this.#bytes;
    const filled = this.#filled;
    for (;;) {
      if (this.#left > 0) {
        const end = Math.min(this.#at + this.#left, filled);
        bytes.copyWithin(this.#kept, this.#at, end);
        this.#kept += end - this.#at;
        this.#left -= end - this.#at;
        this.#at = end;
      }
      if (filled - this.#at < MESSAGE_HEADER) return false;
      const type = bytes[this.#at] ?? 0;
      const length = bytes.readUInt32BE(this.#at + 1) + 1;
      if (type === COPY_DATA) {
        this.#at += MESSAGE_HEADER;
        this.#left = length - MESSAGE_HEADER;
        continue;
      }
      if (type !== COPY_OUT_RESPONSE && !BESIDE.has(type)) return true;
      if (filled - this.#at < length) return false;
      if (type !== COPY_OUT_RESPONSE) toDriver(Buffer.from(bytes.subarray(this.#at, this.#at + length)));
      this.#at += length;
    }
  }
}

const ORDINARY: CopyRoom = { expected: 64 * 1024, take: (bytes) => Buffer.allocUnsafe(bytes) };

/**
 * Not for connections in pipeline mode, where answers to other statements may come first.
 *
 * @param text `COPY … TO STDOUT`; its query limits how much comes
 * @throws {pg.DatabaseError}
 */
export function copyOut(
  client: Pick<pg.ClientBase, 'query'>,
  text: string,
  room: CopyRoom = ORDINARY,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const copy: CopyOut = new CopyOut(text, room, (error) => {
      // The driver gives null for no error.
      if (error instanceof Error) reject(error);
      else resolve(copy.data);
    });
    client.query(copy);
  });
}
