import type { NamedRule, PacketControl } from '../rule.ts';

/** What the packet says of a criterion; its title and category are the catalogue's. */
export interface Soc2Entry extends Omit<
  PacketControl,
  'title' | 'category' | 'role' | 'rule' | 'judge' | 'gate' | 'mayAttest'
> {
  readonly rule: NamedRule;
  /** False where the criterion is about a decision that no record shows. */
  readonly mayAttest?: boolean;
}
