import { CLOCK_SKEW_SECONDS, FIRST_DAWN_SECONDS } from '@veritrail/formats';

import type { Plain } from './canonical-text.ts';

/**
 * By kind of declaration, the members that say when something happened. Plans, ends of validity and days of a next review
 * are not among them: those lie ahead by their meaning.
 */
export const HAPPENED_IN_DECLARATIONS: Readonly<Record<string, readonly string[]>> = {
  scope_categories: ['decided_on'],
  scope_decision: ['decided_on'],
  subservice_organization: ['report.period_end'],
  risk_acceptance: ['accepted_on'],
  access_review: ['reviewed_on'],
  change_approval: ['approved_at'],
  flag_triage: ['decided_at'],
  incident: ['detected_at', 'started_at', 'contained_at', 'communicated_at', 'closed_at', 'controller_notified_at'],
  restore_test: ['tested_at'],
  disposal_record: ['volumes_destroyed_at', 'keys_destroyed_at', 'backups_expired_at'],
  ai_system: ['in_use_since', 'placed_on_market'],
};

/** The same of what collectors read, by fact; `*` is each item of a list. */
export const HAPPENED_IN_READINGS: Readonly<Record<string, readonly string[]>> = {
  version_and_patch: ['patched_at'],
  log_store: ['oldest_record_at', 'newest_record_at'],
  keys_register: ['*.created_at', '*.rotated_at'],
};

/** The first of these members that says of something that it happened later than now, as a path into `value`. */
export function firstAhead(value: Plain, members: readonly string[] = [], now: Date): string | undefined {
  return members
    .flatMap((member) => timesAt(value, member.split('.'), ''))
    .find(({ time }) => isAhead(time, now.getTime() + CLOCK_SKEW_SECONDS * 1000))?.path;
}

function timesAt(value: Plain | undefined, parts: readonly string[], path: string): { path: string; time: string }[] {
  const [name, ...rest] = parts;
  if (name === undefined) return typeof value === 'string' ? [{ path: path.slice(1), time: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([member]) => name === '*' || member === name)
    .flatMap(([member, inner]) => timesAt(inner, rest, `${path}.${member}`));
}

/** A day is ahead only when it has begun nowhere. */
function isAhead(time: string, now: number): boolean {
  return time.length === 10
    ? Date.parse(`${time}T00:00:00Z`) - FIRST_DAWN_SECONDS * 1000 > now
    : Date.parse(time) > now;
}
