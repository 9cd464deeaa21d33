import type { JsonValue, PostureAuditLog, PostureReport, PostureService } from '@veritrail/formats';

import { InputError, membersOf } from './input-text.ts';

/** A posture report as it is sent, every member present and of its kind, none besides. */
export interface PostureDocument {
  readonly report: PostureReport;
  readonly algorithm: string;
  readonly value: string;
  readonly keyId: string;
}

/** Member order isn't looked at: printing it again and comparing the bytes shows that. @throws {InputError} */
export function readPostureDocument(value: JsonValue): PostureDocument {
  const document = openObject(value, 'the document', 2);
  const signature = openObject(document.get('signature'), 'signature', 3);
  return {
    report: readPostureReport(document.get('report')),
    algorithm: signature.text('algorithm'),
    value: signature.text('value'),
    keyId: signature.text('key_id'),
  };
}

/** @throws {InputError} */
export function readPostureReport(value: JsonValue | undefined): PostureReport {
  const report = openObject(value, 'report', 6);
  return {
    organization_id: report.text('organization_id'),
    generated_at: report.text('generated_at'),
    service_count: report.count('service_count'),
    all_services_eu_residency: report.flag('all_services_eu_residency'),
    services: report.list('services').map((service, i) => readService(service, `services[${i}]`)),
    audit_log: readAuditLog(report.get('audit_log')),
  };
}

function readService(value: JsonValue, where: string): PostureService {
  const service = openObject(value, where, 13);
  return {
    service_id: service.text('service_id'),
    name: service.text('name'),
    database_type: service.text('database_type'),
    zones: service.texts('zones'),
    regions: service.texts('regions'),
    eu_residency: service.flag('eu_residency'),
    storage_encrypted_at_rest: service.flag('storage_encrypted_at_rest'),
    backup_encryption: service.textOrNull('backup_encryption'),
    tls_enabled: service.flag('tls_enabled'),
    last_backup_at: service.textOrNull('last_backup_at'),
    last_backup_type: service.textOrNull('last_backup_type'),
    backup_schedule: service.text('backup_schedule'),
    backup_retention_days: service.count('backup_retention_days'),
  };
}

function readAuditLog(value: JsonValue | undefined): PostureAuditLog {
  const log = openObject(value, 'audit_log', 3);
  return {
    retention_policy_days: log.get('retention_policy_days') === null ? null : log.count('retention_policy_days'),
    entry_count: log.count('entry_count'),
    oldest_entry_at: log.textOrNull('oldest_entry_at'),
  };
}

/** @param size how many members it has, so that each one being there leaves room for no other */
function openObject(value: JsonValue | undefined, where: string, size: number) {
  const members = membersOf(value);
  if (members === undefined) throw new InputError(`In it, ${where} is missing or not an object.`);
  if (members.size !== size) throw new InputError(`In it, ${where} does not have exactly the members of its format.`);
  const wrong = (name: string): never => {
    throw new InputError(`In it, ${where} lacks the member ${name}, or has it with a value of another kind.`);
  };
  const get = (name: string): JsonValue | undefined => members.get(name);
  const text = (name: string): string => {
    const found = get(name);
    return typeof found === 'string' ? found : wrong(name);
  };
  const list = (name: string): JsonValue[] => {
    const found = get(name);
    return Array.isArray(found) ? found : wrong(name);
  };
  return {
    get,
    text,
    list,
    textOrNull: (name: string): string | null => (get(name) === null ? null : text(name)),
    texts: (name: string): string[] => list(name).map((item) => (typeof item === 'string' ? item : wrong(name))),
    flag: (name: string): boolean => {
      const found = get(name);
      return typeof found === 'boolean' ? found : wrong(name);
    },
    count: (name: string): number => {
      const found = get(name);
      return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : wrong(name);
    },
  };
}
