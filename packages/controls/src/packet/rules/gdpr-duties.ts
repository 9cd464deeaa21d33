import { declaredAt } from '../declared-at.ts';
import type { Declaration, DeclarationData } from '../declarations.ts';
import type { JudgeContext, Rule } from '../rule.ts';
import { openTally, serviceItem } from './open-tally.ts';

type Incident = Declaration<DeclarationData['incident']>;

/** Article 28(2) and (4): who is in the chain of processors. A list that ends with the first supplier may go on below. */
export function chainListed(parameters: { readonly ranks: number }): Rule {
  return ({ evidence, head }) => {
    const tally = openTally();
    const chain = declaredAt(evidence.declarations.subservice_organization, head.period_end);
    if (chain.length === 0) tally.missing('a declared list of the suppliers in the chain');
    else tally.rests('declared');
    for (const { record_id, data } of chain) {
      if (data.countries.length === 0) {
        tally.unknown(record_id, `supplier ${data.name}`, 'no country is declared');
      }
    }
    if (chain.length > 0 && !chain.some(({ data }) => data.rank >= parameters.ranks)) {
      tally.missing("the suppliers' own suppliers: the list goes one level down");
    }
    return tally.close(chain.length);
  };
}

/** Article 28(3)(g): what became of the data of services that ended in the period. */
export function disposalRecorded(parameters: { readonly graceDays: number }): Rule {
  return ({ evidence, head, services }) => {
    const tally = openTally();
    const records = declaredAt(evidence.declarations.disposal_record, head.period_end);
    const ended = services.filter(({ ended_at }) => ended_at !== null && ended_at <= head.period_end);
    tally.rests('observed');
    for (const service of ended) {
      const endedAt = service.ended_at ?? '';
      const item = serviceItem(service);
      const record = records.findLast(({ data }) => data.service_id === service.service_id)?.data;
      if (record === undefined) {
        tally.unknown(service.service_id, item, 'ended without a record of what became of its data');
        continue;
      }
      tally.rests('declared');
      const retention = service.backup_retention_days.at(-1)?.value;
      const { backups_expired_at: expired } = record;
      if (expired !== null && retention !== undefined) {
        const last = addDays(endedAt, retention + parameters.graceDays);
        if (expired > last) {
          tally.fail(service.service_id, item, `backups kept past their ${retention} days`, last, expired);
        }
      }
      if (retention === undefined) tally.unknown(service.service_id, item, 'for how long its backups were to be kept');
      const open = [
        record.volumes_destroyed_at === null ? 'volumes' : undefined,
        record.keys_destroyed_at === null ? 'keys' : undefined,
        expired === null ? 'backups' : undefined,
      ].filter((part) => part !== undefined);
      if (open.length > 0) tally.unknown(service.service_id, item, `the record says nothing of ${open.join(', ')}`);
    }
    return tally.close(ended.length);
  };
}

/** Article 33(2): each breach of personal data on the register has a time at which the controller was told. */
export function breachesTold(): Rule {
  return (context) => {
    const tally = openTally();
    const breaches = breachesOf(context);
    if (breaches.length > 0) tally.rests('declared');
    for (const incident of breaches) {
      if (incident.data.controller_notified_at !== null) continue;
      tally.fail(incident.record_id, incidentItem(incident), 'the controller was not told', incident.data.detected_at);
    }
    return tally.close(breaches.length);
  };
}

/** Article 33(5): facts, effects and remedy of each breach on the register. */
export function breachesDocumented(): Rule {
  return (context) => {
    const tally = openTally();
    const breaches = breachesOf(context);
    if (breaches.length > 0) tally.rests('declared');
    for (const incident of breaches) {
      const { effects, remedy } = incident.data;
      const open = [blank(effects) ? 'effects' : undefined, blank(remedy) ? 'remedy' : undefined].filter(
        (part) => part !== undefined,
      );
      if (open.length === 0) continue;
      tally.fail(
        incident.record_id,
        incidentItem(incident),
        `without ${open.join(' and ')}`,
        incident.data.detected_at,
      );
    }
    return tally.close(breaches.length);
  };
}

function breachesOf(context: JudgeContext): Incident[] {
  return incidentsOf(context).filter(({ data }) => data.personal_data_breach);
}

/** On the register and detected, or still open, in the period. */
export function incidentsOf({ evidence, head }: JudgeContext): Incident[] {
  return declaredAt(evidence.declarations.incident, head.period_end).filter(
    ({ data }) =>
      data.detected_at <= head.period_end && (data.closed_at === null || data.closed_at >= head.period_start),
  );
}

export function incidentItem({ record_id, data }: Incident): string {
  return `incident ${record_id} (${data.title})`;
}

export function blank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

export function addDays(time: string, days: number): string {
  return new Date(Date.parse(time) + days * 86_400_000).toISOString().replace('.000Z', 'Z');
}
