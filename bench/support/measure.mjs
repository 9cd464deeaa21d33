/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {readonly number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Median, lowest and highest. */
export function spread(values) {
  return { value: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Round by round, so that what else the machine did in a round is in both. */
export function ratios(numerators, denominators) {
  return spread(numerators.map((value, round) => value / denominators[round]));
}

/**
 * A B C, B C A, C A B …: what drifts on the machine, or with the size of the table, hits every variant alike.
 *
 * @template T
 * @param {readonly string[]} variants
 * @param {{rounds: number, warmUp?: number}} counts
 * @param {(variant: string, round: number) => Promise<T>} measure
 * @returns {Promise<Record<string, T[]>>} by variant, one result a round; those of the warm-up are dropped
 */
export async function interleaved(variants, { rounds, warmUp = 1 }, measure) {
  const results = Object.fromEntries(variants.map((variant) => [variant, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (let turn = 0; turn < variants.length; turn += 1) {
      const variant = variants[(turn + round + warmUp) % variants.length];
      const result = await measure(variant, round);
      if (round >= 0) results[variant].push(result);
    }
  }
  return results;
}
