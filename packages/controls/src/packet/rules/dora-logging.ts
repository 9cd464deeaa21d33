import type { DeclarationData } from '../declarations.ts';
import type { NamedRule } from '../rule.ts';
import { firstUndeclared, judgeVersions, seenOf, sourcesOfPeriod } from './audit-sources.ts';
import { atPeriodEnd, heldInPeriod, isBlank, namedRule, whyNone } from './declared-records.ts';
import { checkRemoved } from './storage-limitation.ts';
import { Findings } from './tally.ts';

/** RTS 12(2)(a): how long logs are kept, with the reason, and what is expected in them. No number of days is asked for. */
export function loggingPlanned(parameters: { readonly slackDays: number }): NamedRule {
  return namedRule('logging_planned', parameters, (context) => {
    const found = new Findings();
    found.bases.add('observed');
    const trail = found.item('trail', 'the audit trail');
    const reasons = atPeriodEnd(context, 'retention_reason').filter(({ data }) => !isBlank(data.reason));
    if (reasons.length === 0) trail.leavesOpen('the reason for the retention', whyNone(context, 'retention_reason'));
    const expected = atPeriodEnd(context, 'audit_source').filter(({ data }) => data.expected_actions.length > 0);
    if (expected.length === 0) trail.leavesOpen('the actions that are expected', whyNone(context, 'audit_source'));
    if (reasons.length + expected.length > 0) found.bases.add('declared');
    if (context.evidence.audit_log.entry_count === 0) trail.leavesOpen('an entry', 'vacuous_scope');
    checkRemoved(context, trail, parameters.slackDays);
    return found;
  });
}

type Kind = DeclarationData['log_held_elsewhere']['kind'];
const KINDS: Readonly<Record<Kind, string>> = {
  access: 'access and identity',
  capacity: 'capacity',
  change: 'change',
  operations: 'operations',
  network: 'network traffic',
};

/**
 * RTS 12(2)(c): for each kind of event, through the period, a source that reports or the declared place where it is kept
 * instead.
 */
export function kindsAnswered(): NamedRule {
  return namedRule('kinds_answered', {}, (context) => {
    const found = new Findings();
    const sources = sourcesOfPeriod(context);
    const seen = seenOf(context);
    const elsewhere = heldInPeriod(context, 'log_held_elsewhere');
    if (sources.size + elsewhere.length > 0) found.bases.add('declared');
    for (const kind of Object.keys(KINDS) as Kind[]) {
      const item = found.item(kind, `events of ${KINDS[kind]}`);
      const held = [...sources.values()].map((versions) => versions.filter(({ data }) => data.kinds.includes(kind)));
      const answering = [...held.flat(), ...elsewhere.filter(({ data }) => data.kind === kind)];
      const { reason } = firstUndeclared(context, answering) ?? {};
      if (reason !== undefined) item.leavesOpen('a declared source, or where they are kept instead', reason);
      for (const versions of held) {
        if (versions.length > 0) found.bases.add('derived');
        judgeVersions(seen, versions, item);
      }
    }
    return found;
  });
}

/** RTS 12(2)(d): which database logins could change or remove entries, as privileges stand. */
export function storeAccessNamed(): NamedRule {
  return namedRule('store_access_named', {}, ({ evidence }) => {
    const found = new Findings();
    const item = found.item('store_access', 'the store of the audit trail');
    if (evidence.audit_log.store_access.length > 0) found.bases.add('observed');
    else item.leavesOpen('the logins that could change it');
    return found;
  });
}

/** What no record holds, beside rules whose facts it would have to join. */
export function neverRecorded(what: string): NamedRule {
  return namedRule('never_recorded', { what }, () => new Findings().lacks(what, 'outside_platform'));
}
