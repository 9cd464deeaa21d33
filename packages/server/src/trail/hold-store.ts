import type { Queryable } from '../storage/database.ts';

export interface LegalHold {
  readonly name: string;
  readonly reason: string;
  readonly placed_by: string;
  readonly placed_at: string;
  readonly released_by: string | null;
  readonly released_at: string | null;
}

const COLUMNS = 'name, reason, placed_by, placed_at, released_by, released_at';

export async function findHoldInForce(
  tx: Queryable,
  organizationNo: number,
  name: string,
): Promise<LegalHold | undefined> {
  const { rows } = await tx.query<LegalHold>(
    `SELECT ${COLUMNS} FROM legal_holds WHERE organization_no = $1 AND name = $2 AND released_at IS NULL`,
    [organizationNo, name],
  );
  return rows[0];
}

export async function insertHold(
  tx: Queryable,
  organizationNo: number,
  hold: { readonly name: string; readonly reason: string; readonly placedBy: string; readonly placedAt: Date },
): Promise<LegalHold> {
  const { rows } = await tx.query<LegalHold>(
    `INSERT INTO legal_holds (organization_no, name, reason, placed_by, placed_at) VALUES ($1, $2, $3, $4, $5)
     RETURNING ${COLUMNS}`,
    [organizationNo, hold.name, hold.reason, hold.placedBy, hold.placedAt],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a hold just placed is gone');
  return row;
}

/** Answers the hold as it was; undefined if none of that name is in force. */
export async function endHold(
  tx: Queryable,
  organizationNo: number,
  name: string,
  by: { readonly id: string; readonly at: Date },
): Promise<LegalHold | undefined> {
  const { rows } = await tx.query<LegalHold>(
    `UPDATE legal_holds SET released_by = $3, released_at = $4
     WHERE organization_no = $1 AND name = $2 AND released_at IS NULL RETURNING ${COLUMNS}`,
    [organizationNo, name, by.id, by.at],
  );
  return rows[0];
}

/** Those in force first, then newest first. */
export async function listHolds(
  tx: Queryable,
  organizationNo: number,
  page: { readonly limit: number; readonly offset: number },
): Promise<LegalHold[]> {
  const { rows } = await tx.query<LegalHold>(
    `SELECT ${COLUMNS} FROM legal_holds WHERE organization_no = $1
     ORDER BY (released_at IS NULL) DESC, hold_no DESC LIMIT $2 OFFSET $3`,
    [organizationNo, page.limit, page.offset],
  );
  return rows;
}
