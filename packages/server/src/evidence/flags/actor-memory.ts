import type { ActorHistory, RecentActs, SeenEvent } from './flag-rules.ts';
import { normalAddress } from './normal-address.ts';

/** Acts of each kind that are kept of an actor: enough for a reason to say how many; more only where a threshold is higher. */
export const COMMON_RECENT_ACTS = 100;
/** No rule's threshold may be higher. */
export const MOST_RECENT_ACTS = 1000;
/** No rule asks whether an address is new of an actor who was there this shortly before. */
const SHORT_REST_MS = 86_400_000;

/** What rules remember of one actor from event to event. */
export class ActorMemory implements ActorHistory {
  firstAt: number | undefined;
  lastAt: number | undefined;
  /** Those that were seen, as far as anybody looked; in their normal form. */
  readonly addresses = new Set<string>();
  #recent: RecentActs | undefined;
  #storedRecent: string | null = null;
  #isRecentChanged = false;

  /** @param stored as it was kept; nothing for an actor who is new */
  constructor(stored?: { readonly firstAt: number; readonly lastAt: number; readonly recent: string | null }) {
    this.firstAt = stored?.firstAt;
    this.lastAt = stored?.lastAt;
    this.#storedRecent = stored?.recent ?? null;
  }

  /** Read when it is asked for: most events of most actors have nothing to do with it. */
  get recent(): RecentActs {
    this.#recent ??= {
      failures: [],
      deletions: [],
      burstAt: undefined,
      ...(this.#storedRecent !== null && (JSON.parse(this.#storedRecent) as Partial<RecentActs>)),
    };
    return this.#recent;
  }

  /** As JSON, if it is other than what was kept. */
  get changedRecent(): string | null {
    return this.#isRecentChanged ? JSON.stringify(this.#recent) : null;
  }

  /**
   * Before the rules look at the event.
   *
   * @param most times to keep of failures and of deletions, those recorded last
   */
  noteAct(event: SeenEvent, most: number): void {
    if (event.loginFailed) this.#keep(this.recent.failures, event.occurredAt, most);
    if (event.action === 'DELETE') this.#keep(this.recent.deletions, event.occurredAt, most);
  }

  noteBurst(at: number): void {
    this.recent.burstAt = at;
    this.#isRecentChanged = true;
  }

  /** After the rules looked at it. */
  noteEvent({ occurredAt, ipAddress }: SeenEvent): void {
    this.firstAt = Math.min(this.firstAt ?? occurredAt, occurredAt);
    this.lastAt = Math.max(this.lastAt ?? occurredAt, occurredAt);
    if (ipAddress !== null) this.addresses.add(normalAddress(ipAddress));
  }

  /** Whether its addresses have to be known before an event of that time. */
  isRestedAt(time: number): boolean {
    return this.lastAt !== undefined && time - this.lastAt > SHORT_REST_MS;
  }

  restBeforeNewAddress({ occurredAt, ipAddress }: SeenEvent): number {
    if (this.lastAt === undefined || ipAddress === null || !this.isRestedAt(occurredAt)) return 0;
    return this.addresses.has(normalAddress(ipAddress)) ? 0 : occurredAt - this.lastAt;
  }

  #keep(times: number[], time: number, most: number): void {
    times.push(time);
    if (times.length > most) times.splice(0, times.length - most);
    this.#isRecentChanged = true;
  }
}
