import type { Queryable } from '../storage/database.ts';

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

/** The newest completed backup of each live service. One index probe a service, however many backups there are. */
export async function lastCompletedBackups(
  tx: Queryable,
  organizationNo: number,
): Promise<ReadonlyMap<string, { completed_at: string; type: string }>> {
  const { rows } = await tx.query<{ service_id: string; completed_at: string; type: string }>(
    `SELECT v.service_id, b.completed_at, b.type
     FROM service_versions v
     CROSS JOIN LATERAL (
       SELECT completed_at, type FROM backups
       WHERE organization_no = v.organization_no AND service_id = v.service_id AND status = 'completed'
       ORDER BY completed_at DESC LIMIT 1) b
     WHERE v.organization_no = $1 AND v.valid_to IS NULL`,
    [organizationNo],
  );
  return new Map(rows.map((row) => [row.service_id, row]));
}
