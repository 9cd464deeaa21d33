/**
 * What a path such as `services[*].tls_enabled` names inside the evidence of a packet, each with a name to read: that of
 * the record that it stands in, where it has one.
 */
export function recordsAt(evidence: unknown, path: string): { readonly at: string; readonly value: unknown }[] {
  let found: { at: string; value: unknown }[] = [{ at: '', value: evidence }];
  for (const [, member, every] of path.matchAll(/([^.[\]]+)((?:\[\*\])*)\.?/g)) {
    found = found.flatMap(({ at, value }) => {
      if (typeof value !== 'object' || value === null) return [];
      const next = (value as Record<string, unknown>)[member ?? ''];
      const step = { at: at === '' ? (member ?? '') : `${at}.${member}`, value: next };
      if (every === undefined || every === '') return next === undefined ? [] : [step];
      if (!Array.isArray(next)) return [];
      return next.map((one: unknown, index) => ({ at: nameOf(one) ?? `${step.at}[${index}]`, value: one }));
    });
  }
  return found;
}

function nameOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { name, day, sequence } = record as Record<string, unknown>;
  if (typeof name === 'string') return name;
  if (typeof day === 'string') return day;
  return typeof sequence === 'number' ? `event ${sequence}` : undefined;
}
