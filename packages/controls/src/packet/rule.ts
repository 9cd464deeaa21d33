import type { ApplicationDate } from './before-application.ts';
import type { Basis, Evidence, ServiceEvidence } from './evidence.ts';
import type { AnnexTable, FailingItem, PacketHead, ReasonCode } from './packet.ts';

/** What a rule may look at. Nothing else: no clock, no order of calls, no settings that aren't in the catalogue. */
export interface JudgeContext {
  readonly head: PacketHead;
  readonly evidence: Evidence;
  /** Services that no scope decision of this framework leaves out. */
  readonly services: readonly ServiceEvidence[];
}

/**
 * What a rule found: how many items there are, and of each that isn't fine, why. An item may fail and be unknown in
 * different parts; it then counts as failing. Items that appear in neither list are passing, so a rule that can't tell
 * must say `unknown`, never stay silent.
 */
export interface Tally {
  readonly population: number;
  readonly failing: readonly FailedItem[];
  readonly unknown: readonly UnknownItem[];
  /** Unknown of the whole and of no item, such as a trail that wasn't checked. Each keeps the status from `attested`. */
  readonly missing: readonly MissingFact[];
  /** Which bases the facts had that it rests on. */
  readonly bases: ReadonlySet<string>;
}

export interface FailedItem extends FailingItem {
  /** Tells items apart within a rule. An item may fail in several ways, each an entry of its own. */
  readonly key: string;
  /** Beside `item_failed`. */
  readonly reason?: ReasonCode;
}

export interface UnknownItem {
  /** Tells items apart within a rule, such as a service's id. */
  readonly key: string;
  readonly item: string;
  readonly what: string;
  readonly reason: ReasonCode;
}

export interface MissingFact {
  /** In words that complete "Needed: …". */
  readonly what: string;
  readonly reason: ReasonCode;
}

export type Rule = (context: JudgeContext) => Tally;

/** A rule with what the catalogue's digest covers of it. */
export interface NamedRule {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly judge: Rule;
}

/** A criterion that platform records can say something about. Everything but `judge` is data under the catalogue's digest. */
export interface PacketControl {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly role: 'assessed' | 'context';
  readonly kind: 'point' | 'period' | 'events';
  /** Completes "states that … for all 12 services"; no claim of compliance, none of the words that the lint forbids. */
  readonly predicate: string;
  readonly items: { readonly one: string; readonly many: string };
  /** Paths into the evidence, such as `services[*].tls_required`. */
  readonly refs: readonly string[];
  readonly doesNotShow: string | null;
  /** Name and parameters of the rule: what the digest covers in place of its code. A change of the code is a new version. */
  readonly rule: { readonly name: string; readonly parameters: Readonly<Record<string, unknown>> };
  readonly judge: Rule;
  /** Decided before the rule: not applicable with its sentence, or not to be told apart yet. */
  readonly gate?: (context: JudgeContext) => GateOutcome;
  /** False: the entry may be an exception or insufficient, never attested (the criterion asks for more than records). */
  readonly mayAttest: boolean;
  /** True: no decision takes it out of scope, such as what every engagement of the framework includes. */
  readonly stays?: boolean;
}

export type GateOutcome =
  | { readonly open: true }
  | {
      readonly open: false;
      readonly status: 'not_applicable';
      /** Somebody decided it, or it follows from what is recorded and declared. */
      readonly reason: 'scoped_out' | 'excluded_by_records';
      /** Of the facts that it follows from. */
      readonly bases: readonly Basis[];
      readonly sentence: string;
    }
  | {
      readonly open: false;
      readonly status: 'insufficient_evidence';
      readonly reason: ReasonCode;
      readonly needed: string;
    };

export interface PacketCatalogue {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly title: (context: JudgeContext) => string;
  readonly controls: readonly PacketControl[];
  readonly notCovered: readonly { readonly id: string; readonly title: string; readonly why: string }[];
  /** Statements of this framework alone, besides the ten that every packet carries. */
  readonly statements: (context: JudgeContext) => readonly { readonly id: string; readonly text: string }[];
  /** DORA alone: the tables of `provider_annex`. */
  readonly annex?: (context: JudgeContext) => readonly AnnexTable[];
  /** Of a law that comes into application in steps. */
  readonly applicationDates?: readonly ApplicationDate[];
  /** The date that the entries still wait for when the period ends. */
  readonly pending?: (context: JudgeContext) => ApplicationDate | undefined;
}
