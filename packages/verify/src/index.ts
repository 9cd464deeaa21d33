export { detectKind, HEAD_BYTES, type DocumentKind } from './detect-kind.ts';
export type { WholeTrail } from './judge-events.ts';
export { auditKeyId, type AuditSecrets } from './mac-keys.ts';
export type { EventsInput } from './read-events.ts';
export type { Check, Outcome, Verdict } from './verdict.ts';
export {
  createEventStreamVerifier,
  verifyAuditEvents,
  type AuditEventsOptions,
  type AuditEventsVerdict,
  type EventsCheckId,
  type EventStreamVerifier,
} from './verify-audit-events.ts';
export {
  verifyPostureReport,
  type PostureCheckId,
  type PostureReportOptions,
  type PostureReportVerdict,
} from './verify-posture-report.ts';
export { verifyPacket, type PacketCheckId, type PacketOptions, type PacketVerdict } from './verify-packet.ts';
