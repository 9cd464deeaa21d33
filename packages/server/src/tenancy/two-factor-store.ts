import type { Queryable } from '../storage/database.ts';

export interface SecondFactorRow {
  readonly sealed: Buffer;
  readonly begun_at: string;
  readonly confirmed_at: string | null;
  readonly recovery_codes: number;
}

export async function findSecondFactor(db: Queryable, userId: string): Promise<SecondFactorRow | undefined> {
  const { rows } = await db.query<SecondFactorRow>(
    `SELECT sealed, begun_at, confirmed_at,
            (SELECT count(*)::integer FROM recovery_codes c WHERE c.user_id = f.user_id) AS recovery_codes
     FROM second_factors f WHERE user_id = $1`,
    [userId],
  );
  return rows[0];
}

/** In place of one that was begun and never confirmed. False if one is in use. */
export async function beginSecondFactor(db: Queryable, userId: string, sealed: Buffer, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO second_factors AS f (user_id, sealed, begun_at) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, begun_at = excluded.begun_at
     WHERE f.confirmed_at IS NULL`,
    [userId, sealed, at],
  );
  return rowCount === 1;
}

/** False if another one was begun meanwhile, or this one is in use. */
export async function confirmSecondFactor(
  tx: Queryable,
  factor: { userId: string; sealed: Buffer; step: number },
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE second_factors SET confirmed_at = $4, last_step = $3, wrong_codes = 0
     WHERE user_id = $1 AND sealed = $2 AND confirmed_at IS NULL`,
    [factor.userId, factor.sealed, factor.step, at],
  );
  return rowCount === 1;
}

/** False if there was none, not even one that was begun. */
export async function deleteSecondFactor(tx: Queryable, userId: string): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM second_factors WHERE user_id = $1', [userId]);
  return rowCount === 1;
}

/** Of two requests with one code, one gets it: a time step is taken once, and with it every earlier one. */
export async function takeTimeStep(db: Queryable, userId: string, step: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE second_factors SET last_step = $2, wrong_codes = 0
     WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL`,
    [userId, step],
  );
  return rowCount === 1;
}

/** Counts a code as wrong before anyone looks at it. The end of the wait, if so many were wrong that this one must. */
export async function countCode(
  db: Queryable,
  userId: string,
  limits: { readonly most: number; readonly withinMs: number },
  now: Date,
): Promise<Date | undefined> {
  const since = new Date(now.getTime() - limits.withinMs);
  const { rowCount } = await db.query(
    `UPDATE second_factors
     SET wrong_codes = CASE WHEN wrong_since > $2 THEN wrong_codes + 1 ELSE 1 END,
         wrong_since = CASE WHEN wrong_since > $2 AND wrong_codes > 0 THEN wrong_since ELSE $3 END
     WHERE user_id = $1 AND NOT coalesce(wrong_since > $2 AND wrong_codes >= $4, false)`,
    [userId, since, now, limits.most],
  );
  if (rowCount === 1) return undefined;
  const { rows } = await db.query<{ began: string | null }>(
    'SELECT wrong_since AS began FROM second_factors WHERE user_id = $1',
    [userId],
  );
  return new Date(new Date(rows[0]?.began ?? now).getTime() + limits.withinMs);
}

export async function replaceRecoveryCodes(tx: Queryable, userId: string, hashes: readonly Buffer[]): Promise<void> {
  await tx.query('DELETE FROM recovery_codes WHERE user_id = $1', [userId]);
  await tx.query('INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])', [userId, hashes]);
}

/** Of two requests with one code, one gets it. */
export async function takeRecoveryCode(db: Queryable, userId: string, hash: Buffer): Promise<boolean> {
  const { rowCount } = await db.query(
    `DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2
     AND EXISTS (SELECT 1 FROM second_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL)`,
    [userId, hash],
  );
  return rowCount === 1;
}
