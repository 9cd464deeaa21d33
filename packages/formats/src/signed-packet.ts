import { indexOfAscii, lastIndexOfAscii, utf8Text } from './bytes.ts';
import { parseExactJson, type JsonValue } from './exact-json.ts';
import { FormatError } from './format-error.ts';
import { formatJcs } from './jcs.ts';

/** What stands beside a packet. Format: docs/formats/evidence-packet.md */
export interface PacketSignature {
  readonly key_id: string;
  /** The 64 bytes of an Ed25519 signature over the packet's bytes, in base64. */
  readonly value: string;
  /** SHA-256 of the same bytes, in lower-case hex. The signature isn't over it. */
  readonly canonical_sha256: string;
}

/** A document taken apart at its published places, and nothing believed yet. */
export interface PacketEnvelope {
  readonly reportId: string;
  /** A view of the document, not a copy. */
  readonly packetBytes: Uint8Array;
  readonly signature: PacketSignature;
}

export interface SignedPacket extends PacketEnvelope {
  readonly packetText: string;
  readonly packet: { readonly [name: string]: JsonValue };
}

const PACKET_MARKER = '"packet":';
const SIGNATURE_MARKER = ',"signature":';

const REPORT_ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEY_ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
// The last character before the padding holds two bits, so that one spelling alone has these bytes.
const SIGNATURE = '[A-Za-z0-9+/]{85}[AQgw]==';
const SHA256 = '[0-9a-f]{64}';

const HEAD = new RegExp(`^\\{"report_id":"(${REPORT_ID})",$`);
const TAIL = new RegExp(
  `^\\{"algorithm":"Ed25519","key_id":"(${KEY_ID})","value":"(${SIGNATURE})","canonical_sha256":"(${SHA256})"\\}\\}$`,
);
/** Of what comes before a packet, and of what comes after it. */
export const MOST_BYTES_AROUND_PACKET = 512;

/**
 * The document that is sent and kept.
 *
 * @param parts.packetText from formatJcs; it isn't read again
 * @throws FormatError `packet_envelope` for what a reader would refuse
 */
export function formatSignedPacket(parts: {
  readonly reportId: string;
  readonly packetText: string;
  readonly signature: PacketSignature;
}): string {
  return beforePacket(parts.reportId) + parts.packetText + afterPacket(parts.signature);
}

/**
 * What a document has before the packet's own bytes.
 *
 * @throws FormatError `packet_envelope` for what a reader would refuse
 */
export function beforePacket(reportId: string): string {
  const head = `{"report_id":"${reportId}",`;
  if (!HEAD.test(head)) failEnvelope('its id is not as the format has it.');
  return head + PACKET_MARKER;
}

/**
 * What a document has behind them, in at most MOST_BYTES_AROUND_PACKET.
 *
 * @throws FormatError `packet_envelope` for what a reader would refuse
 */
export function afterPacket(signature: PacketSignature): string {
  const tail =
    `{"algorithm":"Ed25519","key_id":"${signature.key_id}","value":"${signature.value}"` +
    `,"canonical_sha256":"${signature.canonical_sha256}"}}`;
  if (!TAIL.test(tail)) failEnvelope('a part of its signature is not as the format has it.');
  return SIGNATURE_MARKER + tail;
}

/**
 * The signed bytes of a document: from the first `"packet":` to the last `,"signature":`, as published.
 *
 * Someone can put a genuine packet under another member and show an invented one as `packet`. So believe only what these
 * bytes say, or use parsePacketEnvelope, which refuses a document that is anything else besides.
 *
 * @returns a view of `document`, not a copy
 * @throws FormatError `packet_envelope` if one of the two is absent
 */
export function packetSlice(document: Uint8Array): Uint8Array {
  const marker = indexOfAscii(document, PACKET_MARKER);
  const end = lastIndexOfAscii(document, SIGNATURE_MARKER);
  const start = marker + PACKET_MARKER.length;
  if (marker === -1 || end < start) failEnvelope(`${PACKET_MARKER} or ${SIGNATURE_MARKER} is missing.`);
  return document.subarray(start, end);
}

/**
 * Takes a document from anyone apart. Every byte outside the packet is where and what the format has, so that nothing in
 * it can be shown as a packet but the bytes that are checked.
 *
 * @throws FormatError `packet_envelope`
 */
export function parsePacketEnvelope(document: Uint8Array): PacketEnvelope {
  const packetBytes = packetSlice(document);
  const start = packetBytes.byteOffset - document.byteOffset;
  const end = start + packetBytes.length;
  const head = asciiText(document.subarray(0, start - PACKET_MARKER.length));
  const tail = asciiText(document.subarray(end + SIGNATURE_MARKER.length));
  const reportId = HEAD.exec(head)?.[1];
  if (reportId === undefined)
    failEnvelope('it does not begin with a report_id and the packet, compact and in this order.');
  const [, keyId, value, sha256] = TAIL.exec(tail) ?? [];
  if (keyId === undefined || value === undefined || sha256 === undefined) {
    failEnvelope('after the packet there is not exactly a signature as the format has it.');
  }
  return { reportId, packetBytes, signature: { key_id: keyId, value, canonical_sha256: sha256 } };
}

/**
 * Reads a packet's own text, whose bytes must be the canonical form of what they say.
 *
 * @throws FormatError `packet_not_canonical`
 */
export function parsePacketText(packetText: string): { readonly [name: string]: JsonValue } {
  let packet: JsonValue;
  let canonical: string;
  try {
    packet = parseExactJson(packetText);
    canonical = formatJcs(packet);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError('packet_not_canonical', `The packet has no canonical form. ${cause.message}`, { cause });
  }
  if (canonical !== packetText) {
    throw new FormatError('packet_not_canonical', 'The packet is not in its canonical form: it was re-formatted.');
  }
  if (!isObject(packet)) throw new FormatError('packet_not_canonical', 'The packet is not an object.');
  return packet;
}

/**
 * Both at once: a document from anyone, every byte of it where the format has it. The signature isn't verified.
 *
 * @throws FormatError `packet_envelope`, `packet_not_canonical`
 */
export function parseSignedPacket(document: Uint8Array): SignedPacket {
  const envelope = parsePacketEnvelope(document);
  const packetText = utf8Text(envelope.packetBytes, 'packet_not_canonical');
  return { ...envelope, packetText, packet: parsePacketText(packetText) };
}

function isObject(value: JsonValue): value is { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Bytes that are not ASCII become characters that no pattern here has. */
function asciiText(bytes: Uint8Array): string {
  return bytes.length > MOST_BYTES_AROUND_PACKET ? '' : String.fromCharCode(...bytes);
}

function failEnvelope(reason: string): never {
  throw new FormatError('packet_envelope', `These bytes are not a signed packet: ${reason}`);
}
