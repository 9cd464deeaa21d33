import type { AuditAction } from '@veritrail/formats';

import type { ActivityControl } from './activity-controls.ts';
import type { FlagRuleId } from './flag-rules.ts';

/**
 * One narrow meaning each, and none of them that anybody complies with a standard:
 *
 * - `COMPLIANT`: the trail reaches back over the whole period, every event of it was checked and is as it was signed, at
 *   least one event is evidence for this control, and no rule that this control names flagged any
 * - `EXCEPTION`: a rule that this control names flagged at least one event of the period
 * - `INSUFFICIENT_EVIDENCE`: anything else; the reasons say what is missing
 */
export type ActivityStatus = 'COMPLIANT' | 'EXCEPTION' | 'INSUFFICIENT_EVIDENCE';

export type ActivityReason =
  | 'history_shorter_than_period'
  | 'integrity_broken'
  | 'integrity_unverified'
  | 'item_failed'
  | 'vacuous_scope';

export interface ActivityFacts {
  readonly events: Readonly<Record<AuditAction, number>>;
  /** Flagged events by rule; a rule that isn't there flagged none, unless it is switched off. */
  readonly flagged: Readonly<Partial<Record<FlagRuleId, number>>>;
  /** Rules that are on, over everything in the period. */
  readonly rulesApplied: ReadonlySet<FlagRuleId>;
  readonly integrity: 'sound' | 'broken' | 'unverified';
  /** Whether the trail begins at or before the period. */
  readonly coversPeriod: boolean;
}

export interface ActivityFinding {
  readonly status: ActivityStatus;
  readonly reasons: readonly ActivityReason[];
  readonly evidenceCount: number;
}

/** Contradiction first, then what is unknown: a count above zero alone is never enough. */
export function judgeActivity(control: ActivityControl, facts: ActivityFacts): ActivityFinding {
  const actions = control.evidence === 'all' ? (Object.keys(facts.events) as AuditAction[]) : control.evidence;
  const evidenceCount = actions.reduce((sum, action) => sum + facts.events[action], 0);
  const contradicted = control.contradictedBy.some((rule) => (facts.flagged[rule] ?? 0) > 0);
  if (contradicted) return { status: 'EXCEPTION', reasons: ['item_failed'], evidenceCount };
  const reasons: ActivityReason[] = [];
  if (facts.integrity === 'broken') reasons.push('integrity_broken');
  // A rule that doesn't run finds nothing, which shows nothing.
  const watched = control.contradictedBy.every((rule) => facts.rulesApplied.has(rule));
  if (facts.integrity === 'unverified' || !watched) reasons.push('integrity_unverified');
  if (!facts.coversPeriod) reasons.push('history_shorter_than_period');
  if (evidenceCount === 0) reasons.push('vacuous_scope');
  return { status: reasons.length === 0 ? 'COMPLIANT' : 'INSUFFICIENT_EVIDENCE', reasons, evidenceCount };
}
