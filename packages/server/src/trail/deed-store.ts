import type { Queryable } from '../storage/database.ts';

/** Types of resource whose deeds are kept apart from events that callers send: what accounts and services are judged by. */
const DEEDS_KEPT = ['member', 'invitation', 'api_key', 'organization', 'service'] as const;
export type DeedKept = (typeof DEEDS_KEPT)[number];

export function isDeedKept(resourceType: string): boolean {
  return (DEEDS_KEPT as readonly string[]).includes(resourceType);
}

/** In the transaction that stores the event, so that there is neither without the other. */
export async function insertDeed(
  tx: Queryable,
  organizationNo: number,
  resourceType: string,
  sequence: number,
): Promise<void> {
  await tx.query({
    name: 'insert-deed',
    text: 'INSERT INTO trail_deeds (organization_no, resource_type, sequence) VALUES ($1, $2, $3)',
    values: [organizationNo, resourceType, sequence],
  });
}

/** The first sequence from which on deeds are kept apart; before it nobody kept which events were. */
export async function readDeedMark(tx: Queryable, organizationNo: number): Promise<number> {
  const { rows } = await tx.query<{ sequence: number }>(
    'SELECT sequence FROM trail_deed_marks WHERE organization_no = $1',
    [organizationNo],
  );
  return rows[0]?.sequence ?? 0;
}
