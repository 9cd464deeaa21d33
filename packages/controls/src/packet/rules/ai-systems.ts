import type { Declaration, DeclarationData } from '../declarations.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { quoted } from '../text.ts';
import { addMonths, DAY_SECONDS, secondsOf, timeInWords, timeOf } from '../times.ts';
import {
  atPeriodEnd,
  heldInPeriod,
  incidentsOfPeriod,
  isBlank,
  namedRule,
  startOf,
  whyNone,
} from './declared-records.ts';
import type { RecordSelection } from './records.ts';
import { namedServices, type ServiceFilter } from './service-filters.ts';
import { Findings, serviceItem } from './tally.ts';

export type AiSystem = Declaration<DeclarationData['ai_system']>;

/** The use for which a system names services. */
export type AiUse = 'log_services' | 'data_services' | 'monitoring_services';
export const AI_USES: readonly AiUse[] = ['log_services', 'data_services', 'monitoring_services'];

const USE_WORDS: Readonly<Record<AiUse, string>> = {
  log_services: 'the service that holds its own logs',
  data_services: 'the services that hold its data sets',
  monitoring_services: 'the service that holds its monitoring data',
};

/** Those that are high-risk, or of which nobody said that they aren't. */
export function systemsAtRisk(context: JudgeContext): AiSystem[] {
  return atPeriodEnd(context, 'ai_system').filter(({ data }) => data.high_risk !== 'no');
}

export function systemItem({ record_id, data }: AiSystem): string {
  return `AI system ${quoted(data.name)} (${record_id})`;
}

/** Article 6: each system has a class, and one held not to be high-risk the assessment behind that. */
export function systemsClassified(): NamedRule {
  return namedRule('systems_classified', {}, (context) => {
    const found = new Findings();
    const systems = atPeriodEnd(context, 'ai_system');
    for (const system of systems) {
      found.bases.add('declared');
      const item = found.item(system.record_id, systemItem(system));
      const { high_risk: risk, name, assessment } = system.data;
      if (risk === 'not_assessed') item.leavesOpen('whether it is high-risk');
      if (risk !== 'no') continue;
      if (isBlank(assessment)) item.leavesOpen('the written assessment by which it is not high-risk');
      const other = systems.find(({ data }) => data.name === name && data.high_risk.startsWith('annex'));
      if (other !== undefined) item.fails(`record ${quoted(other.record_id)} calls the same system high-risk`);
    }
    if (systems.length === 0) found.lacks('a declared AI system', whyNone(context, 'ai_system'));
    return found;
  });
}

/** Each system that may be high-risk says what it is, and names services for these uses that are there. */
export function storesNamed(uses: readonly AiUse[]): NamedRule {
  return namedRule('stores_named', { uses }, (context) => {
    const found = new Findings();
    const services = new Map(context.evidence.services.map((service) => [service.service_id, service]));
    const systems = systemsAtRisk(context);
    for (const system of systems) {
      found.bases.add('declared');
      const item = found.item(`system:${system.record_id}`, systemItem(system));
      if (system.data.high_risk === 'not_assessed') item.leavesOpen('whether it is high-risk');
      for (const use of uses) {
        const ids = system.data[use];
        if (ids.length === 0) item.leavesOpen(USE_WORDS[use]);
        for (const id of ids) {
          const service = services.get(id);
          if (service === undefined) item.fails(`it names service ${quoted(id)}, which did not exist in the period`);
          else if (service.ended_at !== null && service.ended_at <= context.head.period_end) {
            item.fails(`it names ${serviceItem(service)}, which is gone`, service.ended_at);
          }
        }
      }
    }
    if (systems.length === 0) found.lacks('a declared AI system', whyNone(context, 'ai_system'));
    return found;
  });
}

/** Services that such a system named for one of these uses at any time of the period. */
export function namedFor(uses: readonly AiUse[]): ServiceFilter {
  return namedServices(`ai_${uses.join('_')}`, (context) => {
    const systems = heldInPeriod(context, 'ai_system').filter(({ data }) => data.high_risk !== 'no');
    return new Set(systems.flatMap(({ data }) => uses.flatMap((use) => data[use])));
  });
}

/** Article 18(1): if packets belong to the documentation, the policy keeps their records ten years from the placing on. */
export function documentationKept(parameters: { readonly years: number }): NamedRule {
  return namedRule('documentation_kept', parameters, (context) => {
    const found = new Findings();
    const { retention } = context.evidence.audit_log;
    const systems = systemsAtRisk(context);
    for (const system of systems) {
      found.bases.add('declared').add('observed');
      const item = found.item(system.record_id, systemItem(system));
      const { placed_on_market: placed, high_risk: risk } = system.data;
      if (risk === 'not_assessed') item.leavesOpen('whether it is high-risk');
      if (placed === null) item.leavesOpen('when it was placed on the market');
      if (placed === null || retention.mode === 'indefinite') continue;
      const until = addMonths(startOf(placed), 12 * parameters.years);
      const kept = timeOf(secondsOf(context.head.generated_at) + retention.days * DAY_SECONDS);
      if (kept >= until) continue;
      const what = `the policy keeps ${retention.days} days, needed is until ${timeInWords(until)}`;
      item.fails(what, null, null, 'threshold_not_met');
    }
    if (systems.length === 0) found.lacks('a declared AI system', whyNone(context, 'ai_system'));
    return found;
  });
}

/** Incidents of the period that touched a service which such a system names. */
export const incidentsOfSystems: RecordSelection<'incident'> = {
  name: 'of_ai_systems',
  parameters: {},
  test: (data, context) => {
    const named = new Set(systemsAtRisk(context).flatMap((system) => AI_USES.flatMap((use) => system.data[use])));
    return incidentsOfPeriod.test(data, context) && data.service_ids.some((id) => named.has(id));
  },
};
