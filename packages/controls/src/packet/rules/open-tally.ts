import type { Basis, ServiceEvidence } from '../evidence.ts';
import type { FailingItem, ReasonCode } from '../packet.ts';
import type { MissingFact, Tally, UnknownItem } from '../rule.ts';

/** Notes what a rule finds, in the order in which it finds it. */
export interface OpenTally {
  fail(key: string, item: string, what: string, from?: string | null, to?: string | null): void;
  /** Without a reason: the fact isn't there. */
  unknown(key: string, item: string, what: string, reason?: ReasonCode): void;
  /** Unknown of the whole; completes "Needed: …". */
  missing(what: string, reason?: ReasonCode): void;
  rests(...bases: Basis[]): void;
  close(population: number): Tally;
}

export function openTally(): OpenTally {
  const failing: (FailingItem & { key: string })[] = [];
  const unknown: UnknownItem[] = [];
  const missing: MissingFact[] = [];
  const bases = new Set<string>();
  return {
    fail: (key, item, what, from = null, to = null) => failing.push({ key, item, what, from, to }),
    unknown: (key, item, what, reason = 'fact_missing') => unknown.push({ key, item, what, reason }),
    missing: (what, reason = 'fact_missing') => missing.push({ what, reason }),
    rests: (...more) => more.forEach((basis) => bases.add(basis)),
    close: (population) => ({ population, failing, unknown, missing, bases }),
  };
}

export function serviceItem(service: Pick<ServiceEvidence, 'name' | 'service_id'>): string {
  return `service ${service.name} (${service.service_id})`;
}
