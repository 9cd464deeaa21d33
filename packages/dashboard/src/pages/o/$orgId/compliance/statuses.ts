import type { ControlStatus, ReasonCode } from '@veritrail/controls';

import type { Tone } from '../../../../ui/badge.tsx';

/** In the order in which they are worth reading. */
export const STATUSES: Readonly<
  Record<ControlStatus, { readonly tone: Tone; readonly name: string; readonly fill: string }>
> = {
  exception: { tone: 'bad', name: 'exception', fill: 'bg-bad-fill' },
  insufficient_evidence: { tone: 'warn', name: 'insufficient evidence', fill: 'bg-warn-fill' },
  attested: { tone: 'ok', name: 'attested', fill: 'bg-ok-fill' },
  not_applicable: { tone: 'neutral', name: 'not applicable', fill: 'bg-mute-fill' },
};

export const STATUS_NAMES = Object.keys(STATUSES) as ControlStatus[];

export const REASONS: Readonly<Record<ReasonCode, string>> = {
  vacuous_scope: 'Nothing in scope to show it with',
  population_incomplete: 'Not everything in scope is on record',
  fact_missing: 'A fact is not on record',
  fact_stale: 'A fact is too old',
  fact_declared_only: 'Only somebody’s word for it',
  collector_failed: 'Whoever collects it failed',
  collector_denied: 'Whoever collects it was refused',
  integrity_unverified: 'The trail was not checked to its end',
  integrity_broken: 'The trail is not what was signed',
  sample_coverage_low: 'Too few days were looked at',
  history_shorter_than_period: 'Records are shorter than the period',
  threshold_not_met: 'Below the threshold',
  item_failed: 'A record contradicts it',
  risk_accepted: 'The risk was accepted',
  role_undeclared: 'A role was not declared',
  not_yet_in_application: 'The rule does not apply yet',
  scoped_out: 'Left out of scope',
  excluded_by_records: 'Does not apply, by the records',
  outside_platform: 'Outside what the platform records',
};
