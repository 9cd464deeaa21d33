import type { AccessEvidence, Span } from '../evidence.ts';
import { rolesAtEnd } from '../membership.ts';
import type { NamedRule } from '../rule.ts';
import { firstUnknown, spanAt } from '../spans.ts';
import { impossible, listed, quoted } from '../text.ts';
import { isAhead, secondsOf } from '../times.ts';
import { Findings } from './tally.ts';

interface OrganizationFactOptions<T> {
  readonly kind: 'point' | 'period';
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly spans: (access: AccessEvidence) => readonly Span<T>[];
  readonly item: string;
  readonly needed: string;
  readonly fails: (value: T) => string | undefined;
}

/** One fact about the organization itself, as one item: what contradicts counts whenever it was. */
export function organizationFact<T>(options: OrganizationFactOptions<T>): NamedRule {
  const { kind, name, parameters = {}, item: label, needed } = options;
  return {
    name,
    parameters: { kind, ...parameters },
    judge: ({ evidence, head }) => {
      const found = new Findings();
      const item = found.item(name, label);
      const spans = options.spans(evidence.access);
      for (const span of spans) {
        found.bases.add(span.basis);
        const wrong = options.fails(span.value);
        if (wrong !== undefined) item.fails(wrong, span.from, span.to);
      }
      if (kind === 'period') {
        const period = { from: head.period_start, to: head.period_end };
        const unknown = firstUnknown(spans, period, period.from);
        if (unknown !== undefined) item.leavesOpen(needed, unknown.reason);
        return found;
      }
      const span = spanAt(spans, head.period_end, head.period_end);
      if (span === undefined) item.leavesOpen(needed, spans.length > 0 ? 'fact_stale' : 'fact_missing');
      else if (span.valid_until < head.period_end) item.leavesOpen(needed, 'fact_stale');
      return found;
    },
  };
}

export function mfaEnforced(): NamedRule {
  return organizationFact({
    kind: 'period',
    name: 'mfa_enforced',
    spans: (access) => access.mfa_enforced,
    item: 'sign-in to the platform',
    needed: 'whether a second factor is required',
    fails: (enforced) => (enforced ? undefined : 'no second factor was required'),
  });
}

export function noSharedAccounts(): NamedRule {
  return organizationFact({
    kind: 'point',
    name: 'no_shared_accounts',
    spans: (access) => access.shared_accounts,
    item: 'the register of shared accounts',
    needed: 'the accounts that several people share',
    fails: (accounts) =>
      accounts.length === 0 ? undefined : `shared by several people: ${listed(accounts.map(quoted).toSorted(), 3)}`,
  });
}

/** Keys are on a register, and none that is in use is older than allowed. */
export function keysRotated(maxAgeDays: number): NamedRule {
  const maxAge = maxAgeDays * 86_400;
  return {
    name: 'keys_rotated',
    parameters: { maxAgeDays },
    judge: ({ evidence, head }) => {
      const found = new Findings();
      const span = spanAt(evidence.access.keys_register, head.period_end, head.period_end);
      if (span === undefined || span.valid_until < head.period_end) {
        return found.lacks('the register of keys', span === undefined ? 'fact_missing' : 'fact_stale');
      }
      found.bases.add(span.basis);
      for (const key of span.value) {
        if (key.retired_at !== null && key.retired_at <= head.period_end) continue;
        const item = found.item(key.key_id, `key ${quoted(key.key_id)}`);
        const since = key.rotated_at ?? key.created_at;
        if (isAhead(since, head.generated_at)) item.leavesOpen(impossible('when it was rotated'));
        if (secondsOf(head.period_end) - secondsOf(since) > maxAge) {
          item.fails(`not rotated within ${maxAgeDays} days`, since, null, 'threshold_not_met');
        }
      }
      if (found.population === 0) found.lacks('at least one key on the register', 'vacuous_scope');
      return found;
    },
  };
}

/** The lists of who can act and of the keys in use were read: without items, nothing on them is judged here. */
export function keysRegistered(): NamedRule {
  return {
    name: 'keys_registered',
    parameters: {},
    judge: (context) => {
      const { evidence, head } = context;
      const found = new Findings();
      if (rolesAtEnd(context).length === 0) found.lacks('the accounts that can act', 'vacuous_scope');
      const span = spanAt(evidence.access.keys_register, head.period_end, head.period_end);
      if (span === undefined) found.lacks('the register of keys', 'fact_missing');
      else if (span.valid_until < head.period_end) found.lacks('the register of keys', 'fact_stale');
      else found.bases.add(span.basis);
      return found;
    },
  };
}
