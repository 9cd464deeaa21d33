import {
  decodeBase64,
  FormatError,
  parsePacketEnvelope,
  parsePacketText,
  parseTimestamp,
  verifyEd25519,
  type JsonValue,
  type PacketEnvelope,
} from '@veritrail/formats';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { decodeUtf8, InputError, quoted } from './input-text.ts';
import { PACKET_CONTENT_CHECKS, type PacketContentCheckId } from './judge-packet.ts';
import { findSigningKey, type SigningKey } from './read-signing-keys.ts';
import { conclude, fail, notChecked, pass, type Check, type Finding, type Verdict } from './verdict.ts';

export interface PacketOptions {
  /** What /.well-known/compliance-signing-keys answered, as it came. Without it the signature is not checked. */
  readonly keysDocument?: Uint8Array | string | undefined;
  /**
   * SHA-256 of the raw public keys that are to be believed, in hex, with or without colons. Got by another way than the
   * document of keys, which nobody signs.
   */
  readonly trustedFingerprints?: readonly string[] | undefined;
}

export type PacketCheckId =
  | 'document'
  | 'canonical'
  | 'digest'
  | 'report_id'
  | 'key'
  | 'key_time'
  | 'key_trusted'
  | 'signature'
  | PacketContentCheckId;

export interface PacketVerdict extends Verdict<PacketCheckId> {
  readonly kind: 'evidence_packet';
  /** What the signed bytes say, and nothing else of the document; null unless the signature over them holds. */
  readonly packet: { readonly [name: string]: JsonValue } | null;
  /** SHA-256 of the raw public key that the signature holds under, in hex; null unless it does. */
  readonly keyFingerprint: string | null;
}

/** Far above any packet. Reading takes about ten times the memory. */
const MAX_BYTES = 128 * 1024 * 1024;

/**
 * Checks a signed evidence packet, offline.
 *
 * @param document the bytes of the response or download, as they came. They may be anything, from anyone
 * @throws {TypeError} if it was called wrongly, never for what stands in `document` or in the document of keys
 */
export function verifyPacket(document: Uint8Array, options: PacketOptions = {}): PacketVerdict {
  const { keys, trusted } = checkCall(document, options);
  const envelope = attempt(() => parsePacketEnvelope(ofBearableSize(document)));
  const parts = 'value' in envelope ? envelope.value : undefined;
  const read = parts === undefined ? undefined : attempt(() => parsePacketText(decodeUtf8(parts.packetBytes)));
  const packet = read !== undefined && 'value' in read ? read.value : undefined;
  const found =
    keys === undefined || parts === undefined ? undefined : attempt(() => findSigningKey(keys, parts.signature.key_id));
  const key = found !== undefined && 'value' in found ? found.value : undefined;
  const signature = judgeSignature(parts, key);
  const holds = signature.outcome === 'pass' && packet !== undefined;
  const withParts = (judge: (there: PacketEnvelope) => Finding): Finding =>
    parts === undefined ? notChecked('There are no signed bytes to check.') : judge(parts);

  const checks: Check<PacketCheckId>[] = [
    check(
      'document',
      'The document is as published: a report_id, a packet and a signature, compact, and nothing else',
      true,
      'problem' in envelope
        ? fail(envelope.problem)
        : pass(`${document.length} bytes, of which ${envelope.value.packetBytes.length} are signed.`),
    ),
    check(
      'canonical',
      'The signed bytes are the canonical form of what they say (RFC 8785)',
      true,
      withParts(() =>
        read === undefined || !('problem' in read) ? pass('No other bytes say the same.') : fail(read.problem),
      ),
    ),
    check('digest', 'The signed bytes have the SHA-256 that is stated', true, withParts(judgeDigest)),
    check(
      'report_id',
      'The document has the report_id of the packet that was signed',
      packet?.['report_id'] !== undefined,
      withParts(({ reportId }) => judgeReportId(packet?.['report_id'], reportId)),
    ),
    check(
      'key',
      'The key that the document names is published',
      true,
      withParts((there) => judgeKey(there, found)),
    ),
    check('key_time', 'The key was not retired before the packet was generated', true, judgeKeyTime(key, packet)),
    check(
      'key_trusted',
      'The key is one of those that are known otherwise than from the document of keys',
      trusted !== undefined,
      judgeTrust(key, trusted),
    ),
    check('signature', 'The Ed25519 signature over the signed bytes holds', true, signature),
    ...PACKET_CONTENT_CHECKS.map(({ id, title, required, judge }) =>
      check(
        id,
        title,
        required,
        holds
          ? judge(new Map(Object.entries(packet)))
          : notChecked('No signature holds, so it is not known who says what the packet says.'),
      ),
    ),
  ];
  return {
    kind: 'evidence_packet',
    outcome: conclude(checks),
    checks,
    packet: holds ? packet : null,
    keyFingerprint: holds && key !== undefined ? key.fingerprint : null,
  };
}

type Attempt<T> = { readonly value: T } | { readonly problem: string };

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof InputError || error instanceof FormatError) return { problem: error.message };
    throw error;
  }
}

function ofBearableSize(document: Uint8Array): Uint8Array {
  if (document.length <= MAX_BYTES) return document;
  throw new InputError(`It has more than ${MAX_BYTES} bytes, which no packet has.`);
}

function check(id: PacketCheckId, title: string, required: boolean, finding: Finding): Check<PacketCheckId> {
  return { id, title, required, ...finding };
}

function judgeDigest({ packetBytes, signature }: PacketEnvelope): Finding {
  const digest = bytesToHex(sha256(packetBytes));
  return digest === signature.canonical_sha256
    ? pass(`SHA-256 ${digest}.`)
    : fail(`It is ${digest}: the packet was modified or damaged.`);
}

function judgeReportId(signed: JsonValue | undefined, shown: string): Finding {
  if (signed === undefined)
    return notChecked('The packet does not say it, and the signature does not cover the document.');
  return signed === shown ? pass(`Both say ${shown}.`) : fail(`The document says ${shown}, the signed packet another.`);
}

function judgeKey({ signature }: PacketEnvelope, found: Attempt<SigningKey | undefined> | undefined): Finding {
  if (found === undefined) return notChecked('The document of keys was not given.');
  if ('problem' in found) return fail(found.problem);
  const { key_id: keyId } = signature;
  if (found.value === undefined)
    return fail(`${quoted(keyId)} is not among the published keys. Is that document current?`);
  return pass(`${quoted(keyId)}, ${found.value.retiredAt === undefined ? 'active' : 'retired since'}.`);
}

function judgeKeyTime(
  key: SigningKey | undefined,
  packet: { readonly [name: string]: JsonValue } | undefined,
): Finding {
  if (key === undefined) return notChecked('There is no published key.');
  if (packet === undefined) return notChecked('The signed bytes are not a packet that can be read.');
  const generatedAt = packet['generated_at'];
  const made = typeof generatedAt === 'string' ? parseTimestamp(generatedAt) : undefined;
  if (made === undefined) return fail('The packet does not say when it was generated, in RFC 3339.');
  const { retiredAt: retired } = key;
  if (retired === undefined) return pass('The key is active.');
  const isLater = made.seconds > retired.seconds || (made.seconds === retired.seconds && made.micros > retired.micros);
  return isLater
    ? fail('The packet was generated after its key was retired, by its own word.')
    : pass('The packet was generated before its key was retired, by its own word.');
}

function judgeTrust(key: SigningKey | undefined, trusted: ReadonlySet<string> | undefined): Finding {
  if (key === undefined) return notChecked('There is no published key.');
  if (trusted === undefined) {
    return notChecked(
      `The fingerprint is ${key.fingerprint}; compare it with one that came another way. The document of keys is as ` +
        'trustworthy as the place that it came from.',
    );
  }
  return trusted.has(key.fingerprint)
    ? pass(`Its fingerprint ${key.fingerprint} was given.`)
    : fail(`Its fingerprint ${key.fingerprint} is none of those that were given.`);
}

function judgeSignature(parts: PacketEnvelope | undefined, key: SigningKey | undefined): Finding {
  if (parts === undefined) return notChecked('There are no signed bytes to check.');
  if (key === undefined) return notChecked('There is no key to check it with.');
  const value = decodeBase64(parts.signature.value) ?? new Uint8Array();
  return verifyEd25519(key.publicKey, parts.packetBytes, value)
    ? pass('Whoever has the private key of this public one signed these bytes.')
    : fail('The packet was modified, or the key is another one.');
}

function checkCall(
  document: unknown,
  { keysDocument, trustedFingerprints }: PacketOptions,
): { keys: Uint8Array | undefined; trusted: ReadonlySet<string> | undefined } {
  if (!(document instanceof Uint8Array)) throw new TypeError('Give the document as the bytes that came: a Uint8Array.');
  const keys = typeof keysDocument === 'string' ? utf8ToBytes(keysDocument) : (keysDocument as unknown);
  if (keys !== undefined && !(keys instanceof Uint8Array)) {
    throw new TypeError('Give the document of keys as text, or as the bytes that came.');
  }
  if (trustedFingerprints === undefined) return { keys, trusted: undefined };
  if (!Array.isArray(trustedFingerprints) || trustedFingerprints.length === 0) {
    throw new TypeError('trustedFingerprints must be a list with at least one fingerprint.');
  }
  return { keys, trusted: new Set(trustedFingerprints.map(plainFingerprint)) };
}

function plainFingerprint(text: unknown): string {
  const plain = typeof text === 'string' ? text.replaceAll(':', '').toLowerCase() : '';
  if (!/^[0-9a-f]{64}$/.test(plain)) throw new TypeError('A fingerprint is a SHA-256 as 64 hexadecimal digits.');
  return plain;
}
