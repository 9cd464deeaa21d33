import { DECLARATION_KINDS, type Declaration, type Declarations } from '@veritrail/controls';

import { listDeclarationsInForce } from '../../posture/declaration-store.ts';
import type { Queryable } from '../../storage/database.ts';
import { second } from './gather-services.ts';

/**
 * What people declared and held at some time between the period's start and the packet's making: a triage or an approval
 * is often written down after the period that it is about. `valid_until` is when it was replaced or withdrawn, if that
 * came first.
 */
export async function gatherDeclarations(
  tx: Queryable,
  organizationNo: number,
  from: string,
  to: Date,
): Promise<Declarations> {
  const rows = await listDeclarationsInForce(tx, organizationNo, new Date(from), to);
  const byKind = new Map<string, Declaration<unknown>[]>(DECLARATION_KINDS.map((kind) => [kind, []]));
  for (const row of rows) {
    byKind.get(row.kind)?.push({
      record_id: row.record_id,
      owner: row.owner,
      declared_by: row.declared_by,
      declared_at: second(row.declared_at),
      valid_until: second(row.in_force_until),
      data: JSON.parse(row.data) as unknown,
    });
  }
  return Object.fromEntries(byKind) as unknown as Declarations;
}
