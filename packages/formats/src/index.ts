export { decodeBase64 } from './base64.ts';
export {
  AUDIT_ACTIONS,
  auditEventPayload,
  auditEventTexts,
  auditEventCloser,
  formatAuditEvent,
  openAuditEvent,
  parseAuditEvent,
  signatureMember,
  type AuditAction,
  type AuditEvent,
  type AuditEventPayload,
  type AuditEventStatement,
} from './audit-event.ts';
export {
  AUDIT_EVENT_CSV_HEADER,
  AUDIT_EVENT_MEMBERS,
  csvCell,
  formatAuditEventCsv,
  readCsvCell,
} from './audit-event-csv.ts';
export { leafHash, leafHashInput, nodeHash, nodeHashInput } from './audit-leaf.ts';
export { auditEventMac, checkAuditEventMac } from './audit-mac.ts';
export { ED25519_PUBLIC_KEY_BYTES, isEd25519PublicKey, verifyEd25519 } from './ed25519.ts';
export {
  canonicalJson,
  ExactJson,
  exactJsonSteps,
  parseExactJson,
  type ExactJsonOptions,
  type JsonValue,
} from './exact-json.ts';
export { FRAMEWORK_IDS, frameworkName, FRAMEWORKS, type Framework } from './frameworks.ts';
export { FormatError, type FormatErrorCode } from './format-error.ts';
export {
  ACCEPTED_TIMES,
  CLOCK_SKEW_SECONDS,
  FIRST_DAWN_SECONDS,
  formatMilliseconds,
  formatSeconds,
  formatTimestamp,
  LAST_SECOND,
  parseTimestamp,
  type Instant,
} from './instant.ts';
export {
  adequacyOf,
  isThirdCountry,
  JURISDICTIONS,
  residencyOf,
  type AdequacyDecision,
  type ResidencyClass,
} from './jurisdictions.ts';
export { formatJcs, formatJcsInSteps } from './jcs.ts';
export { jsonString, toAsciiJson } from './json-string.ts';
export { sha256Hex } from './sha256.ts';
export { POSTGRES_EPOCH_SECONDS, readPostgresTimestamp, writePostgresTimestamp } from './postgres-timestamp.ts';
export {
  formatPostureReport,
  formatSignedPostureReport,
  postureReportMac,
  reportSlice,
  type PostureAuditLog,
  type PostureReport,
  type PostureService,
  type PostureSignature,
} from './posture-report.ts';
export {
  afterPacket,
  beforePacket,
  formatSignedPacket,
  MOST_BYTES_AROUND_PACKET,
  packetSlice,
  parsePacketText,
  parsePacketEnvelope,
  parseSignedPacket,
  type PacketEnvelope,
  type PacketSignature,
  type SignedPacket,
} from './signed-packet.ts';
