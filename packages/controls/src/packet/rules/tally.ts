import type { ServiceEvidence } from '../evidence.ts';
import type { ReasonCode } from '../packet.ts';
import type { FailedItem, MissingFact, Tally, UnknownItem } from '../rule.ts';
import { quoted } from '../text.ts';

/** What a rule collects while it looks; its readonly form is its answer. */
export class Findings implements Tally {
  population = 0;
  readonly failing: FailedItem[] = [];
  readonly unknown: UnknownItem[] = [];
  readonly missing: MissingFact[] = [];
  readonly bases = new Set<string>();

  /** An item of the population; what it fails or leaves open is said through the answer. */
  item(key: string, item: string): ItemFindings {
    this.population++;
    return {
      fails: (what, from = null, to = null, reason) => {
        this.failing.push({ key, item, what, from, to, ...(reason === undefined ? {} : { reason }) });
      },
      leavesOpen: (what, reason = 'fact_missing') => {
        this.unknown.push({ key, item, what, reason });
      },
    };
  }

  lacks(what: string, reason: ReasonCode): this {
    this.missing.push({ what, reason });
    return this;
  }
}

export interface ItemFindings {
  readonly fails: (what: string, from?: string | null, to?: string | null, reason?: ReasonCode) => void;
  /** @param what in words that complete "Needed: … (for service “orders”)" */
  readonly leavesOpen: (what: string, reason?: ReasonCode) => void;
}

export function serviceItem(service: ServiceEvidence): string {
  return `service ${quoted(service.name)} (${service.service_id})`;
}
