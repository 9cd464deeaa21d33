import type { Declaration, DeclarationData } from '../declarations.ts';
import { recordsInForce } from '../declared.ts';
import type { ServiceEvidence } from '../evidence.ts';
import type { ReasonCode } from '../packet.ts';
import type { JudgeContext } from '../rule.ts';
import { leadOf, lifeInPeriod, type Stretch } from '../spans.ts';
import { sortedUnique } from '../text.ts';

/** Whether a service is asked; if it can't be told, what is missing. It then counts, and is unknown. */
type Inclusion = boolean | { readonly what: string; readonly reason: ReasonCode };

/** Which services a rule asks. */
export interface ServiceFilter {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** As of the period's end, or of the service's own. */
  readonly includes: (service: ServiceEvidence, context: JudgeContext) => Inclusion;
  /** Where the answer may change within the period; without it `includes` holds for the whole of it. */
  readonly during?: (service: ServiceEvidence, life: Stretch, context: JudgeContext) => AskedWithin;
}

/** Of a service's life in the period: whether any of it is asked, and which parts are known not to be. */
export interface AskedWithin {
  readonly included: Inclusion;
  /** In order. */
  readonly outside: readonly Stretch[];
}

/** What was so at any time of the period counts: whoever changes it before the end takes only the rest of it out. */
export function askedWithin(
  where: ServiceFilter | undefined,
  service: ServiceEvidence,
  context: JudgeContext,
): AskedWithin {
  const life = lifeInPeriod(service, context.head);
  if (where?.during !== undefined && life !== undefined) return where.during(service, life, context);
  return { included: where?.includes(service, context) ?? true, outside: [] };
}

type Classification = Declaration<DeclarationData['data_classification']>;

const UNCLASSIFIED = { what: 'the classification of its data', reason: 'fact_missing' } as const;
const UNCLASSIFIED_BEFORE = {
  what: 'the classification of its data through the period',
  reason: 'history_shorter_than_period',
} as const;

function byClassification(name: string, answer: (records: readonly Classification[]) => Inclusion): ServiceFilter {
  return {
    name,
    parameters: {},
    includes: (service, context) => {
      const records = classificationsOf(service, context);
      return records.length === 0 ? UNCLASSIFIED : answer(records);
    },
    during: (service, life, context) => {
      const own = ownClassifications(service, context);
      const times = own.flatMap((record) => [record.declared_at, record.valid_until]);
      const starts = sortedUnique([life.from, ...times.filter((time) => time > life.from && time < life.to)]);
      const parts = starts.map((from, i) => ({ from, to: starts[i + 1] ?? life.to, held: recordsInForce(own, from) }));
      const [first, second] = parts;
      // Nobody classifies a service before it is there: its first day is as was said first.
      if (first?.held.length === 0 && second !== undefined && second.from <= leadOf(service, life)) {
        first.held = second.held;
      }
      const answers = parts.map(({ from, to, held }) => ({
        from,
        to,
        asked: held.length > 0 ? answer(held) : own.length === 0 ? UNCLASSIFIED : UNCLASSIFIED_BEFORE,
      }));
      return {
        included:
          answers.find(({ asked }) => typeof asked !== 'boolean')?.asked ?? answers.some(({ asked }) => asked === true),
        outside: answers.filter(({ asked }) => asked === false),
      };
    },
  };
}

/** Classed as confidential by any record in force. */
export const confidential = byClassification('confidential', (records) =>
  records.some(({ data }) => data.confidential),
);

/** Declared to hold personal data, or not declared free of it. */
export const personalData = byClassification('personal_data', (records) => {
  if (records.some(({ data }) => data.personal_data === 'yes')) return true;
  const unsure = records.some(({ data }) => data.personal_data === 'unknown');
  return unsure ? { what: 'whether it holds personal data', reason: 'fact_missing' } : false;
});

/** Those that `names` picks from the evidence, such as the stores of a declared system. */
export function namedServices(name: string, names: (context: JudgeContext) => ReadonlySet<string>): ServiceFilter {
  return { name, parameters: {}, includes: (service, context) => names(context).has(service.service_id) };
}

export function classificationsOf(service: ServiceEvidence, context: JudgeContext): Classification[] {
  const { period_end: end } = context.head;
  // A service that ended is judged by what was said of it last.
  const time = service.ended_at !== null && service.ended_at < end ? service.ended_at : end;
  return recordsInForce(ownClassifications(service, context), time);
}

function ownClassifications(service: ServiceEvidence, { evidence }: JudgeContext): Classification[] {
  return evidence.declarations.data_classification.filter(({ data }) => data.service_id === service.service_id);
}
