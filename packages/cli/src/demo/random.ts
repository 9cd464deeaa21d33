import { createHash } from 'node:crypto';

/** A stream of numbers that a seed fixes, so that a demo is the same on every machine. Never for secrets. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number, both bounds included. */
  whole(least: number, most: number): number;
  /** `digits` after the point. */
  decimal(least: number, most: number, digits: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/** sfc32 (PractRand): small, fast, and free of patterns that anybody would see. */
export function seeded(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, counter] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) as [number, number, number, number];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    decimal: (least, most, digits) => Number((least + next() * (most - least)).toFixed(digits)),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: (probability) => next() < probability,
  };
}

/** Picks in proportion to each item's weight. */
export function weighted<T extends { readonly weight: number }>(items: readonly T[]): (random: Random) => T {
  let sum = 0;
  const bounds = items.map((item) => (sum += item.weight));
  return (random) => {
    const at = random.next() * sum;
    const item = items[bounds.findIndex((bound) => at < bound)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
}

/** A UUID that a name fixes: version 8, RFC 9562 section 5.8. */
export function namedId(name: string): string {
  const hex = createHash('sha256').update(`veritrail demo ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
