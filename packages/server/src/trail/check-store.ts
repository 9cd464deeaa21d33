import { formatMilliseconds } from '@veritrail/formats';
import { to as copyTo } from 'pg-copy-streams';

import type { Queryable } from '../storage/database.ts';
import { CHECKED_COLUMNS, type Finding, type FindingCode } from './check-rows.ts';

/** How far a trail was checked, as stored. Everything here could be lost: the checks would begin again. */
export interface CheckState {
  /** Every event below was checked at least once, without fault. */
  readonly checkedThrough: number;
  /** Leaf hash of the last event below that. */
  readonly checkedLeaf: Buffer | null;
  readonly checkedAt: string | null;
  /** The running round over all that was checked before; null between rounds. */
  readonly roundPosition: number | null;
  readonly roundStartedAt: string | null;
  /** End of the last whole round. */
  readonly fullCheckAt: string | null;
  readonly rowsChecked: number;
  readonly divergence: Divergence | null;
}

export interface Divergence {
  readonly finding: FindingCode;
  readonly sequence: number | null;
  readonly id: string | null;
  readonly at: string;
}

const UNCHECKED: CheckState = {
  checkedThrough: 0,
  checkedLeaf: null,
  checkedAt: null,
  roundPosition: null,
  roundStartedAt: null,
  fullCheckAt: null,
  rowsChecked: 0,
  divergence: null,
};

interface StateRow extends Omit<CheckState, 'divergence'> {
  readonly finding: FindingCode | null;
  readonly sequence: number | null;
  readonly id: string | null;
  readonly at: string | null;
}

export async function readCheckState(tx: Queryable, organizationNo: number): Promise<CheckState> {
  const { rows } = await tx.query<StateRow>({
    name: 'read-check-state',
    text: `SELECT checked_through AS "checkedThrough", checked_leaf AS "checkedLeaf", checked_at AS "checkedAt",
             round_position AS "roundPosition", round_started_at AS "roundStartedAt", full_check_at AS "fullCheckAt",
             rows_checked AS "rowsChecked", finding, bad_sequence AS sequence, bad_id AS id, diverged_at AS at
           FROM trail_checks WHERE organization_no = $1`,
    values: [organizationNo],
  });
  const [row] = rows;
  if (row === undefined) return UNCHECKED;
  const { finding, sequence, id, at, ...state } = row;
  return { ...state, divergence: finding === null || at === null ? null : { finding, sequence, id, at } };
}

/** What the head says, and where the rows in fact lie. */
export interface TrailEnds {
  readonly firstSequence: number;
  readonly nextSequence: number;
  readonly lastRecordedAt: string | null;
  readonly lowest: number | null;
  readonly highest: number | null;
}

/** Three index probes, however long the trail is. */
export async function readTrailEnds(tx: Queryable, organizationNo: number): Promise<TrailEnds> {
  const { rows } = await tx.query<TrailEnds>({
    name: 'read-trail-ends',
    text: `SELECT coalesce(h.first_sequence, 0) AS "firstSequence", coalesce(h.next_sequence, 0) AS "nextSequence",
             h.last_recorded_at AS "lastRecordedAt",
             (SELECT min(sequence) FROM audit_events WHERE organization_no = $1) AS lowest,
             (SELECT max(sequence) FROM audit_events WHERE organization_no = $1) AS highest
           FROM (VALUES (1)) AS one LEFT JOIN trail_heads h ON h.organization_no = $1`,
    values: [organizationNo],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}

/** The rows of a range by sequence, as createRowChecker takes them. Read it to its end. */
export function copyRange(tx: Queryable, organizationNo: number, from: number, to: number): AsyncIterable<Buffer> {
  for (const value of [organizationNo, from, to]) {
    if (!Number.isSafeInteger(value)) throw new RangeError('a place must be an integer');
  }
  return tx.query(
    copyTo(
      `COPY (SELECT ${CHECKED_COLUMNS} FROM audit_events
             WHERE organization_no = ${organizationNo} AND sequence >= ${from} AND sequence < ${to}
             ORDER BY sequence) TO STDOUT (FORMAT binary)`,
    ),
  );
}

export interface Growth {
  readonly from: number;
  readonly through: number;
  readonly leaf: Buffer | null;
  readonly rows: number;
}

/**
 * Moves the end of what was checked. Of two checkers that come together one wins and the other hears false, as do all
 * once the trail has diverged.
 */
export async function advanceChecked(tx: Queryable, organizationNo: number, grown: Growth, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'advance-checked',
    text: `INSERT INTO trail_checks AS c (organization_no, checked_through, checked_leaf, checked_at, rows_checked)
           VALUES ($1, $3, $4, $5, $6)
           ON CONFLICT (organization_no) DO UPDATE SET checked_through = excluded.checked_through,
             checked_leaf = excluded.checked_leaf, checked_at = excluded.checked_at,
             rows_checked = c.rows_checked + excluded.rows_checked
           WHERE c.checked_through = $2 AND c.diverged_at IS NULL`,
    values: [organizationNo, grown.from, grown.through, grown.leaf, at, grown.rows],
  });
  return rowCount === 1;
}

export interface RoundStep {
  /** As the state had it before. */
  readonly before: number | null;
  readonly position: number;
  readonly startedAt: Date;
  readonly rows: number;
}

/** The same for the running round; the end of one leaves `position` null and its time. */
export async function advanceRound(tx: Queryable, organizationNo: number, step: RoundStep): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'advance-round',
    text: `UPDATE trail_checks SET round_position = $3, round_started_at = $4, rows_checked = rows_checked + $5
           WHERE organization_no = $1 AND round_position IS NOT DISTINCT FROM $2::bigint AND diverged_at IS NULL`,
    values: [organizationNo, step.before, step.position, step.startedAt, step.rows],
  });
  return rowCount === 1;
}

export async function finishRound(tx: Queryable, organizationNo: number, position: number, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE trail_checks SET round_position = NULL, full_check_at = $3, checked_at = greatest(checked_at, $3)
     WHERE organization_no = $1 AND round_position = $2 AND diverged_at IS NULL`,
    [organizationNo, position, at],
  );
  return rowCount === 1;
}

export async function dropRound(tx: Queryable, organizationNo: number): Promise<void> {
  await tx.query('UPDATE trail_checks SET round_position = NULL WHERE organization_no = $1', [organizationNo]);
}

/** False if the trail had diverged before: the first finding stays. */
export async function recordDivergence(
  tx: Queryable,
  organizationNo: number,
  found: Finding,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO trail_checks AS c (organization_no, finding, bad_sequence, bad_id, diverged_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (organization_no) DO UPDATE SET finding = excluded.finding, bad_sequence = excluded.bad_sequence,
       bad_id = excluded.bad_id, diverged_at = excluded.diverged_at,
       checked_through = least(c.checked_through, excluded.bad_sequence)
     WHERE c.diverged_at IS NULL`,
    [organizationNo, found.finding, found.sequence, found.id, at],
  );
  return rowCount === 1;
}

/** Takes a finding back and with it all that was checked. False if there was none. */
export async function forgetChecks(tx: Queryable, organizationNo: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE trail_checks SET checked_through = 0, checked_leaf = NULL, checked_at = NULL, round_position = NULL,
       round_started_at = NULL, full_check_at = NULL, finding = NULL, bad_sequence = NULL, bad_id = NULL,
       diverged_at = NULL
     WHERE organization_no = $1 AND diverged_at IS NOT NULL`,
    [organizationNo],
  );
  return rowCount === 1;
}

/** The events of a trail that were checked: an unbroken run from its oldest one on. */
export interface CheckedRange {
  readonly fromSequence: number;
  /** Inclusive. */
  readonly toSequence: number;
  /** As the event itself has it. */
  readonly oldestRecordedAt: string;
  /** The earliest `timestamp` among them, which needn't be the first event's. */
  readonly oldestOccurredAt: string;
}

export interface TrailCheck {
  readonly result: 'sound' | 'diverged' | 'unchecked';
  /** Null before anything was checked, and when nothing of it is left. */
  readonly range: CheckedRange | null;
  /** When the last of the range was checked first, or all of it again. */
  readonly checkedAt: string | null;
  /** When everything, with head and counts, was last checked in one round. */
  readonly lastFullCheckAt: string | null;
  readonly entryCount: number;
  /** Everything below was checked. */
  readonly checkedThrough: number;
  /** How many of the entries that is. */
  readonly checked: number;
  readonly firstBad: Divergence | null;
}

/** What may be said of a trail's soundness now. Run it in a snapshot. */
export async function readTrailCheck(tx: Queryable, organizationNo: number): Promise<TrailCheck> {
  const state = await readCheckState(tx, organizationNo);
  const { firstSequence, nextSequence } = await readTrailEnds(tx, organizationNo);
  const { rows } = await tx.query<{ recorded: string | null; occurred: string | null }>(
    `SELECT (SELECT recorded_at FROM audit_events WHERE organization_no = $1 AND sequence = $2 AND sequence < $3)
              AS recorded,
            (SELECT occurred_at FROM audit_events WHERE organization_no = $1 AND sequence < $3
             ORDER BY occurred_at, sequence LIMIT 1) AS occurred`,
    [organizationNo, firstSequence, state.checkedThrough],
  );
  const { recorded = null, occurred = null } = rows[0] ?? {};
  const range =
    recorded === null || occurred === null
      ? null
      : {
          fromSequence: firstSequence,
          toSequence: state.checkedThrough - 1,
          oldestRecordedAt: formatMilliseconds(Date.parse(recorded)),
          oldestOccurredAt: occurred,
        };
  return {
    result: state.divergence !== null ? 'diverged' : state.checkedAt === null ? 'unchecked' : 'sound',
    range,
    checkedAt: state.checkedAt,
    lastFullCheckAt: state.fullCheckAt,
    entryCount: nextSequence - firstSequence,
    checkedThrough: state.checkedThrough,
    checked: Math.max(0, state.checkedThrough - firstSequence),
    firstBad: state.divergence,
  };
}
