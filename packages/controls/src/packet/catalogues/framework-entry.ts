import type { GateOutcome, JudgeContext, NamedRule, PacketControl } from '../rule.ts';

/** A control as its catalogue writes it down, with the rule that judges it. */
export interface FrameworkEntry extends Omit<PacketControl, 'rule' | 'judge' | 'mayAttest'> {
  readonly rule: NamedRule;
  /** False where the criterion is about conduct or documents that no record shows. */
  readonly mayAttest?: boolean;
}

/** @param gate for the entries that have none of their own */
export function controlsOf(
  entries: readonly FrameworkEntry[],
  gate?: (context: JudgeContext) => GateOutcome,
): readonly PacketControl[] {
  return entries.map(({ rule: { name, parameters, judge }, mayAttest = true, ...entry }) => ({
    ...(gate === undefined ? {} : { gate }),
    ...entry,
    rule: { name, parameters },
    judge,
    mayAttest,
  }));
}
