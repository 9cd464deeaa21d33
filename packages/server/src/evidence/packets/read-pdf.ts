import type { Ground } from '../../tenancy/ground.ts';
import { findPdf, keepPdf } from './packet-store.ts';

/** The PDF of a packet's document. It is rendered when somebody first asks, and kept: later versions of ours change nothing. */
export type ReadPdf = (organizationNo: number, reportId: string, document: Buffer) => Promise<Buffer>;

export function createReadPdf(ground: Ground, render: (document: Buffer) => Promise<Buffer>): ReadPdf {
  return async (organizationNo, reportId, document) => {
    const kept = await ground.db.scoped(organizationNo, (tx) => findPdf(tx, organizationNo, reportId));
    if (kept !== undefined) return kept;
    const pdf = await render(document);
    return ground.db.scoped(organizationNo, async (tx) => {
      await keepPdf(tx, organizationNo, reportId, pdf, ground.clock());
      return (await findPdf(tx, organizationNo, reportId)) ?? pdf;
    });
  };
}
