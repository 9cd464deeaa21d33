import type { Queryable } from '../storage/database.ts';

export interface UserRow {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  readonly password_hash: string | null;
  /** Whether a code is asked for after the password. */
  readonly two_factor: boolean;
}

const COLUMNS = 'user_id, email, name, password_hash';

/** SQL: what a `UserRow` is read from, out of `users`. */
export const USER_COLUMNS = `users.user_id, email, name, password_hash, EXISTS (SELECT 1 FROM second_factors f
  WHERE f.user_id = users.user_id AND f.confirmed_at IS NOT NULL) AS two_factor`;

/** False if the e-mail is taken. */
export async function insertUser(tx: Queryable, user: Omit<UserRow, 'two_factor'>, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO users (${COLUMNS}, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (email) DO NOTHING`,
    [user.user_id, user.email, user.name, user.password_hash, at],
  );
  return rowCount === 1;
}

export async function findUser(db: Queryable, userId: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>(`SELECT ${USER_COLUMNS} FROM users WHERE user_id = $1`, [userId]);
  return rows[0];
}

/** `email` as `normalizeEmail` gives it. */
export async function findUserByEmail(db: Queryable, email: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>(`SELECT ${USER_COLUMNS} FROM users WHERE email = $1`, [email]);
  return rows[0];
}

export async function findUserByIdentity(db: Queryable, issuer: string, subject: string): Promise<UserRow | undefined> {
  const { rows } = await db.query<UserRow>(
    `SELECT ${USER_COLUMNS} FROM users JOIN user_identities USING (user_id) WHERE issuer = $1 AND subject = $2`,
    [issuer, subject],
  );
  return rows[0];
}

export async function linkIdentity(
  tx: Queryable,
  identity: { issuer: string; subject: string; userId: string },
  at: Date,
): Promise<void> {
  await tx.query(
    `INSERT INTO user_identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [identity.issuer, identity.subject, identity.userId, at],
  );
}

/** False if there is one already. */
export async function setFirstPasswordHash(tx: Queryable, userId: string, hash: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE users SET password_hash = $2 WHERE user_id = $1 AND password_hash IS NULL',
    [userId, hash],
  );
  return rowCount === 1;
}

export async function setPasswordHash(tx: Queryable, userId: string, hash: string): Promise<void> {
  await tx.query('UPDATE users SET password_hash = $2 WHERE user_id = $1', [userId, hash]);
}

/** E-mail addresses are compared without case; the local part's case is never significant in practice (RFC 5321 2.4). */
export function normalizeEmail(email: string): string {
  return email.toLowerCase();
}
