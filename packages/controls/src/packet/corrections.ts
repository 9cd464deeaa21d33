import { HAPPENED_KINDS, type Declaration, type DeclarationData, type HappenedKind } from './declarations.ts';
import { byRecord } from './declared.ts';
import type { Evidence } from './evidence.ts';
import { groupBy } from './group-by.ts';
import type { MissingFact } from './rule.ts';
import { compareText } from './text.ts';
import { secondsOf } from './times.ts';

/** What findings rest on in each kind; other members, such as a title, may be worded anew without a word about it. */
const JUDGED: { readonly [Kind in HappenedKind]: readonly (keyof DeclarationData[Kind] & string)[] } = {
  access_review: ['reviewed_on', 'scope', 'removed'],
  change_approval: ['event_id', 'approved_by', 'approved_at'],
  flag_triage: ['event_id', 'outcome', 'decided_at'],
  incident: [
    'detected_at',
    'started_at',
    'contained_at',
    'communicated_at',
    'closed_at',
    'controller_notified_at',
    'personal_data_breach',
    'service_ids',
  ],
  restore_test: ['service_id', 'tested_at', 'result', 'rto_minutes', 'rpo_minutes'],
  disposal_record: ['service_id', 'volumes_destroyed_at', 'keys_destroyed_at', 'backups_expired_at'],
};

const CALLED: Readonly<Record<HappenedKind, string>> = {
  access_review: 'access review',
  change_approval: 'approval',
  flag_triage: 'triage decision',
  incident: 'incident',
  restore_test: 'restore test',
  disposal_record: 'record of disposal',
};

export interface Corrections {
  /** Such as "restore test orders-may (result)". */
  readonly corrected: readonly string[];
  /** Versions that aren't there: what they said can't be told apart from a correction that nobody shows. */
  readonly missing: readonly MissingFact[];
}

/**
 * Where the newest version of a record says otherwise than an earlier one. The newest is judged, since it is its owner's
 * word; that it wasn't always so has to stand beside what is said by it.
 *
 * @param refs of a control: its kinds of records are those that they name
 */
export function correctionsOf(evidence: Evidence, refs: readonly string[]): Corrections {
  const corrected: string[] = [];
  const missing: MissingFact[] = [];
  for (const kind of HAPPENED_KINDS.filter((one) => refs.includes(`declarations.${one}`))) {
    const records: readonly Declaration<unknown>[] = evidence.declarations[kind].toSorted(byRecord);
    for (const [id, versions] of groupBy(records, (record) => record.record_id)) {
      const name = `${CALLED[kind]} ${id}`;
      if (!isWhole(versions)) missing.push({ what: `every version of ${name}`, reason: 'population_incomplete' });
      const members = changed(JUDGED[kind], versions);
      if (members.length > 0) corrected.push(`${name} (${members.join(', ')})`);
    }
  }
  return { corrected: corrected.sort(compareText), missing };
}

/** Versions count from 1 without a gap; a withdrawal takes a number and is no entry. */
function isWhole(versions: readonly Declaration<unknown>[]): boolean {
  let next = 1;
  for (const { version, withdrawn } of versions) {
    if (version !== next) return false;
    next = version + (withdrawn ? 2 : 1);
  }
  return true;
}

function changed(members: readonly string[], versions: readonly Declaration<unknown>[]): string[] {
  const newest = versions.at(-1)?.data as Readonly<Record<string, unknown>> | undefined;
  return members
    .filter((member) =>
      versions.slice(0, -1).some((version) => {
        const before = (version.data as Readonly<Record<string, unknown>>)[member];
        return saysOtherwise(before, newest?.[member], version.declared_at);
      }),
    )
    .map((member) => member.replaceAll('_', ' '));
}

/** What was filled is another now, or what wasn't has a time at which it would have been known then. */
function saysOtherwise(before: unknown, now: unknown, declaredAt: string): boolean {
  if (before === null) return typeof now === 'string' && secondsOf(now) < secondsOf(declaredAt);
  if (!Array.isArray(before)) return before !== now;
  const kept = new Set(Array.isArray(now) ? (now as unknown[]) : []);
  return (before as unknown[]).some((one) => !kept.has(one));
}
