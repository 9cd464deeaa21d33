import { sha256Hex } from '@veritrail/formats';

import type { PacketCatalogue } from './rule.ts';

/**
 * SHA-256, in hex, of the catalogue's data: of a rule its name and parameters stand for its code, so a change of the
 * code is a new version. The text is JSON with sorted members and no space, the RFC 8785 form for what stands in it.
 */
export function catalogueDigest({ id, version, name, controls, notCovered }: PacketCatalogue): string {
  const data = {
    id,
    version,
    name,
    controls: controls.map(({ judge: _judge, gate, ...control }) => ({ ...control, gated: gate !== undefined })),
    notCovered,
  };
  return sha256Hex(sortedJson(data));
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
