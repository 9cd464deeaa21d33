import type { Declaration, DeclarationData } from '../declarations.ts';
import { firstGap } from '../declared.ts';
import type { AuditLogEvidence } from '../evidence.ts';
import { groupBy } from '../group-by.ts';
import type { JudgeContext } from '../rule.ts';
import { firstDayEnd, later, type Stretch } from '../spans.ts';
import { quoted } from '../text.ts';
import { heldInPeriod } from './declared-records.ts';
import type { Findings, ItemFindings } from './tally.ts';

export type AuditSource = Declaration<DeclarationData['audit_source']>;

/** Completeness needs a denominator: without declared sources nothing can be missed, which shows nothing. */
export function judgeSources(context: JudgeContext, found: Findings): void {
  const sources = sourcesOfPeriod(context);
  const seen = seenOf(context);
  found.bases.add('declared');
  if (sources.size === 0) found.lacks('the list of sources that should send audit events', 'fact_missing');
  for (const [id, versions] of sources) {
    const item = found.item(`source:${id}`, `audit source ${id}`);
    const { reason } = firstUndeclared(context, versions) ?? {};
    if (reason !== undefined) item.leavesOpen('its declaration through the period', reason);
    judgeVersions(seen, versions, item);
  }
}

/** Each source with its versions that held at some time of the period. */
export function sourcesOfPeriod(context: JudgeContext): ReadonlyMap<string, readonly AuditSource[]> {
  return groupBy(heldInPeriod(context, 'audit_source'), (record) => record.record_id);
}

type SeenSource = AuditLogEvidence['sources'][number];

/** What came of each version of a source. */
export function seenOf({ evidence }: JudgeContext): ReadonlyMap<string, SeenSource> {
  return new Map(evidence.audit_log.sources.map((seen) => [`${seen.source_id} ${seen.version}`, seen]));
}

/** By each version's own limit, while it held: a wider one at the end doesn't excuse a silence before it. */
export function judgeVersions(
  sources: ReadonlyMap<string, SeenSource>,
  versions: readonly AuditSource[],
  item: ItemFindings,
): void {
  for (const { record_id: id, version, data } of versions) {
    const seen = sources.get(`${id} ${version}`);
    if (seen === undefined) {
      item.leavesOpen(`what the source ${quoted(data.name)} sent`);
      continue;
    }
    const { longest_silence_days: silence } = seen;
    if (silence > data.max_silence_days) {
      const what = `source ${quoted(data.name)} was silent for ${silence} days, more than ${data.max_silence_days}`;
      item.fails(what, null, null, 'threshold_not_met');
    } else if (seen.events === 0) item.leavesOpen(`any event of the source ${quoted(data.name)}`, 'vacuous_scope');
  }
}

/** The first time of the period, or of a younger organization's, of which none of the records says anything. */
export function firstUndeclared(context: JudgeContext, records: readonly Declaration<unknown>[]) {
  const { stretch, lead } = organizationInPeriod(context);
  return firstGap(records, stretch, lead);
}

/** By the event of its making, which nothing can come before. Where the trail doesn't reach back, the whole period. */
function organizationInPeriod({ evidence, head }: JudgeContext): { readonly stretch: Stretch; readonly lead: string } {
  const made = evidence.events.account_lifecycle.listed.find(
    ({ sequence, action, resource_type: type, resource_id: id }) =>
      sequence === 0 && action === 'CREATE' && type === 'organization' && id === head.organization.id,
  )?.occurred_at;
  const stretch = {
    from: made === undefined ? head.period_start : later(made, head.period_start),
    to: head.period_end,
  };
  const isNew = made !== undefined && made >= head.period_start;
  return { stretch, lead: isNew ? firstDayEnd(stretch) : stretch.from };
}
