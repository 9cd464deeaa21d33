import type { ServiceEvidence, Span } from '@veritrail/controls';
import { formatSeconds, residencyOf } from '@veritrail/formats';

import type { ZoneCatalogue } from '../../posture/zone-catalogue.ts';
import type { Queryable } from '../../storage/database.ts';
import { runsOf } from '../../storage/read-portions.ts';
import { buildSpans, type Stretch } from './build-spans.ts';
import type { GiveWay } from './give-way.ts';
import { withinPacketSize } from './packet-size.ts';
import type { Period } from './period.ts';
import {
  countBackups,
  readBackupGaps,
  readVersionsWithin,
  type BackupCountRow,
  type GapRow,
  type ScheduleWindow,
  type ServiceVersionRow,
} from './service-history-store.ts';

export const PLATFORM_RECORDS = 'platform-records';
export const DERIVED = 'veritrail';

const DAY_MS = 86_400_000;
/** A completed backup may be this much later than the schedule's interval. */
const RECENCY_FACTOR = 1.5;
const INTERVAL_SECONDS = { hourly: 3600, daily: 86_400, weekly: 604_800 } as const;
const MOST_GAPS = 1000;

/** What collectors sent about a service, ready as spans by fact. */
export type ObservedFacts = Partial<Record<string, readonly Span<unknown>[]>>;

export interface ServiceParts {
  readonly zones: ZoneCatalogue;
  readonly period: Period;
  /** When this is read: what is in force now was read now. */
  readonly now: number;
  /** When the daily samples of the period were taken, in milliseconds, oldest first. */
  readonly sampledAt: readonly number[];
  /** By service: seconds from its newest completed backup to each sample. */
  readonly backupAges: ReadonlyMap<string, readonly (number | null)[]>;
  readonly observed: (serviceId: string) => ObservedFacts;
  readonly giveWay: GiveWay;
}

/**
 * Every service that existed at some time of the period, with what was true of it from when to when. One that ended and was
 * made again under its old id is two: what was asked of the first when it ended must not vanish with that.
 */
export async function gatherServices(
  tx: Queryable,
  organizationNo: number,
  parts: ServiceParts,
): Promise<ServiceEvidence[]> {
  const { period } = parts;
  const drafts: Draft[] = [];
  const versions = withinPacketSize(readVersionsWithin(tx, organizationNo, period));
  const isOfOneLife = (version: ServiceVersionRow, first: ServiceVersionRow): boolean =>
    version.service_id === first.service_id && !version.begins;
  for await (const life of runsOf(versions, isOfOneLife)) {
    drafts.push(describe(life, parts));
    await parts.giveWay();
  }
  const windows = drafts.map((draft) => scheduleWindows(draft, period));
  const draftOf = windows.flatMap((own, draft) => own.map(() => draft));
  const gaps = drafts.map((): Gaps => ({ first: [], total: 0 }));
  for await (const portion of readBackupGaps(tx, organizationNo, windows.flat())) {
    for (const gap of portion) noteGap(gaps[draftOf[gap.window] ?? -1], gap);
    await parts.giveWay();
  }
  const counts = await countBackups(tx, organizationNo, lifetimes(drafts, period));
  return drafts.map((draft, index) => ({
    ...draft,
    backups: describeBackups(draft.service_id, parts, counts[index], gaps[index]),
  }));
}

/** From when to when backups are those of each: of the first life of a service all before its end, of the last all after. */
function lifetimes(drafts: readonly Draft[], { start, before }: Period): Parameters<typeof countBackups>[2] {
  return drafts.map((draft, index) => {
    const [last, next] = [drafts[index - 1], drafts[index + 1]];
    const from = last?.service_id === draft.service_id ? draft.created_at : start;
    const to = next?.service_id === draft.service_id ? next.created_at : before;
    return { serviceId: draft.service_id, from, to };
  });
}

/** The oldest gaps, and how many there are. */
interface Gaps {
  readonly first: GapRow[];
  total: number;
}

function noteGap(of: Gaps | undefined, gap: GapRow): void {
  if (of === undefined) throw new Error('a gap without a window');
  of.total += 1;
  if (of.first.length < MOST_GAPS) of.first.push(gap);
}

type Draft = Omit<ServiceEvidence, 'backups'>;

function describe(history: readonly [ServiceVersionRow, ...ServiceVersionRow[]], parts: ServiceParts): Draft {
  const { period, zones } = parts;
  const [first] = history;
  const last = history.at(-1) ?? first;
  // Where the life began before what is listed, the service itself says when; unless that is of a later life.
  const created = first.begins || first.created_at > first.valid_from ? first.valid_from : first.created_at;
  const ended = last.ends ? last.valid_to : last.valid_to === null ? null : last.deleted_at;
  const read = stretches(history, parts);
  const observed = { basis: 'observed', freshMs: DAY_MS } as const;
  const derived = { basis: 'derived', freshMs: DAY_MS } as const;
  const spans = <T>(value: (version: ServiceVersionRow) => T | undefined): Span<T>[] =>
    buildSpans(read(value, PLATFORM_RECORDS), period, observed);
  const countries = buildSpans(
    read((version) => countriesOf(version.zones, zones), DERIVED),
    period,
    derived,
  );
  const facts = parts.observed(last.service_id);
  const fact = <T>(name: string): readonly Span<T>[] => (facts[name] ?? []) as readonly Span<T>[];
  const backupZones = fact<readonly string[]>('backup_zones');
  const unknown = new Set(history.flatMap((version) => version.zones.filter((zone) => zones.find(zone) === undefined)));
  return {
    service_id: last.service_id,
    name: last.name,
    database_type: last.database_type,
    created_at: second(created),
    ended_at: ended === null ? null : second(ended),
    zones: spans((version) => [...version.zones]),
    storage_encrypted_at_rest: spans((version) => version.storage_encrypted_at_rest),
    backup_encryption: spans((version) => version.backup_encryption ?? undefined),
    tls_enabled: spans((version) => version.tls_enabled),
    backup_schedule: spans((version) => version.backup_schedule),
    backup_retention_days: spans((version) => version.backup_retention_days),
    countries,
    residency: countries.flatMap((span) => {
      const value = residencyOf(span.value, period.end);
      return value === undefined ? [] : [{ ...span, value }];
    }),
    unknown_zones: [...unknown].sort(),
    tls_required: fact('tls_required'),
    tls_min_version: fact('tls_min_version'),
    tls_certificate_not_after: fact('tls_certificate_not_after'),
    auth_required: fact('auth_required'),
    network_exposure: fact('network_exposure'),
    storage_cipher: fact('storage_cipher'),
    backup_zones: backupZones,
    backup_countries: backupZones.flatMap((span) => {
      const value = countriesOf(span.value, zones);
      return value === undefined ? [] : [{ ...span, value, basis: 'derived' as const, collector: DERIVED }];
    }),
    availability_topology: fact('availability_topology'),
    capacity: fact('capacity'),
    version_and_patch: fact('version_and_patch'),
    backup_integrity_check: fact('backup_integrity_check'),
    log_store: fact('log_store'),
  };
}

/**
 * A record holds until it is replaced, and each daily sample reads it again; the one in force is read now. So a value
 * counts as read at the last sample that saw it, or when it was written.
 */
function stretches(history: readonly ServiceVersionRow[], { sampledAt, now }: ServiceParts) {
  return <T>(value: (version: ServiceVersionRow) => T | undefined, collector: string): Stretch<T>[] =>
    history.map((version) => {
      const from = Date.parse(version.valid_from);
      const to = version.valid_to === null ? Infinity : Date.parse(version.valid_to);
      const seen = sampledAt.findLast((at) => at >= from && at < to) ?? from;
      return { from, to, value: value(version), collector, collectedAt: to === Infinity ? now : seen };
    });
}

/** Sorted, each once; undefined while any zone is unknown or there is none: nothing is shown then. */
function countriesOf(zones: readonly string[], catalogue: ZoneCatalogue): string[] | undefined {
  const found = zones.map((zone) => catalogue.find(zone)?.country);
  if (found.length === 0 || found.includes(undefined)) return undefined;
  return [...new Set(found as string[])].sort();
}

function scheduleWindows(service: Draft, period: Period): ScheduleWindow[] {
  return service.backup_schedule.flatMap((span, index, spans) => {
    const limitSeconds = limitOf(span.value);
    if (limitSeconds === undefined) return [];
    const before = spans[index - 1];
    // A schedule that became tighter begins anew. One that became looser doesn't: else changing it to and fro would hide
    // that there are no backups.
    const carriesOn =
      before === undefined
        ? span.from === period.start && service.created_at < period.start
        : before.to === span.from && (limitOf(before.value) ?? Infinity) <= limitSeconds;
    return [{ serviceId: service.service_id, from: span.from, to: span.to, limitSeconds, carriesOn }];
  });
}

/** Seconds without a completed backup that the schedule allows; undefined where there is none. */
function limitOf(schedule: ServiceVersionRow['backup_schedule']): number | undefined {
  return schedule === 'none' ? undefined : INTERVAL_SECONDS[schedule] * RECENCY_FACTOR;
}

function describeBackups(
  serviceId: string,
  parts: ServiceParts,
  counted: BackupCountRow | undefined,
  { first, total }: Gaps = { first: [], total: 0 },
): ServiceEvidence['backups'] {
  const last = counted?.last_completed_at ?? null;
  return {
    completed: counted?.completed ?? 0,
    failed: counted?.failed ?? 0,
    last_completed_at: last === null ? null : second(last),
    age_at_samples: parts.backupAges.get(serviceId) ?? parts.sampledAt.map(() => null),
    gaps: first.map((gap) => ({
      from: second(gap.from_at),
      to: second(gap.to_at),
      limit_seconds: gap.limit_seconds,
    })),
    gaps_total: total,
  };
}

export function second(time: string): string {
  return formatSeconds(Date.parse(time));
}
