import type { Framework } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';

export type Cadence = 'monthly' | 'quarterly';

export interface ScheduleRow {
  readonly framework: Framework;
  readonly cadence: Cadence;
  readonly next_due_at: string;
  readonly created_at: string;
}

export interface RunRow {
  readonly framework: Framework;
  readonly due_at: string;
  readonly status: 'complete' | 'failed' | 'missed';
  readonly report_id: string | null;
  readonly reason: string | null;
}

export async function listSchedules(tx: Queryable, organizationNo: number): Promise<ScheduleRow[]> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT framework, cadence, next_due_at, created_at FROM packet_schedules
     WHERE organization_no = $1 ORDER BY created_at, framework`,
    [organizationNo],
  );
  return rows;
}

/** Requests that change an organization's schedules take turns from here to the end of their transaction. */
export async function lockSchedules(tx: Queryable, organizationNo: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1), $2)', ['packet_schedules', organizationNo]);
}

export async function findSchedule(
  tx: Queryable,
  organizationNo: number,
  framework: Framework,
): Promise<ScheduleRow | undefined> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT framework, cadence, next_due_at, created_at FROM packet_schedules
     WHERE organization_no = $1 AND framework = $2 FOR UPDATE`,
    [organizationNo, framework],
  );
  return rows[0];
}

export async function putSchedule(
  tx: Queryable,
  organizationNo: number,
  schedule: { readonly framework: Framework; readonly cadence: Cadence; readonly nextDueAt: string },
  by: { readonly id: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO packet_schedules (organization_no, framework, cadence, next_due_at, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (organization_no, framework) DO UPDATE SET cadence = excluded.cadence,
       next_due_at = excluded.next_due_at, attempts = 0, claimed_until = NULL, claimed_report_id = NULL`,
    [organizationNo, schedule.framework, schedule.cadence, schedule.nextDueAt, by.at, by.id],
  );
}

export async function deleteSchedule(tx: Queryable, organizationNo: number, framework: Framework): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM packet_schedules WHERE organization_no = $1 AND framework = $2', [
    organizationNo,
    framework,
  ]);
  return rowCount === 1;
}

export interface DueRun {
  readonly organization_no: number;
  readonly framework: Framework;
  readonly cadence: Cadence;
  readonly next_due_at: string;
  readonly attempts: number;
  /** What an earlier claim was making when its server went away; that packet may be whole. */
  readonly before: string | null;
  readonly claimed_report_id: string;
}

/** The longest due one that nobody is at, claimed: two servers never make it both. Undefined if none is due. */
export async function claimDueRun(
  db: Queryable,
  now: Date,
  until: Date,
  reportId: string,
): Promise<DueRun | undefined> {
  const { rows } = await db.query<DueRun>(
    `UPDATE packet_schedules s SET claimed_until = $2, claimed_report_id = $3
     FROM (SELECT organization_no, framework, claimed_report_id AS before FROM packet_schedules
           WHERE next_due_at <= $1 AND (claimed_until IS NULL OR claimed_until < $1)
           ORDER BY next_due_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS due
     WHERE s.organization_no = due.organization_no AND s.framework = due.framework
     RETURNING s.organization_no, s.framework, s.cadence, s.next_due_at, s.attempts, due.before, s.claimed_report_id`,
    [now, until, reportId],
  );
  return rows[0];
}

/** What was begun for it is still being made: whoever makes it ends the run. */
export async function leaveRun(
  tx: Queryable,
  run: Pick<DueRun, 'organization_no' | 'framework' | 'next_due_at'>,
  made: { readonly reportId: string; readonly until: Date },
): Promise<void> {
  await tx.query(
    `UPDATE packet_schedules SET claimed_until = $4, claimed_report_id = $5
     WHERE organization_no = $1 AND framework = $2 AND next_due_at = $3`,
    [run.organization_no, run.framework, run.next_due_at, made.until, made.reportId],
  );
}

/** Not now: it is tried again at `until`. */
export async function postponeRun(
  tx: Queryable,
  run: Pick<DueRun, 'organization_no' | 'framework' | 'next_due_at'>,
  until: Date,
): Promise<void> {
  await tx.query(
    `UPDATE packet_schedules SET attempts = attempts + 1, claimed_until = $4, claimed_report_id = NULL
     WHERE organization_no = $1 AND framework = $2 AND next_due_at = $3`,
    [run.organization_no, run.framework, run.next_due_at, until],
  );
}

/** Ends a run and sets when the next one is due. Of two that end the same run the second changes nothing. */
export async function endRun(
  tx: Queryable,
  run: Pick<DueRun, 'organization_no' | 'framework' | 'next_due_at'>,
  ended: { readonly status: RunRow['status']; readonly reportId: string | null; readonly reason: string | null },
  next: { readonly dueAt: string; readonly at: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO packet_schedule_runs (organization_no, framework, due_at, status, report_id, reason, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [run.organization_no, run.framework, run.next_due_at, ended.status, ended.reportId, ended.reason, next.at],
  );
  await tx.query(
    `UPDATE packet_schedules SET next_due_at = $4, attempts = 0, claimed_until = NULL, claimed_report_id = NULL
     WHERE organization_no = $1 AND framework = $2 AND next_due_at = $3`,
    [run.organization_no, run.framework, run.next_due_at, next.dueAt],
  );
  return rowCount === 1;
}

export async function listRunsWithin(
  tx: Queryable,
  organizationNo: number,
  framework: Framework,
  period: { readonly start: string; readonly before: string },
): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(
    `SELECT framework, due_at, status, report_id, reason FROM packet_schedule_runs
     WHERE organization_no = $1 AND framework = $2 AND due_at >= $3 AND due_at < $4 ORDER BY due_at`,
    [organizationNo, framework, period.start, period.before],
  );
  return rows;
}

/** The newest runs of every schedule, newest first. */
export async function listRuns(tx: Queryable, organizationNo: number, limit: number): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(
    `SELECT framework, due_at, status, report_id, reason FROM packet_schedule_runs
     WHERE organization_no = $1 ORDER BY due_at DESC, framework LIMIT $2`,
    [organizationNo, limit],
  );
  return rows;
}
