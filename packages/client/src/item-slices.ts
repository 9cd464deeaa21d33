const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const START = Buffer.from('{"items":[');

/**
 * The bytes of each element of `{"items":[…]}`, cut out and never printed again, since an event's bytes are what can be
 * checked. Undefined if the body isn't of that form.
 */
export function itemSlices(body: Buffer): Buffer[] | undefined {
  if (!body.subarray(0, START.length).equals(START)) return undefined;
  const items: Buffer[] = [];
  let depth = 0;
  let from = START.length;
  for (let at = START.length; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = endOfString(body, at);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === 0) from = at;
      depth += 1;
    } else if (byte === CLOSE_BRACKET && depth === 0) {
      return at + 2 === body.length && body[at + 1] === CLOSE_BRACE ? items : undefined;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) items.push(body.subarray(from, at + 1));
    }
  }
  return undefined;
}

/** Of the closing quote. */
function endOfString(body: Buffer, start: number): number {
  let at = body.indexOf(QUOTE, start + 1);
  for (; at !== -1; at = body.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (body[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return body.length;
}
