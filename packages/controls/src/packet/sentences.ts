import type { DeclarationData } from './declarations.ts';
import type { PacketHead, ReasonCode } from './packet.ts';
import type { FailedItem, MissingFact, PacketControl, UnknownItem } from './rule.ts';
import { counted, listed, quoted, sortedUnique } from './text.ts';
import { spanInWords, timeInWords } from './times.ts';

/** How many items a sentence names. The finding lists a hundred, and the records have them all. */
const NAMED = 5;

export const REASONS: Readonly<Record<ReasonCode, string>> = {
  vacuous_scope: 'there is nothing that this speaks of',
  population_incomplete: 'the list of items is not complete',
  fact_missing: 'a needed fact was not collected',
  fact_stale: 'a needed fact was not read recently enough',
  fact_declared_only: 'a needed fact is only declared, not observed',
  collector_failed: 'a collector failed',
  collector_denied: 'a collector was refused',
  integrity_unverified: 'the audit trail was not checked as a whole',
  integrity_broken: 'the audit trail is not as it was signed',
  sample_coverage_low: 'too few daily samples were taken',
  history_shorter_than_period: 'the records begin later than the period',
  threshold_not_met: 'a threshold was not met',
  item_failed: 'an item is known not to meet it',
  risk_accepted: 'a named person accepted the risk',
  role_undeclared: 'a role or a choice that it depends on was not declared',
  not_yet_in_application: 'the law is not yet in application',
  scoped_out: 'a named person left it out of scope',
  excluded_by_records: 'the records themselves show that it does not apply',
  outside_platform: 'it asks for more than platform records show',
};

export function attestedSentence(
  control: PacketControl,
  head: PacketHead,
  population: number,
  samples: number,
): string {
  const { one, many } = control.items;
  const all = population === 1 ? `the one ${one}` : `all ${population} ${many}`;
  return `${head.operator} states that ${control.predicate} for ${all} ${when(control, head, samples)}.`;
}

function when({ kind }: PacketControl, head: PacketHead, samples: number): string {
  if (kind === 'point') return `as of ${timeInWords(head.period_end)}`;
  const between = `between ${timeInWords(head.period_start)} and ${timeInWords(head.period_end)}`;
  return kind === 'events' ? between : `${between}, with ${counted(samples, 'daily sample', 'daily samples')}`;
}

export interface ExceptionParts {
  readonly failing: number;
  readonly population: number;
  readonly unknown: number;
  readonly failed: readonly FailedItem[];
  readonly missing: readonly MissingFact[];
  readonly acceptance: DeclarationData['risk_acceptance'] | undefined;
}

export function exceptionSentence(control: PacketControl, head: PacketHead, parts: ExceptionParts): string {
  const { failing, population, unknown, failed, missing, acceptance } = parts;
  const of = counted(population, control.items.one, control.items.many);
  const sentences = [
    `${head.operator} states that for ${failing} of ${of} it does not hold that ${control.predicate}: ${listFailed(failed)}.`,
  ];
  if (unknown > 0) sentences.push(`Further ${unknown} unknown.`);
  if (missing.length > 0) sentences.push(`Also not known: ${listed(sortedUnique(missing.map(({ what }) => what)))}.`);
  if (acceptance !== undefined) {
    const { accepted_by, accepted_on, review_on, reason } = acceptance;
    sentences.push(
      `The risk was accepted by ${quoted(accepted_by)} on ${accepted_on} until ${review_on}, reason: ${quoted(reason)}.`,
    );
  }
  return sentences.join(' ');
}

/** Each item once, with all that it failed. */
function listFailed(failed: readonly FailedItem[]): string {
  const byItem = new Map<string, { item: string; what: string[] }>();
  for (const { key, item, what, from, to } of failed) {
    const entry = byItem.get(key) ?? { item, what: [] };
    const span = spanInWords(from, to);
    entry.what.push(span === '' ? what : `${what} ${span}`);
    byItem.set(key, entry);
  }
  const entries = [...byItem.values()].map(({ item, what }) => `${item}: ${listed(what, 3)}`);
  const more = entries.length > NAMED ? ` and ${entries.length - NAMED} more` : '';
  return entries.slice(0, NAMED).join('; ') + more;
}

export function insufficientSentence(
  control: PacketControl,
  reasons: readonly ReasonCode[],
  unknown: readonly UnknownItem[],
  missing: readonly MissingFact[],
): string {
  const why = listed(
    reasons.map((reason) => REASONS[reason]),
    reasons.length,
  );
  return `The records do not show whether ${control.predicate}: ${why}. Needed: ${needs(unknown, missing)}.`;
}

/** What is needed, each thing once with the items that lack it. */
function needs(unknown: readonly UnknownItem[], missing: readonly MissingFact[]): string {
  const items = new Map<string, string[]>();
  for (const { what, item } of unknown) items.set(what, [...(items.get(what) ?? []), item]);
  const open = [...items].map(([what, of]) => `${what} (for ${listed(sortedUnique(of), 3)})`);
  return sortedUnique([...missing.map(({ what }) => what), ...open]).join('; ');
}

/** After any of the others: the records that it rests on said otherwise before. */
export function correctedSentence(corrected: readonly string[]): string {
  return corrected.length === 0 ? '' : ` Declared otherwise before, and corrected: ${listed(corrected)}.`;
}
