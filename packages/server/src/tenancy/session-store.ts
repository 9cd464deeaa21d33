import type { Queryable } from '../storage/database.ts';
import { USER_COLUMNS, type UserRow } from './user-store.ts';

/** Rows hold SHA-256 of a 256-bit token, so reading the table gives nobody a session. */
export async function insertSession(
  tx: Queryable,
  session: { tokenHash: Buffer; userId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx.query('INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)', [
    session.tokenHash,
    session.userId,
    session.createdAt,
    session.expiresAt,
  ]);
}

/** Live sessions only, by the token hash in hex. */
export async function findSessionUsers(
  db: Queryable,
  tokenHashes: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, UserRow>> {
  const { rows } = await db.query<UserRow & { token: string }>({
    name: 'session-users',
    text: `SELECT encode(token_hash, 'hex') AS token, ${USER_COLUMNS}
           FROM sessions JOIN users USING (user_id)
           WHERE token_hash = ANY (SELECT decode(t, 'hex') FROM unnest($1::text[]) t) AND expires_at > $2`,
    values: [tokenHashes, now],
  });
  return new Map(rows.map((row) => [row.token, row]));
}

/** False if it was over. */
export async function deleteSession(tx: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM sessions WHERE token_hash = $1', [tokenHash]);
  return rowCount === 1;
}

export async function deleteSessionsOfUser(tx: Queryable, userId: string): Promise<void> {
  await tx.query('DELETE FROM sessions WHERE user_id = $1', [userId]);
}

/** Every session of the user's but the one whose hash is given. */
export async function deleteOtherSessions(tx: Queryable, userId: string, kept: Buffer | undefined): Promise<void> {
  await tx.query('DELETE FROM sessions WHERE user_id = $1 AND token_hash IS DISTINCT FROM $2', [userId, kept ?? null]);
}

export async function deleteExpiredSessions(db: Queryable, now: Date): Promise<void> {
  await db.query(
    'DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires_at < $1 LIMIT 1000)',
    [now],
  );
}
