import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import {
  DECLARATION_KINDS,
  FLAG_RULE_IDS,
  soc2,
  SERVICE_FACTS,
  type AnnexTable,
  type ControlFinding,
  type Declaration,
  type Declarations,
  type FailingItem,
  type Packet,
  type ServiceEvidence,
  type Span,
} from '@veritrail/controls';
import { AUDIT_ACTIONS, type Framework } from '@veritrail/formats';

export interface SampleWishes {
  readonly framework?: Framework;
  readonly services?: number;
  readonly days?: number;
  /** Days that weren't sampled, counted from the first. */
  readonly missing?: readonly number[];
  readonly organization?: string;
  readonly operator?: string;
  readonly title?: string;
  readonly serviceName?: (index: number) => string;
  /** Failing items of each exception that are listed, and how many more there are. */
  readonly failingListed?: number;
  readonly failingMore?: number;
  readonly annex?: readonly AnnexTable[];
}

const DAY = 86_400_000;
const END = Date.UTC(2026, 5, 22, 10);
const STATUSES = [
  'attested',
  'attested',
  'exception',
  'attested',
  'insufficient_evidence',
  'attested',
  'not_applicable',
];
const ZONES = [
  { zone: 'fi-hel1', country: 'FI' },
  { zone: 'de-fra1', country: 'DE' },
  { zone: 'se-sto1', country: 'SE' },
  { zone: 'uk-lon1', country: 'GB' },
];

const REPORT_ID = '7c1f0f52-3f39-4b61-9d3e-1f6f0a2b9c10';

/** A packet as one may be issued, with invented facts. The same wishes make the same packet. */
export function samplePacket(wishes: SampleWishes = {}): Packet {
  const framework = wishes.framework ?? 'soc2';
  const count = wishes.services ?? 12;
  const days = wishes.days ?? 31;
  const from = END - days * DAY;
  const missing = new Set(wishes.missing ?? [3, 4, 17]);
  const all = Array.from({ length: days }, (_, i) => time(from + i * DAY).slice(0, 10));
  const samples = {
    interval: 'P1D',
    expected: days,
    taken: all.filter((_, i) => !missing.has(i)),
    missing: all.filter((_, i) => missing.has(i)),
  } as const;
  const services = Array.from({ length: count }, (_, i) => sampleService(i, from, samples.taken.length, wishes));
  const controls = sampleControls(services, wishes);
  const notCovered = soc2.controls.filter(({ role }) => role === 'not_covered');
  const statuses = { attested: 0, exception: 0, insufficient_evidence: 0, not_applicable: 0 };
  for (const { status } of controls) statuses[status] += 1;
  const operator = wishes.operator ?? 'Nordlicht Cloud Oy';
  return {
    schema_version: '1.0',
    report_id: REPORT_ID,
    framework,
    generated_at: time(END + 5 * 60_000 + 12_000),
    period_start: time(from),
    period_end: time(END),
    organization: {
      id: '0b5d7f1e-4c1a-4f0e-9a53-2f2f8f1b7a01',
      name: wishes.organization ?? 'Acme Engineering GmbH',
      billing_email: 'billing@acme.example',
    },
    operator,
    previous_packet: { report_id: '5a8e6d3b-6a0f-4a44-8f0d-0d9c0e0f1a22', canonical_sha256: digest('before') },
    title: wishes.title ?? TITLES[framework],
    scope_boundary: `${count} database services that ${operator} runs for ${wishes.organization ?? 'Acme Engineering GmbH'}, as of 2026-06-22T10:00:00Z. Not in scope: its applications, its database accounts, its staff and devices.`,
    catalogue: {
      id: soc2.id,
      version: soc2.version,
      digest: digest('catalogue'),
      name: framework === 'dora' ? 'DORA and its level-2 acts, for ICT service providers' : soc2.name,
    },
    controls,
    not_covered: notCovered.map(({ id, title, why }) => ({ control_id: id, title, why: why ?? 'no record' })),
    statements: sampleStatements(operator, count, samples.taken.length, days),
    summary: {
      service_count: count,
      all_services_eu_residency: false,
      audit_log: { retention_policy: 'indefinite', oldest_entry_at: time(from - 90 * DAY), entry_count: 14_823 },
      statuses: { ...statuses, not_covered: notCovered.length },
    },
    ...(framework === 'dora' ? { provider_annex: wishes.annex ?? sampleAnnex(count) } : {}),
    evidence: {
      collectors: [
        { id: 'platform-records', version: '1' },
        { id: 'endpoint-probe', version: '2.3' },
      ],
      zone_catalogue: { version: '2026.1', digest: digest('zones') },
      samples,
      services,
      access: {
        roles: [{ actor_id: 'user-1', kind: 'user', role: 'owner', since: time(from - DAY) }],
        mfa_enforced: [],
        shared_accounts: [],
        keys_register: [],
      },
      audit_log: {
        entry_count: 14_823,
        oldest_entry_at: time(from - 90 * DAY),
        recorded_since: time(from - 90 * DAY),
        newest_entry_at: time(END),
        first_sequence: 0,
        next_sequence: 14_823,
        removed_up_to: null,
        retention: { mode: 'indefinite' },
        in_period: {
          events: 4210,
          by_action: Object.fromEntries(
            AUDIT_ACTIONS.map((action) => [action, 400]),
          ) as Packet['evidence']['audit_log']['in_period']['by_action'],
          failed_logins: 7,
        },
        integrity: {
          result: 'sound',
          from_sequence: 0,
          to_sequence: 14_822,
          checked: 14_823,
          unchecked: 0,
          checked_at: time(END + 60_000),
          algorithm: 'HMAC-SHA256',
          key_ids: ['audit-1'],
          finding: null,
        },
        rules: FLAG_RULE_IDS.map((rule) => ({ rule, version: 1, whole_trail: true, flagged: 0 })),
        flags: [],
        flags_total: 2,
        sources: [],
        store_access: [],
        clock: [],
        write_failures: [],
      },
      events: {
        permission_changes: { total: 0, listed: [] },
        config_changes: { total: 0, listed: [] },
        account_lifecycle: { total: 0, listed: [] },
        exports: { total: 0, listed: [] },
      },
      declarations: sampleDeclarations(services, framework, operator),
      scheduled_runs: [],
    },
  };
}

/** The document as it is sent, under a key made for it. */
export function signSample(packet: Packet) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const rawKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const canonical = Buffer.from(canonicalText(packet));
  const signature = {
    algorithm: 'Ed25519',
    key_id: 'key-2026-01',
    value: sign(null, canonical, privateKey).toString('base64'),
    canonical_sha256: createHash('sha256').update(canonical).digest('hex'),
  };
  const bytes = Buffer.from(
    `{"report_id":"${packet.report_id}","packet":${canonical.toString()},"signature":${JSON.stringify(signature)}}`,
  );
  const fingerprint = createHash('sha256').update(rawKey).digest('hex');
  const keysUrl = 'https://evidence.example.com/.well-known/compliance-signing-keys';
  return { bytes, key: { fingerprint, keysUrl }, rawKey };
}

const TITLES: Readonly<Record<Framework, string>> = {
  soc2: 'Evidence packet, SOC 2 criteria',
  gdpr_ropa: 'Draft record of processing (Art. 30(2)), 3 fields open',
  dora: 'Evidence packet, DORA, with provider annex',
  eu_ai_act: 'Evidence packet, EU AI Act, readiness',
};

function sampleService(index: number, from: number, taken: number, wishes: SampleWishes): ServiceEvidence {
  const first = ZONES[index % ZONES.length]!;
  const second = ZONES[(index + 1) % ZONES.length]!;
  const moved = index % 5 === 2;
  const middle = from + Math.floor((END - from) / 2 / DAY) * DAY;
  const span = <T>(value: T, basis: Span<T>['basis'] = 'observed', start = from, end = END): Span<T> => ({
    from: time(start),
    to: time(end),
    value,
    basis,
    collector: basis === 'observed' ? 'endpoint-probe' : 'platform-records',
    collected_at: time(end - 3600_000),
    valid_until: time(end + DAY),
  });
  const places = <T>(before: T, after: T): Span<T>[] =>
    moved ? [span(before, 'derived', from, middle), span(after, 'derived', middle, END)] : [span(before, 'derived')];
  const facts = Object.fromEntries(SERVICE_FACTS.map((fact) => [fact, []])) as unknown as ServiceEvidence;
  return {
    ...facts,
    service_id: `9f2c4b10-0000-4000-8000-${String(index).padStart(12, '0')}`,
    name: wishes.serviceName?.(index) ?? `${['orders', 'billing', 'sessions', 'search', 'ledger'][index % 5]}-${index}`,
    database_type: ['postgresql', 'mysql', 'valkey', 'kafka', 'opensearch'][index % 5]!,
    created_at: time(from - (200 - (index % 180)) * DAY),
    ended_at: index % 7 === 6 ? time(middle) : null,
    zones: places([first.zone, second.zone], [first.zone]),
    countries: places([first.country, second.country], [first.country]),
    unknown_zones: index % 11 === 10 ? ['zz-lab1'] : [],
    residency: places('eu', first.country === 'GB' ? 'adequate' : 'eu'),
    storage_encrypted_at_rest: [span(true)],
    backup_encryption: [span('AES-256-GCM')],
    tls_enabled: [span(true)],
    tls_required: [span(index % 4 !== 0)],
    tls_min_version: [span('1.2')],
    backup_schedule: [span('daily')],
    backup_retention_days: [span(14)],
    backups: {
      completed: taken,
      failed: 0,
      last_completed_at: time(END - 7 * 3600_000),
      age_at_samples: Array.from({ length: taken }, (_, i) => 25_200 + ((index * 37 + i * 11) % 3600)),
      gaps: [],
      gaps_total: 0,
    },
  };
}

function sampleControls(services: readonly ServiceEvidence[], wishes: SampleWishes): ControlFinding[] {
  const sources = soc2.controls.filter(({ role }) => role !== 'not_covered');
  const wanted = 45;
  return Array.from({ length: wanted }, (_, index) => {
    const source = sources[index % sources.length]!;
    const status = STATUSES[index % STATUSES.length] as ControlFinding['status'];
    const failing = status === 'exception' ? (wishes.failingListed ?? (index % 3) + 1) : 0;
    const more = failing === 0 ? 0 : (wishes.failingMore ?? (index % 2) * 7);
    const population = Math.max(services.length, failing + more);
    const unknown = status === 'insufficient_evidence' ? Math.min(2, population) : 0;
    return {
      control_id: index < sources.length ? source.id : `${source.id}.${Math.floor(index / sources.length)}`,
      title: source.title,
      category: source.category,
      role: source.role === 'context' ? 'context' : 'assessed',
      kind: (['period', 'point', 'events'] as const)[index % 3]!,
      status,
      assertion: sampleSentence(status, failing + more, population),
      reasons: REASONS[status],
      counts: { population, passing: population - failing - more - unknown, failing: failing + more, unknown },
      failing_items: Array.from({ length: failing }, (__, i) => sampleFailing(services[(i * 4) % services.length]!, i)),
      evidence_refs: ['services[*].tls_required', 'services[*].storage_encrypted_at_rest', 'samples'],
      bases: index % 4 === 0 ? ['observed', 'derived', 'declared'] : ['observed'],
      does_not_show: index % 2 === 0 ? 'Who holds the keys, and what happens inside the database engines.' : null,
    };
  });
}

const REASONS: Readonly<Record<ControlFinding['status'], ControlFinding['reasons']>> = {
  attested: [],
  exception: ['item_failed', 'risk_accepted'],
  insufficient_evidence: ['fact_missing', 'sample_coverage_low'],
  not_applicable: ['scoped_out'],
};

function sampleSentence(status: ControlFinding['status'], failing: number, population: number): string {
  const what = 'TLS is required and storage is encrypted';
  return {
    attested: `Nordlicht Cloud Oy states that ${what} for all ${population} services in each of the 28 samples between 2026-05-22 and 2026-06-22.`,
    exception: `Nordlicht Cloud Oy states that "${what}" did not hold for ${failing} of ${population} services. Accepted by R. Lindqvist until 2026-09-30, reason: migration of old clients.`,
    insufficient_evidence: `The available facts do not show whether ${what}: a fact was not collected. Needed: tls_required of 2 services.`,
    not_applicable:
      'R. Lindqvist decided on 2026-03-02 that this does not apply: no personal data is kept in these services.',
  }[status];
}

function sampleFailing(service: ServiceEvidence, index: number): FailingItem {
  return {
    item: `service ${service.name} (${service.service_id})`,
    what: 'TLS was offered and not required',
    from: time(END - (20 - (index % 10)) * DAY),
    to: index % 2 === 0 ? time(END - (10 - (index % 10)) * DAY) : null,
  };
}

function sampleStatements(operator: string, count: number, taken: number, days: number): Packet['statements'] {
  return [
    `A signed statement of facts recorded by ${operator} about the services listed. It is evidence for the reader's own evaluation. It is not an audit report, a certificate or legal advice.`,
    `In scope: ${count} services, selected by: every service that existed in the period. Left out: none. Not in scope: applications, database accounts, staff and devices, and the providers under S5.`,
    `Point facts were read at the period's end. Period facts rest on ${taken} of ${days} daily samples. Event facts rest on log entries 0 to 14822, verified: yes.`,
    'Observed 61, derived 24, declared 9, third party 0. Declared facts are the statements of the named person and were not checked.',
    'Infrastructure: UpCloud Oy (FI), carve-out, SOC 2 report to 2025-12-31. Its controls are not covered.',
    'The statements hold only together with controls that the customer operates:\nU1 create, review and remove database accounts\nU2 keep credentials secret and rotate them\nU3 restrict network allow-lists to needed addresses',
    'Facts can change after collection. Controls can be bypassed by people acting together. Signing shows who issued this and that it was not changed, not that every fact is true.',
  ].map((text, index) => ({ id: `S${index + 1}`, text }));
}

function sampleDeclarations(
  services: readonly ServiceEvidence[],
  framework: Framework,
  operator: string,
): Declarations {
  const record = <T>(id: string, data: T): Declaration<T> => ({
    record_id: id,
    version: 1,
    owner: 'R. Lindqvist',
    declared_by: 'user-1',
    declared_at: time(END - 60 * DAY),
    valid_until: time(END + 300 * DAY),
    withdrawn: false,
    data,
  });
  const none = Object.fromEntries(DECLARATION_KINDS.map((kind) => [kind, []])) as unknown as Declarations;
  const identifier = { type: 'LEI', value: '529900T8BM49AURSDO55' } as const;
  return {
    ...none,
    scope_categories: [
      record('engagement', { categories: ['security', 'availability', 'confidentiality'], decided_on: '2026-03-02' }),
    ],
    subservice_organization: [
      record('upcloud', {
        name: 'UpCloud Oy',
        service: 'infrastructure',
        countries: ['FI', 'DE', 'SE'],
        data_access: 'encrypted',
        method: 'carve_out',
        report: { type: 'SOC 2', issuer: 'Example Auditors LLP', period_end: '2025-12-31' },
        bridge_until: null,
        rank: 2,
        identifier,
      }),
    ],
    restore_test: services.slice(0, 60).map(({ service_id }, i) =>
      record(`restore-${i}`, {
        service_id,
        tested_at: time(END - 30 * DAY),
        result: 'passed',
        rto_minutes: 42,
        rpo_minutes: 15,
        performed_by: 'T. Virtanen',
      }),
    ),
    ...(framework === 'dora'
      ? { dora_provider: [record('provider', { legal_name: operator, identifier, country: 'FI', parent: null })] }
      : {}),
  };
}

/** Three templates: narrow, wide, and one without rows. */
function sampleAnnex(services: number): AnnexTable[] {
  const codes = (first: number, last: number): string[] =>
    Array.from({ length: last - first + 1 }, (_, i) => `c${String((first + i) * 10).padStart(4, '0')}`);
  const wide = codes(1, 18);
  const cells = ['CA-2026-017', null, '529900T8BM49AURSDO55', 'LEI', null, 'S14', '2025-01-01', null, null, 'FI', 'FI'];
  return [
    {
      template: 'B_05.01',
      title: 'Providers',
      columns: codes(1, 7),
      rows: [['529900T8BM49AURSDO55', 'LEI', null, null, 'Nordlicht Cloud Oy', 'Nordlicht Cloud Oy', 'legal person']],
    },
    {
      template: 'B_02.02',
      title: 'Arrangements, specific',
      columns: wide,
      rows: Array.from({ length: services }, (_, row) =>
        wide.map((__, i) => cells[(i + (row % 2)) % cells.length] ?? null),
      ),
    },
    { template: 'B_03.03', title: 'Intra-group provider entities', columns: codes(1, 3), rows: [] },
  ];
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Sorted members, no blanks: what RFC 8785 makes of texts, whole numbers, true, false and null. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`;
}
