import type { Declaration, DeclarationData, DeclarationKind } from '../declarations.ts';
import { byRecord } from '../declared.ts';
import type { ReasonCode } from '../packet.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { DAY_SECONDS, secondsOf, timeOf } from '../times.ts';
import { Findings } from './tally.ts';

/** What every record of a register must have. */
export interface RecordCheck<Kind extends DeclarationKind> {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly judge: (
    data: DeclarationData[Kind],
    context: JudgeContext,
    record: Declaration<DeclarationData[Kind]>,
  ) => { readonly fails: string } | { readonly open: string; readonly reason?: ReasonCode } | undefined;
}

export interface RecordSelection<Kind extends DeclarationKind> {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly test: (data: DeclarationData[Kind], context: JudgeContext) => boolean;
}

interface EachRecordOptions<Kind extends DeclarationKind> {
  /** What one is called, such as "incident". */
  readonly one: string;
  readonly selects?: RecordSelection<Kind>;
  /** True: records that ran out before the period's end are unknown. Incidents stay what they are. */
  readonly runsOut?: boolean;
}

/** Every declared record of a kind; an empty register shows nothing. */
export function eachRecord<Kind extends DeclarationKind>(
  kind: Kind,
  checks: readonly RecordCheck<Kind>[],
  { one, selects, runsOut = true }: EachRecordOptions<Kind>,
): NamedRule {
  return {
    name: 'each_record',
    parameters: {
      kind,
      runsOut,
      checks: checks.map(({ name, parameters }) => ({ name, parameters })),
      ...(selects === undefined ? {} : { selects: { name: selects.name, parameters: selects.parameters } }),
    },
    judge: (context) => {
      const found = new Findings();
      const all: readonly Declaration<DeclarationData[Kind]>[] = context.evidence.declarations[kind];
      const records = all.filter(({ data }) => selects?.test(data, context) ?? true);
      for (const record of records.toSorted(byRecord)) {
        const item = found.item(`${kind}:${record.record_id}:${record.declared_at}`, `${one} ${record.record_id}`);
        if (runsOut && record.valid_until <= context.head.period_end) {
          item.leavesOpen('a declaration that still holds', 'fact_stale');
        }
        for (const check of checks) {
          const answer = check.judge(record.data, context, record);
          if (answer === undefined) continue;
          if ('fails' in answer) item.fails(answer.fails);
          else item.leavesOpen(answer.open, answer.reason);
        }
      }
      if (records.length > 0) found.bases.add('declared');
      else found.lacks(`at least one declared ${one}`, 'vacuous_scope');
      return found;
    },
  };
}

type FieldOf<Kind extends DeclarationKind> = keyof DeclarationData[Kind] & string;

/** A field that somebody filled: not null, no empty text, no empty list. Whether it is true nobody here can tell. */
export function filled<Kind extends DeclarationKind>(
  field: FieldOf<Kind>,
  words: string,
  otherwise: 'fails' | 'open' = 'fails',
): RecordCheck<Kind> {
  return {
    name: 'filled',
    parameters: { field, otherwise },
    judge: (data) => {
      if (isFilled(data[field])) return undefined;
      return otherwise === 'fails' ? { fails: `it does not say ${words}` } : { open: words };
    },
  };
}

/** Filled within some days of another time in the record; until then it is open. */
export function filledWithin<Kind extends DeclarationKind>(
  field: FieldOf<Kind>,
  words: string,
  since: FieldOf<Kind>,
  days: number,
): RecordCheck<Kind> {
  return {
    name: 'filled_within',
    parameters: { field, since, days },
    judge: (data, { head }) => {
      const start = String(data[since]);
      const begun = secondsOf(start);
      if (Number.isNaN(begun)) return { open: `when it was ${words}` };
      const limit = timeOf(begun + days * DAY_SECONDS);
      const value: unknown = data[field];
      if (typeof value === 'string') return value > limit ? { fails: `${words} only after ${days} days` } : undefined;
      return head.generated_at > limit
        ? { fails: `not ${words} within ${days} days` }
        : { open: `that it was ${words}` };
    },
  };
}

export function isFilled(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return true;
}
