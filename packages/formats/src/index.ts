export {
  AUDIT_ACTIONS,
  auditEventPayload,
  formatAuditEvent,
  parseAuditEvent,
  type AuditAction,
  type AuditEvent,
  type AuditEventPayload,
} from './audit-event.ts';
export { leafHash, leafHashInput, nodeHash, nodeHashInput } from './audit-leaf.ts';
export { auditEventMac, checkAuditEventMac } from './audit-mac.ts';
export { canonicalJson, ExactJson, parseExactJson, type ExactJsonOptions, type JsonValue } from './exact-json.ts';
export { FormatError, type FormatErrorCode } from './format-error.ts';
export {
  formatMilliseconds,
  formatSeconds,
  formatTimestamp,
  parseTimestamp,
  readPostgresTimestamp,
  writePostgresTimestamp,
  type Instant,
} from './instant.ts';
export { jsonString, toAsciiJson } from './json-string.ts';
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
