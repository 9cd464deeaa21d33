import type { Queryable } from '../storage/database.ts';

/** Sequences from `from` to just before `to`. */
export interface RemovableRun {
  readonly from: number;
  readonly to: number;
  /** Nothing was removed in the last 24 hours, or only under another policy. */
  readonly due: boolean;
}

export interface Removal {
  readonly first_sequence: number;
  readonly last_sequence: number;
  readonly events: number;
  readonly policy_days: number;
  /** Earliest and latest time of the events, RFC 3339. */
  readonly oldest_at: string;
  readonly newest_at: string;
  /** Lower-case hex: SHA-256 of the leaf hashes, 32 bytes each, in the order of the sequence. */
  readonly leaf_hashes_sha256: string;
}

/** The latest time, RFC 3339, of an event that was removed. */
export async function removedUpTo(tx: Queryable, organizationNo: number): Promise<string | null> {
  const { rows } = await tx.query<{ newest_at: string | null }>(
    'SELECT max(newest_at) AS newest_at FROM trail_removals WHERE organization_no = $1',
    [organizationNo],
  );
  return rows[0]?.newest_at ?? null;
}

/** Those whose events don't stay for ever. */
export async function listOrganizationsWithPolicy(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ organization_no: number }>(
    'SELECT organization_no FROM organizations WHERE audit_retention_days IS NOT NULL ORDER BY organization_no',
  );
  return rows.map((row) => row.organization_no);
}

/**
 * The run at the oldest end whose time is over, at most `most` events: it ends before the first event that was recorded,
 * or says that it happened, too recently. Undefined too while a hold is in force or an export may still need the rows;
 * one that began an hour ago is taken for broken off.
 */
export async function findRemovable(
  tx: Queryable,
  organizationNo: number,
  most: number,
): Promise<RemovableRun | undefined> {
  const { rows } = await tx.query<RemovableRun>({
    name: 'find-removable',
    text: `SELECT h.first_sequence AS "from",
       coalesce(kept.sequence, least(h.first_sequence + $2::bigint, h.next_sequence)) AS "to",
       coalesce(last.policy_days <> o.audit_retention_days OR last.removed_at < now() - interval '24 hours', true) AS due
     FROM organizations o
     JOIN trail_heads h ON h.organization_no = o.organization_no
     LEFT JOIN LATERAL (SELECT e.sequence FROM audit_events e
       WHERE e.organization_no = $1 AND e.sequence >= h.first_sequence AND e.sequence < h.first_sequence + $2::bigint
         AND greatest(e.recorded_at, e.occurred_at) >= now() - o.audit_retention_days * interval '24 hours'
       ORDER BY e.sequence LIMIT 1) AS kept ON true
     LEFT JOIN LATERAL (SELECT r.policy_days, r.removed_at FROM trail_removals r WHERE r.organization_no = $1
       ORDER BY r.first_sequence DESC LIMIT 1) AS last ON true
     WHERE o.organization_no = $1 AND o.audit_retention_days IS NOT NULL
       AND NOT EXISTS (SELECT FROM legal_holds l WHERE l.organization_no = $1 AND l.released_at IS NULL)
       AND NOT EXISTS (SELECT FROM exports x WHERE x.organization_no = $1 AND NOT x.complete
         AND x.requested_at > now() - interval '1 hour')`,
    values: [organizationNo, most],
  });
  const [run] = rows;
  return run === undefined || run.to <= run.from ? undefined : run;
}

/** The database decides once more whether they may go, and refuses otherwise. */
export async function deleteOldestEvents(tx: Queryable, organizationNo: number, to: number): Promise<Removal> {
  const { rows } = await tx.query<Removal>(
    `SELECT first_sequence, last_sequence, events, policy_days, oldest_at, newest_at,
       encode(leaf_hashes_sha256, 'hex') AS leaf_hashes_sha256
     FROM delete_oldest_events($1, $2)`,
    [organizationNo, to],
  );
  const [removal] = rows;
  if (removal === undefined) throw new Error('a removal without a record');
  return removal;
}
