import type { Collector, Span } from '@veritrail/controls';

import { ORGANIZATION_ITSELF, readObservationSpans, type ObservationSpan } from '../../posture/observation-store.ts';
import { freshMs, type ObservedFact } from '../../posture/observed-facts.ts';
import type { Queryable } from '../../storage/database.ts';
import { runsOf } from '../../storage/read-portions.ts';
import { buildSpans, type Stretch } from './build-spans.ts';
import type { GiveWay } from './give-way.ts';
import type { ObservedFacts } from './gather-services.ts';
import { withinPacketSize } from './packet-size.ts';
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
  const collectors = new Map<string, Collector>();
  const subjects = new Map<string, Record<string, readonly Span<unknown>[]>>();
  const rows = readObservationSpans(tx, organizationNo, new Date(period.start), new Date(period.before));
  const isOfOneFact = (row: ObservationSpan, first: ObservationSpan): boolean =>
    row.fact === first.fact && row.service_id === first.service_id;
  for await (const run of runsOf(withinPacketSize(rows), isOfOneFact)) {
    const [{ service_id: subject, fact }] = run;
    for (const row of run) {
      const id = collectorOf(row);
      collectors.set(id, { id, version: row.collector_version });
    }
    subjects.set(subject, { ...subjects.get(subject), [fact]: spansOf(fact, run, period) });
    await giveWay();
  }
  // A service may have the id that stands for the organization; the facts of the two have other names.
  return {
    of: (serviceId) => subjects.get(serviceId) ?? {},
    organization: subjects.get(ORGANIZATION_ITSELF) ?? {},
    collectors: [...collectors.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

function spansOf(fact: ObservedFact, rows: readonly ObservationSpan[], period: Period): Span<unknown>[] {
  const fresh = freshMs(fact);
  const stretches: Stretch<unknown>[] = rows.map((row, index) => {
    const last = Date.parse(row.last_at);
    const next = rows[index + 1];
    const to = Math.min(last + fresh, next === undefined ? Infinity : Date.parse(next.first_at));
    const value: unknown = JSON.parse(row.value);
    return { from: Date.parse(row.first_at), to, value, collectedAt: last, collector: collectorOf(row) };
  });
  return buildSpans(stretches, period, { basis: 'observed', freshMs: fresh });
}

/** One id for a collector in one version, so that a span names both. */
function collectorOf(row: ObservationSpan): string {
  return `${row.collector_id}@${row.collector_version}`;
}
