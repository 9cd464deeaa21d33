import { formatJcs, sha256Hex } from '@veritrail/formats';

import type { PacketCatalogue } from './rule.ts';

/**
 * SHA-256, in hex, of the catalogue's data: of a rule its name and parameters stand for its code, so a change of the
 * code is a new version. The text is the data's canonical JSON (RFC 8785).
 */
export function catalogueDigest(catalogue: PacketCatalogue): string {
  const known = digests.get(catalogue);
  if (known !== undefined) return known;
  const digest = computeDigest(catalogue);
  digests.set(catalogue, digest);
  return digest;
}

/** Catalogues don't change, and an assessment asks each time. */
const digests = new WeakMap<PacketCatalogue, string>();

function computeDigest({ id, version, name, controls, notCovered, applicationDates }: PacketCatalogue): string {
  const data = {
    id,
    version,
    name,
    controls: controls.map(({ judge: _judge, gate, ...control }) => ({ ...control, gated: gate !== undefined })),
    notCovered,
    ...(applicationDates === undefined ? {} : { applicationDates }),
  };
  return sha256Hex(formatJcs(data));
}
