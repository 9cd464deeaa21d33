import { isDeepStrictEqual } from 'node:util';

import type { ActorHistory, RecentActs, SeenEvent } from './flag-rules.ts';
import type { ActiveRule } from './flag-settings.ts';

export interface Flag {
  readonly event: SeenEvent;
  readonly rule: string;
  readonly version: number;
  /** As JSON text. */
  readonly parameters: string;
  readonly reason: string;
}

/** Everything that rules remember of actors between events. Pure data, so that it can be stored between steps. */
export interface RuleMemory {
  readonly recent: Map<string, RecentActs>;
  readonly firstAt: Map<string, number>;
  readonly lastAt: Map<string, number>;
  /** `actor\0address` */
  readonly addresses: Set<string>;
}

/** Beyond any window: what is older can't matter to a rule. */
const REMEMBERED_MS = 24 * 3_600_000;
/** Times kept of one actor; a rule's threshold is at most this. */
const MOST_TIMES = 1000;
/** Actors with late failures or deletions; the longest silent go first. */
const MOST_ACTORS = 2000;

/** Runs the rules over events in the order of their sequence and carries what they remember along in `memory`. */
export function flagEvents(events: readonly SeenEvent[], rules: readonly ActiveRule[], memory: RuleMemory): Flag[] {
  const flags: Flag[] = [];
  for (const event of events) {
    const recent = remember(memory.recent, event);
    const history: ActorHistory = {
      firstAt: memory.firstAt.get(event.actorId),
      lastAt: memory.lastAt.get(event.actorId),
      knownAddress: memory.addresses.has(placeOf(event)),
    };
    for (const { rule, parameters } of rules) {
      const reason = rule.flag(event, history, recent ?? NOTHING, parameters);
      if (reason === undefined) continue;
      if (rule.id === 'failed_login_burst' && recent !== undefined) recent.burstAt = event.occurredAt;
      flags.push({ event, rule: rule.id, version: rule.version, parameters: JSON.stringify(parameters), reason });
    }
    memory.firstAt.set(event.actorId, Math.min(history.firstAt ?? event.occurredAt, event.occurredAt));
    memory.lastAt.set(event.actorId, Math.max(history.lastAt ?? event.occurredAt, event.occurredAt));
    if (event.ipAddress !== null) memory.addresses.add(placeOf(event));
  }
  return flags;
}

const NOTHING: RecentActs = { failures: [], deletions: [], burstAt: undefined };

/** Only actors who failed or deleted something lately are remembered. */
function remember(recent: Map<string, RecentActs>, event: SeenEvent): RecentActs | undefined {
  const counts = event.loginFailed || event.action === 'DELETE';
  const known = recent.get(event.actorId);
  if (known === undefined && !counts) return undefined;
  const acts = known ?? { failures: [], deletions: [], burstAt: undefined };
  const oldest = event.occurredAt - REMEMBERED_MS;
  const keep = (times: number[]): number[] => times.filter((time) => time > oldest).slice(-MOST_TIMES);
  acts.failures = keep(event.loginFailed ? [...acts.failures, event.occurredAt] : acts.failures);
  acts.deletions = keep(event.action === 'DELETE' ? [...acts.deletions, event.occurredAt] : acts.deletions);
  // Set again, so that the order of the map is the order of last use.
  recent.delete(event.actorId);
  if (!isDeepStrictEqual(acts, NOTHING)) recent.set(event.actorId, acts);
  const [longest] = recent.keys();
  if (recent.size > MOST_ACTORS && longest !== undefined) recent.delete(longest);
  return acts;
}

export function placeOf(event: { readonly actorId: string; readonly ipAddress: string | null }): string {
  return `${event.actorId}\0${event.ipAddress ?? ''}`;
}
