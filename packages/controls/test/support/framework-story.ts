import { declare, END, sampleTime, soundEvidence, span, timeIn, type Draft } from './evidence.ts';

/**
 * A month at an organization that does most things right: one database ran in London for two days and was then moved, one
 * was left out of the record of processing, the collector of the third doesn't say whether TLS is required, the logs of
 * the AI system begin too late, and nobody tested a restore of the second.
 */
export function storyEvidence(): Draft {
  const evidence = soundEvidence(3);
  const [orders, ledger, scores] = evidence.services;
  if (orders === undefined || ledger === undefined || scores === undefined) throw new Error('three services');
  orders.name = 'orders';
  ledger.name = 'ledger';
  scores.name = 'scores';
  const [from, to] = [timeIn(10 * 86_400), timeIn(12 * 86_400)];
  const places = (value: readonly string[]) => [
    { ...span(['SE'], { basis: 'derived' as const }), to: from },
    { ...span([...value], { basis: 'derived' as const }), from, to },
    { ...span(['SE'], { basis: 'derived' as const }), from: to },
  ];
  ledger.countries = places(['GB']);
  scores.tls_required = [];
  orders.log_store = [span({ oldest_record_at: '2026-03-01T00:00:00Z', newest_record_at: END })];
  ledger.log_store = [];
  drop(evidence, 'ropa_processing', 'b');
  drop(evidence, 'restore_test', 'b');
  evidence.declarations.security_measures = [];
  evidence.samples.taken = evidence.samples.taken.filter((time) => time !== sampleTime(20));
  evidence.samples.missing = [sampleTime(20).slice(0, 10)];
  for (const service of evidence.services) service.backups.age_at_samples.splice(20, 1);
  declare(evidence, 'dora_function', {
    service_id: 'c',
    function_id: 'F2',
    critical: 'not_assessed',
    rto_minutes: null,
    rpo_minutes: null,
    min_schedule: 'hourly',
  });
  return evidence;
}

function drop(evidence: Draft, kind: 'ropa_processing' | 'restore_test', serviceId: string): void {
  const records: { data: { service_id: string } }[] = evidence.declarations[kind];
  const kept = records.filter(({ data }) => data.service_id !== serviceId);
  Object.assign(evidence.declarations, { [kind]: kept });
}
