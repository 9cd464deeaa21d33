import { declaredAt } from '../declared-at.ts';
import type { DeclarationData } from '../declarations.ts';
import type { BackupSchedule } from '../evidence.ts';
import type { JudgeContext, Rule } from '../rule.ts';
import { addDays } from './gdpr-duties.ts';
import { servicesAtEnd } from './gdpr-record.ts';
import { openTally, serviceItem } from './open-tally.ts';
import { valueAt } from './span-cover.ts';

type Function = DeclarationData['dora_function'];

/** Whether a service supports a critical or important function is the customer's word: yes, no, or not assessed. */
export function functionsOf({ evidence, head }: JudgeContext, serviceId: string): Function[] {
  return declaredAt(evidence.declarations.dora_function, head.period_end)
    .map(({ data }) => data)
    .filter((data) => data.service_id === serviceId);
}

/** Article 8: each service of the inventory is linked to a function, or marked as not assessed. */
export function functionsLinked(): Rule {
  return (context) => {
    const tally = openTally();
    const there = servicesAtEnd(context.services, context.head.period_end);
    tally.rests('observed', 'declared');
    for (const service of there) {
      if (functionsOf(context, service.service_id).length > 0) continue;
      tally.unknown(service.service_id, serviceItem(service), 'which function it supports was not declared');
    }
    return tally.close(there.length);
  };
}

const SCHEDULES: readonly BackupSchedule[] = ['hourly', 'daily', 'weekly', 'none'];

/** Article 12(1): backups at least as often as the minimum that was declared for each function the service supports. */
export function schedulesReachMinimum(): Rule {
  return (context) => {
    const tally = openTally();
    const there = servicesAtEnd(context.services, context.head.period_end);
    tally.rests('observed', 'declared');
    for (const service of there) {
      const item = serviceItem(service);
      const functions = functionsOf(context, service.service_id);
      const schedule = valueAt(service.backup_schedule, context.head.period_end);
      if (functions.length === 0)
        tally.unknown(service.service_id, item, 'which function it supports was not declared');
      if (schedule === undefined) tally.unknown(service.service_id, item, 'its backup schedule');
      for (const { critical, function_id, min_schedule } of functions) {
        if (critical === 'not_assessed') {
          tally.unknown(service.service_id, item, `whether function ${function_id} is critical was not assessed`);
        }
        if (min_schedule === null) {
          tally.unknown(service.service_id, item, `no minimum is declared for function ${function_id}`);
        } else if (schedule !== undefined && SCHEDULES.indexOf(schedule.value) > SCHEDULES.indexOf(min_schedule)) {
          const what = `backup schedule ${schedule.value}, function ${function_id} asks for ${min_schedule}`;
          tally.fail(service.service_id, item, what, schedule.from, schedule.to);
        }
      }
    }
    return tally.close(there.length);
  };
}

/** Article 12(3), as far as records go: a copy lies in a zone that the service itself doesn't use. */
export function backupsElsewhere(): Rule {
  return (context) => {
    const tally = openTally();
    const there = servicesAtEnd(context.services, context.head.period_end);
    tally.rests('observed');
    for (const service of there) {
      const zones = valueAt(service.zones, context.head.period_end);
      const copies = valueAt(service.backup_zones, context.head.period_end);
      if (zones === undefined || copies === undefined || copies.value.length === 0) {
        tally.unknown(service.service_id, serviceItem(service), 'in which zones its backups lie');
      } else if (copies.value.every((zone) => zones.value.includes(zone))) {
        const what = `backups lie in ${copies.value.join(', ')}, where the service runs`;
        tally.fail(service.service_id, serviceItem(service), what, copies.from, copies.to);
      }
    }
    return tally.close(there.length);
  };
}

/** Article 12(6): what restore tests measured, against what was declared for the function. */
export function objectivesMet(parameters: { readonly maxAgeDays: number }): Rule {
  return (context) => {
    const { evidence, head } = context;
    const tally = openTally();
    const there = servicesAtEnd(context.services, head.period_end);
    const oldest = addDays(head.period_end, -parameters.maxAgeDays);
    const tests = declaredAt(evidence.declarations.restore_test, head.period_end).filter(
      ({ data }) => data.tested_at >= oldest && data.tested_at <= head.period_end,
    );
    tally.rests('declared');
    for (const service of there) {
      const item = serviceItem(service);
      const own = tests.filter(({ data }) => data.service_id === service.service_id);
      const functions = functionsOf(context, service.service_id);
      if (functions.length === 0) tally.unknown(service.service_id, item, 'no function with objectives is declared');
      for (const measure of ['rto_minutes', 'rpo_minutes'] as const) {
        const name = measure.slice(0, 3).toUpperCase();
        const measured = own.filter(({ data }) => data[measure] !== null);
        if (measured.length === 0) tally.unknown(service.service_id, item, `no restore test measured its ${name}`);
        for (const { function_id, [measure]: objective } of functions) {
          if (objective === null) {
            tally.unknown(service.service_id, item, `no ${name} is declared for function ${function_id}`);
            continue;
          }
          for (const { data } of measured) {
            if ((data[measure] ?? 0) <= objective) continue;
            const what = `${name} of ${data[measure]} minutes measured, function ${function_id} allows ${objective}`;
            tally.fail(service.service_id, item, what, data.tested_at);
          }
        }
      }
    }
    return tally.close(there.length);
  };
}

/** Article 12(7): each restore on record has an integrity check that was fresh when it was made. */
export function restoresChecked(): Rule {
  return ({ evidence, head, services }) => {
    const tally = openTally();
    const byId = new Map(services.map((service) => [service.service_id, service]));
    const restores = declaredAt(evidence.declarations.restore_test, head.period_end).filter(
      ({ data }) =>
        data.tested_at >= head.period_start && data.tested_at <= head.period_end && byId.has(data.service_id),
    );
    if (restores.length > 0) tally.rests('declared', 'observed');
    for (const { record_id, data } of restores) {
      const service = byId.get(data.service_id);
      if (service === undefined) continue;
      const item = `restore ${record_id} of ${serviceItem(service)}`;
      const checks = service.backup_integrity_check;
      const check = valueAt(checks, data.tested_at);
      if (checks.length === 0) tally.unknown(record_id, item, 'no integrity check of its backups was ever read');
      else if (check === undefined) tally.fail(record_id, item, 'made without an integrity check', data.tested_at);
      else if (!check.value.passed) tally.fail(record_id, item, 'its integrity check failed', check.from, check.to);
    }
    return tally.close(restores.length);
  };
}
