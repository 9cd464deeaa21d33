import { heldWithin, inForce } from '../declared.ts';
import type { DeclarationData, DeclarationKind, Declarations } from '../declarations.ts';
import type { ReasonCode } from '../packet.ts';
import type { JudgeContext, NamedRule, Rule } from '../rule.ts';
import type { RecordSelection } from './records.ts';

export function namedRule(name: string, parameters: Readonly<Record<string, unknown>>, judge: Rule): NamedRule {
  return { name, parameters, judge };
}

/** What holds when the period ends: roles, registers, descriptions. */
export function atPeriodEnd<Kind extends DeclarationKind>({ evidence, head }: JudgeContext, kind: Kind) {
  return inForce(evidence, kind, head.period_end);
}

/** What held at some time of the period: what was so before it was changed counts too. */
export function heldInPeriod<Kind extends DeclarationKind>({ evidence, head }: JudgeContext, kind: Kind) {
  const records: readonly Declarations[Kind][number][] = evidence.declarations[kind];
  return heldWithin(records, { from: head.period_start, to: head.period_end });
}

/**
 * Why there is none in force: there was one that ran out, or there never was.
 *
 * @param serviceId of the service that it would have been about, for kinds that are about one
 */
export function whyNone({ evidence, head }: JudgeContext, kind: DeclarationKind, serviceId?: string): ReasonCode {
  const records: Declarations[DeclarationKind] = evidence.declarations[kind];
  const ranOut = records.some(({ valid_until, data }) => {
    const isAbout = serviceId === undefined || ('service_id' in data && data.service_id === serviceId);
    return isAbout && valid_until <= head.period_end;
  });
  return ranOut ? 'fact_stale' : 'fact_missing';
}

/** Detected by the period's end, and not closed before it began. */
function touchesPeriod(data: DeclarationData['incident'], { head }: JudgeContext): boolean {
  return data.detected_at <= head.period_end && (data.closed_at === null || data.closed_at >= head.period_start);
}

export const incidentsOfPeriod: RecordSelection<'incident'> = {
  name: 'of_period',
  parameters: {},
  test: touchesPeriod,
};

export const breachesOfPeriod: RecordSelection<'incident'> = {
  name: 'breaches_of_period',
  parameters: {},
  test: (data, context) => data.personal_data_breach && touchesPeriod(data, context),
};

export function isBlank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

/** The first moment of a date; a time as it is. */
export function startOf(day: string): string {
  return day.length === 10 ? `${day}T00:00:00Z` : day;
}
