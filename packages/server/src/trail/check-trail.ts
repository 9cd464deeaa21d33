import { parseTimestamp, POSTGRES_EPOCH_SECONDS } from '@veritrail/formats';

import type { AuditMac } from '../keyring/audit-mac.ts';
import { KeyringError } from '../keyring/keyring-error.ts';
import { listMacKeys } from '../keyring/keyring-store.ts';
import type { Database } from '../storage/database.ts';
import { StorageError } from '../storage/storage-error.ts';
import type { RecordDeed } from '../tenancy/ground.ts';
import { createRowChecker, type Finding, type RowChecker } from './check-rows.ts';
import {
  advanceChecked,
  advanceRound,
  copyRange,
  dropRound,
  finishRound,
  forgetChecks,
  readCheckState,
  readTrailEnds,
  recordDivergence,
  type CheckState,
  type TrailEnds,
} from './check-store.ts';
import { compareCounts } from './compare-counts-store.ts';
import { SERVER } from './key-change-event.ts';

export interface CheckParts {
  readonly db: Database;
  readonly auditMac: AuditMac;
  readonly clock: () => Date;
  readonly recordDeed: RecordDeed;
  readonly rowsAStep?: number;
}

/** One chunk of work. */
export interface CheckStep {
  /** Checked without fault in this step. */
  readonly rows: number;
  /** Whether the next step has something to do. */
  readonly more: boolean;
  /** What this step found; what was found before is in `state`. */
  readonly found: Finding | undefined;
  /** Before the step. */
  readonly state: CheckState;
  readonly ends: TrailEnds;
  /** Every row below was looked at: by anyone, or, in a round, in this round. */
  readonly position: number;
}

/** Some tenths of a second; rows are checked as they come, so memory doesn't depend on this. */
const ROWS_A_STEP = 10_000;

export const CHECK_RESOURCE = 'trail_check';

/** Checks the next events that nobody has checked yet. Does nothing on a trail that has diverged. */
export async function checkGrowth(parts: CheckParts, organizationNo: number): Promise<CheckStep> {
  const chunk = await readChunk(parts, organizationNo, (state, ends) => {
    const from = Math.max(state.checkedThrough, ends.firstSequence);
    return { from, to: Math.min(ends.nextSequence, from + (parts.rowsAStep ?? ROWS_A_STEP)) };
  });
  const { state, ends, from, to, rows, last, found } = chunk;
  if (state.divergence !== null) return { rows: 0, more: false, found: undefined, state, ends, position: from };
  if (found !== undefined)
    return { rows, more: false, found: await diverge(parts, organizationNo, found), state, ends, position: from };
  if (to <= from) return { rows: 0, more: false, found: undefined, state, ends, position: from };
  const grown = { from: state.checkedThrough, through: to, leaf: last?.leafHash ?? null, rows };
  const won = await parts.db.scoped(organizationNo, (tx) => advanceChecked(tx, organizationNo, grown, parts.clock()));
  return { rows, more: won && to < ends.nextSequence, found: undefined, state, ends, position: to };
}

/**
 * The next step of a round over everything that was checked before; begins one if none is running. What was sound once
 * may have been changed since. The last step compares the head and the counts with the rows.
 */
export async function checkRound(parts: CheckParts, organizationNo: number): Promise<CheckStep> {
  const { db, clock } = parts;
  const chunk = await readChunk(parts, organizationNo, (state, ends) => {
    const from = Math.max(state.roundPosition ?? ends.firstSequence, ends.firstSequence);
    return { from, to: Math.min(state.checkedThrough, from + (parts.rowsAStep ?? ROWS_A_STEP)) };
  });
  const { state, ends, from, rows, found } = chunk;
  const to = Math.max(from, chunk.to);
  const step = { rows, more: false, found: undefined, state, ends, position: to };
  if (state.divergence !== null || state.checkedAt === null) return step;
  if (found !== undefined) return { ...step, found: await diverge(parts, organizationNo, found) };
  const startedAt =
    state.roundPosition === null || state.roundStartedAt === null ? clock() : new Date(state.roundStartedAt);
  const round = { before: state.roundPosition, position: to, startedAt, rows };
  const won = await db.scoped(organizationNo, (tx) => advanceRound(tx, organizationNo, round));
  if (!won || to < state.checkedThrough) return { ...step, more: won };
  const differing = await db.scoped(organizationNo, (tx) => compareCounts(tx, organizationNo), { snapshot: true });
  if (differing !== undefined) {
    const finding = { finding: differing, sequence: null, id: null };
    return { ...step, found: await diverge(parts, organizationNo, finding) };
  }
  await db.scoped(organizationNo, (tx) => finishRound(tx, organizationNo, to, clock()));
  return step;
}

/** Everything that is there to check now, at once: what grew or, if `full`, a round over the whole trail as well. */
export async function checkTrail(
  parts: CheckParts,
  organizationNo: number,
  options: { readonly full: boolean; readonly onStep?: (step: CheckStep, kind: 'growth' | 'round') => void },
): Promise<void> {
  for (;;) {
    const step = await checkGrowth(parts, organizationNo);
    options.onStep?.(step, 'growth');
    if (step.found !== undefined || step.state.divergence !== null) return;
    if (!step.more) break;
  }
  if (!options.full) return;
  await parts.db.scoped(organizationNo, (tx) => dropRound(tx, organizationNo));
  for (;;) {
    const step = await checkRound(parts, organizationNo);
    options.onStep?.(step, 'round');
    if (!step.more) return;
  }
}

/** What grew, until it is checked or the time is up. Another checker that is at it too is only helped by this one. */
export async function checkForAWhile(parts: CheckParts, organizationNo: number, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const { rows, found, state } = await checkGrowth(parts, organizationNo);
    if (rows === 0 || found !== undefined || state.divergence !== null) return;
  }
}

/** Takes a finding back, so that the trail is checked again from its beginning. False if there was none. */
export function acknowledgeDivergence(parts: CheckParts, organizationNo: number): Promise<boolean> {
  return parts.db.scoped(organizationNo, async (tx) => {
    const { divergence } = await readCheckState(tx, organizationNo);
    if (divergence === null || !(await forgetChecks(tx, organizationNo))) return false;
    const { finding, sequence } = divergence;
    await parts.recordDeed(tx, organizationNo, SERVER, {
      action: 'CONFIG_CHANGE',
      resourceType: CHECK_RESOURCE,
      resourceId: 'trail',
      details: { result: 'acknowledged', sequence, finding },
    });
    return true;
  });
}

interface Chunk {
  readonly state: CheckState;
  readonly ends: TrailEnds;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly last: RowChecker['last'];
  readonly found: Finding | undefined;
}

/** One snapshot, so that nothing can be appended or removed between the look at the head and that at the rows. */
function readChunk(
  parts: CheckParts,
  organizationNo: number,
  plan: (state: CheckState, ends: TrailEnds) => { from: number; to: number },
): Promise<Chunk> {
  return parts.db.scoped(
    organizationNo,
    async (tx) => {
      const state = await readCheckState(tx, organizationNo);
      const ends = await readTrailEnds(tx, organizationNo);
      const { from, to } = plan(state, ends);
      const nothing = { state, ends, from, to, rows: 0, last: undefined };
      if (state.divergence !== null) return { ...nothing, found: undefined };
      const misplaced = compareEnds(state, ends);
      if (misplaced !== undefined || to <= from) return { ...nothing, found: misplaced };
      // The row before comes along: it was checked, and what comes after must fit it.
      const begin = from > ends.firstSequence ? from - 1 : from;
      const isLastChecked = begin < from && from === state.checkedThrough && state.checkedLeaf !== null;
      const firstLeaf = isLastChecked ? (state.checkedLeaf ?? undefined) : undefined;
      const checker = createRowChecker(parts.auditMac, { from: begin, to, firstLeaf });
      await feed(checker, copyRange(tx, organizationNo, begin, to));
      const { last } = checker;
      const rows = Math.max(0, checker.rows - (from - begin));
      const found = checker.finding ?? (to === ends.nextSequence ? compareHeadTime(ends, last) : undefined);
      return { state, ends, from, to, rows, last, found };
    },
    { snapshot: true, settled: true },
  );
}

/** A COPY that isn't read to its end blocks its connection, so whatever goes wrong waits until then. */
async function feed(checker: RowChecker, pieces: AsyncIterable<Buffer>): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  for await (const piece of pieces) {
    try {
      if (failure === undefined) checker.push(piece);
    } catch (error) {
      failure = { error };
    }
  }
  if (failure !== undefined) throw failure.error;
  checker.finish();
}

function compareEnds(state: CheckState, ends: TrailEnds): Finding | undefined {
  const { firstSequence, nextSequence, lowest, highest } = ends;
  const differs = (sequence: number): Finding => ({ finding: 'head_differs', sequence, id: null });
  if (lowest !== null && lowest < firstSequence) return differs(lowest);
  if (highest !== null && highest >= nextSequence) return differs(highest);
  return state.checkedThrough > nextSequence ? differs(nextSequence) : undefined;
}

function compareHeadTime(ends: TrailEnds, last: RowChecker['last']): Finding | undefined {
  const instant = ends.lastRecordedAt === null ? undefined : parseTimestamp(ends.lastRecordedAt);
  const micros = instant === undefined ? undefined : (instant.seconds - POSTGRES_EPOCH_SECONDS) * 1e6 + instant.micros;
  return last === undefined || micros === last.recordedAt
    ? undefined
    : { finding: 'head_differs', sequence: last.sequence, id: null };
}

/**
 * Keeps a finding, and says so in the trail itself, once.
 *
 * @returns the finding, or undefined if another checker was first
 * @throws {KeyringError} `audit_secret_missing` for a key that another server has only just begun to use: not checked
 *   is neither sound nor diverged
 */
async function diverge(parts: CheckParts, organizationNo: number, found: Finding): Promise<Finding | undefined> {
  const { db, clock } = parts;
  if (found.finding === 'key_unknown' && (await listMacKeys(db.direct)).some((key) => key.key_no === found.keyNo)) {
    throw new KeyringError(
      'audit_secret_missing',
      'A trail has events under a key that this server does not know yet.',
    );
  }
  const at = clock();
  try {
    const first = await db.scoped(organizationNo, async (tx) => {
      if (!(await recordDivergence(tx, organizationNo, found, at))) return false;
      await parts.recordDeed(tx, organizationNo, SERVER, {
        action: 'CONFIG_CHANGE',
        resourceType: CHECK_RESOURCE,
        resourceId: 'trail',
        details: { result: 'diverged', sequence: found.sequence, finding: found.finding },
      });
      return true;
    });
    return first ? found : undefined;
  } catch (error) {
    if (error instanceof StorageError) throw error;
    // Where the head is wrong nothing may fit behind it. The finding is kept all the same.
    const first = await db.scoped(organizationNo, (tx) => recordDivergence(tx, organizationNo, found, at));
    return first ? found : undefined;
  }
}
