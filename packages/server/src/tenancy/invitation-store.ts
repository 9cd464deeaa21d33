import type { Queryable } from '../storage/database.ts';
import type { MemberRole } from './roles.ts';
import { UNCLAIMED, USER_COLUMNS, type UserRow } from './user-store.ts';

export interface InvitationRow {
  readonly user_id: string;
  readonly organization_no: number;
  readonly role: MemberRole;
}

/** Rows hold SHA-256 of a 256-bit token. */
export async function insertInvitation(
  tx: Queryable,
  invitation: InvitationRow & { token_hash: Buffer; created_at: Date; expires_at: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO invitations (token_hash, user_id, organization_no, role, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      invitation.token_hash,
      invitation.user_id,
      invitation.organization_no,
      invitation.role,
      invitation.created_at,
      invitation.expires_at,
    ],
  );
}

export interface InvitedUser extends UserRow {
  /** Only then may whoever holds the link, which is the inviting admin first of all, say what the password shall be. */
  readonly unclaimed: boolean;
}

export async function findInvitedUser(db: Queryable, tokenHash: Buffer, now: Date): Promise<InvitedUser | undefined> {
  const { rows } = await db.query<InvitedUser>(
    `SELECT ${USER_COLUMNS}, ${UNCLAIMED} AS unclaimed FROM invitations i JOIN users USING (user_id)
     WHERE i.token_hash = $1 AND i.expires_at > $2`,
    [tokenHash, now],
  );
  return rows[0];
}

/** Takes the invitation out: of two requests with one token, one gets it. */
export async function takeInvitation(tx: Queryable, tokenHash: Buffer, now: Date): Promise<InvitationRow | undefined> {
  const { rows } = await tx.query<InvitationRow>(
    `DELETE FROM invitations WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id, organization_no, role`,
    [tokenHash, now],
  );
  return rows[0];
}

/** Of an open one. A role that was changed while they were a member is the one that they are invited with from then on. */
export async function setInvitationRole(
  tx: Queryable,
  organizationNo: number,
  userId: string,
  role: MemberRole,
): Promise<void> {
  await tx.query(
    `WITH open AS (DELETE FROM invitations WHERE organization_no = $1 AND user_id = $2 RETURNING *)
     INSERT INTO invitations (token_hash, user_id, organization_no, role, created_at, expires_at)
     SELECT token_hash, user_id, organization_no, $3, created_at, expires_at FROM open`,
    [organizationNo, userId, role],
  );
}

/** @returns those that were there, lapsed ones too */
export async function deleteInvitationsOf(
  tx: Queryable,
  organizationNo: number,
  userId: string,
): Promise<Pick<OpenInvitation, 'role' | 'expires_at'>[]> {
  const { rows } = await tx.query<Pick<OpenInvitation, 'role' | 'expires_at'>>(
    'DELETE FROM invitations WHERE organization_no = $1 AND user_id = $2 RETURNING role, expires_at',
    [organizationNo, userId],
  );
  return rows;
}

export interface OpenInvitation {
  readonly user_id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly created_at: string;
  readonly expires_at: string;
  /** Somebody new is a member from the start; the link only sets their password. */
  readonly is_member: boolean;
}

/** Newest first. There is one at most for a person: a new one takes the place of the one before. */
export async function listInvitations(db: Queryable, organizationNo: number, now: Date): Promise<OpenInvitation[]> {
  const { rows } = await db.query<OpenInvitation>(
    `SELECT i.user_id, u.email, i.role, i.created_at, i.expires_at, m.user_id IS NOT NULL AS is_member
     FROM invitations i JOIN users u USING (user_id)
     LEFT JOIN memberships m ON m.organization_no = i.organization_no AND m.user_id = i.user_id
     WHERE i.organization_no = $1 AND i.expires_at > $2 ORDER BY i.created_at DESC, i.user_id`,
    [organizationNo, now],
  );
  return rows;
}

/** Of a revocation and an acceptance at the same time, one finds it. */
export async function deleteOpenInvitation(
  tx: Queryable,
  organizationNo: number,
  userId: string,
  now: Date,
): Promise<{ readonly email: string; readonly role: MemberRole } | undefined> {
  const { rows } = await tx.query<{ email: string; role: MemberRole }>(
    `DELETE FROM invitations i USING users u
     WHERE u.user_id = i.user_id AND i.organization_no = $1 AND i.user_id = $2 AND i.expires_at > $3
     RETURNING u.email, i.role`,
    [organizationNo, userId, now],
  );
  return rows[0];
}
