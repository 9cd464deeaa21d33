import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { firstUnknown, later, lifeInPeriod, spanAt, supports } from '../spans.ts';
import { compareText, impossible, quoted } from '../text.ts';
import { addMonths, DAY_SECONDS, isAhead, isAheadOfReading, secondsOf, timeInWords, timeOf } from '../times.ts';
import { AI_USES, systemItem, systemsAtRisk, type AiSystem } from './ai-systems.ts';
import { namedRule, startOf, whyNone } from './declared-records.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

/**
 * Articles 16(e), 19(1) and 26(6), of each pair of system and store: a declared retention of at least the minimum, and
 * records that reach back so far, or to the start of the system's use. Calendar months throughout.
 */
export function logsKept(parameters: { readonly months: number; readonly slackDays: number }): NamedRule {
  return namedRule('logs_kept', parameters, (context) =>
    eachLogStore(context, (service, system, item) => {
      const { log_retention_months: months, in_use_since: since } = system.data;
      // A system that isn't in use yet has no logs, which is no reason to call them kept.
      const began = since === null || isAhead(since, context.head.generated_at) ? null : since;
      if (months === null) item.leavesOpen('for how long its logs are to be kept');
      else if (months < parameters.months) {
        const what = `its logs are to be kept ${months} months, fewer than ${parameters.months}`;
        item.fails(what, null, null, 'threshold_not_met');
      }
      if (began === null) item.leavesOpen('since when it is in use');
      for (const { collected_at, from, to, value } of service.log_store) {
        const reach = addMonths(collected_at, -Math.max(months ?? 0, parameters.months));
        const due = began === null ? reach : later(startOf(began), reach);
        const limit = timeOf(secondsOf(due) + parameters.slackDays * DAY_SECONDS);
        if (began === null || value.oldest_record_at <= limit) continue;
        const oldest = timeInWords(value.oldest_record_at);
        item.fails(`its oldest log is of ${oldest}, to be kept were those since ${timeInWords(due)}`, from, to);
      }
    }),
  );
}

/** Article 12, as far as records go: the named store was there through the period, and received records. */
export function logsGrow(parameters: { readonly maxSilenceDays: number }): NamedRule {
  return namedRule('logs_grow', parameters, (context) =>
    eachLogStore(context, (service, _system, item) => {
      for (const span of service.log_store) {
        const { collected_at, value } = span;
        if (isAheadOfReading(value.newest_record_at, span)) {
          item.leavesOpen(impossible('its newest record'));
        }
        const silent = secondsOf(collected_at) - secondsOf(value.newest_record_at);
        if (silent <= parameters.maxSilenceDays * DAY_SECONDS) continue;
        const what = `no record for more than ${parameters.maxSilenceDays} days`;
        item.fails(what, value.newest_record_at, collected_at);
      }
    }),
  );
}

function eachLogStore(
  context: JudgeContext,
  judge: (service: ServiceEvidence, system: AiSystem, item: ItemFindings) => void,
): Findings {
  const found = new Findings();
  const services = new Map(context.services.map((service) => [service.service_id, service]));
  for (const system of systemsAtRisk(context)) {
    for (const id of [...new Set(system.data.log_services)].sort(compareText)) {
      const service = services.get(id);
      if (service === undefined) continue;
      found.bases.add('declared');
      const item = found.item(`${system.record_id}/${id}`, `${serviceItem(service)} of ${systemItem(system)}`);
      const life = lifeInPeriod(service, context.head);
      const unknown = life && firstUnknown(service.log_store, life, life.from);
      if (life === undefined) item.leavesOpen('its state in the period');
      if (unknown !== undefined) item.leavesOpen('its oldest and newest record through the period', unknown.reason);
      for (const { basis } of service.log_store) found.bases.add(basis);
      judge(service, system, item);
    }
  }
  if (found.population === 0) found.lacks('a store of logs that a declared AI system names', 'vacuous_scope');
  return found;
}

/** Annex IV, as far as records go: version, topology and countries of every service that a system names. */
export function infrastructureListed(): NamedRule {
  return namedRule('infrastructure_listed', {}, (context) => {
    const found = new Findings();
    const services = new Map(context.evidence.services.map((service) => [service.service_id, service]));
    for (const system of systemsAtRisk(context)) {
      found.bases.add('declared');
      const own = found.item(system.record_id, systemItem(system));
      if (system.data.high_risk === 'not_assessed') own.leavesOpen('whether it is high-risk');
      const ids = [...new Set(AI_USES.flatMap((use) => system.data[use]))].sort(compareText);
      if (ids.length === 0) own.leavesOpen('the services it runs on');
      for (const id of ids) {
        const service = services.get(id);
        const label = service === undefined ? `service ${quoted(id)}` : serviceItem(service);
        const item = found.item(`${system.record_id}/${id}`, `${label} of ${systemItem(system)}`);
        if (service === undefined) item.fails('it did not exist in the period');
        else judgeInfrastructure(context, service, found, item);
      }
    }
    if (found.population === 0) found.lacks('a declared AI system', whyNone(context, 'ai_system'));
    return found;
  });
}

function judgeInfrastructure(
  context: JudgeContext,
  service: ServiceEvidence,
  found: Findings,
  item: ItemFindings,
): void {
  const { period_end: end } = context.head;
  const facts = [
    ['the version', service.version_and_patch],
    ['the topology', service.availability_topology],
    ['the countries', service.countries],
  ] as const;
  for (const [what, spans] of facts) {
    for (const { basis } of spans) found.bases.add(basis);
    const span = spanAt<unknown>(spans, end, end);
    if (span === undefined || span.valid_until < end) {
      item.leavesOpen(what, spans.length > 0 ? 'fact_stale' : 'fact_missing');
    } else if (!supports(span)) item.leavesOpen(what, 'fact_declared_only');
  }
}
