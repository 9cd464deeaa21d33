import type { Collector, Span } from '@veritrail/controls';

import { listObservationSpans, ORGANIZATION_ITSELF, type ObservationSpan } from '../../posture/observation-store.ts';
import { freshMs, type ObservedFact } from '../../posture/observed-facts.ts';
import type { Queryable } from '../../storage/database.ts';
import { buildSpans, type Stretch } from './build-spans.ts';
import type { GiveWay } from './give-way.ts';
import type { ObservedFacts } from './gather-services.ts';
import type { Period } from './period.ts';

export interface GatheredObservations {
  readonly of: (serviceId: string) => ObservedFacts;
  readonly organization: ObservedFacts;
  readonly collectors: readonly Collector[];
}

/** What collectors read, as spans: from the first reading of a value until the last one is no longer fresh. */
export async function gatherObservations(
  tx: Queryable,
  organizationNo: number,
  period: Period,
  giveWay: GiveWay,
): Promise<GatheredObservations> {
  const rows = await listObservationSpans(tx, organizationNo, new Date(period.start), new Date(period.before));
  const collectors = new Map<string, Collector>();
  const bySubject = new Map<string, Map<ObservedFact, ObservationSpan[]>>();
  for (const row of rows) {
    const id = collectorOf(row);
    collectors.set(id, { id, version: row.collector_version });
    const facts = bySubject.get(row.service_id) ?? new Map<ObservedFact, ObservationSpan[]>();
    const known = facts.get(row.fact);
    if (known === undefined) facts.set(row.fact, [row]);
    else known.push(row);
    bySubject.set(row.service_id, facts);
  }
  const spans = new Map<string, ObservedFacts>();
  for (const [subject, facts] of bySubject) {
    spans.set(subject, spansOf(facts, period));
    await giveWay();
  }
  // A service may have the id that stands for the organization; the facts of the two have other names.
  return {
    of: (serviceId) => spans.get(serviceId) ?? {},
    organization: spans.get(ORGANIZATION_ITSELF) ?? {},
    collectors: [...collectors.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

function spansOf(
  facts: ReadonlyMap<ObservedFact, readonly ObservationSpan[]>,
  period: Period,
): Record<string, readonly Span<unknown>[]> {
  return Object.fromEntries(
    [...facts].map(([fact, rows]) => {
      const fresh = freshMs(fact);
      const stretches: Stretch<unknown>[] = rows.map((row, index) => {
        const last = Date.parse(row.last_at);
        const next = rows[index + 1];
        const to = Math.min(last + fresh, next === undefined ? Infinity : Date.parse(next.first_at));
        const value: unknown = JSON.parse(row.value);
        return { from: Date.parse(row.first_at), to, value, collectedAt: last, collector: collectorOf(row) };
      });
      return [fact, buildSpans(stretches, period, { basis: 'observed', freshMs: fresh })];
    }),
  );
}

/** One id for a collector in one version, so that a span names both. */
function collectorOf(row: ObservationSpan): string {
  return `${row.collector_id}@${row.collector_version}`;
}
