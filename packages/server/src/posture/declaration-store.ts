import type { Queryable } from '../storage/database.ts';

/** One version of what somebody declared. In force until the next version, its withdrawal or `valid_until`. */
export interface DeclarationVersion {
  readonly kind: string;
  readonly record_id: string;
  readonly version: number;
  /** Canonical JSON; of a withdrawal what was withdrawn. */
  readonly data: string;
  readonly owner: string;
  readonly declared_by: string;
  /** RFC 3339 in UTC, to the microsecond. */
  readonly declared_at: string;
  readonly valid_until: string;
  readonly withdrawn: boolean;
}

/** A version that is no withdrawal; `withdrawn` says whether the next one is. */
export interface DeclarationInForce extends DeclarationVersion {
  /** Exclusive: its valid_until, or earlier when the next version or the withdrawal came. */
  readonly in_force_until: string;
}

const COLUMNS = 'kind, record_id, version, data, owner, declared_by, declared_at, valid_until, withdrawn';

/** Changes of one organization's declarations take turns from here to the end of their transaction. */
export async function lockDeclarations(tx: Queryable, organizationNo: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1), $2)', ['declarations', organizationNo]);
}

export async function findDeclaration(
  tx: Queryable,
  organizationNo: number,
  kind: string,
  recordId: string,
): Promise<DeclarationVersion | undefined> {
  const { rows } = await tx.query<DeclarationVersion>(
    `SELECT ${COLUMNS} FROM declarations WHERE organization_no = $1 AND kind = $2 AND record_id = $3
     ORDER BY version DESC LIMIT 1`,
    [organizationNo, kind, recordId],
  );
  return rows[0];
}

/** Times of a record's versions grow, whatever the clock does. */
export async function insertDeclaration(
  tx: Queryable,
  organizationNo: number,
  version: Omit<DeclarationVersion, 'declared_at' | 'valid_until'> & { readonly at: Date; readonly until: Date },
): Promise<DeclarationVersion> {
  const { rows } = await tx.query<DeclarationVersion>(
    `INSERT INTO declarations (organization_no, ${COLUMNS})
     VALUES ($1, $2, $3, $4, $5, $6, $7, greatest($8::timestamptz, (
       SELECT max(declared_at) + interval '1 microsecond' FROM declarations
       WHERE organization_no = $1 AND kind = $2 AND record_id = $3)), $9, $10)
     RETURNING ${COLUMNS}`,
    [
      organizationNo,
      version.kind,
      version.record_id,
      version.version,
      version.data,
      version.owner,
      version.declared_by,
      version.at,
      version.until,
      version.withdrawn,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}

/** Records ever begun: an upper bound of those that stand, at the price of an index. */
export async function countRecords(tx: Queryable, organizationNo: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'SELECT count(*) AS n FROM declarations WHERE organization_no = $1 AND version = 1',
    [organizationNo],
  );
  return rows[0]?.n ?? 0;
}

const NEWEST = `
  SELECT DISTINCT ON (kind, record_id) ${COLUMNS} FROM declarations
  WHERE organization_no = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY kind, record_id, version DESC`;

/** Records that weren't withdrawn. */
export async function countStandingRecords(tx: Queryable, organizationNo: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM (${NEWEST}) AS d WHERE NOT withdrawn`, [
    organizationNo,
    null,
  ]);
  return rows[0]?.n ?? 0;
}

/** The newest version of each record that wasn't withdrawn, by kind and id; those past their `valid_until` too. */
export async function listDeclarations(
  tx: Queryable,
  organizationNo: number,
  kind: string | null,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ declarations: DeclarationVersion[]; total: number }> {
  const { rows } = await tx.query<DeclarationVersion>(
    `SELECT * FROM (${NEWEST}) AS d WHERE NOT withdrawn ORDER BY kind, record_id LIMIT $3 OFFSET $4`,
    [organizationNo, kind, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM (${NEWEST}) AS d WHERE NOT withdrawn`, [
    organizationNo,
    kind,
  ]);
  return { declarations: rows, total: count.rows[0]?.n ?? 0 };
}

/** All versions of a record, newest first, withdrawals among them. */
export async function listDeclarationVersions(
  tx: Queryable,
  organizationNo: number,
  kind: string,
  recordId: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ versions: DeclarationVersion[]; total: number }> {
  const { rows } = await tx.query<DeclarationVersion>(
    `SELECT ${COLUMNS} FROM declarations WHERE organization_no = $1 AND kind = $2 AND record_id = $3
     ORDER BY version DESC LIMIT $4 OFFSET $5`,
    [organizationNo, kind, recordId, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(
    'SELECT count(*) AS n FROM declarations WHERE organization_no = $1 AND kind = $2 AND record_id = $3',
    [organizationNo, kind, recordId],
  );
  return { versions: rows, total: count.rows[0]?.n ?? 0 };
}

/**
 * Every version that was in force at some time of [from, to), and of these kinds every earlier version of such a record
 * too; by kind, then oldest first.
 */
export async function listDeclarationsInForce(
  tx: Queryable,
  organizationNo: number,
  { from, to, wholeKinds }: { readonly from: Date; readonly to: Date; readonly wholeKinds: readonly string[] },
): Promise<DeclarationInForce[]> {
  const { rows } = await tx.query<DeclarationInForce>(
    `WITH versions AS (
       SELECT ${COLUMNS}, least(valid_until, lead(declared_at) OVER record) AS in_force_until,
         coalesce(lead(withdrawn) OVER record, false) AS taken_back
       FROM declarations WHERE organization_no = $1
       WINDOW record AS (PARTITION BY kind, record_id ORDER BY version)
     ), begun AS (
       SELECT *, max(in_force_until) OVER (PARTITION BY kind, record_id) AS last_until
       FROM versions WHERE NOT withdrawn AND declared_at < $3
     )
     SELECT kind, record_id, version, data, owner, declared_by, declared_at, valid_until, in_force_until,
       taken_back AS withdrawn
     FROM begun WHERE in_force_until > $2 OR (kind = ANY ($4::text[]) AND last_until > $2)
     ORDER BY kind, declared_at, record_id, version`,
    [organizationNo, from, to, wholeKinds],
  );
  return rows;
}

/** Of these ids, those of services that exist or existed. */
export async function findServicesEver(
  tx: Queryable,
  organizationNo: number,
  serviceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ service_id: string }>(
    'SELECT service_id FROM services WHERE organization_no = $1 AND service_id = ANY ($2::uuid[])',
    [organizationNo, serviceIds],
  );
  return new Set(rows.map((row) => row.service_id));
}
