import type { Framework } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';

/** A packet as lists show it. Times as stored, RFC 3339. */
export interface PacketRow {
  readonly report_id: string;
  readonly framework: Framework;
  readonly schema_version: string;
  readonly period_start: string;
  readonly period_end: string;
  readonly generated_at: string;
  readonly key_id: string | null;
  readonly status: 'complete' | 'failed';
  readonly canonical_sha256: string | null;
  /** JSON: how many controls have each status. */
  readonly status_counts: string | null;
  readonly failure: string | null;
}

export interface StartedPacket {
  readonly reportId: string;
  readonly framework: Framework;
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly generatedAt: string;
  readonly requestedBy: string;
}

export interface EndedPacket {
  readonly keyId: string;
  readonly canonicalSha256: string;
  readonly document: Buffer;
  readonly statusCounts: string;
  readonly exceptions: readonly string[];
}

const COLUMNS = `report_id, framework, schema_version, period_start, period_end, generated_at, key_id, status,
  canonical_sha256, status_counts, failure`;

export async function insertStartedPacket(
  tx: Queryable,
  organizationNo: number,
  packet: StartedPacket,
  leaseUntil: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO packets (organization_no, report_id, framework, schema_version, period_start, period_end, generated_at,
       requested_by, status) VALUES ($1, $2, $3, '1.0', $4, $5, $6, $7, 'started')`,
    [
      organizationNo,
      packet.reportId,
      packet.framework,
      packet.periodStart,
      packet.periodEnd,
      packet.generatedAt,
      packet.requestedBy,
    ],
  );
  await tx.query('INSERT INTO packet_leases (organization_no, report_id, lease_until) VALUES ($1, $2, $3)', [
    organizationNo,
    packet.reportId,
    leaseUntil,
  ]);
}

/** Whether it was still `started`: somebody may have given it up meanwhile, and then it stays failed. */
export async function completePacket(
  tx: Queryable,
  organizationNo: number,
  reportId: string,
  ended: EndedPacket,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE packets SET status = 'complete', key_id = $3, canonical_sha256 = $4, document = $5, status_counts = $6,
       exceptions = $7 WHERE organization_no = $1 AND report_id = $2 AND status = 'started'`,
    [
      organizationNo,
      reportId,
      ended.keyId,
      ended.canonicalSha256,
      ended.document,
      ended.statusCounts,
      JSON.stringify(ended.exceptions),
    ],
  );
  await dropLease(tx, organizationNo, reportId);
  return rowCount === 1;
}

/** The framework of what was given up; undefined if it had ended already. */
export async function failPacket(
  tx: Queryable,
  organizationNo: number,
  reportId: string,
  failure: string,
): Promise<Framework | undefined> {
  const { rows } = await tx.query<{ framework: Framework }>(
    `UPDATE packets SET status = 'failed', failure = $3
     WHERE organization_no = $1 AND report_id = $2 AND status = 'started' RETURNING framework`,
    [organizationNo, reportId, failure],
  );
  await dropLease(tx, organizationNo, reportId);
  return rows[0]?.framework;
}

async function dropLease(tx: Queryable, organizationNo: number, reportId: string): Promise<void> {
  await tx.query('DELETE FROM packet_leases WHERE organization_no = $1 AND report_id = $2', [organizationNo, reportId]);
}

export async function renewLease(
  db: Queryable,
  organizationNo: number,
  reportId: string,
  leaseUntil: Date,
): Promise<void> {
  await db.query('UPDATE packet_leases SET lease_until = $3 WHERE organization_no = $1 AND report_id = $2', [
    organizationNo,
    reportId,
    leaseUntil,
  ]);
}

/** Of every organization: generations whose server went away, by the time or, without one, because no server runs. */
export async function listLapsedLeases(
  db: Queryable,
  now: Date | undefined,
): Promise<readonly { readonly organization_no: number; readonly report_id: string }[]> {
  const { rows } = await db.query<{ organization_no: number; report_id: string }>(
    `SELECT organization_no, report_id FROM packet_leases WHERE $1::timestamptz IS NULL OR lease_until < $1 LIMIT 1000`,
    [now ?? null],
  );
  return rows;
}

/** Newest first. Those that are still being made are not among them. */
export async function listPackets(
  tx: Queryable,
  organizationNo: number,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ packets: PacketRow[]; total: number }> {
  const { rows } = await tx.query<PacketRow>(
    `SELECT ${COLUMNS} FROM packets WHERE organization_no = $1 AND status <> 'started'
     ORDER BY generated_at DESC, report_id DESC LIMIT $2 OFFSET $3`,
    [organizationNo, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(
    `SELECT count(*) AS n FROM packets WHERE organization_no = $1 AND status <> 'started'`,
    [organizationNo],
  );
  return { packets: rows, total: count.rows[0]?.n ?? 0 };
}

/** The packet and the very bytes that were answered when it was made. */
export async function findPacket(
  tx: Queryable,
  organizationNo: number,
  reportId: string,
): Promise<(PacketRow & { readonly document: Buffer | null }) | undefined> {
  const { rows } = await tx.query<PacketRow & { document: Buffer | null }>(
    `SELECT ${COLUMNS}, document FROM packets
     WHERE organization_no = $1 AND report_id = $2 AND status <> 'started'`,
    [organizationNo, reportId],
  );
  return rows[0];
}

/** Of one that is still being made too. */
export async function packetStatus(
  tx: Queryable,
  organizationNo: number,
  reportId: string,
): Promise<'started' | 'complete' | 'failed' | undefined> {
  const { rows } = await tx.query<{ status: 'started' | 'complete' | 'failed' }>(
    'SELECT status FROM packets WHERE organization_no = $1 AND report_id = $2',
    [organizationNo, reportId],
  );
  return rows[0]?.status;
}

export interface PreviousRow {
  readonly report_id: string;
  readonly canonical_sha256: string;
  readonly generated_at: string;
  readonly period_start: string;
  readonly period_end: string;
  /** JSON array of control ids. */
  readonly exceptions: string;
}

/** The newest complete packet of a framework. */
export async function findPreviousPacket(
  tx: Queryable,
  organizationNo: number,
  framework: Framework,
): Promise<PreviousRow | undefined> {
  const { rows } = await tx.query<PreviousRow>(
    `SELECT report_id, canonical_sha256, generated_at, period_start, period_end, exceptions FROM packets
     WHERE organization_no = $1 AND framework = $2 AND status = 'complete'
     ORDER BY generated_at DESC, report_id DESC LIMIT 1`,
    [organizationNo, framework],
  );
  return rows[0];
}

export async function findPdf(tx: Queryable, organizationNo: number, reportId: string): Promise<Buffer | undefined> {
  const { rows } = await tx.query<{ pdf: Buffer }>(
    'SELECT pdf FROM packet_pdfs WHERE organization_no = $1 AND report_id = $2',
    [organizationNo, reportId],
  );
  return rows[0]?.pdf;
}

/** Of two renderings that come together the first stays. */
export async function keepPdf(
  tx: Queryable,
  organizationNo: number,
  reportId: string,
  pdf: Buffer,
  at: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO packet_pdfs (organization_no, report_id, rendered_at, pdf) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [organizationNo, reportId, at, pdf],
  );
}
