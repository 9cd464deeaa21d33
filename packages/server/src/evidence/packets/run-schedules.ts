import { v7 as uuidv7 } from 'uuid';

import type { Diagnostics } from '../../diagnostics.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { readOrganization, refOf } from '../../tenancy/organization-store.ts';
import { SERVER } from '../../trail/key-change-event.ts';
import { codeOf, type PacketIssuer } from './issue-packet.ts';
import { packetStatus } from './packet-store.ts';
import { dueAfter, periodOfRun } from './schedule.ts';
import { claimDueRun, endRun, leaveRun, postponeRun, type DueRun, type RunRow } from './schedule-store.ts';

export interface ScheduleParts {
  readonly ground: Ground;
  readonly issuer: PacketIssuer;
  readonly diagnostics: Diagnostics;
}

/** Longer than a packet takes; whoever is slower finds that its run has been taken over and leaves it. */
const CLAIM_MS = 10 * 60_000;
const RETRY_MS = 15 * 60_000;
const MOST_ATTEMPTS = 3;

/**
 * Makes the longest due packet, if one is due. Periods that ended while no server ran come up one after the other, oldest
 * first. A run that can't be made ends as `missed` or, after some tries, `failed`: an event either way.
 *
 * @returns whether there may be more
 */
export async function runNextDue(parts: ScheduleParts): Promise<boolean> {
  const { ground, issuer, diagnostics } = parts;
  const now = ground.clock();
  const run = await claimDueRun(ground.db.direct, now, new Date(now.getTime() + CLAIM_MS), uuidv7());
  if (run === undefined) return false;
  const begun = await takeUpBegun(parts, run);
  if (begun) return true;
  const row = await readOrganization(ground.db.direct, run.organization_no);
  const caller = { organization: refOf(row), actor: SERVER };
  try {
    const asked = { framework: run.framework, ...periodOfRun(run.cadence, run.next_due_at) };
    const { reportId } = await issuer.issue(caller, asked, run.claimed_report_id);
    await end(parts, run, { status: 'complete', reportId, reason: null });
  } catch (error) {
    const reason = codeOf(error);
    if (reason === 'not_subscribed') await end(parts, run, { status: 'missed', reportId: null, reason });
    else if (run.attempts + 1 >= MOST_ATTEMPTS) {
      await end(parts, run, { status: 'failed', reportId: run.claimed_report_id, reason });
    } else {
      diagnostics.warn({ err: error, framework: run.framework }, 'a scheduled packet failed; it is tried again');
      const until = new Date(ground.clock().getTime() + RETRY_MS);
      await ground.db.scoped(run.organization_no, (tx) => postponeRun(tx, run, until));
    }
  }
  return true;
}

/** What an earlier claim had begun may be whole, or still be made by a server that is only slow. */
async function takeUpBegun(parts: ScheduleParts, run: DueRun): Promise<boolean> {
  const { before } = run;
  if (before === null) return false;
  const status = await parts.ground.db.scoped(run.organization_no, (tx) =>
    packetStatus(tx, run.organization_no, before),
  );
  if (status === 'complete') await end(parts, run, { status: 'complete', reportId: before, reason: null });
  if (status === 'started') {
    const until = new Date(parts.ground.clock().getTime() + RETRY_MS);
    await parts.ground.db.scoped(run.organization_no, (tx) => leaveRun(tx, run, { reportId: before, until }));
  }
  return status === 'complete' || status === 'started';
}

async function end(
  parts: ScheduleParts,
  run: DueRun,
  ended: { readonly status: RunRow['status']; readonly reportId: string | null; readonly reason: string | null },
): Promise<void> {
  const { ground } = parts;
  const at = ground.clock();
  // The next one after this, not after now: what fell due meanwhile is made up for.
  const dueAt = dueAfter(run.cadence, new Date(run.next_due_at));
  await ground.db.scoped(run.organization_no, async (tx) => {
    const first = await endRun(tx, run, ended, { dueAt, at });
    if (!first || ended.status === 'complete') return;
    await ground.recordDeed(tx, run.organization_no, SERVER, {
      action: 'CREATE',
      resourceType: 'scheduled_packet',
      resourceId: run.framework,
      details: { outcome: ended.status, due_at: run.next_due_at, reason: ended.reason },
    });
  });
}
