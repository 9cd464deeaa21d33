import type { AuditLogEvidence } from '../evidence.ts';
import type { PacketHead } from '../packet.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { firstUnknown } from '../spans.ts';
import { judgeSources } from './audit-sources.ts';
import { Findings } from './tally.ts';

/**
 * What counts of events rest on: the trail was checked as a whole, is as it was signed, and reaches back over the
 * period. No items of its own; a trail that isn't so supports nothing.
 */
export function soundTrail(): NamedRule {
  return {
    name: 'sound_trail',
    parameters: {},
    judge: ({ evidence, head }) => {
      const found = new Findings();
      const { audit_log: log } = evidence;
      found.bases.add('derived');
      if (log.integrity.result === 'diverged')
        found.lacks('an audit trail that is as it was signed', 'integrity_broken');
      else if (!isWhollyChecked(log)) found.lacks('a check of the whole audit trail', 'integrity_unverified');
      if (!reachesBack(log, head)) {
        found.lacks("audit events from the period's start on", 'history_shorter_than_period');
      }
      return found;
    },
  };
}

function isWhollyChecked({ integrity, first_sequence: first, next_sequence: next }: AuditLogEvidence): boolean {
  const { result, from_sequence: from, to_sequence: to, unchecked } = integrity;
  if (result !== 'sound' || unchecked > 0 || from === null || to === null) return false;
  return from <= first && to >= next - 1;
}

/**
 * An event may tell of a time long before it was recorded; that shows nothing about what else happened then. So recording
 * itself must have begun.
 */
function reachesBack(
  { oldest_entry_at: oldest, recorded_since: since }: AuditLogEvidence,
  { period_start: start }: PacketHead,
): boolean {
  return oldest !== null && oldest <= start && since !== null && since <= start;
}

export type TrailPart = 'integrity' | 'history' | 'sources' | 'rules' | 'sign_ins' | 'write_failures' | 'clock';

export interface TrailLimits {
  /** A recovered outage may have been this long. */
  readonly maxOutageSeconds: number;
  readonly maxSkewMs: number;
}

export const TRAIL_LIMITS: TrailLimits = { maxOutageSeconds: 300, maxSkewMs: 1000 };

/** The trail itself, in parts, each an item that is known to be so or not. */
export function trailParts(parts: readonly TrailPart[], limits: TrailLimits = TRAIL_LIMITS): NamedRule {
  return {
    name: 'trail_parts',
    parameters: { parts, ...limits },
    judge: (context) => {
      const found = new Findings();
      for (const part of parts) PARTS[part](context, found, limits);
      return found;
    },
  };
}

type JudgePart = (context: JudgeContext, found: Findings, limits: TrailLimits) => void;

const PARTS: Readonly<Record<TrailPart, JudgePart>> = {
  integrity: ({ evidence }, found) => {
    const { audit_log: log } = evidence;
    found.bases.add('derived');
    const item = found.item('integrity', 'the audit trail');
    if (log.integrity.result === 'diverged') {
      item.fails('it is not as it was signed', null, null, 'integrity_broken');
    } else if (!isWhollyChecked(log)) {
      item.leavesOpen('a check of the whole', 'integrity_unverified');
    }
  },
  history: ({ evidence, head }, found) => {
    const item = found.item('history', 'the history of the audit trail');
    found.bases.add('observed');
    if (!reachesBack(evidence.audit_log, head)) {
      item.leavesOpen("events from the period's start on", 'history_shorter_than_period');
    }
  },
  sources: judgeSources,
  rules: ({ evidence }, found) => {
    const { rules } = evidence.audit_log;
    const item = found.item('rules', 'the flag rules');
    found.bases.add('derived');
    if (rules.length === 0) item.leavesOpen('at least one rule that was on', 'vacuous_scope');
    else if (rules.some(({ whole_trail }) => !whole_trail)) {
      item.leavesOpen('an evaluation over the whole trail', 'population_incomplete');
    }
  },
  sign_ins: ({ evidence }, found) => {
    const item = found.item('sign_ins', 'the record of sign-ins');
    found.bases.add('observed');
    // Where no sign-in at all is on record, none that failed would be either.
    if (evidence.audit_log.in_period.by_action.LOGIN === 0) {
      item.leavesOpen('sign-ins, and failed ones among them, in the trail', 'vacuous_scope');
    }
  },
  write_failures: ({ evidence, head }, found, { maxOutageSeconds }) => {
    const item = found.item('write_failures', 'the writing of audit events');
    const spans = evidence.audit_log.write_failures;
    for (const { from, to, value, basis } of spans) {
      found.bases.add(basis);
      if (value.longest_outage_seconds > maxOutageSeconds) {
        item.fails(`an outage of ${value.longest_outage_seconds} seconds`, from, to, 'threshold_not_met');
      }
    }
    const period = { from: head.period_start, to: head.period_end };
    const unknown = firstUnknown(spans, period, period.from);
    if (unknown !== undefined) item.leavesOpen('a count of failures through the period', unknown.reason);
  },
  clock: ({ evidence, head }, found, { maxSkewMs }) => {
    const item = found.item('clock', 'the clock');
    const spans = evidence.audit_log.clock;
    for (const { from, to, value, basis } of spans) {
      found.bases.add(basis);
      if (value.max_skew_ms > maxSkewMs) {
        item.fails(`it was up to ${value.max_skew_ms} ms off`, from, to, 'threshold_not_met');
      }
    }
    const period = { from: head.period_start, to: head.period_end };
    const unknown = firstUnknown(spans, period, period.from);
    if (unknown !== undefined) item.leavesOpen('its source and skew through the period', unknown.reason);
  },
};
