import { parsePacketEnvelope } from '@veritrail/formats';

import { findSigningKey } from '../../keyring/signing-key-store.ts';
import { signingKeyFingerprint } from '../../keyring/signing-keys.ts';
import type { Ground } from '../../tenancy/ground.ts';
import type { PdfRenderer } from '../pdf/create-pdf-renderer.ts';
import { findPdf, keepPdf } from './packet-store.ts';

/**
 * The PDF of a packet's document. It is rendered when somebody first asks, and kept, so that everybody gets the same
 * bytes whatever versions of ours come later.
 *
 * @throws {PdfError}
 */
export type ReadPdf = (organizationNo: number, reportId: string, document: Buffer) => Promise<Buffer>;

export function createReadPdf(parts: {
  readonly ground: Ground;
  readonly renderer: PdfRenderer;
  /** Where the signing keys are published. */
  readonly keysUrl: () => string;
}): ReadPdf {
  const { ground, renderer, keysUrl } = parts;
  return async (organizationNo, reportId, document) => {
    const kept = await ground.db.scoped(organizationNo, (tx) => findPdf(tx, organizationNo, reportId));
    if (kept !== undefined) return kept;
    const { key_id: keyId } = parsePacketEnvelope(document).signature;
    const key = await findSigningKey(ground.db.direct, keyId);
    if (key === undefined) throw new Error(`the signing key ${keyId} of a stored packet is gone`);
    const pdf = await renderer.render(document, {
      fingerprint: signingKeyFingerprint(key.public_key),
      keysUrl: keysUrl(),
    });
    return ground.db.scoped(organizationNo, async (tx) => {
      await keepPdf(tx, organizationNo, reportId, pdf, ground.clock());
      return (await findPdf(tx, organizationNo, reportId)) ?? pdf;
    });
  };
}
