/** A long text in UTF-8 that comes bit by bit: nothing is copied while it grows, and once to where it is needed whole. */
export interface TextPieces {
  /** Bytes so far. */
  readonly length: number;
  add(text: string): void;
  copyTo(target: Buffer, at: number): void;
}

const PIECE_BYTES = 1 << 18;
/** No character of a JavaScript string takes more in UTF-8. */
const MOST_BYTES_A_UNIT = 3;

export function createTextPieces(): TextPieces {
  const full: Buffer[] = [];
  let fullBytes = 0;
  let piece = Buffer.alloc(0);
  let used = 0;

  function begin(size: number): void {
    full.push(piece.subarray(0, used));
    fullBytes += used;
    piece = Buffer.allocUnsafeSlow(size);
    used = 0;
  }

  return {
    get length() {
      return fullBytes + used;
    },
    add(text) {
      const most = text.length * MOST_BYTES_A_UNIT;
      if (most > piece.length - used) begin(Math.max(PIECE_BYTES, Buffer.byteLength(text)));
      used += piece.write(text, used);
    },
    copyTo(target, at) {
      let end = at;
      for (const one of full) end += one.copy(target, end);
      piece.copy(target, end, 0, used);
    },
  };
}
