import { randomFillSync } from 'node:crypto';

const COUNTER_END = 0x1000;

/**
 * UUIDs of version 7 (RFC 9562, 5.7) that only grow: within a millisecond, and when the clock goes back, the 12 bits of
 * `rand_a` count on (RFC 9562, 6.2, method 1). The other 62 bits are random, so two processes don't meet.
 */
export function createUuidV7(clock: () => Date): () => string {
  const random = Buffer.alloc(8);
  let last = -1;
  let counter = 0;
  return () => {
    randomFillSync(random);
    const now = clock().getTime();
    if (now > last) {
      last = now;
      // Starts in the lower half, so that there is room to count.
      counter = random.readUInt16BE(0) & 0x7ff;
    } else {
      counter += 1;
      if (counter === COUNTER_END) {
        last += 1;
        counter = 0;
      }
    }
    randomFillSync(random);
    random[0] = (random.readUInt8(0) & 0x3f) | 0x80;
    const time = last.toString(16).padStart(12, '0');
    const tail = random.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
