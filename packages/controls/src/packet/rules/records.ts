import type { Declaration, DeclarationData, DeclarationKind } from '../declarations.ts';
import { newestOf } from '../declared.ts';
import type { PacketHead, ReasonCode } from '../packet.ts';
import type { JudgeContext, NamedRule } from '../rule.ts';
import { earlier } from '../spans.ts';
import { DAY_SECONDS, isAhead, secondsOf, timeOf } from '../times.ts';
import { impossible } from '../text.ts';
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
  /** True: records that ran out before the period's end are unknown. Incidents stay what they are, until withdrawn. */
  readonly runsOut?: boolean;
}

/** Every declared record of a kind, as its newest version says; an empty register shows nothing. */
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
      const all: readonly Declaration<DeclarationData[Kind]>[] = newestOf(context.evidence, kind);
      const records = all.filter(({ data }) => selects?.test(data, context) ?? true);
      for (const record of records) {
        const item = found.item(`${kind}:${record.record_id}`, `${one} ${record.record_id}`);
        if (runsOut ? record.valid_until <= context.head.period_end : record.withdrawn) {
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
    judge: (data, { head }) => {
      if (isImpossible(field, data, head)) return { open: impossible(words) };
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
      if (Number.isNaN(begun) || isAhead(start, head.generated_at)) return { open: `when it was ${words}` };
      const limit = timeOf(begun + days * DAY_SECONDS);
      const given: unknown = data[field];
      const value = typeof given === 'string' && isAhead(given, head.generated_at) ? null : given;
      if (value !== null && isImpossible(field, data, head)) {
        return { open: impossible(`when it was ${words}`) };
      }
      if (typeof value === 'string') return value > limit ? { fails: `${words} only after ${days} days` } : undefined;
      return head.generated_at > limit
        ? { fails: `not ${words} within ${days} days` }
        : { open: `that it was ${words}` };
    },
  };
}

/** A time that is still to come, or before what it is about began, is none at which anything can have happened. */
function isImpossible(field: string, data: object, head: PacketHead): boolean {
  const { [field]: time, detected_at: detected, started_at: started } = data as Readonly<Record<string, unknown>>;
  if (!field.endsWith('_at') || typeof time !== 'string') return false;
  if (isAhead(time, head.generated_at)) return true;
  if (typeof detected !== 'string' || field === 'started_at' || field === 'detected_at') return false;
  return secondsOf(time) < secondsOf(typeof started === 'string' ? earlier(started, detected) : detected);
}

export function isFilled(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return true;
}
