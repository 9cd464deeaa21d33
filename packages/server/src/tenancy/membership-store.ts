import type { Queryable } from '../storage/database.ts';
import type { MemberRole } from './roles.ts';

export interface MemberRow {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
}

/** False if the user is a member already. */
export async function insertMembership(
  tx: Queryable,
  organizationNo: number,
  userId: string,
  role: MemberRole,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO memberships (organization_no, user_id, role, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [organizationNo, userId, role, at],
  );
  return rowCount === 1;
}

export async function listMembers(db: Queryable, organizationNo: number): Promise<MemberRow[]> {
  const { rows } = await db.query<MemberRow>(
    `SELECT u.user_id, u.email, u.name, m.role FROM memberships m JOIN users u USING (user_id)
     WHERE m.organization_no = $1 ORDER BY m.created_at, u.user_id`,
    [organizationNo],
  );
  return rows;
}

/** Locks all of an organization's owners too, so that two demotions can't each count the other as the one that stays. */
export async function lockMember(
  tx: Queryable,
  organizationNo: number,
  userId: string,
): Promise<{ member: MemberRow | undefined; owners: number }> {
  const { rows } = await tx.query<MemberRow>(
    `SELECT u.user_id, u.email, u.name, m.role FROM memberships m JOIN users u USING (user_id)
     WHERE m.organization_no = $1 AND (m.user_id = $2 OR m.role = 'owner') ORDER BY m.user_id FOR UPDATE OF m`,
    [organizationNo, userId],
  );
  return {
    member: rows.find((row) => row.user_id === userId),
    owners: rows.filter((row) => row.role === 'owner').length,
  };
}

export async function setMemberRole(
  tx: Queryable,
  organizationNo: number,
  userId: string,
  role: MemberRole,
): Promise<void> {
  await tx.query('UPDATE memberships SET role = $3 WHERE organization_no = $1 AND user_id = $2', [
    organizationNo,
    userId,
    role,
  ]);
}

export async function deleteMembership(tx: Queryable, organizationNo: number, userId: string): Promise<void> {
  await tx.query('DELETE FROM memberships WHERE organization_no = $1 AND user_id = $2', [organizationNo, userId]);
}

/** All but the one in that organization. */
export async function deleteOtherMemberships(
  tx: Queryable,
  userId: string,
  organizationNo: number,
): Promise<{ readonly organization_no: number; readonly role: MemberRole }[]> {
  const { rows } = await tx.query<{ organization_no: number; role: MemberRole }>(
    'DELETE FROM memberships WHERE user_id = $1 AND organization_no <> $2 RETURNING organization_no, role',
    [userId, organizationNo],
  );
  return rows;
}
