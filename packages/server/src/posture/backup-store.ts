import type { Queryable } from '../storage/database.ts';
import type { BackupSchedule } from './service.ts';

export interface Backup {
  readonly backup_id: string;
  readonly service_id: string;
  readonly completed_at: string;
  readonly type: string;
  readonly status: 'completed' | 'failed';
  readonly recorded_at: string;
}

export async function insertBackup(
  tx: Queryable,
  organizationNo: number,
  backup: Omit<Backup, 'recorded_at'>,
  recordedAt: Date,
): Promise<Backup> {
  const { rows } = await tx.query<Backup>(
    `INSERT INTO backups (organization_no, service_id, backup_id, completed_at, type, status, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     RETURNING backup_id, service_id, completed_at, type, status, recorded_at`,
    [organizationNo, backup.service_id, backup.backup_id, backup.completed_at, backup.type, backup.status, recordedAt],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}

/** Newest first by `completed_at`. */
export async function listBackups(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
  page: { limit: number; offset: number },
): Promise<{ backups: Backup[]; total: number }> {
  const { rows } = await tx.query<Backup>(
    `SELECT backup_id, service_id, completed_at, type, status, recorded_at FROM backups
     WHERE organization_no = $1 AND service_id = $2 ORDER BY completed_at DESC, backup_id DESC LIMIT $3 OFFSET $4`,
    [organizationNo, serviceId, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(
    'SELECT count(*) AS n FROM backups WHERE organization_no = $1 AND service_id = $2',
    [organizationNo, serviceId],
  );
  return { backups: rows, total: count.rows[0]?.n ?? 0 };
}

/** The newest backup of each live service that was completed before then, and not of an earlier one with its id. One index probe a service, however many backups there are. */
export async function lastCompletedBackups(
  tx: Queryable,
  organizationNo: number,
  before: Date,
): Promise<ReadonlyMap<string, { completed_at: string; type: string }>> {
  const { rows } = await tx.query<{ service_id: string; completed_at: string; type: string }>(
    `SELECT v.service_id, b.completed_at, b.type
     FROM service_versions v JOIN services s USING (organization_no, service_id)
     CROSS JOIN LATERAL (
       SELECT completed_at, type FROM backups
       WHERE organization_no = v.organization_no AND service_id = v.service_id AND status = 'completed'
         AND completed_at < $2 AND recorded_at >= s.created_at
       ORDER BY completed_at DESC LIMIT 1) b
     WHERE v.organization_no = $1 AND v.valid_to IS NULL`,
    [organizationNo, before],
  );
  return new Map(rows.map((row) => [row.service_id, row]));
}

export interface BackupDay {
  /** YYYY-MM-DD, in UTC. */
  readonly day: string;
  /** As it stood when the day ended, or stands now. */
  readonly schedule: BackupSchedule;
  readonly completed: number;
  readonly failed: number;
}

/**
 * The backups of live services by day, for the days up to and with today on which each service was there; services as
 * listed, days oldest first.
 */
export async function countBackupDays(
  tx: Queryable,
  organizationNo: number,
  asked: { readonly now: Date; readonly days: number; readonly serviceId?: string | undefined },
  page: { limit: number; offset: number },
): Promise<{ services: { service_id: string; days: BackupDay[] }[]; total: number }> {
  const { rows } = await tx.query<{ service_id: string; days: BackupDay[] | null; total: number }>(
    `WITH live AS (
       SELECT s.service_id, s.created_at, count(*) OVER () AS total
       FROM services s JOIN service_versions v USING (organization_no, service_id)
       WHERE s.organization_no = $1 AND v.valid_to IS NULL AND ($4::uuid IS NULL OR s.service_id = $4)
       ORDER BY s.created_at, s.service_id LIMIT $5 OFFSET $6)
     SELECT live.service_id, live.total, (
       SELECT json_agg(json_build_object('day', to_char(d.day, 'YYYY-MM-DD'), 'schedule', v.backup_schedule,
         'completed', b.completed, 'failed', b.failed) ORDER BY d.day)
       FROM (SELECT date_trunc('day', $2::timestamptz) - n * interval '1 day' AS day
             FROM generate_series(0, $3::integer - 1) AS n) AS d
       CROSS JOIN LATERAL (
         SELECT backup_schedule FROM service_versions
         WHERE organization_no = $1 AND service_id = live.service_id AND valid_from < d.day + interval '1 day'
           AND (valid_to IS NULL OR valid_to >= d.day + interval '1 day')
         ORDER BY valid_from DESC LIMIT 1) AS v
       CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE status = 'completed') AS completed,
           count(*) FILTER (WHERE status = 'failed') AS failed
         FROM backups WHERE organization_no = $1 AND service_id = live.service_id
           AND completed_at >= d.day AND completed_at < d.day + interval '1 day') AS b) AS days
     FROM live ORDER BY live.created_at, live.service_id`,
    [organizationNo, asked.now, asked.days, asked.serviceId ?? null, page.limit, page.offset],
  );
  return {
    services: rows.map(({ service_id, days }) => ({ service_id, days: days ?? [] })),
    total: rows[0]?.total ?? 0,
  };
}
