import { ActorMemory, COMMON_RECENT_ACTS } from './actor-memory.ts';
import type { SeenEvent } from './flag-rules.ts';
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

/** By actor. */
export type RuleMemory = Map<string, ActorMemory>;

/**
 * Runs the rules over events in the order of their sequence and carries what they remember along in `memory`, which
 * holds whoever of their actors was there before.
 */
export function flagEvents(events: readonly SeenEvent[], rules: readonly ActiveRule[], memory: RuleMemory): Flag[] {
  const flags: Flag[] = [];
  const most = recentActsFor(rules);
  for (const event of events) {
    let actor = memory.get(event.actorId);
    if (actor === undefined) memory.set(event.actorId, (actor = new ActorMemory()));
    actor.noteAct(event, most);
    for (const rule of rules) {
      const reason = rule.rule.flag(event, actor, rule.parameters);
      if (reason === undefined) continue;
      if (rule.rule.id === 'failed_login_burst') actor.noteBurst(event.occurredAt);
      flags.push({ event, rule, reason });
    }
    actor.noteEvent(event);
  }
  return flags;
}
