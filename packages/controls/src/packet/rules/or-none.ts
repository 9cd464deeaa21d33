import type { NamedRule } from '../rule.ts';

/**
 * A rule of which no item is no gap, such as the triage of what was flagged where rules were on and flagged nothing. For
 * use beside a rule that has items.
 */
export function orNone({ name, parameters, judge }: NamedRule): NamedRule {
  return {
    name: 'or_none',
    parameters: { rule: { name, parameters } },
    judge: (context) => {
      const tally = judge(context);
      if (tally.population > 0) return tally;
      return { ...tally, missing: tally.missing.filter(({ reason }) => reason !== 'vacuous_scope') };
    },
  };
}
