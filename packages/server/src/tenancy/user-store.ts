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

/** SQL: whether nobody signs in as this row of `users`. An organization that added the address doesn't make it anybody's. */
export const UNCLAIMED = `password_hash IS NULL
  AND NOT EXISTS (SELECT 1 FROM user_identities d WHERE d.user_id = users.user_id)`;

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

/**
 * The user's row stays as it is until the transaction ends: what hangs on there being no password, or on which one it
 * is, is asked for in statements after this one.
 */
export async function lockUser(tx: Queryable, userId: string): Promise<void> {
  await tx.query('SELECT 1 FROM users WHERE user_id = $1 FOR NO KEY UPDATE', [userId]);
}

export async function isUnclaimed(tx: Queryable, userId: string): Promise<boolean> {
  const { rows } = await tx.query<{ unclaimed: boolean }>(
    `SELECT ${UNCLAIMED} AS unclaimed FROM users WHERE user_id = $1`,
    [userId],
  );
  return rows[0]?.unclaimed === true;
}

/** False if the identity is linked already. */
export async function linkIdentity(
  tx: Queryable,
  identity: { issuer: string; subject: string; userId: string },
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO user_identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [identity.issuer, identity.subject, identity.userId, at],
  );
  return rowCount === 1;
}

/** False if there is one already. */
export async function setFirstPasswordHash(tx: Queryable, userId: string, hash: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE users SET password_hash = $2 WHERE user_id = $1 AND password_hash IS NULL',
    [userId, hash],
  );
  return rowCount === 1;
}

/** False if the password is no longer the one that was proven, whose hash is `from`. */
export async function replacePasswordHash(tx: Queryable, userId: string, from: string, to: string): Promise<boolean> {
  const { rowCount } = await tx.query('UPDATE users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2', [
    userId,
    from,
    to,
  ]);
  return rowCount === 1;
}

/** Whether the password is still the one that was proven; it then stays so until the transaction ends. */
export async function holdPasswordHash(tx: Queryable, userId: string, proven: string | null): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM users WHERE user_id = $1 AND password_hash = $2 FOR SHARE', [
    userId,
    proven,
  ]);
  return rowCount === 1;
}

/** False if there was none. */
export async function dropPasswordHash(tx: Queryable, userId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE users SET password_hash = NULL WHERE user_id = $1 AND password_hash IS NOT NULL',
    [userId],
  );
  return rowCount === 1;
}

/** E-mail addresses are compared without case; the local part's case is never significant in practice (RFC 5321 2.4). */
export function normalizeEmail(email: string): string {
  return email.toLowerCase();
}
