import { JURISDICTIONS } from '@veritrail/formats';

import type { Evidence, ServiceEvidence } from './evidence.ts';
import type { Assessment, ControlFinding, PacketHead } from './packet.ts';
import { servicesInScope } from './scope.ts';
import { livesAtEnd, spanAt } from './spans.ts';

export function summarize(
  head: PacketHead,
  evidence: Evidence,
  controls: readonly ControlFinding[],
  notCovered: number,
): Assessment['summary'] {
  const services = servicesInScope(head, evidence).filter((service) => livesAtEnd(service, head));
  const { retention, oldest_entry_at, entry_count } = evidence.audit_log;
  const statuses = { attested: 0, exception: 0, insufficient_evidence: 0, not_applicable: 0 };
  for (const { status } of controls) statuses[status]++;
  return {
    service_count: services.length,
    // Of what runs, whatever the packet speaks of: a decision about scope moves no service.
    all_services_eu_residency: allInEu(
      evidence.services.filter((service) => livesAtEnd(service, head)),
      head,
    ),
    audit_log: {
      retention_policy: retention.mode === 'indefinite' ? 'indefinite' : `${retention.days} days`,
      oldest_entry_at,
      entry_count,
    },
    statuses: { ...statuses, not_covered: notCovered },
  };
}

/** False if one is known not to be, null if any is unknown or there is none. */
function allInEu(services: readonly ServiceEvidence[], head: PacketHead): boolean | null {
  const each = services.map((service) => inEu(service, head));
  if (each.includes(false)) return false;
  return each.length === 0 || each.includes(null) ? null : true;
}

/** Storage and backups: where one of them isn't known, nothing is said of the service. */
function inEu(service: ServiceEvidence, { period_end: end }: PacketHead): boolean | null {
  const residency = spanAt(service.residency, end, end)?.value;
  const backups = spanAt(service.backup_countries, end, end)?.value;
  if (residency !== undefined && residency !== 'eu') return false;
  if (backups?.some((country) => !JURISDICTIONS.eu.has(country)) === true) return false;
  return residency === undefined || backups === undefined ? null : true;
}
