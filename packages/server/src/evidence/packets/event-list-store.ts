import type { AuditAction } from '@veritrail/formats';

import type { Queryable } from '../../storage/database.ts';
import type { DeedKept } from '../../trail/deed-store.ts';

export interface EventRow {
  readonly id: string;
  readonly sequence: number;
  readonly occurred_at: string;
  readonly action: AuditAction;
  readonly actor_id: string;
  readonly resource_type: string;
  readonly resource_id: string;
  /** Null where they are longer than a list has room for. */
  readonly details: string | null;
}

/** Details beyond this are not looked into: a list of five thousand stays in memory whatever callers sent. */
const MOST_DETAILS_BYTES = 4096;

const SELECT = `SELECT id, sequence, occurred_at, action, actor_id, resource_type, resource_id,
  CASE WHEN octet_length(details) <= ${MOST_DETAILS_BYTES} THEN details END AS details FROM audit_events`;

/** Oldest first. The index on action gives them in that order, so the work is that of `limit` rows. */
export async function listEventsByAction(
  tx: Queryable,
  organizationNo: number,
  action: AuditAction,
  period: { readonly start: string; readonly before: string },
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await tx.query<EventRow>(
    `${SELECT} WHERE organization_no = $1 AND action = $2 AND occurred_at >= $3 AND occurred_at < $4
     ORDER BY occurred_at, sequence LIMIT $5`,
    [organizationNo, action, period.start, period.before, limit],
  );
  return rows;
}

/**
 * Events of the server's own deeds, oldest first, of the whole trail or of a period: what callers sent about the same type
 * of resource is not among them. The work is that of all such deeds, however much callers send.
 *
 * @param mark before this sequence nobody kept which events were deeds, and all of them are listed
 */
export async function listDeeds(
  tx: Queryable,
  organizationNo: number,
  of: { readonly resourceType: DeedKept; readonly mark: number },
  period: { readonly start: string; readonly before: string } | undefined,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await tx.query<EventRow>(
    `(${SELECT} WHERE organization_no = $1 AND occurred_at >= $3 AND occurred_at < $4 AND sequence = ANY (ARRAY(
        SELECT d.sequence FROM trail_deeds d WHERE d.organization_no = $1 AND d.resource_type = $2 AND d.sequence >= $5::bigint)))
     UNION ALL
     (${SELECT} WHERE $5::bigint > 0 AND organization_no = $1 AND resource_type = $2 AND occurred_at >= $3
        AND occurred_at < $4 AND sequence < $5::bigint ORDER BY occurred_at, sequence LIMIT $6)
     ORDER BY occurred_at, sequence LIMIT $6`,
    [organizationNo, of.resourceType, period?.start ?? '-infinity', period?.before ?? 'infinity', of.mark, limit],
  );
  return rows;
}

/** A stretch of time in which an actor is looked for. */
export interface ActorStretch {
  readonly actorId: string;
  readonly from: string;
  /** Exclusive. */
  readonly before: string;
}

/**
 * The first event by the actor in each stretch that has one, oldest first. A probe of the index on actors for each; a
 * sign-in that was refused is nothing that the actor did.
 */
export async function listFirstActs(
  tx: Queryable,
  organizationNo: number,
  stretches: readonly ActorStretch[],
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await tx.query<EventRow>(
    `SELECT first.* FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) AS s (actor, starts, ends)
     CROSS JOIN LATERAL (${SELECT}
       WHERE organization_no = $1 AND actor_id = s.actor AND occurred_at >= s.starts AND occurred_at < s.ends
         AND NOT login_failed
       ORDER BY occurred_at, sequence LIMIT 1) AS first
     ORDER BY first.occurred_at, first.sequence LIMIT $5`,
    [
      organizationNo,
      stretches.map((stretch) => stretch.actorId),
      stretches.map((stretch) => stretch.from),
      stretches.map((stretch) => stretch.before),
      limit,
    ],
  );
  return rows;
}

export async function newestEventAt(tx: Queryable, organizationNo: number): Promise<string | null> {
  const { rows } = await tx.query<{ occurred_at: string }>(
    `SELECT occurred_at FROM audit_events WHERE organization_no = $1 ORDER BY occurred_at DESC, sequence DESC LIMIT 1`,
    [organizationNo],
  );
  return rows[0]?.occurred_at ?? null;
}

/** Days of the period on which each type of resource had events, by the counts. */
export async function listActiveDays(
  tx: Queryable,
  organizationNo: number,
  resourceTypes: readonly string[],
  period: { readonly start: string; readonly before: string },
): Promise<{ readonly resource_type: string; readonly day: string; readonly events: number }[]> {
  const { rows } = await tx.query<{ resource_type: string; day: string; events: number }>(
    `SELECT resource_type, day, sum(events)::bigint AS events FROM trail_day_counts
     WHERE organization_no = $1 AND action = '' AND resource_type = ANY ($2) AND day >= date_trunc('day', $3::timestamptz) AND day < $4
     GROUP BY resource_type, day ORDER BY resource_type, day`,
    [organizationNo, resourceTypes, period.start, period.before],
  );
  return rows;
}

export interface FlagRow {
  readonly event_id: string;
  readonly sequence: number;
  readonly rule: string;
  readonly rule_version: number;
  readonly occurred_at: string;
}

export async function listFlagsWithin(
  tx: Queryable,
  organizationNo: number,
  period: { readonly start: string; readonly before: string },
  limit: number,
): Promise<FlagRow[]> {
  const { rows } = await tx.query<FlagRow>(
    `SELECT event_id, sequence, rule, rule_version, occurred_at FROM audit_flags
     WHERE organization_no = $1 AND occurred_at >= $2 AND occurred_at < $3 ORDER BY occurred_at, sequence, rule LIMIT $4`,
    [organizationNo, period.start, period.before, limit],
  );
  return rows;
}

/** Logins that could change or delete stored events, by the privileges on their tables; the owner may grant itself any. */
export async function listStoreAccess(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ login: string }>(
    `SELECT pg_get_userbyid(c.relowner) AS login FROM pg_class c
     WHERE c.oid IN ('audit_events'::regclass, 'audit_events_shared'::regclass)
     UNION
     SELECT pg_get_userbyid(a.grantee) FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
     WHERE c.oid IN ('audit_events'::regclass, 'audit_events_shared'::regclass)
       AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
     ORDER BY login`,
  );
  return rows.map((row) => row.login);
}

export interface AccountRow {
  readonly actor_id: string;
  readonly kind: 'user' | 'api_key';
  readonly role: string;
  readonly since: string;
}

/** Who may act in the organization now: members, and API keys that were not revoked. */
export async function listAccounts(tx: Queryable, organizationNo: number): Promise<AccountRow[]> {
  const { rows } = await tx.query<AccountRow>(
    `SELECT user_id::text AS actor_id, 'user' AS kind, role, created_at AS since FROM memberships
     WHERE organization_no = $1
     UNION ALL
     SELECT api_key, 'api_key', role, created_at FROM api_keys WHERE organization_no = $1 AND revoked_at IS NULL
     ORDER BY kind DESC, since, actor_id`,
    [organizationNo],
  );
  return rows;
}
