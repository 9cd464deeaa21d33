import type { Queryable } from '../storage/database.ts';

/** The sealed constant that tells a wrong keyring secret at the start; there is none before the first. */
export async function findKeyringCheck(db: Queryable): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ sealed: Buffer }>('SELECT sealed FROM keyring_check');
  return rows[0]?.sealed;
}

/** Keeps the first of several. */
export async function recordKeyringCheck(db: Queryable, sealed: Buffer): Promise<void> {
  await db.query('INSERT INTO keyring_check (sealed) VALUES ($1) ON CONFLICT DO NOTHING', [sealed]);
}

export interface MacKeyRow {
  readonly key_no: number;
  readonly key_id: string;
}

/** Every key that was ever given as the current one, oldest first. */
export async function listMacKeys(db: Queryable): Promise<MacKeyRow[]> {
  const { rows } = await db.query<MacKeyRow>('SELECT key_no, key_id FROM mac_keys ORDER BY key_no');
  return rows;
}

/** Asks before it inserts: an insert that comes to nothing still takes one of the 32,767 numbers. */
export async function recordMacKey(db: Queryable, keyId: string, at: Date): Promise<void> {
  await db.query(
    `INSERT INTO mac_keys (key_id, first_used_at)
     SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM mac_keys WHERE key_id = $1) ON CONFLICT DO NOTHING`,
    [keyId, at],
  );
}

/** A turn is the time in which a key signs. Later turns have higher numbers. */
export interface MacKeyTurn extends MacKeyRow {
  readonly turn_no: number;
}

export async function newestTurn(db: Queryable): Promise<MacKeyTurn | undefined> {
  const { rows } = await db.query<MacKeyTurn>(
    'SELECT turn_no, key_no, key_id FROM mac_key_turns JOIN mac_keys USING (key_no) ORDER BY turn_no DESC LIMIT 1',
  );
  return rows[0];
}

/**
 * Begins the key's turn unless it has it already. Of two servers that begin one at the same moment the first succeeds
 * and nothing happens for the other: read the newest turn afterwards.
 */
export async function beginTurn(db: Queryable, keyId: string, at: Date): Promise<void> {
  await db.query(
    `INSERT INTO mac_key_turns (turn_no, key_no, began_at)
     SELECT coalesce(newest.turn_no, 0) + 1, k.key_no, $2
     FROM mac_keys k
     LEFT JOIN (SELECT turn_no, key_no FROM mac_key_turns ORDER BY turn_no DESC LIMIT 1) newest ON true
     WHERE k.key_id = $1 AND newest.key_no IS DISTINCT FROM k.key_no
     ON CONFLICT DO NOTHING`,
    [keyId, at],
  );
}

/** The ids of keys that had a turn. Nothing is signed outside of turns, so events name these keys and no others. */
export async function listTurnKeys(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ key_id: string }>(
    'SELECT key_id FROM mac_keys WHERE key_no IN (SELECT key_no FROM mac_key_turns) ORDER BY key_no',
  );
  return rows.map((row) => row.key_id);
}

export async function keyIdOfTurn(tx: Queryable, turnNo: number): Promise<string | undefined> {
  const { rows } = await tx.query<{ key_id: string }>(
    'SELECT key_id FROM mac_key_turns JOIN mac_keys USING (key_no) WHERE turn_no = $1',
    [turnNo],
  );
  return rows[0]?.key_id;
}

/** Whether every trail was told of the turn. */
export async function isTurnTold(db: Queryable, turnNo: number): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM mac_key_turns WHERE turn_no = $1 AND told_at IS NOT NULL', [turnNo]);
  return rows.length > 0;
}

export async function markTurnTold(db: Queryable, turnNo: number, at: Date): Promise<void> {
  await db.query('UPDATE mac_key_turns SET told_at = $2 WHERE turn_no = $1', [turnNo, at]);
}

export interface MacKeyHistory {
  readonly key_id: string;
  readonly first_used_at: string;
  /** Of its newest turn. */
  readonly turn_began_at: string;
  readonly current: boolean;
}

export async function readMacKeyHistory(db: Queryable): Promise<MacKeyHistory[]> {
  const { rows } = await db.query<MacKeyHistory>(
    `SELECT k.key_id, min(t.began_at) AS first_used_at, max(t.began_at) AS turn_began_at,
       max(t.turn_no) = (SELECT max(turn_no) FROM mac_key_turns) AS current
     FROM mac_keys k JOIN mac_key_turns t USING (key_no) GROUP BY k.key_no, k.key_id ORDER BY max(t.turn_no)`,
  );
  return rows;
}

export async function recordVerificationKey(
  tx: Queryable,
  organizationNo: number,
  keyId: string,
  sealed: Buffer,
  at: Date,
): Promise<void> {
  await tx.query(
    'INSERT INTO verification_keys (organization_no, key_id, sealed, created_at) VALUES ($1, $2, $3, $4)',
    [organizationNo, keyId, sealed, at],
  );
}

/** The key that signs posture reports: the newest. */
export async function newestVerificationKey(
  tx: Queryable,
  organizationNo: number,
): Promise<{ key_id: string; sealed: Buffer } | undefined> {
  const { rows } = await tx.query<{ key_id: string; sealed: Buffer }>(
    'SELECT key_id, sealed FROM verification_keys WHERE organization_no = $1 ORDER BY created_at DESC, key_id LIMIT 1',
    [organizationNo],
  );
  return rows[0];
}
