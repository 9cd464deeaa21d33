import type { AuditAction } from '@veritrail/formats';

import type { FlagRuleId } from '../flag-rules.ts';
import type { Declarations } from './declarations.ts';

/**
 * Everything that the assertions of a packet rest on, and nothing else: whoever holds it can judge again. Plain JSON
 * that RFC 8785 can print: integers below 2^53, no fractions. Times are RFC 3339 in UTC, whole seconds.
 *
 * What is absent is unknown. No value here is ever null to say "no": a fact that nobody collected has no span.
 */
export interface Evidence {
  /** Who read the facts; spans name them by id. */
  readonly collectors: readonly Collector[];
  readonly zone_catalogue: { readonly version: string; readonly digest: string };
  readonly samples: Samples;
  /** Every service that existed at any time of the period, those left out of scope included; oldest first. */
  readonly services: readonly ServiceEvidence[];
  readonly access: AccessEvidence;
  readonly audit_log: AuditLogEvidence;
  readonly events: EventsEvidence;
  readonly declarations: Declarations;
  /** Scheduled packets of this framework that fell due in the period. */
  readonly scheduled_runs: readonly ScheduledRun[];
  /** The exceptions of the packet before this one of the same framework; absent for the first. */
  readonly previous?: PreviousPacket;
}

/**
 * - `observed`: read by a collector from the system that enforces it
 * - `derived`: computed from observed facts by a rule named in the packet
 * - `declared`: entered by a named person, with a date
 * - `third_party`: from another party's signed statement
 */
export type Basis = 'observed' | 'derived' | 'declared' | 'third_party';

export interface Collector {
  readonly id: string;
  readonly version: string;
}

/** From when to when, within the period, a fact is known to have had a value. Spans of a fact don't overlap. */
export interface Span<T> {
  readonly from: string;
  /** Exclusive: when the value was replaced or its freshness ended; the period's end if neither. */
  readonly to: string;
  readonly value: T;
  readonly basis: Basis;
  /** Id of a collector. */
  readonly collector: string;
  /** When it was last read, and until when that reading counts. */
  readonly collected_at: string;
  readonly valid_until: string;
}

/** Daily looks at all services. A packet speaks of a period only where samples through it exist. */
export interface Samples {
  readonly interval: 'P1D';
  /** As many as the period has whole days, at least one. */
  readonly expected: number;
  readonly taken: readonly string[];
  /** Days (UTC, YYYY-MM-DD) that lie in the period whole and have no sample. */
  readonly missing: readonly string[];
}

export type NetworkExposure = 'private' | 'allow_list' | 'public';
export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3';
export type BackupSchedule = 'hourly' | 'daily' | 'weekly' | 'none';
export type Residency = 'eu' | 'eea' | 'adequate' | 'other';

export interface ServiceEvidence {
  readonly service_id: string;
  /** As of the period's end, or of the service's own. */
  readonly name: string;
  readonly database_type: string;
  readonly created_at: string;
  readonly ended_at: string | null;
  // From the platform's records.
  readonly zones: readonly Span<readonly string[]>[];
  readonly storage_encrypted_at_rest: readonly Span<boolean>[];
  /** A cipher's name. A record without one says nothing, so it makes no span. */
  readonly backup_encryption: readonly Span<string>[];
  /** TLS is offered. That it is required is another fact. */
  readonly tls_enabled: readonly Span<boolean>[];
  readonly backup_schedule: readonly Span<BackupSchedule>[];
  readonly backup_retention_days: readonly Span<number>[];
  // Derived by the zone catalogue; no span while any zone is unknown or there is none.
  readonly countries: readonly Span<readonly string[]>[];
  readonly residency: readonly Span<Residency>[];
  /** Zones that the catalogue doesn't know. */
  readonly unknown_zones: readonly string[];
  // From collectors; without one there is no span.
  readonly tls_required: readonly Span<boolean>[];
  readonly tls_min_version: readonly Span<TlsVersion>[];
  readonly tls_certificate_not_after: readonly Span<string>[];
  readonly auth_required: readonly Span<boolean>[];
  readonly network_exposure: readonly Span<NetworkExposure>[];
  readonly storage_cipher: readonly Span<string>[];
  readonly backup_zones: readonly Span<readonly string[]>[];
  readonly backup_countries: readonly Span<readonly string[]>[];
  readonly availability_topology: readonly Span<{
    readonly nodes: number;
    readonly zones: number;
    readonly failover: boolean;
  }>[];
  /** Percents of the fullest resource, rounded up to tens, and whether an alert is open. */
  readonly capacity: readonly Span<{ readonly used_percent: number; readonly alert_open: boolean }>[];
  readonly version_and_patch: readonly Span<{
    readonly engine: string;
    readonly version: string;
    readonly patched_at: string;
    readonly end_of_life: string | null;
  }>[];
  readonly backup_integrity_check: readonly Span<{ readonly method: string; readonly passed: boolean }>[];
  /** For a store of an AI system's logs: newest and oldest record that it holds. */
  readonly log_store: readonly Span<{ readonly oldest_record_at: string; readonly newest_record_at: string }>[];
  readonly backups: BackupEvidence;
}

/** Names of the facts of a service that are spans: what rules, references and observations speak of. */
export const SERVICE_FACTS = [
  'zones',
  'storage_encrypted_at_rest',
  'backup_encryption',
  'tls_enabled',
  'backup_schedule',
  'backup_retention_days',
  'countries',
  'residency',
  'tls_required',
  'tls_min_version',
  'tls_certificate_not_after',
  'auth_required',
  'network_exposure',
  'storage_cipher',
  'backup_zones',
  'backup_countries',
  'availability_topology',
  'capacity',
  'version_and_patch',
  'backup_integrity_check',
  'log_store',
] as const satisfies readonly (keyof ServiceEvidence)[];
export type ServiceFact = (typeof SERVICE_FACTS)[number];

/** Those that collectors send: the platform's records and what is derived from them are not among them. */
export const OBSERVED_SERVICE_FACTS = [
  'tls_required',
  'tls_min_version',
  'tls_certificate_not_after',
  'auth_required',
  'network_exposure',
  'storage_cipher',
  'backup_zones',
  'availability_topology',
  'capacity',
  'version_and_patch',
  'backup_integrity_check',
  'log_store',
] as const satisfies readonly ServiceFact[];

export interface BackupEvidence {
  readonly completed: number;
  readonly failed: number;
  readonly last_completed_at: string | null;
  /**
   * Seconds from the newest completed backup to each of `samples.taken`, in its order; null where the service wasn't
   * there or had none yet.
   */
  readonly age_at_samples: readonly (number | null)[];
  /**
   * Stretches longer than the schedule's interval times 1.5 without a completed backup, while a schedule was in force;
   * the first thousand, oldest first.
   */
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly limit_seconds: number }[];
  readonly gaps_total: number;
}

export interface AccessEvidence {
  /** Who could act in the organization when the packet was made. Ids, never names or addresses. */
  readonly roles: readonly {
    readonly actor_id: string;
    readonly kind: 'user' | 'api_key';
    readonly role: string;
    readonly since: string;
  }[];
  readonly mfa_enforced: readonly Span<boolean>[];
  readonly shared_accounts: readonly Span<readonly string[]>[];
  readonly keys_register: readonly Span<
    readonly {
      readonly key_id: string;
      readonly purpose: string;
      readonly created_at: string;
      readonly rotated_at: string | null;
      readonly retired_at: string | null;
    }[]
  >[];
}

export interface AuditLogEvidence {
  /**
   * At the packet's making, up to `next_sequence`. Entries recorded in the minute before that were not checked yet are
   * left out: they are on their way.
   */
  readonly entry_count: number;
  /** By their own times, which their senders gave. */
  readonly oldest_entry_at: string | null;
  readonly newest_entry_at: string | null;
  /** When the first of the entries that are still there was recorded, by the server's clock. */
  readonly recorded_since: string | null;
  readonly first_sequence: number;
  readonly next_sequence: number;
  /** The newest time that an entry gave which retention removed; null if it removed none. */
  readonly removed_up_to: string | null;
  readonly retention: { readonly mode: 'indefinite' } | { readonly mode: 'days'; readonly days: number };
  /** Events whose time lies in the period. */
  readonly in_period: {
    readonly events: number;
    readonly by_action: Readonly<Record<AuditAction, number>>;
    readonly failed_logins: number;
  };
  readonly integrity: {
    readonly result: 'sound' | 'diverged' | 'unchecked';
    /** Both ends included; null when nothing was checked. */
    readonly from_sequence: number | null;
    readonly to_sequence: number | null;
    readonly checked: number;
    readonly unchecked: number;
    readonly checked_at: string | null;
    readonly algorithm: 'HMAC-SHA256';
    readonly key_ids: readonly string[];
    readonly finding: string | null;
  };
  /** Rules that were on over the whole trail, and what they flagged in the period. */
  readonly rules: readonly {
    readonly rule: FlagRuleId;
    readonly version: number;
    readonly whole_trail: boolean;
    readonly flagged: number;
  }[];
  /** The first thousand of the period, oldest first. */
  readonly flags: readonly {
    readonly event_id: string;
    readonly sequence: number;
    readonly rule: string;
    readonly rule_version: number;
    readonly occurred_at: string;
  }[];
  readonly flags_total: number;
  /**
   * One for each version of a declared source of events. Silence is whole days (UTC) without any event of it that ended
   * while the version held; it is counted from the period's start, or from when such events were first expected without a
   * break, so that declaring a source anew doesn't make it heard.
   */
  readonly sources: readonly {
    readonly source_id: string;
    readonly version: number;
    readonly resource_type: string;
    /** On the days (UTC) that the period touches. */
    readonly events: number;
    /** When the last day (UTC) with an event of it began. */
    readonly last_event_at: string | null;
    readonly longest_silence_days: number;
  }[];
  /** Database logins that could change or delete rows, as its privileges stand. */
  readonly store_access: readonly string[];
  readonly clock: readonly Span<{ readonly source: string; readonly max_skew_ms: number }>[];
  readonly write_failures: readonly Span<{ readonly count: number; readonly longest_outage_seconds: number }>[];
}

/** Events of one kind in the period: the first five thousand, oldest first, of `total`. */
export interface EventList {
  readonly total: number;
  readonly listed: readonly ListedEvent[];
}

export interface ListedEvent {
  readonly event_id: string;
  readonly sequence: number;
  readonly occurred_at: string;
  readonly action: AuditAction;
  readonly actor_id: string;
  readonly resource_type: string;
  readonly resource_id: string;
  /** What it was before and after, where the event's details say so. */
  readonly from: string | null;
  readonly to: string | null;
  /** Whether the details say anything: of an export, its scope. */
  readonly has_details: boolean;
}

export interface EventsEvidence {
  readonly permission_changes: EventList;
  readonly config_changes: EventList;
  /**
   * Members, their invitations and API keys, over the whole retained trail up to the packet's making: an account may be
   * older than the period, and one that is there now may have come after it.
   */
  readonly account_lifecycle: EventList;
  /**
   * Of each account, for each time that it was removed, the first event of the period by it from then on until it was let
   * in again. Sign-ins that were refused are none. Absent where it wasn't looked for.
   */
  readonly acts_after_removal?: EventList;
  readonly exports: EventList;
  /** Of services: made, changed, ended. Absent where it wasn't gathered. */
  readonly service_changes?: EventList;
}

export interface ScheduledRun {
  readonly due_at: string;
  readonly status: 'complete' | 'failed' | 'missed';
  readonly report_id: string | null;
}

export interface PreviousPacket {
  readonly report_id: string;
  readonly canonical_sha256: string;
  readonly generated_at: string;
  readonly period_start: string;
  readonly period_end: string;
  /** Its exceptions, and those of the packets before it that it couldn't say were closed: `openExceptions`. */
  readonly exceptions: readonly string[];
}
