import { hash } from 'node:crypto';

/** Before an entry when it is hashed (RFC 9162, 2.1.1), and between two when they are given out. */
const [LEAF_PREFIX, COMMA] = [0x00, 0x2c];

/**
 * Entries of a trail as UTF-8, one behind the other as in a JSON array. Each is hashed where it lies: to encode it for
 * the hash and once more for the answer takes longer than the hash.
 */
export class EntryWriter {
  #bytes: Buffer;
  /** Where the next entry's separator goes; the first one's isn't given out. */
  #at = 0;

  /** @param room for how many bytes; more is made when it is needed */
  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room);
  }

  /**
   * @param from holds the entry's opening from `start` to `end`
   * @param closing ASCII
   * @returns the leaf hash of the entry that both make, one byte a character. Format: docs/formats/audit-leaf.md
   */
  addLeaf(from: Buffer, start: number, end: number, closing: string): string {
    const separator = this.#begin(end - start + closing.length);
    const bytes = this.#bytes;
    bytes[separator] = LEAF_PREFIX;
    this.#at += from.copy(bytes, this.#at, start, end);
    this.#at += bytes.write(closing, this.#at, 'latin1');
    const leaf = hash('sha256', bytes.subarray(separator, this.#at), 'binary');
    bytes[separator] = COMMA;
    return leaf;
  }

  add(entry: Buffer): void {
    this.#begin(entry.length);
    this.#at += entry.copy(this.#bytes, this.#at);
  }

  entries(): Buffer {
    return this.#bytes.subarray(Math.min(1, this.#at), this.#at);
  }

  /** Makes room for an entry and its separator. @returns the separator's place */
  #begin(length: number): number {
    const start = this.#at;
    const end = start + 1 + length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    this.#bytes[start] = COMMA;
    this.#at = start + 1;
    return start;
  }
}
