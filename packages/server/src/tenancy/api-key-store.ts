import type { Queryable } from '../storage/database.ts';
import type { Role } from './roles.ts';

export interface ApiKeyRow {
  readonly api_key: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: string;
  readonly created_by: string;
  readonly last_used_at: string | null;
}

/** A live key as authentication needs it. */
export interface ApiKeyCredential {
  readonly api_key: string;
  readonly name: string;
  readonly role: Role;
  readonly secret_hash: Buffer;
  readonly organization_no: number;
  readonly organization_id: string;
  readonly organization_name: string;
}

export async function insertApiKey(
  tx: Queryable,
  organizationNo: number,
  key: { apiKey: string; name: string; role: Role; secretHash: Buffer; createdAt: Date; createdBy: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO api_keys (api_key, organization_no, name, role, secret_hash, created_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [key.apiKey, organizationNo, key.name, key.role, key.secretHash, key.createdAt, key.createdBy],
  );
}

export async function findApiKeyCredentials(
  db: Queryable,
  apiKeys: readonly string[],
): Promise<ReadonlyMap<string, ApiKeyCredential>> {
  const { rows } = await db.query<ApiKeyCredential>({
    name: 'api-key-credentials',
    text: `SELECT k.api_key, k.name, k.role, k.secret_hash, k.organization_no, o.organization_id, o.name AS organization_name
           FROM api_keys k JOIN organizations o USING (organization_no)
           WHERE k.api_key = ANY ($1) AND k.revoked_at IS NULL`,
    values: [apiKeys],
  });
  return new Map(rows.map((row) => [row.api_key, row]));
}

export async function listApiKeys(db: Queryable, organizationNo: number): Promise<ApiKeyRow[]> {
  const { rows } = await db.query<ApiKeyRow>(
    `SELECT api_key, name, role, created_at, created_by, last_used_at FROM api_keys
     WHERE organization_no = $1 AND revoked_at IS NULL ORDER BY created_at, api_key`,
    [organizationNo],
  );
  return rows;
}

/** The revoked key, or nothing if the organization has no such live key. */
export async function revokeApiKey(
  tx: Queryable,
  organizationNo: number,
  apiKey: string,
  at: Date,
): Promise<{ name: string; role: Role } | undefined> {
  const { rows } = await tx.query<{ name: string; role: Role }>(
    `UPDATE api_keys SET revoked_at = $3 WHERE organization_no = $1 AND api_key = $2 AND revoked_at IS NULL
     RETURNING name, role`,
    [organizationNo, apiKey, at],
  );
  return rows[0];
}

export async function findApiKeyRole(tx: Queryable, organizationNo: number, apiKey: string): Promise<Role | undefined> {
  const { rows } = await tx.query<{ role: Role }>(
    'SELECT role FROM api_keys WHERE organization_no = $1 AND api_key = $2 AND revoked_at IS NULL',
    [organizationNo, apiKey],
  );
  return rows[0]?.role;
}

/** Last use is told to the minute or so; it is flushed now and then and may lag after a crash. */
export async function touchApiKeys(db: Queryable, uses: ReadonlyMap<string, Date>): Promise<void> {
  await db.query(
    `UPDATE api_keys SET last_used_at = greatest(last_used_at, use.at)
     FROM unnest($1::text[], $2::timestamptz[]) AS use (api_key, at) WHERE api_keys.api_key = use.api_key`,
    [[...uses.keys()], [...uses.values()]],
  );
}
