import type { Queryable } from '../../storage/database.ts';
import { readPortions } from '../../storage/read-portions.ts';

/** One version of a service that held at some time of the period. */
export interface ServiceVersionRow {
  readonly service_id: string;
  readonly created_at: string;
  readonly deleted_at: string | null;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly name: string;
  readonly database_type: string;
  readonly zones: readonly string[];
  readonly storage_encrypted_at_rest: boolean;
  readonly backup_encryption: string | null;
  readonly tls_enabled: boolean;
  readonly backup_schedule: 'hourly' | 'daily' | 'weekly' | 'none';
  readonly backup_retention_days: number;
  /** Whether the service was made with it: for the first time, or again under its old id after it had ended. */
  readonly begins: boolean;
  /** Whether the service ended with it. */
  readonly ends: boolean;
}

/** The version of the same service, beside `v`, that satisfies this. */
const OTHER =
  'SELECT FROM service_versions o WHERE (o.organization_no, o.service_id) = (v.organization_no, v.service_id)';

/** By service, the oldest service first, and in each by time. Ended services are among them. */
export function readVersionsWithin(
  tx: Queryable,
  organizationNo: number,
  period: { readonly start: string; readonly before: string },
): AsyncGenerator<ServiceVersionRow[], void> {
  return readPortions<ServiceVersionRow>(
    tx,
    `SELECT v.service_id, s.created_at, s.deleted_at, v.valid_from, v.valid_to, v.name, v.database_type, v.zones,
       v.storage_encrypted_at_rest, v.backup_encryption, v.tls_enabled, v.backup_schedule, v.backup_retention_days,
       NOT EXISTS (${OTHER} AND o.valid_to = v.valid_from) AS begins,
       v.valid_to IS NOT NULL AND NOT EXISTS (${OTHER} AND o.valid_from = v.valid_to) AS ends
     FROM service_versions v JOIN services s USING (organization_no, service_id)
     WHERE v.organization_no = $1 AND v.valid_from < $3 AND (v.valid_to IS NULL OR v.valid_to > $2)
     ORDER BY s.created_at, v.service_id, v.valid_from`,
    [organizationNo, period.start, period.before],
  );
}

export interface BackupCountRow {
  readonly completed: number;
  readonly failed: number;
  readonly last_completed_at: string | null;
}

/** What was backed up in each of these stretches (end exclusive), in their order. */
export async function countBackups(
  tx: Queryable,
  organizationNo: number,
  stretches: readonly { readonly serviceId: string; readonly from: string; readonly to: string }[],
): Promise<BackupCountRow[]> {
  const { rows } = await tx.query<BackupCountRow>(
    `SELECT c.* FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS s (service_id, starts, ends, no)
     CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE status = 'completed') AS completed, count(*) FILTER (WHERE status = 'failed') AS failed,
         max(completed_at) FILTER (WHERE status = 'completed') AS last_completed_at
       FROM backups WHERE organization_no = $1 AND service_id = s.service_id
         AND completed_at >= s.starts AND completed_at < s.ends) AS c
     ORDER BY s.no`,
    [
      organizationNo,
      stretches.map((stretch) => stretch.serviceId),
      stretches.map((stretch) => stretch.from),
      stretches.map((stretch) => stretch.to),
    ],
  );
  return rows;
}

/** A stretch in which backups were due at an interval. */
export interface ScheduleWindow {
  readonly serviceId: string;
  readonly from: string;
  readonly to: string;
  readonly limitSeconds: number;
  /** Whether a backup before `from` counts: not when the schedule or the service began there. */
  readonly carriesOn: boolean;
}

export interface GapRow {
  /** Of the window, from 0. */
  readonly window: number;
  readonly from_at: string;
  readonly to_at: string;
  readonly limit_seconds: number;
}

/** A backup of which nobody told for longer than this says little: whoever looked in between saw none. */
const TIMELY = `recorded_at <= completed_at + interval '24 hours'`;

/** Stretches without a completed and timely recorded backup that are longer than the window's limit, in the windows' order. */
export function readBackupGaps(
  tx: Queryable,
  organizationNo: number,
  windows: readonly ScheduleWindow[],
): AsyncGenerator<GapRow[], void> {
  return readPortions<GapRow>(
    tx,
    `SELECT (w.no - 1)::integer AS window, g.from_at, g.to_at, w.limit_seconds
     FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::integer[], $6::boolean[]) WITH ORDINALITY
       AS w (service_id, starts, ends, limit_seconds, carries_on, no)
     CROSS JOIN LATERAL (
       SELECT lag(at) OVER (ORDER BY at) AS from_at, at AS to_at FROM (
         SELECT coalesce(CASE WHEN w.carries_on THEN (
           SELECT completed_at FROM backups WHERE organization_no = $1 AND service_id = w.service_id
             AND status = 'completed' AND completed_at <= w.starts AND ${TIMELY} ORDER BY completed_at DESC LIMIT 1) END, w.starts) AS at
         UNION ALL
         SELECT completed_at FROM backups WHERE organization_no = $1 AND service_id = w.service_id
           AND status = 'completed' AND completed_at > w.starts AND completed_at < w.ends AND ${TIMELY}
         UNION ALL SELECT w.ends) AS moment) AS g
     WHERE extract(epoch FROM g.to_at - g.from_at) > w.limit_seconds
     ORDER BY w.no, g.from_at`,
    [
      organizationNo,
      windows.map((window) => window.serviceId),
      windows.map((window) => window.from),
      windows.map((window) => window.to),
      windows.map((window) => window.limitSeconds),
      windows.map((window) => window.carriesOn),
    ],
  );
}
