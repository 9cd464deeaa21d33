import type { Queryable } from '../storage/database.ts';
import { FACT_NAMES, type Service, type ServiceFacts, type ServiceVersion } from './service.ts';

const FACTS = FACT_NAMES.join(', ');

/**
 * Services and their history. A change closes the version in force and opens the next at the same instant, so at every
 * moment from creation to deletion exactly one version holds. Nothing is overwritten or deleted.
 */
export async function listServices(tx: Queryable, organizationNo: number): Promise<Service[]> {
  const { rows } = await tx.query<Service>(
    `SELECT s.service_id, ${FACTS}, s.created_at, v.valid_from AS updated_at
     FROM services s JOIN service_versions v USING (organization_no, service_id)
     WHERE s.organization_no = $1 AND v.valid_to IS NULL ORDER BY s.created_at, s.service_id`,
    [organizationNo],
  );
  return rows;
}

export async function findService(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
): Promise<Service | undefined> {
  const { rows } = await tx.query<Service>(
    `SELECT s.service_id, ${FACTS}, s.created_at, v.valid_from AS updated_at
     FROM services s JOIN service_versions v USING (organization_no, service_id)
     WHERE s.organization_no = $1 AND s.service_id = $2 AND v.valid_to IS NULL`,
    [organizationNo, serviceId],
  );
  return rows[0];
}

export async function countServices(tx: Queryable, organizationNo: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'SELECT count(*) AS n FROM service_versions WHERE organization_no = $1 AND valid_to IS NULL',
    [organizationNo],
  );
  return rows[0]?.n ?? 0;
}

/** A row without a version stands for nothing yet; of two that insert one id, the second waits for the first's end. */
export async function insertService(tx: Queryable, organizationNo: number, serviceId: string, at: Date): Promise<void> {
  await tx.query(
    `INSERT INTO services (organization_no, service_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [organizationNo, serviceId, at],
  );
}

/** Changes of one service take turns from here to the end of the transaction. */
export async function lockService(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
): Promise<Service | undefined> {
  await tx.query('SELECT 1 FROM services WHERE organization_no = $1 AND service_id = $2 FOR UPDATE', [
    organizationNo,
    serviceId,
  ]);
  return findService(tx, organizationNo, serviceId);
}

/** Ends the version in force, at least a microsecond after it began. Answers when the next may begin. */
async function closeVersion(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
  at: Date | string,
): Promise<string> {
  const { rows } = await tx.query<{ valid_to: string }>(
    `UPDATE service_versions SET valid_to = greatest($3::timestamptz, valid_from + interval '1 microsecond')
     WHERE organization_no = $1 AND service_id = $2 AND valid_to IS NULL RETURNING valid_to`,
    [organizationNo, serviceId, at],
  );
  return rows[0]?.valid_to ?? (typeof at === 'string' ? at : at.toISOString());
}

/** Call with the service locked. */
export async function putVersion(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
  facts: ServiceFacts,
  at: Date | string,
): Promise<void> {
  const validFrom = await closeVersion(tx, organizationNo, serviceId, at);
  await tx.query(
    `INSERT INTO service_versions (organization_no, service_id, valid_from, ${FACTS})
     SELECT $1, $2, greatest($3::timestamptz, (SELECT max(valid_to) FROM service_versions
       WHERE organization_no = $1 AND service_id = $2)), $4, $5, $6, $7, $8, $9, $10, $11`,
    [organizationNo, serviceId, validFrom, ...FACT_NAMES.map((name) => facts[name])],
  );
}

/** Call with the service locked. */
export async function endService(tx: Queryable, organizationNo: number, serviceId: string, at: Date): Promise<void> {
  const end = await closeVersion(tx, organizationNo, serviceId, at);
  await tx.query('UPDATE services SET deleted_at = $3 WHERE organization_no = $1 AND service_id = $2', [
    organizationNo,
    serviceId,
    end,
  ]);
}

/**
 * An ended service is made again under its id: it begins anew, after its end.
 *
 * @returns when, or undefined if it hadn't ended
 */
export async function reviveService(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
  at: Date,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ created_at: string }>(
    `UPDATE services SET deleted_at = NULL, created_at = greatest($3::timestamptz, deleted_at + interval '1 microsecond')
     WHERE organization_no = $1 AND service_id = $2 AND deleted_at IS NOT NULL RETURNING created_at`,
    [organizationNo, serviceId, at],
  );
  return rows[0]?.created_at;
}

/** Oldest first; of deleted services too. At most `limit` versions, from the `offset`-th. */
export async function listVersions(
  tx: Queryable,
  organizationNo: number,
  serviceId: string,
  page: { limit: number; offset: number },
): Promise<{ versions: ServiceVersion[]; total: number }> {
  const { rows } = await tx.query<ServiceVersion>(
    `SELECT valid_from, valid_to, ${FACTS} FROM service_versions
     WHERE organization_no = $1 AND service_id = $2 ORDER BY valid_from LIMIT $3 OFFSET $4`,
    [organizationNo, serviceId, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(
    'SELECT count(*) AS n FROM service_versions WHERE organization_no = $1 AND service_id = $2',
    [organizationNo, serviceId],
  );
  return { versions: rows, total: count.rows[0]?.n ?? 0 };
}
