import { ActorMemory, COMMON_RECENT_ACTS } from './actor-memory.ts';
import { FLAG_RULES, type SeenEvent } from './flag-rules.ts';
import type { ActiveRule } from './flag-settings.ts';

export interface Flag {
  readonly event: SeenEvent;
  readonly rule: ActiveRule;
  readonly reason: string;
}

function recentActsFor(rules: readonly ActiveRule[]): number {
  const thresholds = rules.flatMap(({ parameters }) => [parameters['failures'] ?? 0, parameters['deletions'] ?? 0]);
  return Math.max(COMMON_RECENT_ACTS, ...thresholds);
}

/** What a login after a burst is measured by: the rule for bursts, as it is set, or as shipped where it is switched off. */
function burstOf(rules: readonly ActiveRule[]): ActiveRule | undefined {
  const isBurst = ({ id }: ActiveRule['rule']): boolean => id === 'failed_login_burst';
  const shipped = FLAG_RULES.find(isBurst);
  return rules.find(({ rule }) => isBurst(rule)) ?? (shipped && { rule: shipped, parameters: shipped.parameters });
}

/** By actor. */
export type RuleMemory = Map<string, ActorMemory>;

/**
 * Runs the rules over events in the order of their sequence and carries what they remember along in `memory`, which
 * holds whoever of their actors was there before.
 */
export function flagEvents(events: readonly SeenEvent[], rules: readonly ActiveRule[], memory: RuleMemory): Flag[] {
  const flags: Flag[] = [];
  const most = recentActsFor(rules);
  const burst = burstOf(rules);
  for (const event of events) {
    let actor = memory.get(event.actorId);
    if (actor === undefined) memory.set(event.actorId, (actor = new ActorMemory()));
    actor.noteAct(event, most);
    if (burst?.rule.flag(event, actor, burst.parameters) !== undefined) actor.noteBurst(event.occurredAt);
    for (const rule of rules) {
      const reason = rule.rule.flag(event, actor, rule.parameters);
      if (reason === undefined) continue;
      flags.push({ event, rule, reason });
    }
    actor.noteEvent(event);
  }
  return flags;
}
