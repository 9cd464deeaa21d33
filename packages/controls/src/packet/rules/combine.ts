import type { FailedItem, MissingFact, NamedRule, Tally, UnknownItem } from '../rule.ts';

/** All of `rules`, each with items of its own: their populations add up. */
export function allOf(...rules: readonly NamedRule[]): NamedRule {
  return {
    name: 'all_of',
    parameters: { rules: rules.map(described) },
    judge: (context) => {
      const tallies = rules.map((rule, i) => prefixed(rule.judge(context), `${i}:`));
      return merged(
        tallies,
        tallies.reduce((sum, tally) => sum + tally.population, 0),
      );
    },
  };
}

/** All of `rules` over the same items, told by key: an item that one of them fails is failing once. */
export function sameItems(...rules: readonly NamedRule[]): NamedRule {
  return {
    name: 'same_items',
    parameters: { rules: rules.map(described) },
    judge: (context) => {
      const tallies = rules.map((rule) => rule.judge(context));
      return merged(tallies, Math.max(0, ...tallies.map((tally) => tally.population)));
    },
  };
}

/**
 * What the other rules rest on, without items of its own: whatever it finds failing or unknown keeps the status from
 * `attested` and is no contradiction, such as a trail that diverged for what is counted in it.
 */
export function resting(rule: NamedRule): NamedRule {
  return {
    name: 'resting_on',
    parameters: { rule: described(rule) },
    judge: (context) => {
      const tally = rule.judge(context);
      const missing: MissingFact[] = [
        ...tally.failing.map(({ item, what, reason }) => ({
          what: `${item}: ${what}`,
          reason: reason ?? 'item_failed',
        })),
        ...tally.unknown.map(({ item, what, reason }) => ({ what: `${what} (for ${item})`, reason })),
        ...tally.missing,
      ];
      return { population: 0, failing: [], unknown: [], missing, bases: tally.bases };
    },
  };
}

function described({ name, parameters }: NamedRule): { name: string; parameters: unknown } {
  return { name, parameters };
}

function prefixed(tally: Tally, prefix: string): Tally {
  return {
    ...tally,
    failing: tally.failing.map((item): FailedItem => ({ ...item, key: prefix + item.key })),
    unknown: tally.unknown.map((item): UnknownItem => ({ ...item, key: prefix + item.key })),
  };
}

function merged(tallies: readonly Tally[], population: number): Tally {
  return {
    population,
    failing: tallies.flatMap((tally) => tally.failing),
    unknown: tallies.flatMap((tally) => tally.unknown),
    missing: tallies.flatMap((tally) => tally.missing),
    bases: new Set(tallies.flatMap((tally) => [...tally.bases])),
  };
}
