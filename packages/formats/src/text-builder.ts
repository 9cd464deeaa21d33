/** A long text made of many short pieces. */
export interface TextBuilder {
  tail: string;
  readonly flat: string[];
}

const FLATTEN_AT = 4096;

export function append(builder: TextBuilder, piece: string): void {
  builder.tail += piece;
  if (builder.tail.length > FLATTEN_AT) {
    // Engines keep `+=` as a tree of its pieces until a character is read; a tree of millions takes tens of bytes each.
    builder.tail.charCodeAt(0);
    builder.flat.push(builder.tail);
    builder.tail = '';
  }
}

export function builtText(builder: TextBuilder): string {
  return builder.flat.length === 0 ? builder.tail : builder.flat.join('') + builder.tail;
}
