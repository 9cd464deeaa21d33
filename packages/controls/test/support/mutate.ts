import {
  DECLARATION_KINDS,
  SERVICE_FACTS,
  type Declaration,
  type DeclarationKind,
  type ServiceFact,
  type Span,
} from '../../src/index.ts';
import { DAYS, span, timeIn, type Draft, type Writable } from './evidence.ts';
import type { Random } from '../../../formats/test/support/random.ts';

/** A value of each fact that contradicts the rules which look at it. */
export const BAD_VALUES: Partial<Record<ServiceFact, unknown>> = {
  tls_enabled: false,
  tls_required: false,
  tls_min_version: '1.0',
  tls_certificate_not_after: '2026-05-10T12:00:00Z',
  auth_required: false,
  network_exposure: 'public',
  storage_encrypted_at_rest: false,
  backup_encryption: 'none',
  backup_schedule: 'none',
  backup_retention_days: 1,
  backup_integrity_check: { method: 'checksum', passed: false },
  capacity: { used_percent: 99, alert_open: true },
};

type AnySpans = Writable<Span<unknown>>[];

export function spansOf(evidence: Draft, service: number, fact: ServiceFact): AnySpans {
  return evidence.services[service]?.[fact] ?? [];
}

/** The fact was `value` for two days and then as before. */
export function breakAndMend(evidence: Draft, service: number, fact: ServiceFact, value: unknown, day = 10): void {
  const spans = spansOf(evidence, service, fact);
  const before = spans[0];
  if (before === undefined || spans.length !== 1) return;
  const [from, to] = [timeIn(day * 86_400), timeIn((day + 2) * 86_400)];
  if (from <= before.from || to >= before.to) return;
  spans.splice(
    0,
    1,
    { ...before, to: from },
    { ...span<unknown>(value, { from, to }), basis: before.basis },
    { ...before, from: to },
  );
}

/** Without the look of one day; ages of backups go with their samples. */
export function dropSample(evidence: Draft, index: number): void {
  const [time] = evidence.samples.taken.splice(index, 1);
  if (time !== undefined) evidence.samples.missing.push(time.slice(0, 10));
  for (const service of evidence.services) service.backups.age_at_samples.splice(index, 1);
}

export function dropSpan(random: Random, evidence: Draft): void {
  const service = random.below(evidence.services.length);
  const spans = spansOf(evidence, service, random.pick(SERVICE_FACTS));
  if (spans.length > 0) spans.splice(random.below(spans.length), 1);
}

export function dropDeclaration(random: Random, evidence: Draft, kinds: readonly DeclarationKind[]): void {
  const records = evidence.declarations[random.pick(kinds)];
  if (records.length > 0) records.splice(random.below(records.length), 1);
}

/** A record that is said again at some time of the period, or was said otherwise before, or is taken back. */
function declareAnew(random: Random, evidence: Draft): void {
  const records: Writable<Declaration<unknown>>[] = evidence.declarations[random.pick(DECLARATION_KINDS)];
  const record = records[random.below(Math.max(1, records.length))];
  if (record === undefined) return;
  const at = timeIn(random.below(DAYS) * 86_400);
  if (random.chance(0.3)) {
    Object.assign(record, { withdrawn: true, valid_until: at });
    return;
  }
  const before = structuredClone(record);
  const data = before.data as Record<string, unknown>;
  for (const [name, value] of Object.entries(data)) if (random.chance(0.3)) data[name] = OTHER_VALUES[name] ?? value;
  records.push({ ...before, valid_until: at });
  Object.assign(record, { version: record.version + 1, declared_at: at });
}

const OTHER_VALUES: Readonly<Record<string, unknown>> = {
  result: 'failed',
  confidential: false,
  personal_data: 'no',
  countries: ['US'],
  max_silence_days: 1,
  closed_at: null,
  removed: [],
  role: 'neither',
  agreed_countries: null,
};

/** Some of the ways in which evidence gets worse or thinner. */
export function disturb(random: Random, evidence: Draft): void {
  const service = random.below(evidence.services.length);
  const fact = random.pick(SERVICE_FACTS);
  const log = evidence.audit_log;
  const ways: (() => void)[] = [
    () =>
      BAD_VALUES[fact] !== undefined && breakAndMend(evidence, service, fact, BAD_VALUES[fact], 1 + random.below(26)),
    () => dropSpan(random, evidence),
    () => {
      for (const one of spansOf(evidence, service, fact)) if (random.chance(0.5)) one.basis = 'declared';
    },
    () => {
      for (const one of spansOf(evidence, service, fact)) one.valid_until = timeIn(random.below(DAYS) * 86_400);
    },
    () => dropSample(evidence, random.below(evidence.samples.taken.length)),
    () => dropDeclaration(random, evidence, Object.keys(evidence.declarations) as DeclarationKind[]),
    () => declareAnew(random, evidence),
    () => (log.integrity.result = random.pick(['sound', 'unchecked', 'diverged'])),
    () => (log.integrity.unchecked = random.below(2)),
    () => (log.oldest_entry_at = random.pick([null, timeIn(86_400)])),
    () => (log.recorded_since = random.pick([null, timeIn(86_400)])),
    () => Object.assign(log, { first_sequence: 1, removed_up_to: random.pick([null, timeIn(86_400)]) }),
    () => evidence.access.mfa_enforced.splice(0, 1, ...(random.chance(0.5) ? [span(false)] : [])),
    () => evidence.access.roles.push({ actor_id: 'ghost', kind: 'user', role: 'admin', since: timeIn(5) }),
    () => evidence.events.permission_changes.total++,
  ];
  random.pick(ways)();
}
