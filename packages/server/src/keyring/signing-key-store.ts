import type { Queryable } from '../storage/database.ts';

export interface SigningKeyRow {
  readonly key_id: string;
  readonly public_key: Buffer;
  /** Null once the private half is forgotten. */
  readonly sealed: Buffer | null;
  readonly created_at: string;
  readonly retired_at: string | null;
}

const COLUMNS = 'key_id, public_key, sealed, created_at, retired_at';

/** Any constant will do as long as nothing else in the database uses it: "signin" in ASCII. */
const CHANGE_LOCK = 0x7369676e696e;

/** Whoever changes which key is active does it alone, for the rest of the transaction. */
export async function lockSigningKeys(tx: Queryable): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(${CHANGE_LOCK})`);
}

/** Newest first. */
export async function listSigningKeys(db: Queryable): Promise<SigningKeyRow[]> {
  const { rows } = await db.query<SigningKeyRow>(`SELECT ${COLUMNS} FROM signing_keys ORDER BY key_no DESC`);
  return rows;
}

export async function findActiveSigningKey(db: Queryable): Promise<SigningKeyRow | undefined> {
  const { rows } = await db.query<SigningKeyRow>(`SELECT ${COLUMNS} FROM signing_keys WHERE retired_at IS NULL`);
  return rows[0];
}

export async function findSigningKey(db: Queryable, keyId: string): Promise<SigningKeyRow | undefined> {
  const { rows } = await db.query<SigningKeyRow>(`SELECT ${COLUMNS} FROM signing_keys WHERE key_id = $1`, [keyId]);
  return rows[0];
}

export interface NewSigningKey {
  readonly keyId: string;
  readonly publicKey: Buffer;
  readonly sealed: Buffer;
}

export async function insertSigningKey(tx: Queryable, key: NewSigningKey, at: Date): Promise<void> {
  await tx.query('INSERT INTO signing_keys (key_id, public_key, sealed, created_at) VALUES ($1, $2, $3, $4)', [
    key.keyId,
    key.publicKey,
    key.sealed,
    at,
  ]);
}

/**
 * From here on it verifies and never signs. The second is rounded up: a packet's time is cut off to the second, and one
 * that was generated just before must not look as if it came after.
 *
 * @returns when; undefined if it wasn't active
 */
export async function retireSigningKey(tx: Queryable, keyId: string, at: Date): Promise<string | undefined> {
  const { rows } = await tx.query<{ retired_at: string }>(
    `UPDATE signing_keys SET retired_at = date_trunc('second', $2::timestamptz + interval '999999 microseconds')
     WHERE key_id = $1 AND retired_at IS NULL RETURNING retired_at`,
    [keyId, at],
  );
  return rows[0]?.retired_at;
}

/** @returns whether there was something to forget */
export async function forgetPrivateKey(tx: Queryable, keyId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE signing_keys SET sealed = NULL WHERE key_id = $1 AND retired_at IS NOT NULL AND sealed IS NOT NULL',
    [keyId],
  );
  return rowCount === 1;
}

export interface SigningKeyChange {
  readonly change_no: number;
  /** Null if no key was active before. */
  readonly from_key: string | null;
  /** Null if none is active now. */
  readonly to_key: string | null;
  readonly changed_at: string;
}

export async function recordSigningKeyChange(
  tx: Queryable,
  from: string | undefined,
  to: string | undefined,
  at: Date,
): Promise<void> {
  await tx.query('INSERT INTO signing_key_changes (from_key, to_key, changed_at) VALUES ($1, $2, $3)', [
    from ?? null,
    to ?? null,
    at,
  ]);
}

/** Those that not every trail was told of, oldest first. */
export async function listUntoldKeyChanges(db: Queryable): Promise<SigningKeyChange[]> {
  const { rows } = await db.query<SigningKeyChange>(
    'SELECT change_no, from_key, to_key, changed_at FROM signing_key_changes WHERE told_at IS NULL ORDER BY change_no',
  );
  return rows;
}

export async function markKeyChangeTold(db: Queryable, changeNo: number, at: Date): Promise<void> {
  await db.query('UPDATE signing_key_changes SET told_at = $2 WHERE change_no = $1', [changeNo, at]);
}
