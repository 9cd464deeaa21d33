import type { Queryable } from '../storage/database.ts';
import type { Membership, OrganizationRef } from './principal.ts';
import type { MemberRole } from './roles.ts';

const ORGANIZATIONS_A_PAGE = 500;

export interface OrganizationRow {
  readonly organization_no: number;
  readonly organization_id: string;
  readonly name: string;
  readonly billing_email: string;
  readonly audit_retention_days: number | null;
  readonly created_at: string;
}

export async function insertOrganization(
  tx: Queryable,
  row: Omit<OrganizationRow, 'organization_no' | 'audit_retention_days' | 'created_at'> & { created_at: Date },
): Promise<OrganizationRow> {
  const { rows } = await tx.query<OrganizationRow>(
    `INSERT INTO organizations (organization_id, name, billing_email, created_at) VALUES ($1, $2, $3, $4) RETURNING *`,
    [row.organization_id, row.name, row.billing_email, row.created_at],
  );
  return one(rows);
}

export async function readOrganization(tx: Queryable, organizationNo: number): Promise<OrganizationRow> {
  const { rows } = await tx.query<OrganizationRow>('SELECT * FROM organizations WHERE organization_no = $1', [
    organizationNo,
  ]);
  return one(rows);
}

/**
 * Whoever changes the organization, or what hangs on it as a whole, waits here. Rows that only refer to it go on coming: an
 * export holds the trail's head when it is put on record, and would otherwise wait for who waits for the head.
 */
export async function lockOrganization(tx: Queryable, organizationNo: number): Promise<OrganizationRow> {
  const { rows } = await tx.query<OrganizationRow>(
    'SELECT * FROM organizations WHERE organization_no = $1 FOR NO KEY UPDATE',
    [organizationNo],
  );
  return one(rows);
}

export async function updateOrganization(
  tx: Queryable,
  organizationNo: number,
  change: Pick<OrganizationRow, 'name' | 'billing_email' | 'audit_retention_days'>,
): Promise<OrganizationRow> {
  const { rows } = await tx.query<OrganizationRow>(
    `UPDATE organizations SET name = $2, billing_email = $3, audit_retention_days = $4
     WHERE organization_no = $1 RETURNING *`,
    [organizationNo, change.name, change.billing_email, change.audit_retention_days],
  );
  return one(rows);
}

export async function listOrganizationNumbers(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ organization_no: number }>('SELECT organization_no FROM organizations');
  return rows.map((row) => row.organization_no);
}

/** Those that somebody belongs to: one that is still being made up has nobody yet. */
export async function listPeopledOrganizations(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ organization_no: number }>(
    `SELECT organization_no FROM organizations o
     WHERE EXISTS (SELECT FROM memberships m WHERE m.organization_no = o.organization_no) ORDER BY organization_no`,
  );
  return rows.map((row) => row.organization_no);
}

/** All of them, oldest first. */
export async function listOrganizationRefs(db: Queryable): Promise<OrganizationRef[]> {
  const { rows } = await db.query<OrganizationRow>('SELECT * FROM organizations ORDER BY organization_no');
  return rows.map(refOf);
}

export async function anyOrganization(db: Queryable): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM organizations LIMIT 1');
  return rows.length > 0;
}

/** The numbers after `after`, in order, at most `limit`. */
export async function organizationNosAfter(db: Queryable, after: number, limit: number): Promise<number[]> {
  const { rows } = await db.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE organization_no > $1 ORDER BY organization_no LIMIT $2',
    [after, limit],
  );
  return rows.map((row) => row.organization_no);
}

/** For chores that go through all organizations, oldest first; those that are made up meanwhile come too. */
export async function* everyOrganizationNo(db: Queryable): AsyncGenerator<number> {
  let page = await organizationNosAfter(db, 0, ORGANIZATIONS_A_PAGE);
  while (page.length > 0) {
    yield* page;
    page = await organizationNosAfter(db, page.at(-1) ?? 0, ORGANIZATIONS_A_PAGE);
  }
}

export async function newestOrganizationNos(db: Queryable, limit: number): Promise<number[]> {
  const { rows } = await db.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations ORDER BY organization_no DESC LIMIT $1',
    [limit],
  );
  return rows.map((row) => row.organization_no);
}

/** Answers only organizations that the user is a member of; by id, or all of them, oldest first. */
export async function listMemberships(
  db: Queryable,
  userId: string,
  organizationId?: string,
): Promise<(Membership & { row: OrganizationRow })[]> {
  const { rows } = await db.query<OrganizationRow & { role: MemberRole }>(
    `SELECT o.*, m.role FROM memberships m JOIN organizations o USING (organization_no)
     WHERE m.user_id = $1 AND ($2::uuid IS NULL OR o.organization_id = $2) ORDER BY o.organization_no`,
    [userId, organizationId ?? null],
  );
  return rows.map((row) => ({ organization: { ...refOf(row), name: row.name }, role: row.role, row }));
}

export function refOf(row: OrganizationRow): OrganizationRef {
  return { no: row.organization_no, id: row.organization_id };
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}
