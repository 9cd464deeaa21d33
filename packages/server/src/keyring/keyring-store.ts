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

/** Every key that an event was ever MACed under, oldest first. */
export async function listMacKeys(db: Queryable): Promise<MacKeyRow[]> {
  const { rows } = await db.query<MacKeyRow>('SELECT key_no, key_id FROM mac_keys ORDER BY key_no');
  return rows;
}

export async function recordMacKey(db: Queryable, keyId: string, at: Date): Promise<void> {
  await db.query('INSERT INTO mac_keys (key_id, first_used_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [keyId, at]);
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
