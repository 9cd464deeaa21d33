/** Bytes that are kept from one chunk to the next. Takes copies, since a chunk's memory is its giver's. */
export interface ByteBuffer {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** Empties the buffer. The view is good until the next append. */
  take(): Uint8Array;
  view(): Uint8Array;
}

export function createByteBuffer(): ByteBuffer {
  let memory = new Uint8Array(4096);
  let length = 0;
  const view = (): Uint8Array => memory.subarray(0, length);
  return {
    get length() {
      return length;
    },
    append(bytes) {
      const needed = length + bytes.length;
      if (needed > memory.length) {
        // At least doubled, so that many small chunks cost no more than a few large ones.
        const larger = new Uint8Array(Math.max(needed, memory.length * 2));
        larger.set(view());
        memory = larger;
      }
      memory.set(bytes, length);
      length = needed;
    },
    take() {
      const taken = view();
      length = 0;
      return taken;
    },
    view,
  };
}
