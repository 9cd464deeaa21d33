/**
 * Where events wait to be stored: as the bytes that go out, outside the heap, where the garbage collector doesn't carry
 * them about. Those of one request lie together and go together.
 */
export class EventBytes {
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  readonly #chunkBytes: number;

  /** @param chunkBytes what to take at once; an event that needs more gets it */
  constructor(chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
  }

  /** Bytes that hold at least so many from `at` on. They are the caller's up to where `keep` then says. */
  room(bytes: number): { readonly chunk: Buffer; readonly at: number } {
    if (this.#at + bytes > this.#chunk.length) {
      this.#chunk = Buffer.allocUnsafe(Math.max(bytes, this.#chunkBytes));
      this.#at = 0;
    }
    return { chunk: this.#chunk, at: this.#at };
  }

  keep(end: number): void {
    this.#at = end;
  }
}
