import type { DeclarationData } from '../declarations.ts';
import { newestOf } from '../declared.ts';
import type { BackupSchedule } from '../evidence.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { later, spanAt } from '../spans.ts';
import { impossible, quoted } from '../text.ts';
import { atPeriodEnd, namedRule, whyNone } from './declared-records.ts';
import { servicesOf } from './each-service.ts';
import { Findings, serviceItem } from './tally.ts';

type ServiceFunction = DeclarationData['dora_function'];

/** Whether a service supports a critical or important function is the customer's word: yes, no, or not assessed. */
export function functionsByService(context: JudgeContext): ReadonlyMap<string, readonly ServiceFunction[]> {
  const functions = new Map<string, ServiceFunction[]>();
  for (const { data } of atPeriodEnd(context, 'dora_function')) {
    const own = functions.get(data.service_id);
    if (own === undefined) functions.set(data.service_id, [data]);
    else own.push(data);
  }
  return functions;
}

/**
 * Each service of the inventory is linked to a function; "not assessed" is such a link, silence isn't.
 *
 * @param parameters.objectives also how fast and with how little loss it must come back
 */
export function functionsLinked(parameters: { readonly objectives: boolean }): NamedRule {
  return namedRule('functions_linked', parameters, (context) => {
    const found = new Findings();
    found.bases.add('observed');
    const byService = functionsByService(context);
    for (const service of servicesOf(context, 'point')) {
      const item = found.item(service.service_id, serviceItem(service));
      const functions = byService.get(service.service_id) ?? [];
      if (functions.length > 0) found.bases.add('declared');
      else item.leavesOpen('the declared function', whyNone(context, 'dora_function', service.service_id));
      if (!parameters.objectives) continue;
      for (const { rto_minutes: rto, rpo_minutes: rpo } of functions) {
        if (rto === null || rpo === null) item.leavesOpen('the recovery objectives of the function');
      }
    }
    if (found.population === 0) found.lacks('at least one service at the end of the period', 'vacuous_scope');
    return found;
  });
}

const SCHEDULES: readonly BackupSchedule[] = ['hourly', 'daily', 'weekly', 'none'];

/** Article 12(1): backups at least as often as the minimum declared for each function that the service supports. */
export function schedulesReachMinimum(): NamedRule {
  return namedRule('schedules_reach_minimum', {}, (context) => {
    const found = new Findings();
    const { period_end: end, period_start: start } = context.head;
    const byService = functionsByService(context);
    for (const service of servicesOf(context, 'point')) {
      found.bases.add('observed');
      const item = found.item(service.service_id, serviceItem(service));
      const schedule = spanAt(service.backup_schedule, end, end);
      if (schedule === undefined) item.leavesOpen('the backup schedule');
      const functions = byService.get(service.service_id) ?? [];
      if (functions.length === 0)
        item.leavesOpen('the declared function', whyNone(context, 'dora_function', service.service_id));
      for (const { critical, function_id: id, min_schedule: minimum } of functions) {
        found.bases.add('declared');
        if (critical === 'not_assessed')
          item.leavesOpen('the assessment whether the function is critical or important');
        if (minimum === null) item.leavesOpen('the minimum backup frequency of the function');
        else if (schedule !== undefined && SCHEDULES.indexOf(schedule.value) > SCHEDULES.indexOf(minimum)) {
          const what = `the schedule is ${schedule.value}, function ${quoted(id)} asks for ${minimum}`;
          item.fails(what, later(schedule.from, start));
        }
      }
    }
    if (found.population === 0) found.lacks('at least one service at the end of the period', 'vacuous_scope');
    return found;
  });
}

/** Article 12(3), as far as records go: a copy lies in a zone that the service itself doesn't use. */
export function backupsElsewhere(): NamedRule {
  return namedRule('backups_elsewhere', {}, (context) => {
    const found = new Findings();
    const { period_end: end, period_start: start } = context.head;
    for (const service of servicesOf(context, 'point')) {
      const item = found.item(service.service_id, serviceItem(service));
      const zones = spanAt(service.zones, end, end);
      const copies = spanAt(service.backup_zones, end, end);
      if (zones === undefined) item.leavesOpen('the zones');
      if (copies === undefined || copies.value.length === 0) {
        item.leavesOpen('the zones of the backups', service.backup_zones.length > 0 ? 'fact_stale' : 'fact_missing');
        continue;
      }
      found.bases.add(copies.basis);
      if (copies.valid_until < end) item.leavesOpen('the zones of the backups', 'fact_stale');
      if (copies.basis === 'declared') item.leavesOpen('the zones of the backups', 'fact_declared_only');
      if (zones !== undefined && copies.value.every((zone) => zones.value.includes(zone))) {
        const where = copies.value.map(quoted).join(', ');
        item.fails(`the backups lie in ${where}, where the service itself runs`, later(copies.from, start));
      }
    }
    if (found.population === 0) found.lacks('at least one service at the end of the period', 'vacuous_scope');
    return found;
  });
}

/** Article 12(7): each restore on record has an integrity check of the backups that counted when it was made. */
export function restoresChecked(): NamedRule {
  return namedRule('restores_checked', {}, (context) => {
    const found = new Findings();
    const { head, evidence } = context;
    const services = new Map(context.services.map((service) => [service.service_id, service]));
    for (const { record_id, data, withdrawn } of newestOf(evidence, 'restore_test')) {
      const service = services.get(data.service_id);
      const { tested_at: at } = data;
      if (service === undefined || at < head.period_start || at > head.period_end) continue;
      found.bases.add('declared').add('observed');
      const item = found.item(record_id, `restore ${quoted(record_id)} of ${serviceItem(service)}`);
      const checks = service.backup_integrity_check;
      const check = spanAt(checks, at, head.period_end);
      if (withdrawn) item.leavesOpen('a declaration that still holds', 'fact_stale');
      if (at < service.created_at) {
        item.leavesOpen(impossible('when it was made'));
        continue;
      }
      // Where checks are read at all, a restore without one is known to have none.
      if (checks.length === 0) item.leavesOpen('an integrity check of the backups');
      else if (check === undefined) item.fails('made without an integrity check of the backups', at, at);
      else if (!check.value.passed) item.fails('the integrity check of the backups failed', check.from, check.to);
      else if (check.basis === 'declared') item.leavesOpen('an integrity check of the backups', 'fact_declared_only');
    }
    if (found.population === 0) found.lacks('at least one restore on record in the period', 'vacuous_scope');
    return found;
  });
}
