import type { Queryable } from '../storage/database.ts';

/** Both hashes are SHA-256 of 256 random bits. */
export async function insertHandover(
  db: Queryable,
  handover: { codeHash: Buffer; bindingHash: Buffer; userId: string; expiresAt: Date },
): Promise<void> {
  await db.query(
    'INSERT INTO sign_in_handovers (code_hash, binding_hash, user_id, expires_at) VALUES ($1, $2, $3, $4)',
    [handover.codeHash, handover.bindingHash, handover.userId, handover.expiresAt],
  );
}

/** Of two requests with one code, one gets it. Only who began the sign-in can: others don't even use it up. */
export async function takeHandover(
  tx: Queryable,
  handover: { codeHash: Buffer; bindingHash: Buffer },
  now: Date,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ user_id: string }>(
    `DELETE FROM sign_in_handovers WHERE code_hash = $1 AND binding_hash = $2 AND expires_at > $3 RETURNING user_id`,
    [handover.codeHash, handover.bindingHash, now],
  );
  return rows[0]?.user_id;
}

export async function deleteExpiredHandovers(db: Queryable, now: Date): Promise<void> {
  await db.query(
    `DELETE FROM sign_in_handovers
     WHERE code_hash IN (SELECT code_hash FROM sign_in_handovers WHERE expires_at < $1 LIMIT 1000)`,
    [now],
  );
}
