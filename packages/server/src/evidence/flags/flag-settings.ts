import type { FlagRuleId } from '@veritrail/controls';

import { ConfigurationError } from '../../configuration-error.ts';
import { MOST_RECENT_ACTS } from './actor-memory.ts';
import { FLAG_RULES, type FlagRule, type RuleParameters } from './flag-rules.ts';

export interface ActiveRule {
  readonly rule: FlagRule;
  readonly parameters: RuleParameters;
}

const MOST = 100_000;
/** Parameters that are compared with how many acts of an actor are remembered. */
const COUNTS: ReadonlySet<string> = new Set(['failures', 'deletions']);

/**
 * Reads FLAG_RULES: `rule=off` or `rule.parameter=number`, separated by commas. Rules that aren't named run as shipped.
 *
 * @throws {ConfigurationError}
 */
export function readFlagSettings(text: string | undefined): readonly ActiveRule[] {
  const named = new Set<string>();
  const off = new Set<FlagRuleId>();
  const changed = new Map<string, number>();
  for (const part of (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')) {
    const [, id = '', parameter, value = ''] = /^([a-z_]+)(?:\.([a-z]+))?=(\w+)$/.exec(part) ?? [];
    const rule = FLAG_RULES.find((one) => one.id === id);
    if (rule === undefined) throw new ConfigurationError('FLAG_RULES', `${part} names no rule; see flags.md.`);
    const name = parameter === undefined ? id : `${id}.${parameter}`;
    if (named.has(name)) throw new ConfigurationError('FLAG_RULES', `${name} is there twice; leave one of them.`);
    named.add(name);
    if (parameter === undefined) {
      if (value !== 'off')
        throw new ConfigurationError('FLAG_RULES', `put ${id}=off, or ${id}.parameter=number, there.`);
      off.add(rule.id);
      continue;
    }
    const number = Number(value);
    const most = COUNTS.has(parameter) ? MOST_RECENT_ACTS : MOST;
    // Not rule.parameters[parameter]: every object has a `constructor`.
    const isKnown = Object.hasOwn(rule.parameters, parameter);
    if (!isKnown || !/^\d{1,6}$/.test(value) || number < 1 || number > most) {
      throw new ConfigurationError(
        'FLAG_RULES',
        `${part} is no parameter of the rule with a number from 1 to ${most}.`,
      );
    }
    changed.set(name, number);
  }
  return FLAG_RULES.filter((rule) => !off.has(rule.id)).map((rule) => ({
    rule,
    parameters: Object.fromEntries(
      Object.entries(rule.parameters).map(([name, value]) => [name, changed.get(`${rule.id}.${name}`) ?? value]),
    ),
  }));
}
