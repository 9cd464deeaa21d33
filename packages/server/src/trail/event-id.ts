import { randomFillSync } from 'node:crypto';

import { v7 as uuidv7 } from 'uuid';

const BYTES_AN_ID = 16;
/** Drawn for many ids at once: a call for each would take longer than signing its event. */
const random = new Uint8Array(512 * BYTES_AN_ID);
let used = random.length;

/** A UUIDv7 (RFC 9562, 5.7) of now. Those of one millisecond are in no order. */
export function newEventId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  return uuidv7({ random: random.subarray(used, (used += BYTES_AN_ID)) });
}
