import type { Declaration, DeclarationData } from './declarations.ts';
import { inForce, latest } from './declared.ts';
import type { Evidence, ServiceEvidence } from './evidence.ts';
import type { PacketHead } from './packet.ts';
import { serviceItem } from './rules/tally.ts';
import { livesAtEnd } from './spans.ts';
import { compareText, counted, quoted } from './text.ts';
import { isAhead, timeInWords } from './times.ts';

type ScopeDecision = Declaration<DeclarationData['scope_decision']>;

/**
 * Decisions of this framework that hold when the period ends. One that ran out before leaves nothing out any more, and one
 * of a day that is still to come was not taken.
 */
function decisionsOf(head: PacketHead, evidence: Evidence): ScopeDecision[] {
  return inForce(evidence, 'scope_decision', head.period_end).filter(
    ({ data }) =>
      (data.framework === head.framework || data.framework === 'all') && !isAhead(data.decided_on, head.generated_at),
  );
}

/** The decision that leaves the whole control out. */
export function controlDecision(head: PacketHead, evidence: Evidence, controlId: string): ScopeDecision | undefined {
  return latest(
    decisionsOf(head, evidence).filter(({ data }) => data.control_id === controlId && data.service_id === null),
  );
}

/**
 * Services that no decision leaves out, by id, so that nothing depends on the order in which they came.
 *
 * @param controlId also without those that a decision leaves out of this control alone
 */
export function servicesInScope(head: PacketHead, evidence: Evidence, controlId?: string): ServiceEvidence[] {
  const out = new Set(
    decisionsOf(head, evidence)
      .filter(({ data }) => data.control_id === null || data.control_id === controlId)
      .map(({ data }) => data.service_id),
  );
  return evidence.services
    .filter((service) => !out.has(service.service_id))
    .toSorted((a, b) => compareText(a.service_id, b.service_id));
}

export function decisionSentence({ data }: ScopeDecision): string {
  return `${quoted(data.decided_by)} decided on ${data.decided_on} that this does not apply: ${quoted(data.reason)}.`;
}

/** How many it speaks of, and each that it doesn't with who, when and why: nothing leaves a packet in silence. */
export function scopeBoundary(head: PacketHead, evidence: Evidence): string {
  const services = servicesInScope(head, evidence);
  const atEnd = services.filter((service) => livesAtEnd(service, head)).length;
  const names = new Map(evidence.services.map((service) => [service.service_id, serviceItem(service)]));
  const left = decisionsOf(head, evidence).flatMap(({ data }) => {
    if (data.service_id === null) return [];
    const item = names.get(data.service_id) ?? `service ${quoted(data.service_id)}`;
    const control = data.control_id === null ? '' : ` out of ${data.control_id}`;
    return `${item}${control} (${quoted(data.decided_by)}, ${data.decided_on}: ${quoted(data.reason)})`;
  });
  return (
    `In scope: ${counted(services.length, 'database service', 'database services')} of ` +
    `${quoted(head.organization.name)} that existed between ${timeInWords(head.period_start)} and ` +
    `${timeInWords(head.period_end)}, ${atEnd} of them at the end: every one on the platform's records but those left ` +
    `out by a decision. Left out: ${left.length === 0 ? 'none' : left.join('; ')}. Not in scope: the organization's ` +
    `applications, its accounts inside the databases, its people and devices, and the subservice organizations.`
  );
}
