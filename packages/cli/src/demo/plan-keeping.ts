import { planDeclarations, type DemoDeclaration } from './declarations.ts';

/** What is kept about services beside their own history, at `at` milliseconds since the Unix epoch. */
export type PlannedKeeping = { readonly at: number } & (
  | { readonly kind: 'sample' }
  | { readonly kind: 'observe' }
  | { readonly kind: 'declare'; readonly declaration: DemoDeclaration }
);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const SAMPLED_AT = 6 * MINUTE;
/** Three days on which no server ran. */
const MISSED_DAYS_AGO = [231, 230, 229];
/** Since when there has been a collector, and when it comes by. Twice a day, since most readings count for a day. */
const OBSERVED_DAYS = 120;
const OBSERVED_AT = [6 * HOUR + 20 * MINUTE, 18 * HOUR + 20 * MINUTE];
const DECLARED_AT = 13 * HOUR;

/** In time order. Nothing in it is random. */
export function planKeeping(start: number, end: number): PlannedKeeping[] {
  const midnight = (daysAgo: number): number => end - daysAgo * DAY - (end % DAY);
  const days = Array.from({ length: Math.ceil((end - start) / DAY) + 1 }, (_, daysAgo) => daysAgo);
  // The first comes with the organization.
  const samples = [
    start,
    ...days.filter((daysAgo) => !MISSED_DAYS_AGO.includes(daysAgo)).map((daysAgo) => midnight(daysAgo) + SAMPLED_AT),
  ].map((at) => ({ kind: 'sample', at }) as const);
  const observations = days
    .filter((daysAgo) => daysAgo <= OBSERVED_DAYS)
    .flatMap((daysAgo) => OBSERVED_AT.map((time) => ({ kind: 'observe', at: midnight(daysAgo) + time }) as const));
  const declarations = planDeclarations(end).map((declaration, index) => {
    const at = midnight(declaration.daysAgo) + DECLARED_AT + index * MINUTE;
    return { kind: 'declare', at, declaration } as const;
  });
  return [...samples, ...observations, ...declarations]
    .filter(({ at }) => at >= start && at < end)
    .toSorted((one, other) => one.at - other.at);
}
