import type { ServiceEvidence } from '../evidence.ts';
import type { ReasonCode } from '../packet.ts';
import type { JudgeContext } from '../rule.ts';
import { recordsInForce } from '../declared.ts';

/** Which services a rule asks. */
export interface ServiceFilter {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What is missing if it can't be told; the service then counts, and is unknown. */
  readonly includes: (
    service: ServiceEvidence,
    context: JudgeContext,
  ) => boolean | { readonly what: string; readonly reason: ReasonCode };
}

const UNCLASSIFIED = { what: 'the classification of its data', reason: 'fact_missing' } as const;

/** Classed as confidential at the period's end by any record in force. */
export const confidential: ServiceFilter = {
  name: 'confidential',
  parameters: {},
  includes: (service, context) => {
    const records = classificationsOf(service, context);
    return records.length === 0 ? UNCLASSIFIED : records.some(({ data }) => data.confidential);
  },
};

/** Declared to hold personal data, or not declared free of it. */
export const personalData: ServiceFilter = {
  name: 'personal_data',
  parameters: {},
  includes: (service, context) => {
    const records = classificationsOf(service, context);
    if (records.some(({ data }) => data.personal_data === 'yes')) return true;
    if (records.length === 0) return UNCLASSIFIED;
    const unsure = records.some(({ data }) => data.personal_data === 'unknown');
    return unsure ? { what: 'whether it holds personal data', reason: 'fact_missing' } : false;
  },
};

/** Those that `names` picks from the evidence, such as the stores of a declared system. */
export function namedServices(name: string, names: (context: JudgeContext) => ReadonlySet<string>): ServiceFilter {
  return { name, parameters: {}, includes: (service, context) => names(context).has(service.service_id) };
}

export function classificationsOf(service: ServiceEvidence, { evidence, head }: JudgeContext) {
  // A service that ended is judged by what was said of it last.
  const time = service.ended_at !== null && service.ended_at < head.period_end ? service.ended_at : head.period_end;
  const own = evidence.declarations.data_classification.filter(({ data }) => data.service_id === service.service_id);
  return recordsInForce(own, time);
}
