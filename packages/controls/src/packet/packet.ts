import type { Framework } from '@veritrail/formats';

import type { Evidence } from './evidence.ts';

export type ControlStatus = 'attested' | 'exception' | 'not_applicable' | 'insufficient_evidence';

export type ReasonCode =
  | 'vacuous_scope'
  | 'population_incomplete'
  | 'fact_missing'
  | 'fact_stale'
  | 'fact_declared_only'
  | 'collector_failed'
  | 'collector_denied'
  | 'integrity_unverified'
  | 'integrity_broken'
  | 'sample_coverage_low'
  | 'history_shorter_than_period'
  | 'threshold_not_met'
  | 'item_failed'
  | 'risk_accepted'
  | 'role_undeclared'
  | 'not_yet_in_application'
  | 'scoped_out'
  | 'excluded_by_records'
  | 'outside_platform';

/** What is signed. Members are sorted when it is printed (RFC 8785), so their order here means nothing. */
export interface Packet extends PacketHead, Assessment {
  readonly evidence: Evidence;
}

/** What the issuer states of the packet itself. */
export interface PacketHead {
  readonly schema_version: '1.0';
  /** The same as beside the packet, so that the signature holds it too. */
  readonly report_id: string;
  readonly framework: Framework;
  readonly generated_at: string;
  readonly period_start: string;
  readonly period_end: string;
  readonly organization: { readonly id: string; readonly name: string; readonly billing_email: string };
  /** Who runs the platform and states the facts, such as "Example Cloud Ltd". */
  readonly operator: string;
  /** Digest of the packet of this framework before this one; null for the first. */
  readonly previous_packet: { readonly report_id: string; readonly canonical_sha256: string } | null;
}

/** What follows from head and evidence alone, by one pure function: an auditor computes it again. */
export interface Assessment {
  /** Such as "Evidence packet, SOC 2 criteria" or "Draft record of processing (Art. 30(2)), 3 fields open". */
  readonly title: string;
  readonly scope_boundary: string;
  readonly catalogue: { readonly id: string; readonly version: string; readonly digest: string; readonly name: string };
  readonly controls: readonly ControlFinding[];
  readonly not_covered: readonly { readonly control_id: string; readonly title: string; readonly why: string }[];
  readonly statements: readonly { readonly id: string; readonly text: string }[];
  readonly summary: {
    readonly service_count: number;
    /** Of every service of the organization at the period's end, also those out of scope. Null: not known, or no service. */
    readonly all_services_eu_residency: boolean | null;
    readonly audit_log: {
      /** "indefinite" or such as "365 days". */
      readonly retention_policy: string;
      readonly oldest_entry_at: string | null;
      readonly entry_count: number;
    };
    readonly statuses: Readonly<Record<ControlStatus, number>> & { readonly not_covered: number };
  };
  /** DORA alone: the provider's side of the register of information, by template. */
  readonly provider_annex?: readonly AnnexTable[];
}

export interface ControlFinding {
  readonly control_id: string;
  readonly title: string;
  readonly category: string;
  /** `assessed`: records can support or contradict it; `context`: they say something about it, never enough alone. */
  readonly role: 'assessed' | 'context';
  /** `point`: as of the period's end; `period`: through it; `events`: over the events in it. */
  readonly kind: 'point' | 'period' | 'events';
  readonly status: ControlStatus;
  /** One sentence, by the grammar of docs/formats/evidence-packet.md. */
  readonly assertion: string;
  readonly reasons: readonly ReasonCode[];
  readonly counts: {
    readonly population: number;
    readonly passing: number;
    readonly failing: number;
    readonly unknown: number;
  };
  /** The first hundred; `counts.failing` has them all. */
  readonly failing_items: readonly FailingItem[];
  /** Paths into `evidence`; each resolves. Never empty where the status is `attested`. */
  readonly evidence_refs: readonly string[];
  /** Which bases the facts had that this finding rests on. */
  readonly bases: readonly string[];
  /** What even a good status does not show. */
  readonly does_not_show: string | null;
}

export interface FailingItem {
  /** Such as "service orders-prod (id)" or "event 1234". */
  readonly item: string;
  /** Which part of the predicate failed. */
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** One template of the register: columns by their codes, one row a line; a field that nobody filled is null. */
export interface AnnexTable {
  readonly template: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}
