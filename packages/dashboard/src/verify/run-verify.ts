import {
  createEventStreamVerifier,
  detectKind,
  HEAD_BYTES,
  verifyPacket,
  verifyPostureReport,
  type AuditEventsVerdict,
  type DocumentKind,
  type PacketVerdict,
  type PostureReportVerdict,
} from '@veritrail/verify';

/** What may be known beside the document; what isn't known can't be checked, and the verdict says so. */
export interface Known {
  /** Of a posture report its verification key; of events their audit secrets, one a line. */
  readonly key: string;
  readonly organizationId: string;
  readonly responseSignature: string;
  readonly whole: boolean;
  /** What a server published at /.well-known/compliance-signing-keys. */
  readonly keysDocument: Uint8Array | undefined;
  /** SHA-256 of public keys that are believed, one a line. */
  readonly fingerprints: string;
}

export type AnyVerdict = PostureReportVerdict | PacketVerdict | AuditEventsVerdict;

export async function kindOf(file: Blob): Promise<DocumentKind> {
  return detectKind(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
}

const linesOf = (text: string): string[] => text.split(/\s*\n\s*/).filter((line) => line !== '');

/** All of it happens in this page: nothing of the document and no key is sent anywhere. */
export async function runVerify(
  file: Blob,
  kind: Exclude<DocumentKind, 'unknown'>,
  known: Known,
  onProgress: (bytes: number) => void,
): Promise<AnyVerdict> {
  const key = known.key.trim();
  if (kind === 'posture_report') {
    return verifyPostureReport(new Uint8Array(await file.arrayBuffer()), {
      ...(key !== '' && { verificationKey: key }),
      ...(known.organizationId !== '' && { organizationId: known.organizationId }),
    });
  }
  if (kind === 'evidence_packet') {
    const trusted = linesOf(known.fingerprints);
    return verifyPacket(new Uint8Array(await file.arrayBuffer()), {
      ...(known.keysDocument !== undefined && { keysDocument: known.keysDocument }),
      ...(trusted.length > 0 && { trustedFingerprints: trusted }),
    });
  }
  const secrets = linesOf(key);
  const verifier = createEventStreamVerifier({
    ...(secrets.length > 0 && { secrets }),
    ...(known.responseSignature !== '' && { responseSignature: known.responseSignature }),
    ...(known.whole && { whole: true as const }),
  });
  const reader = file.stream().getReader();
  for (let told = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return verifier.finish();
    verifier.push(value);
    const { bytes } = verifier.progress;
    if (bytes - told < 1_000_000) continue;
    told = bytes;
    onProgress(bytes);
    // So that the page keeps answering.
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
}
