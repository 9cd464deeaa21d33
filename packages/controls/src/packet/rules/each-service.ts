import { OBSERVED_SERVICE_FACTS, type ServiceEvidence, type Span } from '../evidence.ts';
import type { ReasonCode } from '../packet.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import {
  earlier,
  firstUnknown,
  later,
  leadOf,
  lifeInPeriod,
  livesAtEnd,
  spanAt,
  supports,
  without,
  type Stretch,
} from '../spans.ts';
import type { FactCheck } from './fact-checks.ts';
import { checkSamples } from './samples.ts';
import { askedWithin, type ServiceFilter } from './service-filters.ts';
import { impossible } from '../text.ts';
import { Findings, serviceItem, type ItemFindings } from './tally.ts';

interface EachServiceOptions {
  /** Which services are asked; without it every one in scope. */
  readonly where?: ServiceFilter;
}

const READ_BY_COLLECTORS: ReadonlySet<string> = new Set([...OBSERVED_SERVICE_FACTS, 'backup_countries']);

/**
 * Every check of every service. `period`: a value that contradicts counts whenever it was within the period, also once
 * mended, and support needs each fact known throughout. `point`: as of the period's end.
 */
export function eachService(
  kind: 'point' | 'period',
  checks: readonly FactCheck[],
  { where }: EachServiceOptions = {},
): NamedRule {
  const parameters = {
    kind,
    checks: checks.map(({ fact, test, parameters: given }) => ({ fact, test, parameters: given })),
    ...(where === undefined ? {} : { where: { name: where.name, parameters: where.parameters } }),
  };
  return { name: 'each_service', parameters, judge: (context) => judgeServices(context, kind, checks, where) };
}

function judgeServices(
  context: JudgeContext,
  kind: 'point' | 'period',
  checks: readonly FactCheck[],
  where: ServiceFilter | undefined,
): Findings {
  const found = new Findings();
  const asked: ServiceEvidence[] = [];
  for (const service of servicesOf(context, kind)) {
    const { included, outside } =
      kind === 'period'
        ? askedWithin(where, service, context)
        : { included: where?.includes(service, context) ?? true, outside: [] };
    if (included === false) continue;
    asked.push(service);
    const item = found.item(service.service_id, serviceItem(service));
    if (included !== true) item.leavesOpen(included.what, included.reason);
    for (const check of checks) {
      const spans: readonly Span<unknown>[] = service[check.fact];
      for (const span of spans) found.bases.add(span.basis);
      if (kind === 'period') checkPeriod(context, service, outside, check, spans, item);
      else checkPoint(context, service, check, spans, item);
    }
  }
  if (asked.length === 0) found.lacks('at least one service that this speaks of', 'vacuous_scope');
  if (kind === 'period') checkSamples(context, asked, found);
  return found;
}

/** Those that a control of this kind speaks of: all that existed in the period, or those that did at its end. */
export function servicesOf({ services, head }: JudgeContext, kind: 'point' | 'period'): readonly ServiceEvidence[] {
  return services.filter((service) =>
    kind === 'period' ? lifeInPeriod(service, head) !== undefined : livesAtEnd(service, head),
  );
}

function checkPeriod(
  { head }: JudgeContext,
  service: ServiceEvidence,
  outside: readonly Stretch[],
  check: FactCheck,
  spans: readonly Span<unknown>[],
  item: ItemFindings,
): void {
  const life = lifeInPeriod(service, head);
  if (life === undefined) return;
  // The platform's own records begin with the service.
  const lead = READ_BY_COLLECTORS.has(check.fact) ? leadOf(service, life) : life.from;
  let unknown: ReasonCode | undefined;
  for (const part of without(life, outside)) {
    for (const span of spans) {
      const wrong = check.fails(span, head, service);
      const from = later(wrong?.from ?? span.from, part.from);
      const to = earlier(span.to, part.to);
      if (wrong !== undefined && from < to) item.fails(wrong.what, from, to);
    }
    unknown ??= firstUnknown(spans, part, lead)?.reason;
  }
  if (unknown !== undefined) item.leavesOpen(check.needed, unknown);
}

function checkPoint(
  { head }: JudgeContext,
  service: ServiceEvidence,
  check: FactCheck,
  spans: readonly Span<unknown>[],
  item: ItemFindings,
): void {
  const span = spanAt(spans, head.period_end, head.period_end);
  if (span === undefined) {
    item.leavesOpen(check.needed, spans.length > 0 ? 'fact_stale' : 'fact_missing');
    return;
  }
  const wrong = check.fails(span, head, service);
  if (wrong !== undefined) item.fails(wrong.what, later(wrong.from ?? span.from, head.period_start), null);
  if (!supports(span)) item.leavesOpen(check.needed, 'fact_declared_only');
  else if (span.valid_until < head.period_end) item.leavesOpen(check.needed, 'fact_stale');
  else if (check.isImpossible?.(span) === true) item.leavesOpen(impossible(check.needed));
}
