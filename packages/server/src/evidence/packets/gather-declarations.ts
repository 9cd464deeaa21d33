import { DECLARATION_KINDS, HAPPENED_KINDS, type Declaration, type Declarations } from '@veritrail/controls';

import { listDeclarationsInForce } from '../../posture/declaration-store.ts';
import type { Queryable } from '../../storage/database.ts';
import { second } from './gather-services.ts';

/**
 * What people declared and held at some time between the period's start and the packet's making: a triage or an approval
 * is often written down after the period that it is about. `valid_until` is when it was replaced or withdrawn, if that
 * came first. Of what happened every version is there, so that a correction shows.
 */
export async function gatherDeclarations(
  tx: Queryable,
  organizationNo: number,
  from: string,
  to: Date,
): Promise<Declarations> {
  const asked = { from: new Date(from), to, wholeKinds: HAPPENED_KINDS };
  const rows = await listDeclarationsInForce(tx, organizationNo, asked);
  const byKind = new Map<string, Declaration<unknown>[]>(DECLARATION_KINDS.map((kind) => [kind, []]));
  for (const row of rows) {
    byKind.get(row.kind)?.push({
      record_id: row.record_id,
      version: row.version,
      owner: row.owner,
      declared_by: row.declared_by,
      declared_at: second(row.declared_at),
      valid_until: second(row.in_force_until),
      withdrawn: row.withdrawn,
      data: JSON.parse(row.data) as unknown,
    });
  }
  return Object.fromEntries(byKind) as unknown as Declarations;
}
