import { correctionsOf, type Corrections } from './corrections.ts';
import { inForce, latest } from './declared.ts';
import type { Basis, Evidence } from './evidence.ts';
import type { ControlFinding, ControlStatus, FailingItem, PacketHead, ReasonCode } from './packet.ts';
import { resolveRef } from './resolve-ref.ts';
import type { FailedItem, JudgeContext, MissingFact, PacketControl, Tally, UnknownItem } from './rule.ts';
import { controlDecision, decisionSentence, servicesInScope } from './scope.ts';
import { attestedSentence, correctedSentence, exceptionSentence, insufficientSentence, REASONS } from './sentences.ts';
import { compareText, sortedUnique } from './text.ts';
import { dayOf, isAhead } from './times.ts';

/** How many failing items a finding lists. */
export const FAILING_ITEMS = 100;

const REASON_ORDER = Object.keys(REASONS) as ReasonCode[];

/**
 * The finding on one control, in this order and no other:
 *
 * 1. a named person's decision, or a gate that is known to be closed, each with its own reason: not applicable
 * 2. anything that contradicts: an exception, whatever else is unknown, and also once it was mended
 * 3. anything unknown, or nothing to speak of: insufficient evidence
 * 4. attested
 */
export function decide(control: PacketControl, head: PacketHead, evidence: Evidence): ControlFinding {
  const decision = control.stays === true ? undefined : controlDecision(head, evidence, control.id);
  if (decision !== undefined) {
    const sentence = decisionSentence(decision);
    return notApplicable(control, evidence, { sentence, reason: 'scoped_out', bases: ['declared'] });
  }
  const context: JudgeContext = { head, evidence, services: servicesInScope(head, evidence, control.id) };
  const gate = control.gate?.(context);
  if (gate?.open === false && gate.status === 'not_applicable') {
    return notApplicable(control, evidence, gate);
  }
  const tally = control.judge(context);
  // A gate that can't be told is one more unknown: what contradicts stays an exception.
  const gated: MissingFact[] = gate === undefined || gate.open ? [] : [{ what: gate.needed, reason: gate.reason }];
  return conclude(control, context, tally, gated);
}

function notApplicable(
  control: PacketControl,
  evidence: Evidence,
  {
    sentence,
    reason,
    bases,
  }: { readonly sentence: string; readonly reason: ReasonCode; readonly bases: readonly Basis[] },
): ControlFinding {
  return {
    ...described(control, evidence),
    status: 'not_applicable',
    assertion: sentence,
    reasons: [reason],
    counts: { population: 0, passing: 0, failing: 0, unknown: 0 },
    failing_items: [],
    bases: sortedUnique(bases),
  };
}

function conclude(
  control: PacketControl,
  context: JudgeContext,
  tally: Tally,
  gated: readonly MissingFact[],
): ControlFinding {
  const failed = tally.failing.toSorted(byItem);
  const failing = new Set(failed.map(({ key }) => key));
  const open = tally.unknown.filter(({ key }) => !failing.has(key));
  const unknown = new Set(open.map(({ key }) => key));
  const corrections = correctionsOf(context.evidence, control.refs);
  const missing = [...gated, ...tally.missing, ...corrections.missing];
  // A rule can't count fewer items than it names.
  const population = Math.max(tally.population, failing.size + unknown.size);
  if (population === 0 && !missing.some(({ reason }) => reason === 'vacuous_scope'))
    missing.push({ what: `at least one ${control.items.one}`, reason: 'vacuous_scope' });
  if (!control.mayAttest) missing.push({ what: 'what only people and documents show', reason: 'outside_platform' });
  const counts = {
    population,
    passing: population - failing.size - unknown.size,
    failing: failing.size,
    unknown: unknown.size,
  };
  const status = statusOf(failing.size, unknown.size, missing.length);
  const acceptance = status === 'exception' ? acceptanceOf(control, context) : undefined;
  const reasons = ordered([
    ...failed.flatMap(({ reason }): ReasonCode[] => (reason === undefined ? ['item_failed'] : ['item_failed', reason])),
    ...open.map(({ reason }) => reason),
    ...missing.map(({ reason }) => reason),
    ...(acceptance === undefined ? [] : (['risk_accepted'] as const)),
  ]);
  return {
    ...described(control, context.evidence),
    status,
    assertion: assertionOf(control, context, {
      status,
      counts,
      failed,
      open,
      missing,
      reasons,
      acceptance,
      corrections,
    }),
    reasons,
    counts,
    failing_items: failed.slice(0, FAILING_ITEMS).map(({ item, what, from, to }): FailingItem => ({
      item,
      what,
      from,
      to,
    })),
    bases: sortedUnique(tally.bases),
  };
}

function statusOf(failing: number, unknown: number, missing: number): ControlStatus {
  if (failing > 0) return 'exception';
  return unknown > 0 || missing > 0 ? 'insufficient_evidence' : 'attested';
}

interface Conclusion {
  readonly status: ControlStatus;
  readonly counts: ControlFinding['counts'];
  readonly failed: readonly FailedItem[];
  readonly open: readonly UnknownItem[];
  readonly missing: readonly MissingFact[];
  readonly reasons: readonly ReasonCode[];
  readonly acceptance: ReturnType<typeof acceptanceOf>;
  readonly corrections: Corrections;
}

function assertionOf(control: PacketControl, context: JudgeContext, conclusion: Conclusion): string {
  return sentenceOf(control, context, conclusion) + correctedSentence(conclusion.corrections.corrected);
}

function sentenceOf(control: PacketControl, { head, evidence }: JudgeContext, conclusion: Conclusion): string {
  const { status, counts, failed, open, missing, reasons, acceptance } = conclusion;
  if (status === 'exception') return exceptionSentence(control, head, { ...counts, failed, missing, acceptance });
  if (status === 'insufficient_evidence') return insufficientSentence(control, reasons, open, missing);
  return attestedSentence(control, head, counts.population, evidence.samples.taken.length);
}

function described(control: PacketControl, evidence: Evidence) {
  return {
    control_id: control.id,
    title: control.title,
    category: control.category,
    role: control.role,
    kind: control.kind,
    evidence_refs: control.refs.filter((ref) => resolveRef(ref, evidence)),
    does_not_show: control.doesNotShow,
  };
}

/** One that was in force when the packet was made and whose review isn't overdue; any other reads as none. */
function acceptanceOf(control: PacketControl, { head, evidence }: JudgeContext) {
  const today = dayOf(head.generated_at);
  return latest(
    inForce(evidence, 'risk_acceptance', head.generated_at).filter(
      ({ data }) =>
        (data.framework === head.framework || data.framework === 'all') &&
        data.control_id === control.id &&
        data.review_on >= today &&
        !isAhead(data.accepted_on, head.generated_at),
    ),
  )?.data;
}

function ordered(reasons: readonly ReasonCode[]): ReasonCode[] {
  return REASON_ORDER.filter((reason) => reasons.includes(reason));
}

function byItem(a: FailedItem, b: FailedItem): number {
  return (
    compareText(a.item, b.item) ||
    compareText(a.key, b.key) ||
    compareText(a.from ?? '', b.from ?? '') ||
    compareText(a.what, b.what) ||
    compareText(a.to ?? '', b.to ?? '')
  );
}
