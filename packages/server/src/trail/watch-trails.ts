import { setTimeout as sleep } from 'node:timers/promises';

import { watchOwnThread } from '../busy-thread.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { listOrganizationNumbers, readOrganization } from '../tenancy/organization-store.ts';
import type { Finding } from './check-rows.ts';
import { readCheckState, readTrailEnds, type CheckState, type TrailEnds } from './check-store.ts';
import { checkGrowth, checkRound, type CheckParts, type CheckStep } from './check-trail.ts';

export interface TrailWatch {
  /** Says that a trail grew. Cheap; call it after every commit. */
  nudge(organizationNo: number): void;
  /** Begins to check in the background: what grew soon, everything within `roundHours`. */
  start(): void;
  /** Trails that are known to have diverged. */
  readonly diverged: number;
  /** Rows looked at since the start of the process. */
  readonly eventsChecked: number;
  stop(): Promise<void>;
}

const EVERY_MS = 2000;
/** Of the time. Checking takes a core while it runs, and recording needs it more: all the more while there is much of it. */
const SHARE = 0.1;
const SHARE_WHEN_BUSY = 0.03;
/** For the sake of that smaller share. */
const LONGEST_REST_MS = 5000;
/** A round is spread over this much of its time, so that one that falls behind still ends within it. */
const ROUND_SPREAD = 0.8;
const RETRY_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * Checks trails against what was signed, for as long as the server runs. Recording doesn't wait for it and goes on when
 * a trail has diverged: what happens then matters even more.
 */
export function createTrailWatch(
  parts: CheckParts & { readonly diagnostics: Diagnostics; readonly roundHours: number },
): TrailWatch {
  const { db, clock, diagnostics } = parts;
  const grown = new Set<number>();
  const diverged = new Set<number>();
  /** When each trail's next step of a round is due; all of them are in here. */
  const due = new Map<number, number>();
  const stopped = new AbortController();
  const roundMs = parts.roundHours * HOUR_MS;
  let eventsChecked = 0;
  let running: Promise<void> | undefined;

  async function tell(organizationNo: number, found: Pick<Finding, 'finding' | 'sequence'>): Promise<void> {
    diverged.add(organizationNo);
    const { organization_id: organization } = await readOrganization(db.direct, organizationNo);
    const { finding, sequence } = found;
    diagnostics.error({ organization, sequence, finding }, 'a trail has diverged from what was signed');
  }

  async function look(organizationNo: number): Promise<boolean> {
    const { state, ends } = await db.scoped(
      organizationNo,
      async (tx) => ({
        state: await readCheckState(tx, organizationNo),
        ends: await readTrailEnds(tx, organizationNo),
      }),
      { snapshot: true },
    );
    due.set(organizationNo, nextRound(state, ends, state.roundPosition));
    grown.add(organizationNo);
    if (state.divergence !== null) await tell(organizationNo, state.divergence);
    return false;
  }

  function nextRound(state: CheckState, ends: TrailEnds, position: number | null): number {
    const startedAt = state.roundStartedAt === null ? 0 : Date.parse(state.roundStartedAt);
    if (position === null) return startedAt + roundMs;
    const all = Math.max(1, state.checkedThrough - ends.firstSequence);
    return startedAt + roundMs * ROUND_SPREAD * ((position - ends.firstSequence) / all);
  }

  async function conclude(organizationNo: number, step: CheckStep): Promise<void> {
    eventsChecked += step.rows;
    if (step.found !== undefined) await tell(organizationNo, step.found);
    else if (step.state.divergence === null) diverged.delete(organizationNo);
    else if (!diverged.has(organizationNo)) await tell(organizationNo, step.state.divergence);
  }

  /** Answers whether there is more to do at once, as the others do. */
  async function stepGrowth(organizationNo: number): Promise<boolean> {
    grown.delete(organizationNo);
    const step = await checkGrowth(parts, organizationNo).catch((error: unknown) => {
      grown.add(organizationNo);
      throw error;
    });
    if (step.more) grown.add(organizationNo);
    // A new organization's: its first round follows at once.
    if (!due.has(organizationNo)) due.set(organizationNo, 0);
    await conclude(organizationNo, step);
    return step.more;
  }

  async function stepRound(organizationNo: number): Promise<boolean> {
    // If it fails, the others have their turns before it is tried again.
    due.set(organizationNo, clock().getTime() + RETRY_MS);
    // A nudge may come before the commit that it speaks of, and then find nothing.
    grown.add(organizationNo);
    const step = await checkRound(parts, organizationNo);
    const { state, ends, more, position } = step;
    if (state.checkedAt !== null) {
      const roundStartedAt = state.roundPosition === null ? clock().toISOString() : state.roundStartedAt;
      due.set(organizationNo, nextRound({ ...state, roundStartedAt }, ends, more ? position : null));
    }
    await conclude(organizationNo, step);
    return more && isDue(organizationNo);
  }

  const isDue = (organizationNo: number): boolean => (due.get(organizationNo) ?? Infinity) <= clock().getTime();
  const rest = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);

  const isBusy = watchOwnThread();

  function restAfter(work: number): number {
    const common = work * (1 / SHARE - 1);
    return isBusy() ? Math.max(common, Math.min(LONGEST_REST_MS, work * (1 / SHARE_WHEN_BUSY - 1))) : common;
  }

  /** Works, then rests for so long that the work was its share of the time. */
  async function paced(work: () => Promise<boolean>): Promise<boolean> {
    if (stopped.signal.aborted) return false;
    const begun = performance.now();
    try {
      const more = await work();
      await rest(restAfter(performance.now() - begun));
      return more;
    } catch (error) {
      diagnostics.warn({ err: error }, 'checking a trail failed; it is tried again');
      await rest(EVERY_MS);
      return false;
    }
  }

  async function lookAtAll(): Promise<void> {
    let all: readonly number[] = [];
    await paced(async () => {
      all = await listOrganizationNumbers(db.direct);
      return false;
    });
    for (const no of all) if (!due.has(no)) await paced(() => look(no));
  }

  async function run(): Promise<void> {
    await lookAtAll();
    while (!stopped.signal.aborted) {
      let more = false;
      for (const no of [...grown]) more = (await paced(() => stepGrowth(no))) || more;
      for (const no of due.keys()) if (isDue(no)) more = (await paced(() => stepRound(no))) || more;
      if (!more) await rest(EVERY_MS);
    }
  }

  return {
    nudge: (organizationNo) => void grown.add(organizationNo),
    start() {
      running ??= run();
    },
    get diverged() {
      return diverged.size;
    },
    get eventsChecked() {
      return eventsChecked;
    },
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
