import { annexCsv, comparePackets, type Packet, type PacketComparison } from '@veritrail/controls';

import { EvidenceError } from '../evidence-error.ts';

/** What a stored document says. It is ours, so its form isn't doubted. */
function packetOf(document: Buffer): Packet {
  return (JSON.parse(document.toString('utf8')) as { packet: Packet }).packet;
}

export interface PacketDifferences extends PacketComparison {
  readonly before: { readonly report_id: string; readonly generated_at: string };
  readonly after: { readonly report_id: string; readonly generated_at: string };
}

/**
 * What differs between two packets, of which the older one is `before`.
 *
 * @throws {EvidenceError} `packets_differ_in_framework`
 */
export function compareDocuments(one: Buffer, other: Buffer): PacketDifferences {
  const [first, second] = [packetOf(one), packetOf(other)];
  if (first.framework !== second.framework) {
    throw new EvidenceError('packets_differ_in_framework', 'Compare two packets of the same framework.');
  }
  const isOlder =
    first.generated_at < second.generated_at ||
    // Ids of one second are in the order in which they were given.
    (first.generated_at === second.generated_at && first.report_id < second.report_id);
  const [before, after] = isOlder ? [first, second] : [second, first];
  return {
    before: { report_id: before.report_id, generated_at: before.generated_at },
    after: { report_id: after.report_id, generated_at: after.generated_at },
    ...comparePackets(before, after),
  };
}

/** A table of the provider annex. @throws {EvidenceError} `annex_not_found` */
export function annexOf(document: Buffer, template: string): string {
  const table = packetOf(document).provider_annex?.find((one) => one.template === template);
  if (table === undefined) {
    throw new EvidenceError('annex_not_found', "Name a template of the packet's provider annex, such as B_05.01.");
  }
  return annexCsv(table);
}
