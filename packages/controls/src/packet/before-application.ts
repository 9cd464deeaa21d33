import type { ControlFinding, ReasonCode } from './packet.ts';
import { REASONS } from './sentences.ts';

/** A law's own date, by what it binds; the catalogue's digest covers it. */
export interface ApplicationDate {
  readonly id: string;
  readonly what: string;
  /** First day, YYYY-MM-DD. */
  readonly from: string;
  /** What it was before it was amended. */
  readonly was?: string;
}

/**
 * A finding on what the law doesn't ask for yet. The status stands: it speaks of facts. The sentence says since when, so
 * that nobody reads it as a duty that was met or broken.
 */
export function beforeApplication(finding: ControlFinding, { from }: ApplicationDate): ControlFinding {
  const reasons = new Set<ReasonCode>([...finding.reasons, 'not_yet_in_application']);
  return {
    ...finding,
    reasons: (Object.keys(REASONS) as ReasonCode[]).filter((reason) => reasons.has(reason)),
    assertion: `${finding.assertion} This is not yet in application (from ${from}): it is readiness, no duty met or broken.`,
  };
}
