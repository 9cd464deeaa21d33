import { indexOfAscii } from './bytes.ts';
import { FormatError } from './format-error.ts';
import { jsonString, jsonStringOrNull } from './json-string.ts';
import { hmacSha256Hex } from './mac.ts';

/** How one organization's services stand at one moment. Format: docs/formats/posture-report.md */
export interface PostureReport {
  readonly organization_id: string;
  /** Times are RFC 3339 in UTC, to the second. */
  readonly generated_at: string;
  readonly service_count: number;
  readonly all_services_eu_residency: boolean;
  readonly services: readonly PostureService[];
  readonly audit_log: PostureAuditLog;
}

export interface PostureService {
  readonly service_id: string;
  readonly name: string;
  readonly database_type: string;
  readonly zones: readonly string[];
  /** Of each zone, in the order of `zones`. */
  readonly regions: readonly string[];
  readonly eu_residency: boolean;
  readonly storage_encrypted_at_rest: boolean;
  readonly backup_encryption: string | null;
  readonly tls_enabled: boolean;
  readonly last_backup_at: string | null;
  readonly last_backup_type: string | null;
  readonly backup_schedule: string;
  readonly backup_retention_days: number;
}

export interface PostureAuditLog {
  /** Null: kept without end. */
  readonly retention_policy_days: number | null;
  readonly entry_count: number;
  readonly oldest_entry_at: string | null;
}

export interface PostureSignature {
  /** HMAC-SHA256 of the report's bytes, in lower-case hex. */
  readonly value: string;
  readonly key_id: string;
}

const REPORT_MARKER = '"report":';
const SIGNATURE_MARKER = ',"signature"';

/**
 * The text whose UTF-8 bytes a posture report's MAC covers: compact, raw Unicode, members in the published order.
 * The bytes `,"signature"` never occur in it, because auditors find its end by them.
 *
 * @throws FormatError `json_lone_surrogate`; `report_shape` for a count that isn't a whole number
 */
export function formatPostureReport(report: PostureReport): string {
  const log = report.audit_log;
  return (
    `{"organization_id":${jsonString(report.organization_id)},"generated_at":${jsonString(report.generated_at)}` +
    `,"service_count":${jsonInteger(report.service_count)}` +
    `,"all_services_eu_residency":${report.all_services_eu_residency}` +
    `,"services":[${report.services.map(formatService).join(',')}]` +
    `,"audit_log":{"retention_policy_days":${jsonIntegerOrNull(log.retention_policy_days)}` +
    `,"entry_count":${jsonInteger(log.entry_count)},"oldest_entry_at":${jsonStringOrNull(log.oldest_entry_at)}}}`
  );
}

function formatService(service: PostureService): string {
  return (
    `{"service_id":${jsonString(service.service_id)},"name":${jsonString(service.name)}` +
    `,"database_type":${jsonString(service.database_type)}` +
    `,"zones":[${service.zones.map(jsonItem).join(',')}],"regions":[${service.regions.map(jsonItem).join(',')}]` +
    `,"eu_residency":${service.eu_residency},"storage_encrypted_at_rest":${service.storage_encrypted_at_rest}` +
    `,"backup_encryption":${jsonStringOrNull(service.backup_encryption)},"tls_enabled":${service.tls_enabled}` +
    `,"last_backup_at":${jsonStringOrNull(service.last_backup_at)}` +
    `,"last_backup_type":${jsonStringOrNull(service.last_backup_type)}` +
    `,"backup_schedule":${jsonString(service.backup_schedule)}` +
    `,"backup_retention_days":${jsonInteger(service.backup_retention_days)}}`
  );
}

/**
 * The document that is sent.
 *
 * @param reportText from formatPostureReport; the signature's value is over its UTF-8 bytes
 * @throws FormatError `report_marker` if an auditor would find another end of the report in it
 */
export function formatSignedPostureReport(reportText: string, signature: PostureSignature): string {
  if (reportText.includes(SIGNATURE_MARKER)) {
    throw new FormatError(
      'report_marker',
      `A report's text must not contain ${SIGNATURE_MARKER}, by which its end is found.`,
    );
  }
  return (
    `{${REPORT_MARKER}${reportText}${SIGNATURE_MARKER}:{"algorithm":"HMAC-SHA256"` +
    `,"value":${jsonString(signature.value)},"key_id":${jsonString(signature.key_id)}}}`
  );
}

/**
 * The signed bytes of a document: from the first `"report":` to the next `,"signature"`, as published.
 *
 * Someone can put a genuine report under another member and show an invented one as `report`. So believe only what
 * parsing these bytes gives, or refuse a document that doesn't start with `{"report":`.
 *
 * @returns a view of `document`, not a copy
 * @throws FormatError `report_marker` if one of the two is absent
 */
export function reportSlice(document: Uint8Array): Uint8Array {
  const start = placeOf(REPORT_MARKER, document, 0) + REPORT_MARKER.length;
  return document.subarray(start, placeOf(SIGNATURE_MARKER, document, start));
}

/**
 * The signature value of a report: HMAC-SHA256 in lower-case hex.
 *
 * @param report its text, or the bytes that reportSlice found
 * @param key the verification key, used as its own bytes
 */
export function postureReportMac(report: string | Uint8Array, key: string): string {
  return hmacSha256Hex(key, report);
}

function placeOf(marker: string, bytes: Uint8Array, from: number): number {
  const at = indexOfAscii(bytes, marker, from);
  if (at !== -1) return at;
  throw new FormatError('report_marker', `These bytes are not a signed posture report: ${marker} is missing.`);
}

/**
 * A string inside an array. There alone a string follows a comma directly, so one that reads `signature` would make the
 * bytes `,"signature"`; its first letter is written as an escape, which any JSON reader undoes.
 */
function jsonItem(value: string): string {
  return value === 'signature' ? '"\\u0073ignature"' : jsonString(value);
}

function jsonInteger(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new FormatError('report_shape', 'The counts and days of a posture report must be whole numbers below 2^53.');
  }
  return String(value);
}

function jsonIntegerOrNull(value: number | null): string {
  return value === null ? 'null' : jsonInteger(value);
}
