import {
  DECLARATION_KINDS,
  OBSERVED_SERVICE_FACTS,
  type AccessEvidence,
  type AuditLogEvidence,
  type DeclarationData,
  type ServiceEvidence,
  type Span,
} from '@veritrail/controls';
import { describe, expect, it } from 'vitest';

import { DECLARATION_DATA, DECLARATION_KIND_NAMES } from '../../src/http/declaration-schemas.ts';
import { OBSERVED_VALUES } from '../../src/http/observation-schemas.ts';
import { HAPPENED_IN_DECLARATIONS, HAPPENED_IN_READINGS } from '../../src/posture/happened-times.ts';
import { OBSERVED_FACT_NAMES, OBSERVED_FACTS, type ObservedFact } from '../../src/posture/observed-facts.ts';
import type { Static } from 'typebox';

// What a door lets in is what the judgement reads: held by the compiler, in both directions. The two don't import each
// other, so this is the place where they meet.

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Frozen<T[Name]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : { missing: B }) : { surplus: A };
type AllTrue<T extends Record<keyof T, true>> = T;

type Declared = { [Kind in keyof typeof DECLARATION_DATA]: Frozen<Static<(typeof DECLARATION_DATA)[Kind]>> };
export type DeclarationsAgree = AllTrue<{
  [Kind in keyof DeclarationData]: Same<Declared[Kind], DeclarationData[Kind]>;
}>;

type Spans = ServiceEvidence & AccessEvidence & AuditLogEvidence;
type ValueOf<Fact extends ObservedFact> = Spans[Fact] extends readonly Span<infer Value>[] ? Value : never;
export type ObservationsAgree = AllTrue<{
  [Fact in ObservedFact]: Same<Frozen<Static<(typeof OBSERVED_VALUES)[Fact]>>, ValueOf<Fact>>;
}>;

/** Times that lie ahead by their meaning. */
const PLANNED = [
  'risk_acceptance.review_on',
  'retention_reason.review_on',
  'subservice_organization.bridge_until',
  'tls_certificate_not_after',
  'version_and_patch.end_of_life',
  'keys_register.*.retired_at',
];

/** Where a schema has a time or a day, as paths. */
function timesIn(schema: Record<string, unknown>, path: string): string[] {
  const { properties, items, anyOf, format } = schema as {
    properties?: Record<string, Record<string, unknown>>;
    items?: Record<string, unknown>;
    anyOf?: Record<string, unknown>[];
    format?: string;
  };
  if (format === 'date' || format === 'date-time') return [path];
  return [
    ...Object.entries(properties ?? {}).flatMap(([name, inner]) => timesIn(inner, `${path}.${name}`)),
    ...(items === undefined ? [] : timesIn(items, `${path}.*`)),
    ...(anyOf ?? []).flatMap((inner) => timesIn(inner, path)),
  ];
}

describe('each time in what can be sent', () => {
  it('is one that has happened, or a plan', () => {
    const sent = Object.entries({ ...DECLARATION_DATA, ...OBSERVED_VALUES });
    const times = sent.flatMap(([name, schema]) => timesIn(schema as unknown as Record<string, unknown>, name));
    const happened = Object.entries({ ...HAPPENED_IN_DECLARATIONS, ...HAPPENED_IN_READINGS }).flatMap(
      ([name, members]) => members.map((member) => `${name}.${member}`),
    );
    expect(times.length).toBeGreaterThan(20);
    expect(new Set(times)).toEqual(new Set([...happened, ...PLANNED]));
  });
});

describe('the kinds and facts that can be sent', () => {
  it('are those that are judged', () => {
    expect(DECLARATION_KIND_NAMES).toEqual([...DECLARATION_KINDS]);
    const ofServices = OBSERVED_FACT_NAMES.filter((fact) => OBSERVED_FACTS[fact].of === 'service');
    expect(ofServices).toEqual([...OBSERVED_SERVICE_FACTS]);
    expect(Object.keys(OBSERVED_VALUES)).toEqual(OBSERVED_FACT_NAMES);
  });
});
