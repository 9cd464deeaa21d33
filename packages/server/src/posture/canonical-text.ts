import type { DeedDetail } from '../tenancy/ground.ts';

/** Plain JSON without fractions. */
export type Plain = DeedDetail;

/**
 * One text for equal values: compact, members sorted by name. Of values without fractions and lone surrogates, which is
 * all that comes here, it is what RFC 8785 prints.
 */
export function canonicalText(value: Plain): string {
  if (isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalText(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** `Array.isArray` doesn't narrow readonly arrays. */
function isArray(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
