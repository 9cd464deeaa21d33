import type { DeclarationData } from '../declarations.ts';
import { inForce, newestOf } from '../declared.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { addMonths } from '../times.ts';
import { quoted } from '../text.ts';
import { servicesOf } from './each-service.ts';
import { checkSamples } from './samples.ts';
import type { ServiceFilter } from './service-filters.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

interface RestoreTestOptions {
  /** A class of services is those of one database type: a test of one of them counts for all. */
  readonly per: 'service' | 'database_type';
  readonly maxAgeMonths: number;
  /** Whether how long it took and how much was lost must have been measured, and meet what was declared. */
  readonly measured: boolean;
  readonly where?: ServiceFilter;
}

/**
 * Restored in a test, not too long ago, and no later test failed. That backups ran is no such thing. Services that ended
 * within the period are asked too: else deleting one would take its failed test away.
 */
export function restoreTested(options: RestoreTestOptions): NamedRule {
  const { per, maxAgeMonths, measured, where } = options;
  return {
    name: 'restore_tested',
    parameters: {
      per,
      maxAgeMonths,
      measured,
      ...(where === undefined ? {} : { where: { name: where.name, parameters: where.parameters } }),
    },
    judge: (context) => {
      const found = new Findings();
      const asked: ServiceEvidence[] = [];
      const groups = new Map<string, ServiceEvidence[]>();
      for (const service of servicesOf(context, 'period')) {
        const included = where?.includes(service, context) ?? true;
        if (included === false) continue;
        asked.push(service);
        if (included !== true) found.lacks(`${included.what} of ${serviceItem(service)}`, included.reason);
        const key = per === 'service' ? service.service_id : service.database_type;
        groups.set(key, [...(groups.get(key) ?? []), service]);
      }
      for (const [key, services] of groups) {
        const [first] = services;
        const label = per === 'service' && first !== undefined ? serviceItem(first) : `service class ${quoted(key)}`;
        judgeTests(context, services, options, found.item(key, label));
      }
      if (groups.size === 0) found.lacks('at least one service that this speaks of', 'vacuous_scope');
      checkSamples(context, asked, found);
      if (context.evidence.declarations.restore_test.length > 0) found.bases.add('declared');
      return found;
    },
  };
}

function judgeTests(
  context: JudgeContext,
  services: readonly ServiceEvidence[],
  { maxAgeMonths, measured }: RestoreTestOptions,
  item: ItemFindings,
): void {
  const { head, evidence } = context;
  const made = new Map(services.map((service) => [service.service_id, service.created_at]));
  const records = newestOf(evidence, 'restore_test').filter(
    ({ data }) => made.has(data.service_id) && data.tested_at <= head.period_end,
  );
  const tests = records.map(({ data }) => data);
  const oldest = addMonths(head.period_end, -maxAgeMonths);
  const passed = records
    // One that was taken back, or made before there was a service, supports nothing.
    .filter(({ data, withdrawn }) => !withdrawn && data.tested_at >= (made.get(data.service_id) ?? ''))
    .map(({ data }) => data)
    .filter((test) => test.result === 'passed' && test.tested_at >= oldest && (!measured || isMeasured(test)));
  const newest = passed
    .map((test) => test.tested_at)
    .toSorted()
    .at(-1);
  for (const test of tests) {
    if (test.result === 'failed' && (newest === undefined || test.tested_at >= newest)) {
      item.fails('a restore test failed, and none succeeded after it', test.tested_at, null);
    }
  }
  if (newest === undefined) item.leavesOpen(`a restore test that succeeded within ${maxAgeMonths} months`);
  if (measured) for (const test of passed) if (test.tested_at === newest) judgeObjectives(context, test, item);
}

function isMeasured({ rto_minutes: rto, rpo_minutes: rpo }: DeclarationData['restore_test']): boolean {
  return rto !== null && rpo !== null;
}

function judgeObjectives(
  { head, evidence }: JudgeContext,
  test: DeclarationData['restore_test'],
  item: ItemFindings,
): void {
  for (const { data } of inForce(evidence, 'dora_function', head.period_end)) {
    if (data.service_id !== test.service_id) continue;
    const slow = data.rto_minutes !== null && (test.rto_minutes ?? 0) > data.rto_minutes;
    const lossy = data.rpo_minutes !== null && (test.rpo_minutes ?? 0) > data.rpo_minutes;
    if (slow) item.fails(`restoring took ${test.rto_minutes} minutes, more than the objective`, test.tested_at, null);
    if (lossy) item.fails(`a restore lost ${test.rpo_minutes} minutes, more than the objective`, test.tested_at, null);
  }
}
