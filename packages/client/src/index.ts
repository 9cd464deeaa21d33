export { AUDIT_ACTIONS, type AuditAction, type AuditEventInput } from './audit-event.ts';
export { AuditClientError, type AuditClientErrorCode, type ErrorFacts } from './client-error.ts';
export type { ConnectionOptions } from './connection.ts';
export {
  createAuditClient,
  type AuditClient,
  type AuditClientOptions,
  type AuditClientStats,
} from './create-audit-client.ts';
export type { RecordedEvent } from './deliveries.ts';
export type { OnProblem, Problem } from './problem.ts';
export type { AuditedRequest, RequestAuditOptions } from './request-audit.ts';
export type { UploadOptions, UploadProgress, UploadSource, UploadSummary } from './upload-ndjson.ts';
