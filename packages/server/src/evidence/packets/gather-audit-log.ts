import type { AuditLogEvidence, Declarations, Span } from '@veritrail/controls';
import { AUDIT_ACTIONS, parseTimestamp, type AuditAction, type Instant } from '@veritrail/formats';

import { listTurnKeys } from '../../keyring/keyring-store.ts';
import type { Queryable } from '../../storage/database.ts';
import { readTrailCheck } from '../../trail/check-store.ts';
import { countByAction } from '../../trail/count-store.ts';
import { removedUpTo } from '../../trail/removal-store.ts';
import { settledThrough } from '../../trail/settled-through.ts';
import { readHead, recordedAt, trailExtent } from '../../trail/trail-store.ts';
import type { ActiveRule } from '../flags/flag-settings.ts';
import { countFlags } from '../flags/flag-store.ts';
import { listActiveDays, listFlagsWithin, listStoreAccess, newestEventAt } from './event-list-store.ts';
import { second, type ObservedFacts } from './gather-services.ts';
import type { Period } from './period.ts';

const MOST_FLAGS = 1000;
const DAY_MS = 86_400_000;

type AuditSource = Declarations['audit_source'][number];

export interface AuditLogParts {
  readonly period: Period;
  readonly retentionDays: number | null;
  readonly rules: readonly ActiveRule[];
  readonly sources: Declarations['audit_source'];
  readonly observed: ObservedFacts;
  readonly now: Date;
}

/** What may be said of a trail over a period. From counts and index probes: its work doesn't grow with the events. */
export async function gatherAuditLog(
  tx: Queryable,
  organizationNo: number,
  parts: AuditLogParts,
): Promise<AuditLogEvidence> {
  const { period, retentionDays, rules, observed } = parts;
  const window = { start: instant(period.start), end: lastInstant(period.before) };
  const { firstSequence, nextSequence } = await readHead(tx, organizationNo);
  const extent = await trailExtent(tx, organizationNo);
  const first = await recordedAt(tx, organizationNo, firstSequence);
  const newest = await newestEventAt(tx, organizationNo);
  const removed = await removedUpTo(tx, organizationNo);
  const counts = await countByAction(tx, organizationNo, window);
  const check = await readTrailCheck(tx, organizationNo);
  const end = Math.max(
    Math.min(check.checkedThrough, nextSequence),
    await settledThrough(tx, organizationNo, { firstSequence, nextSequence }, parts.now),
  );
  const flags = await countFlags(tx, organizationNo, window, firstSequence);
  const listed = await listFlagsWithin(tx, organizationNo, period, MOST_FLAGS);
  const counted = new Map(counts.map((count) => [count.action, count.events]));
  const byAction = Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, counted.get(action) ?? 0])) as Record<
    AuditAction,
    number
  >;
  return {
    entry_count: Math.max(0, end - firstSequence),
    oldest_entry_at: extent.oldestEntryAt === null ? null : second(extent.oldestEntryAt),
    recorded_since: first === undefined ? null : second(first),
    newest_entry_at: newest === null ? null : second(newest),
    first_sequence: firstSequence,
    next_sequence: end,
    removed_up_to: removed === null ? null : second(removed),
    retention: retentionDays === null ? { mode: 'indefinite' } : { mode: 'days', days: retentionDays },
    in_period: {
      events: Object.values(byAction).reduce((sum, events) => sum + events, 0),
      by_action: byAction,
      failed_logins: counts.reduce((sum, count) => sum + count.failedLogins, 0),
    },
    integrity: {
      result: check.result,
      from_sequence: check.range?.fromSequence ?? null,
      to_sequence: check.range?.toSequence ?? null,
      checked: check.checked,
      unchecked: Math.max(0, end - Math.max(check.checkedThrough, firstSequence)),
      checked_at: check.checkedAt === null ? null : second(check.checkedAt),
      algorithm: 'HMAC-SHA256',
      key_ids: await listTurnKeys(tx),
      finding: check.firstBad?.finding ?? null,
    },
    rules: rules.map(({ rule }) => ({
      rule: rule.id,
      version: rule.version,
      whole_trail: flags.rulesApplied.has(rule.id) && flags.flaggedThrough >= end,
      flagged: flags.byRule[rule.id] ?? 0,
    })),
    flags: listed.map((flag) => ({ ...flag, occurred_at: second(flag.occurred_at) })),
    flags_total: Object.values(flags.byRule).reduce((sum, count) => sum + count, 0),
    sources: await gatherSources(tx, organizationNo, parts),
    store_access: await listStoreAccess(tx),
    clock: (observed['clock'] ?? []) as readonly Span<{ source: string; max_skew_ms: number }>[],
    write_failures: (observed['write_failures'] ?? []) as AuditLogEvidence['write_failures'],
  };
}

/** How long each declared source was silent while each version of it held, in whole days of the period. */
async function gatherSources(
  tx: Queryable,
  organizationNo: number,
  { sources, period }: AuditLogParts,
): Promise<AuditLogEvidence['sources']> {
  const types = [...new Set(sources.map((source) => source.data.resource_type))];
  const days = types.length === 0 ? [] : await listActiveDays(tx, organizationNo, types, period);
  const [start, end] = [Date.parse(period.start), Date.parse(period.end)];
  const versions = new Map<string, AuditSource[]>();
  for (const source of sources) versions.set(source.record_id, [...(versions.get(source.record_id) ?? []), source]);
  return sources
    .filter((source) => Date.parse(source.declared_at) <= end)
    .map((source) => {
      const own = days.filter((row) => row.resource_type === source.data.resource_type);
      const last = own.at(-1);
      return {
        source_id: source.record_id,
        version: source.version,
        resource_type: source.data.resource_type,
        events: own.reduce((sum, row) => sum + row.events, 0),
        last_event_at: last === undefined ? null : second(last.day),
        longest_silence_days: longestSilence(
          own.map((row) => Date.parse(row.day)),
          Math.max(start, expectedSince(source, versions.get(source.record_id) ?? [])),
          Math.min(end, Date.parse(source.valid_until)),
          Date.parse(source.declared_at),
        ),
      };
    });
}

/** From its first version of this type that was followed by the next without a break. */
function expectedSince(source: AuditSource, versions: readonly AuditSource[]): number {
  let first = source;
  for (const one of versions.slice(0, versions.indexOf(source)).toReversed()) {
    if (one.valid_until < first.declared_at || one.data.resource_type !== source.data.resource_type) break;
    first = one;
  }
  return Date.parse(first.declared_at);
}

/**
 * The most whole days (UTC) in a row, between two times, that are not among `active`.
 *
 * @param counted only silences that reach past this time count, with all their days since `from`
 */
export function longestSilence(active: readonly number[], from: number, to: number, counted = from): number {
  const heard = new Set(active);
  let longest = 0;
  let run = 0;
  for (let day = Math.ceil(from / DAY_MS) * DAY_MS; day + DAY_MS <= to; day += DAY_MS) {
    run = heard.has(day) ? 0 : run + 1;
    if (day + DAY_MS > counted) longest = Math.max(longest, run);
  }
  return longest;
}

function instant(time: string): Instant {
  const parsed = parseTimestamp(time);
  if (parsed === undefined) throw new Error('a period has times');
  return parsed;
}

/** The last microsecond before it: counts take both ends as inclusive. */
function lastInstant(before: string): Instant {
  return { seconds: instant(before).seconds - 1, micros: 999_999 };
}
