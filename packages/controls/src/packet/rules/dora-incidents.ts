import type { Rule } from '../rule.ts';
import { blank, incidentItem, incidentsOf } from './gdpr-duties.ts';
import { openTally } from './open-tally.ts';

/** Article 17: times, class and cause of each incident on the register. One that is still open may yet lack the cause. */
export function incidentsRecorded(): Rule {
  return (context) => {
    const tally = openTally();
    const incidents = incidentsOf(context);
    if (incidents.length > 0) tally.rests('declared');
    for (const incident of incidents) {
      const { classification, closed_at, detected_at, root_cause } = incident.data;
      const item = incidentItem(incident);
      if (blank(classification)) tally.fail(incident.record_id, item, 'without a class', detected_at);
      if (closed_at === null) tally.fail(incident.record_id, item, 'not closed', detected_at);
      else if (blank(root_cause)) tally.fail(incident.record_id, item, 'closed without a root cause', closed_at);
    }
    return tally.close(incidents.length);
  };
}

/** Article 18: what a customer needs of its provider to classify an incident. */
export function classificationInputs(): Rule {
  return (context) => {
    const tally = openTally();
    const incidents = incidentsOf(context);
    if (incidents.length > 0) tally.rests('declared');
    const known = new Map(context.evidence.services.map((service) => [service.service_id, service]));
    for (const incident of incidents) {
      const { data } = incident;
      const open = [
        data.started_at === null ? 'start' : undefined,
        data.closed_at === null && data.contained_at === null ? 'end or containment' : undefined,
        data.service_ids.length === 0 ? 'services' : undefined,
        blank(data.effects) ? 'effect on data' : undefined,
      ].filter((part) => part !== undefined);
      const item = incidentItem(incident);
      if (open.length > 0) tally.fail(incident.record_id, item, `without ${open.join(', ')}`, data.detected_at);
      if (data.service_ids.some((id) => (known.get(id)?.countries.length ?? 0) === 0)) {
        tally.unknown(incident.record_id, item, 'the countries of the services it concerns');
      }
    }
    return tally.close(incidents.length);
  };
}
