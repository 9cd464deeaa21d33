import { declaredAt } from '../declared-at.ts';
import type { Declaration, DeclarationData } from '../declarations.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, Rule } from '../rule.ts';
import { addMonths } from './calendar-months.ts';
import { addDays, blank, incidentsOf, incidentItem } from './gdpr-duties.ts';
import { openTally, serviceItem, type OpenTally } from './open-tally.ts';
import { firstGap, lifeIn, valueAt } from './span-cover.ts';

export type AiSystem = Declaration<DeclarationData['ai_system']>;

export function systemsOf({ evidence, head }: JudgeContext): AiSystem[] {
  return declaredAt(evidence.declarations.ai_system, head.period_end);
}

export function isHighRisk({ data }: AiSystem): boolean {
  return data.high_risk === 'annex_iii' || data.high_risk === 'annex_i';
}

function systemItem({ record_id, data }: AiSystem): string {
  return `AI system ${data.name} (${record_id})`;
}

/** Article 6: each system has a class, and one that was held not to be high-risk the assessment behind that. */
export function systemsClassified(): Rule {
  return (context) => {
    const tally = openTally();
    const systems = systemsOf(context);
    if (systems.length > 0) tally.rests('declared');
    for (const system of systems) {
      const { high_risk, name, assessment } = system.data;
      if (high_risk === 'not_assessed') tally.unknown(system.record_id, systemItem(system), 'whether it is high-risk');
      if (high_risk === 'no' && blank(assessment)) {
        tally.unknown(system.record_id, systemItem(system), 'the written assessment by which it is not high-risk');
      }
      const other = systems.find((one) => one.data.name === name && isHighRisk(one) && high_risk === 'no');
      if (other === undefined) continue;
      tally.fail(system.record_id, systemItem(system), `named as high-risk by record ${other.record_id}`);
    }
    return tally.close(systems.length);
  };
}

type Use = 'log_services' | 'data_services' | 'monitoring_services';
const USES: Readonly<Record<Use, string>> = {
  log_services: 'the service that holds its own logs',
  data_services: 'the services that hold its data sets',
  monitoring_services: 'the service that holds its monitoring data',
};

/** Looks at each service that the high-risk systems name for one use; a system that names none is unknown. */
export function forNamedServices(
  use: Use,
  look: (context: JudgeContext, service: ServiceEvidence, tally: OpenTally, system: AiSystem) => void,
): Rule {
  return (context) => {
    const tally = openTally();
    const byId = new Map(context.evidence.services.map((service) => [service.service_id, service]));
    let population = 0;
    for (const system of systemsOf(context)) {
      if (system.data.high_risk === 'no') continue;
      tally.rests('declared');
      if (system.data.high_risk === 'not_assessed') {
        tally.unknown(system.record_id, systemItem(system), 'whether it is high-risk');
      }
      const ids = system.data[use];
      if (ids.length === 0) tally.unknown(system.record_id, systemItem(system), USES[use]);
      if (ids.length === 0 || system.data.high_risk === 'not_assessed') population++;
      for (const id of ids) {
        population++;
        const service = byId.get(id);
        const key = `${system.record_id}/${id}`;
        if (service === undefined) tally.fail(key, `service ${id}`, `named by ${systemItem(system)}, and not there`);
        else look(context, service, prefixed(tally, key, system), system);
      }
    }
    return tally.close(population);
  };
}

/** One service may be named by two systems: then it is two items. */
function prefixed(tally: OpenTally, key: string, system: AiSystem): OpenTally {
  return {
    ...tally,
    fail: (_, item, ...rest) => tally.fail(key, `${item} of ${system.data.name}`, ...rest),
    unknown: (_, item, ...rest) => tally.unknown(key, `${item} of ${system.data.name}`, ...rest),
  };
}

/** Articles 16(e), 19(1) and 26(6): the named store keeps the system's logs for the declared time, at least the minimum. */
export function logsKept(parameters: { readonly minimumMonths: number; readonly slackDays: number }): Rule {
  return forNamedServices('log_services', (context, service, tally, { data }) => {
    const { service_id: id } = service;
    const item = serviceItem(service);
    const { log_retention_months: months, in_use_since: inUse } = data;
    if (months === null) tally.unknown(id, item, 'for how long the logs are to be kept');
    else if (months < parameters.minimumMonths) {
      tally.fail(id, item, `logs are to be kept ${months} months, the minimum is ${parameters.minimumMonths}`);
    }
    const life = lifeIn(context, service);
    const gap = life && firstGap(service.log_store, life.from, life.to);
    if (life === undefined) tally.unknown(id, item, 'the store was not there in the period');
    if (gap !== undefined) tally.unknown(id, item, `how far its logs reach back, from ${gap.from} to ${gap.to}`);
    if (service.log_store.length > 0) tally.rests('observed');
    for (const span of service.log_store) {
      const reach = addMonths(span.collected_at, -(months ?? parameters.minimumMonths));
      const { oldest_record_at: oldest } = span.value;
      if (oldest <= addDays(reach, parameters.slackDays)) continue;
      // Younger than the span: all there ever was, if the system began then.
      if (inUse === null) tally.unknown(id, item, `whether logs before ${oldest} existed: no start of use is declared`);
      else if (oldest > addDays(laterOf(startOf(inUse), reach), parameters.slackDays)) {
        tally.fail(
          id,
          item,
          `logs before ${oldest} are missing inside the span that is to be kept`,
          span.from,
          span.to,
        );
      }
    }
  });
}

/** Article 12, as far as records go: the named store was there, protected, and grew through the period. */
export function logsGrow(parameters: { readonly maxSilenceDays: number }): Rule {
  return forNamedServices('log_services', (context, service, tally) => {
    const { service_id: id } = service;
    const item = serviceItem(service);
    noteProtection(context, service, tally);
    const life = lifeIn(context, service);
    const gap = life && firstGap(service.log_store, life.from, life.to);
    if (life === undefined || gap !== undefined) tally.unknown(id, item, 'whether its logs grew through the period');
    for (const span of service.log_store) {
      if (span.value.newest_record_at >= addDays(span.collected_at, -parameters.maxSilenceDays)) continue;
      const what = `no record for more than ${parameters.maxSilenceDays} days`;
      tally.fail(id, item, what, span.value.newest_record_at, span.collected_at);
    }
    for (const hole of service.backups.gaps) tally.fail(id, item, 'no completed backup', hole.from, hole.to);
    if (valueAt(service.backup_schedule, context.head.period_end) === undefined) {
      tally.unknown(id, item, 'its backup schedule');
    }
    if (service.backup_schedule.some(({ value }) => value === 'none')) {
      for (const span of service.backup_schedule) {
        if (span.value === 'none') tally.fail(id, item, 'no backups are made', span.from, span.to);
      }
    }
  });
}

/** Encrypted storage and a network that is not open to everyone: what Articles 10 and 72 can rest on of a store. */
export function storesProtected(use: Use): Rule {
  return forNamedServices(use, noteProtection);
}

function noteProtection(context: JudgeContext, service: ServiceEvidence, tally: OpenTally): void {
  const { service_id: id } = service;
  const item = serviceItem(service);
  const life = lifeIn(context, service);
  if (life === undefined) {
    tally.unknown(id, item, 'it was not there in the period');
    return;
  }
  tally.rests('observed');
  if (firstGap(service.storage_encrypted_at_rest, life.from, life.to) !== undefined) {
    tally.unknown(id, item, 'whether its storage was encrypted');
  }
  for (const span of service.storage_encrypted_at_rest) {
    if (!span.value) tally.fail(id, item, 'its storage was not encrypted', span.from, span.to);
  }
  if (firstGap(service.network_exposure, life.from, life.to) !== undefined) {
    tally.unknown(id, item, 'who could reach it over the network');
  }
  for (const span of service.network_exposure) {
    if (span.value === 'public') tally.fail(id, item, 'its network was open to everyone', span.from, span.to);
  }
}

/** Article 11, Annex IV: versions, topology and places of the services that a system names. */
export function infrastructureListed(use: Use): Rule {
  return forNamedServices(use, (context, service, tally) => {
    const { period_end: end } = context.head;
    tally.rests('observed', 'derived');
    const open = [
      valueAt(service.version_and_patch, end) === undefined ? 'version' : undefined,
      valueAt(service.availability_topology, end) === undefined ? 'topology' : undefined,
      valueAt(service.countries, end) === undefined ? 'countries' : undefined,
    ].filter((part) => part !== undefined);
    if (open.length > 0) tally.unknown(service.service_id, serviceItem(service), open.join(', '));
  });
}

/** Article 18(1): where the trail and its packets are part of the documentation, kept ten years from the placing on. */
export function documentationKept(parameters: { readonly years: number }): Rule {
  return (context) => {
    const { evidence, head } = context;
    const tally = openTally();
    const systems = systemsOf(context).filter(({ data }) => data.high_risk !== 'no');
    const { retention } = evidence.audit_log;
    if (systems.length > 0) tally.rests('declared', 'observed');
    for (const system of systems) {
      const item = systemItem(system);
      const { placed_on_market: placed, high_risk } = system.data;
      if (high_risk === 'not_assessed') tally.unknown(system.record_id, item, 'whether it is high-risk');
      if (placed === null) {
        tally.unknown(system.record_id, item, 'when it was placed on the market');
        continue;
      }
      if (retention.mode === 'indefinite') continue;
      const until = addMonths(startOf(placed), 12 * parameters.years);
      const kept = addDays(head.generated_at, retention.days);
      if (kept < until) tally.fail(system.record_id, item, `kept ${retention.days} days, needed until ${until}`);
    }
    return tally.close(systems.length);
  };
}

/** Article 73: incidents on the register that concern a system's services carry the times that a report needs. */
export function incidentTimes(): Rule {
  return (context) => {
    const tally = openTally();
    const named = new Set(
      systemsOf(context)
        .filter(({ data }) => data.high_risk !== 'no')
        .flatMap(({ data }) => [...data.log_services, ...data.data_services, ...data.monitoring_services]),
    );
    const incidents = incidentsOf(context).filter(({ data }) => data.service_ids.some((id) => named.has(id)));
    if (incidents.length > 0) tally.rests('declared');
    for (const incident of incidents) {
      if (incident.data.started_at !== null) continue;
      tally.fail(incident.record_id, incidentItem(incident), 'without the time it started', incident.data.detected_at);
    }
    return tally.close(incidents.length);
  };
}

function startOf(day: string): string {
  return day.length === 10 ? `${day}T00:00:00Z` : day;
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}
