import { AUDIT_ACTIONS, type AuditAction, type Framework } from '@veritrail/formats';

import {
  DECLARATION_KINDS,
  FLAG_RULE_IDS,
  type Declarations,
  type ListedEvent,
  type PacketHead,
  type ServiceEvidence,
  type Span,
} from '../../src/index.ts';
import { DAYS, END, START, timeIn, declare, type Draft, type Writable } from './declare.ts';
import { declareFrameworks } from './framework-declarations.ts';

export { DAYS, declare, END, START, timeIn, type Draft, type Writable } from './declare.ts';

export function headOf(framework: Framework, changes: Partial<PacketHead> = {}): PacketHead {
  return {
    schema_version: '1.0',
    report_id: '00000000-0000-7000-8000-0000000000bb',
    framework,
    generated_at: '2026-05-31T00:00:05Z',
    period_start: START,
    period_end: END,
    organization: { id: '00000000-0000-7000-8000-0000000000aa', name: 'Acme', billing_email: 'billing@example.com' },
    operator: 'Example Cloud Ltd',
    previous_packet: null,
    ...changes,
  };
}

/** `2026-05-01T00:10:00Z` and so on: when the look of a day was taken. */
export function sampleTime(day: number): string {
  return timeIn(day * 86_400 + 600);
}

export function emptyEvidence(): Draft {
  return {
    collectors: [],
    zone_catalogue: { version: '1', digest: '00' },
    samples: { interval: 'P1D', expected: DAYS, taken: [], missing: [] },
    services: [],
    access: { roles: [], mfa_enforced: [], shared_accounts: [], keys_register: [] },
    audit_log: {
      entry_count: 0,
      oldest_entry_at: null,
      recorded_since: null,
      newest_entry_at: null,
      first_sequence: 0,
      next_sequence: 0,
      removed_up_to: null,
      retention: { mode: 'indefinite' },
      in_period: { events: 0, by_action: noActions(), failed_logins: 0 },
      integrity: {
        result: 'unchecked',
        from_sequence: null,
        to_sequence: null,
        checked: 0,
        unchecked: 0,
        checked_at: null,
        algorithm: 'HMAC-SHA256',
        key_ids: [],
        finding: null,
      },
      rules: [],
      flags: [],
      flags_total: 0,
      sources: [],
      store_access: [],
      clock: [],
      write_failures: [],
    },
    events: {
      permission_changes: { total: 0, listed: [] },
      config_changes: { total: 0, listed: [] },
      account_lifecycle: { total: 0, listed: [] },
      acts_after_removal: { total: 0, listed: [] },
      exports: { total: 0, listed: [] },
      service_changes: { total: 0, listed: [] },
    },
    declarations: Object.fromEntries(DECLARATION_KINDS.map((kind) => [kind, []])) as unknown as Writable<Declarations>,
    scheduled_runs: [],
  };
}

function noActions(): Record<AuditAction, number> {
  return Object.fromEntries(AUDIT_ACTIONS.map((action) => [action, 0])) as Record<AuditAction, number>;
}

export function span<T>(value: T, changes: Partial<Span<T>> = {}): Writable<Span<T>> {
  const whole = { from: START, to: END, basis: 'observed', collector: 'agent@1', collected_at: END } as const;
  return { ...whole, valid_until: '2026-06-01T00:00:00Z', ...changes, value } as Writable<Span<T>>;
}

/** Everything known through the whole period, and fine by every rule. */
export function soundService(id: string, changes: Partial<Writable<ServiceEvidence>> = {}): Writable<ServiceEvidence> {
  return {
    service_id: id,
    name: `orders-${id}`,
    database_type: 'postgresql',
    created_at: '2026-01-01T00:00:00Z',
    ended_at: null,
    zones: [span(['se-sto1'])],
    storage_encrypted_at_rest: [span(true)],
    backup_encryption: [span('AES-256-GCM')],
    tls_enabled: [span(true)],
    backup_schedule: [span('daily' as const)],
    backup_retention_days: [span(14)],
    countries: [span(['SE'], { basis: 'derived' })],
    residency: [span('eu' as const, { basis: 'derived' })],
    unknown_zones: [],
    tls_required: [span(true)],
    tls_min_version: [span('1.2' as const)],
    tls_certificate_not_after: [span('2027-01-01T00:00:00Z')],
    auth_required: [span(true)],
    network_exposure: [span('private' as const)],
    storage_cipher: [span('AES-256-XTS')],
    backup_zones: [span(['fi-hel1'])],
    backup_countries: [span(['FI'], { basis: 'derived' })],
    availability_topology: [span({ nodes: 3, zones: 2, failover: true })],
    capacity: [span({ used_percent: 40, alert_open: false })],
    version_and_patch: [
      span({ engine: 'postgresql', version: '17.4', patched_at: '2026-05-10T00:00:00Z', end_of_life: null }),
    ],
    backup_integrity_check: [span({ method: 'checksum', passed: true })],
    log_store: [span({ oldest_record_at: '2025-01-01T00:00:00Z', newest_record_at: END })],
    backups: {
      completed: DAYS,
      failed: 0,
      last_completed_at: '2026-05-30T02:00:00Z',
      age_at_samples: Array.from({ length: DAYS }, () => 79_800),
      gaps: [],
      gaps_total: 0,
    },
    ...changes,
  };
}

export function event(sequence: number, changes: Partial<ListedEvent> = {}): Writable<ListedEvent> {
  return {
    event_id: `00000000-0000-7000-8000-${String(sequence).padStart(12, '0')}`,
    sequence,
    occurred_at: timeIn(sequence * 3600),
    action: 'CONFIG_CHANGE',
    actor_id: 'user-1',
    resource_type: 'settings',
    resource_id: 'scheduler',
    from: null,
    to: null,
    has_details: true,
    ...changes,
  };
}

/** One that every rule of every catalogue can find fine, with `services` that live through the period. */
export function soundEvidence(services = 3): Draft {
  const evidence = emptyEvidence();
  evidence.collectors = [{ id: 'agent@1', version: '1' }];
  evidence.samples.taken = Array.from({ length: DAYS }, (_, day) => sampleTime(day));
  evidence.services = Array.from({ length: services }, (_, i) => soundService(String.fromCodePoint(97 + i)));
  evidence.services.push(endedService());
  evidence.access = {
    roles: [
      { actor_id: 'user-1', kind: 'user', role: 'admin', since: '2026-01-02T00:00:00Z' },
      { actor_id: 'user-2', kind: 'user', role: 'analyst', since: '2026-01-02T00:00:00Z' },
      { actor_id: 'key-1', kind: 'api_key', role: 'recorder', since: '2026-01-03T00:00:00Z' },
    ],
    mfa_enforced: [span(true)],
    shared_accounts: [span<string[]>([])],
    keys_register: [
      span([
        { key_id: 'k1', purpose: 'backups', created_at: '2026-03-01T00:00:00Z', rotated_at: null, retired_at: null },
      ]),
    ],
  };
  soundTrail(evidence);
  soundDeclarations(evidence);
  declareFrameworks(evidence);
  evidence.scheduled_runs = [{ due_at: timeIn(0), status: 'complete', report_id: 'r-0' }];
  evidence.previous = {
    report_id: 'r-0',
    canonical_sha256: '00',
    generated_at: START,
    period_start: '2026-04-01T00:00:00Z',
    period_end: START,
    exceptions: ['CC6.1'],
  };
  return evidence;
}

/** It ended on the tenth day, with records of its disposal. */
function endedService(): Writable<ServiceEvidence> {
  const ended = timeIn(10 * 86_400);
  const service = soundService('z', { ended_at: ended });
  for (const [name, value] of Object.entries(service)) {
    if (!Array.isArray(value) || name === 'unknown_zones') continue;
    for (const one of value as unknown as { to: string }[]) one.to = ended;
  }
  service.backups.last_completed_at = timeIn(9 * 86_400 + 7200);
  service.backups.age_at_samples = service.backups.age_at_samples.map((age, i) => (i < 10 ? age : null));
  return service;
}

function soundTrail(evidence: Draft): void {
  const { events } = evidence;
  const list = (listed: Writable<ListedEvent>[]) => ({ total: listed.length, listed });
  events.account_lifecycle = list([
    event(1, { action: 'CREATE', resource_type: 'member', resource_id: 'user-1', occurred_at: '2026-01-02T00:00:00Z' }),
    event(3, { action: 'CREATE', resource_type: 'member', resource_id: 'user-2', occurred_at: '2026-01-02T00:00:00Z' }),
    event(2, { action: 'CREATE', resource_type: 'api_key', resource_id: 'key-1', occurred_at: '2026-01-03T00:00:00Z' }),
  ]);
  events.permission_changes = list([
    event(10, {
      action: 'PERMISSION_CHANGE',
      resource_id: 'user-7',
      resource_type: 'member',
      from: 'member',
      to: 'admin',
    }),
  ]);
  events.config_changes = list([event(11), event(12)]);
  events.exports = list([event(13, { action: 'EXPORT', resource_type: 'audit_log' })]);
  evidence.audit_log = {
    ...evidence.audit_log,
    entry_count: 5000,
    oldest_entry_at: '2026-01-01T00:00:00Z',
    recorded_since: '2026-01-01T00:00:00Z',
    newest_entry_at: '2026-05-30T23:00:00Z',
    next_sequence: 5000,
    retention: { mode: 'days', days: 400 },
    in_period: {
      events: 900,
      by_action: { ...noActions(), LOGIN: 850, CONFIG_CHANGE: 2, PERMISSION_CHANGE: 1, EXPORT: 1, UPDATE: 46 },
      failed_logins: 4,
    },
    integrity: {
      ...evidence.audit_log.integrity,
      result: 'sound',
      from_sequence: 0,
      to_sequence: 4999,
      checked: 5000,
      checked_at: END,
      key_ids: ['hmac-1'],
    },
    rules: FLAG_RULE_IDS.map((rule) => ({ rule, version: 1, whole_trail: true, flagged: 0 })),
    flags: [{ event_id: 'e-1', sequence: 40, rule: 'mass_deletion', rule_version: 1, occurred_at: timeIn(5 * 86_400) }],
    flags_total: 1,
    sources: [
      {
        source_id: 'audit_source-1',
        version: 1,
        resource_type: 'session',
        events: 850,
        last_event_at: '2026-05-30T00:00:00Z',
        longest_silence_days: 0,
      },
    ],
    store_access: ['veritrail_owner'],
    clock: [span({ source: 'ntp.example.com', max_skew_ms: 12 })],
    write_failures: [span({ count: 0, longest_outage_seconds: 0 })],
  };
}

function soundDeclarations(evidence: Draft): void {
  declare(evidence, 'scope_categories', {
    categories: ['security', 'availability', 'confidentiality', 'processing_integrity', 'privacy'],
    decided_on: '2026-04-01',
  });
  declare(evidence, 'subservice_organization', {
    name: 'Zone Provider',
    service: 'data centres',
    countries: ['SE', 'FI'],
    data_access: 'encrypted',
    method: 'carve_out',
    report: { type: 'ISO 27001', issuer: 'Some Firm', period_end: '2026-05-20' },
    bridge_until: null,
    rank: 2,
    identifier: null,
  });
  declare(evidence, 'access_review', {
    reviewed_on: '2026-05-15',
    reviewed_by: 'Ada Lovelace',
    scope: 'all',
    removed: ['user-9'],
  });
  for (const { event_id: id } of evidence.events.config_changes.listed) {
    declare(evidence, 'change_approval', { event_id: id, approved_by: 'user-2', approved_at: START });
  }
  declare(evidence, 'audit_source', {
    name: 'Sign-ins',
    resource_type: 'session',
    expected_actions: ['LOGIN'],
    max_silence_days: 3,
    kinds: ['access'],
  });
  declare(evidence, 'flag_triage', {
    event_id: 'e-1',
    outcome: 'no_incident',
    decided_by: 'Ada Lovelace',
    decided_at: timeIn(6 * 86_400),
  });
  declare(evidence, 'incident', {
    title: 'Disk failure',
    detected_at: timeIn(86_400),
    started_at: timeIn(80_000),
    contained_at: timeIn(90_000),
    communicated_at: timeIn(100_000),
    closed_at: timeIn(200_000),
    classification: 'minor',
    root_cause: 'a disk',
    personal_data_breach: true,
    effects: 'none known',
    remedy: 'replaced',
    controller_notified_at: timeIn(100_000),
    service_ids: ['a'],
  });
  declare(evidence, 'restore_test', {
    service_id: 'a',
    tested_at: '2026-05-20T00:00:00Z',
    result: 'passed',
    rto_minutes: 30,
    rpo_minutes: 10,
    performed_by: 'Ada Lovelace',
  });
  declare(evidence, 'disposal_record', {
    service_id: 'z',
    volumes_destroyed_at: timeIn(10 * 86_400),
    keys_destroyed_at: timeIn(10 * 86_400),
    backups_expired_at: timeIn(15 * 86_400),
  });
  for (const { service_id: id } of evidence.services) {
    declare(evidence, 'data_classification', {
      service_id: id,
      classes: ['customer data'],
      confidential: true,
      personal_data: 'yes',
      retention_limit_days: 400,
    });
  }
  declare(evidence, 'retention_reason', { reason: 'examination period and fieldwork', review_on: '2026-12-31' });
}
