export type Outcome = 'pass' | 'fail' | 'not_checked';

/** What was found out about one property of a document. */
export interface Check<Id extends string = string> {
  readonly id: Id;
  /** The property that holds if the outcome is `pass`. */
  readonly title: string;
  /** The verdict is `pass` only if each required check is. What nobody asked for, or nobody can know, is not required. */
  readonly required: boolean;
  readonly outcome: Outcome;
  /** For people. Text from the document stands in it only quoted, as ASCII, and cut to a bounded length. */
  readonly detail: string;
}

/** Findings in the order in which they are worth reading. Format: docs/formats/verdict.md */
export interface Verdict<Id extends string = string> {
  /** `fail` if any check failed; `pass` if none did and every required one passed; otherwise `not_checked`. */
  readonly outcome: Outcome;
  readonly checks: readonly Check<Id>[];
}

export interface Finding {
  readonly outcome: Outcome;
  readonly detail: string;
}

export function pass(detail: string): Finding {
  return { outcome: 'pass', detail };
}

export function fail(detail: string): Finding {
  return { outcome: 'fail', detail };
}

export function notChecked(detail: string): Finding {
  return { outcome: 'not_checked', detail };
}

export function conclude(checks: readonly Check[]): Outcome {
  if (checks.some((check) => check.outcome === 'fail')) return 'fail';
  const required = checks.filter((check) => check.required);
  return required.length > 0 && required.every((check) => check.outcome === 'pass') ? 'pass' : 'not_checked';
}
