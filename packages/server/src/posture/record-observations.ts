import { CLOCK_SKEW_SECONDS, parseTimestamp } from '@veritrail/formats';

import type { Caller, Ground } from '../tenancy/ground.ts';
import type { Queryable } from '../storage/database.ts';
import { canonicalText, type Plain } from './canonical-text.ts';
import {
  findLiveServices,
  lockObservations,
  newestSpans,
  putSpans,
  type ObservationSpan,
} from './observation-store.ts';
import { firstAhead, HAPPENED_IN_READINGS } from './happened-times.ts';
import { freshMs, OBSERVED_FACTS, type ObservedFact } from './observed-facts.ts';
import { PostureError } from './posture-error.ts';

export const MAX_OBSERVATIONS_A_REQUEST = 1000;

/** Whose reading it is: a program of the operator's, as it names itself. */
export interface CollectorRef {
  readonly id: string;
  readonly version: string;
}

/** What a collector read. Its value has the form that belongs to the fact; the door sees to that. */
export interface Reading {
  /** In lower case; ORGANIZATION_ITSELF for facts of the organization. */
  readonly serviceId: string;
  readonly fact: ObservedFact;
  readonly value: Plain;
  /** RFC 3339 in UTC, as `formatTimestamp` writes it. Now, if it isn't said. */
  readonly collectedAt: string | undefined;
}

/**
 * Keeps what a collector read, all of it or nothing. A reading that came after it stopped to count is refused: nobody can
 * fill in afterwards what was not looked at in time.
 *
 * @throws {PostureError} `service_unknown`, `observation_in_future`, `observation_out_of_order`, `observation_stale`
 */
export async function recordObservations(
  ground: Ground,
  caller: Caller,
  collector: CollectorRef,
  readings: readonly Reading[],
): Promise<{ readonly recorded: number; readonly spans_opened: number }> {
  const { no } = caller.organization;
  return ground.db.scoped(no, async (tx) => {
    await lockObservations(tx, no);
    const now = ground.clock();
    await refuseUnknownServices(tx, no, readings);
    const { spans, opened } = lengthen(await newestSpans(tx, no, distinct(readings)), collector, readings, now);
    await putSpans(tx, no, spans);
    await ground.recordDeed(tx, no, caller.actor, {
      action: 'CREATE',
      resourceType: 'observations',
      resourceId: collector.id,
      details: { collector: { ...collector }, facts: countByFact(readings) },
    });
    return { recorded: readings.length, spans_opened: opened };
  });
}

async function refuseUnknownServices(tx: Queryable, no: number, readings: readonly Reading[]): Promise<void> {
  const ofServices = readings.filter(({ fact }) => OBSERVED_FACTS[fact].of === 'service');
  const named = [...new Set(ofServices.map((reading) => reading.serviceId))];
  const live = await findLiveServices(tx, no, named);
  const unknown = named.find((id) => !live.has(id));
  if (unknown !== undefined) {
    throw new PostureError(
      'service_unknown',
      `There is no service ${unknown}; name those that the list of services shows.`,
    );
  }
}

function distinct(readings: readonly Reading[]): { service_id: string; fact: ObservedFact }[] {
  const found = readings.map((reading) => [keyOf(reading.serviceId, reading.fact), reading] as const);
  return [...new Map(found).values()].map((reading) => ({ service_id: reading.serviceId, fact: reading.fact }));
}

/** What the readings make of the newest spans, in the order in which they were sent. */
function lengthen(
  newest: readonly ObservationSpan[],
  collector: CollectorRef,
  readings: readonly Reading[],
  now: Date,
): { readonly spans: readonly ObservationSpan[]; readonly opened: number } {
  const current = new Map(newest.map((span) => [keyOf(span.service_id, span.fact), span]));
  const touched = new Map<string, ObservationSpan>();
  let opened = 0;
  for (const [index, reading] of readings.entries()) {
    const key = keyOf(reading.serviceId, reading.fact);
    const at = reading.collectedAt ?? now.toISOString();
    refuseUntimely(reading, at, now, index);
    const before = current.get(key);
    const value = canonicalText(reading.value);
    const same =
      before?.value === value && before.collector_id === collector.id && before.collector_version === collector.version;
    const gap = before === undefined ? 0 : microsOf(at) - microsOf(before.last_at);
    // The same reading sent again is the answer to a lost answer.
    if (gap < 0 || (before !== undefined && gap === 0 && !same)) {
      throw new PostureError(
        'observation_out_of_order',
        `Observation ${index} of ${reading.fact} is not newer than the one of ${before?.last_at ?? at} that is kept.`,
      );
    }
    const lengthened = same && gap <= freshMs(reading.fact) * 1000;
    if (!lengthened) opened += 1;
    const span: ObservationSpan = lengthened
      ? { ...before, last_at: at }
      : {
          service_id: reading.serviceId,
          fact: reading.fact,
          first_at: at,
          last_at: at,
          value,
          collector_id: collector.id,
          collector_version: collector.version,
        };
    current.set(key, span);
    touched.set(`${key} ${span.first_at}`, span);
  }
  return { spans: [...touched.values()], opened };
}

function refuseUntimely({ fact, value }: Reading, at: string, now: Date, index: number): void {
  const age = now.getTime() - microsOf(at) / 1000;
  if (age < -CLOCK_SKEW_SECONDS * 1000) {
    throw new PostureError(
      'observation_in_future',
      `Give observation ${index} a collected_at that is not in the future.`,
    );
  }
  const ahead = firstAhead(value, HAPPENED_IN_READINGS[fact], now);
  if (ahead !== undefined) {
    throw new PostureError(
      'observation_in_future',
      `Give observation ${index} a value whose ${ahead} is not in the future.`,
    );
  }
  if (age > freshMs(fact)) {
    throw new PostureError(
      'observation_stale',
      `A reading of ${fact} counts for ${OBSERVED_FACTS[fact].freshDays} × 24 hours; observation ${index} came later than that.`,
    );
  }
}

/** Exact until the year 2255, and what lies that far ahead is refused. */
function microsOf(time: string): number {
  const instant = parseTimestamp(time);
  if (instant === undefined) throw new RangeError('a time that was formatted before');
  return instant.seconds * 1_000_000 + instant.micros;
}

function keyOf(serviceId: string, fact: string): string {
  return `${serviceId} ${fact}`;
}

function countByFact(readings: readonly Reading[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fact } of readings) counts[fact] = (counts[fact] ?? 0) + 1;
  return counts;
}
