import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext } from '../rule.ts';
import { dayOf, DAY_SECONDS, secondsOf, timeOf } from '../times.ts';
import type { Findings } from './tally.ts';

/** The share of expected looks below which nothing is said of a period. In hundredths: fractions don't sum exactly. */
export const MIN_COVERAGE_PERCENT = 95;

/** Says what keeps the daily looks from speaking for the whole period. */
export function checkSamples(
  { evidence, head }: JudgeContext,
  services: readonly ServiceEvidence[],
  found: Findings,
): void {
  const { taken, missing, expected } = evidence.samples;
  const days = new Set(taken.map(dayOf));
  const denominator = Math.max(expected, days.size + missing.filter((day) => !days.has(day)).length);
  if (denominator === 0 || days.size * 100 < denominator * MIN_COVERAGE_PERCENT) {
    found.lacks(
      `daily samples on at least ${MIN_COVERAGE_PERCENT} of 100 days (there are ${days.size} of ${denominator})`,
      'sample_coverage_low',
    );
  }
  const first = taken.toSorted()[0];
  const limit = timeOf(secondsOf(head.period_start) + DAY_SECONDS);
  const wasThere = services.some((service) => service.created_at <= head.period_start);
  if (wasThere && (first === undefined || first > limit)) {
    found.lacks('samples from the first day of the period on', 'history_shorter_than_period');
  }
}
