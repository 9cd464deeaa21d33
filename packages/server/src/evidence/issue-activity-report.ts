import {
  ISO27001_ACTIVITY,
  iso27001,
  judgeActivity,
  soc2,
  SOC2_ACTIVITY,
  type ActivityControl,
  type ActivityFacts,
  type ActivityReason,
  type ActivityStatus,
  type Catalogue,
} from '@veritrail/controls';
import { AUDIT_ACTIONS, formatSeconds, formatTimestamp, type AuditAction, type Instant } from '@veritrail/formats';

import type { Database } from '../storage/database.ts';
import { readTrailCheck, type TrailCheck } from '../trail/check-store.ts';
import { countActorsIn, countByAction, type ActionCount } from '../trail/count-store.ts';
import { settledThrough } from '../trail/settled-through.ts';
import { readHead, recordedAt, trailExtent } from '../trail/trail-store.ts';
import { countFlags } from './flags/flag-store.ts';

export type ActivityReportName = 'soc2' | 'iso27001';

export interface ActivityReport {
  readonly report_type: 'SOC2' | 'ISO27001';
  readonly generated_at: string;
  readonly period_start: string;
  readonly period_end: string;
  /** The part of the period since which the trail was recorded, and how far it was checked. */
  readonly coverage: {
    readonly start: string | null;
    readonly end: string;
    readonly whole_period: boolean;
    readonly checked_at: string | null;
    readonly checked_events: number;
    readonly unchecked_events: number;
    readonly integrity: ActivityFacts['integrity'];
  };
  readonly summary: {
    readonly total_events: number;
    readonly by_action: Readonly<Record<AuditAction, number>>;
    readonly unique_actors: number;
    readonly flagged_events: number;
    readonly failed_login_attempts: number;
  };
  readonly controls: readonly ActivityControlReport[];
  readonly catalogue: { readonly id: string; readonly version: string };
  readonly statements: readonly string[];
}

export interface ActivityControlReport {
  readonly control_id: string;
  readonly annex_a_2022?: string;
  readonly description: string;
  readonly status: ActivityStatus;
  readonly evidence_count: number;
  readonly reasons: readonly ActivityReason[];
}

interface Edition {
  readonly type: ActivityReport['report_type'];
  readonly days: number;
  readonly controls: readonly ActivityControl[];
  readonly catalogue: Catalogue;
  readonly showCatalogueId: boolean;
}

const EDITIONS: Readonly<Record<ActivityReportName, Edition>> = {
  soc2: { type: 'SOC2', days: 365, controls: SOC2_ACTIVITY, catalogue: soc2, showCatalogueId: false },
  iso27001: { type: 'ISO27001', days: 730, controls: ISO27001_ACTIVITY, catalogue: iso27001, showCatalogueId: true },
};

const STATEMENTS = [
  'COMPLIANT says only this: the trail was begun before the period, each of its events, but those of the last minute, was checked and is as it was signed, at least one of them is evidence for the control, and no rule named for the control flagged any.',
  'EXCEPTION says that at least one event of the period was flagged by a rule named for the control; the flags say which and why.',
  'INSUFFICIENT_EVIDENCE says that neither can be said; the reasons are given.',
  'This is a summary of an audit trail. It is no opinion of an auditor, no certification, and not a statement that anybody complies with a standard.',
] as const;

const DAY_SECONDS = 86_400;

/** A summary of the trail over the last 365 or 730 days, from counts: its work doesn't grow with the events. */
export async function issueActivityReport(
  parts: {
    readonly db: Database;
    readonly clock: () => Date;
  },
  organizationNo: number,
  name: ActivityReportName,
): Promise<ActivityReport> {
  const edition = EDITIONS[name];
  const now = parts.clock();
  const end: Instant = { seconds: Math.floor(now.getTime() / 1000), micros: 0 };
  const start: Instant = { seconds: end.seconds - edition.days * DAY_SECONDS, micros: 0 };
  return parts.db.scoped(
    organizationNo,
    async (tx) => {
      const counts = await countByAction(tx, organizationNo, { start, end });
      const head = await readHead(tx, organizationNo);
      const { firstSequence } = head;
      const extent = await trailExtent(tx, organizationNo);
      const flags = await countFlags(tx, organizationNo, { start, end }, firstSequence);
      const check = await readTrailCheck(tx, organizationNo);
      const uniqueActors = await countActorsIn(tx, organizationNo, { start, end });

      const events = byAction(counts);
      const startText = formatTimestamp(start);
      const begun = laterOf(extent.oldestEntryAt, await recordedAt(tx, organizationNo, firstSequence));
      const coversPeriod = begun !== null && Date.parse(begun) <= start.seconds * 1000;
      const settled = await settledThrough(tx, organizationNo, head, now);
      const facts: ActivityFacts = {
        events,
        flagged: flags.byRule,
        // A rule that has fallen behind the trail hasn't looked at all of it.
        rulesApplied: flags.flaggedThrough >= Math.max(check.checkedThrough, settled) ? flags.rulesApplied : new Set(),
        integrity: integrityOf(check, settled),
        coversPeriod,
      };
      return {
        report_type: edition.type,
        generated_at: formatSeconds(now.getTime()),
        period_start: startText,
        period_end: formatTimestamp(end),
        coverage: {
          start: coversPeriod ? startText : begun,
          end: formatTimestamp(end),
          whole_period: coversPeriod,
          checked_at: check.checkedAt,
          checked_events: check.checked,
          unchecked_events: check.entryCount - check.checked,
          integrity: facts.integrity,
        },
        summary: {
          total_events: Object.values(events).reduce((sum, count) => sum + count, 0),
          by_action: events,
          unique_actors: uniqueActors,
          flagged_events: flags.flaggedEvents,
          failed_login_attempts: counts.reduce((sum, count) => sum + count.failedLogins, 0),
        },
        controls: edition.controls.map((control) => {
          const { status, reasons, evidenceCount } = judgeActivity(control, facts);
          return {
            control_id: control.controlId,
            ...(edition.showCatalogueId && { annex_a_2022: control.catalogueId }),
            description: control.description,
            status,
            evidence_count: evidenceCount,
            reasons,
          };
        }),
        catalogue: { id: edition.catalogue.id, version: edition.catalogue.version },
        statements: STATEMENTS,
      };
    },
    { snapshot: true, settled: true },
  );
}

/**
 * An event may tell of a time long before it was recorded; that shows nothing about what else happened then. So recording
 * itself must have begun.
 */
function laterOf(oldest: string | null, recorded: string | undefined): string | null {
  if (oldest === null || recorded === undefined) return null;
  return Date.parse(oldest) > Date.parse(recorded) ? oldest : recorded;
}

/** Nothing is sound that wasn't looked at. Entries of the last minute may be on their way to the check. */
function integrityOf(check: TrailCheck, settled: number): ActivityFacts['integrity'] {
  if (check.result === 'diverged') return 'broken';
  if (check.checkedAt === null) return 'unverified';
  return check.checkedThrough < settled ? 'unverified' : 'sound';
}

function byAction(counts: readonly ActionCount[]): Record<AuditAction, number> {
  const events = new Map(counts.map((count) => [count.action, count.events]));
  return Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, events.get(action) ?? 0])) as Record<
    AuditAction,
    number
  >;
}
