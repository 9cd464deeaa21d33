import type { Queryable } from '../storage/database.ts';
import type { ExportPlan, ExportSummary } from './export-events.ts';

export interface ExportRow {
  readonly export_id: string;
  readonly format: string;
  /** The filter as JSON text. */
  readonly filter: string;
  readonly requested_at: string;
  readonly complete: boolean;
  readonly events: number | null;
  readonly first_sequence: number | null;
  readonly last_sequence: number | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly mac: string | null;
  readonly mac_key_id: string;
}

/** An export is on record before its first byte leaves, as not complete; only its last byte changes that. */
export async function insertExport(
  tx: Queryable,
  plan: ExportPlan & { exportId: string; requestedBy: string; requestedAt: Date; macKeyId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO exports (organization_no, export_id, requested_by, requested_at, format, filter, end_sequence, mac_key_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      plan.organizationNo,
      plan.exportId,
      plan.requestedBy,
      plan.requestedAt,
      plan.format,
      JSON.stringify({ ...plan.filter, ...(plan.order === 'sequence' && { order: plan.order }) }),
      plan.endSequence,
      plan.macKeyId,
    ],
  );
}

export async function completeExport(
  tx: Queryable,
  organizationNo: number,
  exportId: string,
  summary: ExportSummary,
): Promise<void> {
  await tx.query(
    `UPDATE exports SET complete = true, events = $3, first_sequence = $4, last_sequence = $5, bytes = $6, sha256 = $7,
       mac = $8
     WHERE organization_no = $1 AND export_id = $2`,
    [
      organizationNo,
      exportId,
      summary.events,
      summary.firstSequence,
      summary.lastSequence,
      summary.bytes,
      summary.sha256,
      summary.mac,
    ],
  );
}

export async function findExport(
  tx: Queryable,
  organizationNo: number,
  exportId: string,
): Promise<ExportRow | undefined> {
  const { rows } = await tx.query<ExportRow>(
    `SELECT export_id, format, filter, requested_at, complete, events, first_sequence, last_sequence, bytes, sha256, mac,
       mac_key_id
     FROM exports WHERE organization_no = $1 AND export_id = $2`,
    [organizationNo, exportId],
  );
  return rows[0];
}
