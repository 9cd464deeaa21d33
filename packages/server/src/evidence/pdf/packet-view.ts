import type { Packet } from '@veritrail/controls';
import { encode } from 'uqr';

import { viewAnnex } from './annex-view.ts';
import { viewControls, viewNotCovered } from './control-view.ts';
import { viewRecords } from './record-view.ts';
import { viewSamples } from './sample-view.ts';
import { viewServices } from './service-view.ts';
import { whole, type TextPrinter } from './printable-text.ts';
import { dayAndTime } from './times.ts';
import { FRAMEWORK_LABELS, STATUS_MEANINGS, STATUS_WORDS } from './words.ts';

/** What was signed, around it what was not: as it stands in the file. */
export interface SignedPacket {
  readonly report_id: string;
  readonly packet: Packet;
  readonly signature: {
    readonly algorithm: string;
    readonly key_id: string;
    readonly value: string;
    readonly canonical_sha256: string;
  };
}

/** What a reader needs to get at the signing key; neither is in the signed bytes. */
export interface KeyInfo {
  /** SHA-256 of the 32 bytes of the public key, in hex. */
  readonly fingerprint: string;
  /** Where the keys are published. */
  readonly keysUrl: string;
}

export const ATTACHMENT = 'evidence-packet.json';

/** Pages have room for about this many characters beside the label in their head. */
const LONGEST_IN_HEAD = 60;
const LONGEST_ON_COVER = 200;

/**
 * Everything that the template sets, as finished text, numbers and lists of them: the template lays out and decides
 * nothing. A pure function of what was signed; no clock, no locale.
 */
export function viewPacket(signed: SignedPacket, key: KeyInfo, { print }: TextPrinter) {
  const { packet, signature } = signed;
  const { summary } = packet;
  const statuses = (['attested', 'exception', 'insufficient_evidence', 'not_applicable', 'not_covered'] as const).map(
    (status) => ({
      status,
      word: STATUS_WORDS[status],
      meaning: STATUS_MEANINGS[status],
      count: summary.statuses[status],
    }),
  );
  return {
    title: print(packet.title),
    framework: FRAMEWORK_LABELS[packet.framework],
    organization: print(packet.organization.name),
    organization_short: print(shorten(packet.organization.name, LONGEST_IN_HEAD)),
    /** A name as long as a page would push the signature off the cover; the page of the scope has all of it. */
    organization_cover: print(shorten(packet.organization.name, LONGEST_ON_COVER)),
    organization_id: whole(packet.organization.id, print),
    billing_email: print(packet.organization.billing_email),
    operator: print(packet.operator),
    period: { from: dayAndTime(packet.period_start), to: dayAndTime(packet.period_end) },
    generated_at: dayAndTime(packet.generated_at),
    schema_version: print(packet.schema_version),
    report_id: whole(signed.report_id, print),
    catalogue: {
      name: print(packet.catalogue.name),
      version: print(packet.catalogue.version),
      digest: group(packet.catalogue.digest),
    },
    previous:
      packet.previous_packet === null
        ? null
        : {
            report_id: whole(packet.previous_packet.report_id, print),
            digest: group(packet.previous_packet.canonical_sha256),
          },
    signature: {
      algorithm: print(signature.algorithm),
      key_id: whole(signature.key_id, print),
      value: print(signature.value),
      digest: group(signature.canonical_sha256),
      fingerprint: group(key.fingerprint),
    },
    keys_url: print(key.keysUrl),
    keys_url_whole: whole(key.keysUrl, print),
    attachment: ATTACHMENT,
    qr: drawQr(signed, key),
    statuses,
    scope_boundary: print(packet.scope_boundary),
    statements: packet.statements.map(({ id, text }) => ({ id: print(id), paragraphs: text.split('\n').map(print) })),
    controls: viewControls(packet.controls, print),
    not_covered: viewNotCovered(packet.not_covered, print),
    services: viewServices(packet.evidence, print),
    samples: viewSamples(packet.evidence.samples),
    records: viewRecords(packet, print),
    annex: viewAnnex(packet.provider_annex ?? [], print),
  };
}

/** Four lines that a phone reads to compare with what it was given some other way. */
function drawQr({ report_id, signature }: SignedPacket, { keysUrl }: KeyInfo): string {
  const text = `report ${report_id}\nsha256 ${signature.canonical_sha256}\nkey ${signature.key_id}\n${keysUrl}`;
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}"><path d="${path}"/></svg>`;
}

/** Hex in groups of four, for eyes that compare. */
function group(hex: string): string {
  return hex.replaceAll(/[^0-9a-zA-Z:_-]/g, '?').replaceAll(/(?:[0-9a-f]{4}(?=[0-9a-f]))/g, '$& ');
}

function shorten(name: string, longest: number): string {
  const characters = [...name];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : name;
}
