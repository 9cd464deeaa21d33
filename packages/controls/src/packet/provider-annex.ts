import { inForce } from './declared.ts';
import type { Declaration, DeclarationData, PartyIdentifier } from './declarations.ts';
import type { ServiceEvidence } from './evidence.ts';
import type { AnnexTable } from './packet.ts';
import type { JudgeContext } from './rule.ts';
import { recordsByService } from './rules/dora-register.ts';
import { servicesOf } from './rules/each-service.ts';
import { spanAt } from './spans.ts';
import { compareText } from './text.ts';

/**
 * The provider's side of the customer's register of information, by the templates of Implementing Regulation (EU)
 * 2024/2956, as things stood at the period's end. Values are the codes of a filing.
 *
 * What nobody declared or observed is null. The filing code for "not applicable" (eba_GA:qx2007) would turn unknown into
 * a statement, so it appears nowhere; whoever files decides.
 *
 * Columns that only the customer can fill (its own identifier, functions, dates, costs, sensitivity, reliance) are not here.
 */
export function providerAnnex(context: JudgeContext): AnnexTable[] {
  const provider = inForce(context.evidence, 'dora_provider', context.head.period_end).at(-1)?.data ?? null;
  const support = inForce(context.evidence, 'support_access', context.head.period_end);
  const countries = support.length === 0 ? undefined : support.flatMap(({ data }) => data.countries);
  const records = recordsByService(context);
  const lines = servicesOf(context, 'point').map((service) =>
    lineOf(context, service, records.get(service.service_id), countries),
  );
  return [
    arrangements(provider, lines),
    signing(provider, lines),
    providers(context, provider),
    chain(context, provider, lines),
  ];
}

type Provider = DeclarationData['dora_provider'];
type Supplier = Declaration<DeclarationData['subservice_organization']>;
type Row = readonly (string | null)[];

/** What is known of one service; a null among countries stands for places that nobody named. */
interface ServiceLine {
  readonly reference: string | null;
  readonly type: string | null;
  readonly provision: string | null;
  readonly rest: readonly (string | null)[];
  readonly processing: readonly (string | null)[];
}

function lineOf(
  { head }: JudgeContext,
  service: ServiceEvidence,
  declared: DeclarationData['dora_service'] | undefined,
  support: readonly string[] | undefined,
): ServiceLine {
  const { period_end: at } = head;
  const primary = spanAt(service.countries, at, at)?.value;
  const hasNone = spanAt(service.backup_schedule, at, at)?.value === 'none';
  const backups = hasNone ? [] : spanAt(service.backup_countries, at, at)?.value;
  return {
    reference: declared?.arrangement_reference ?? null,
    type: declared === undefined ? null : `eba_TA:${declared.service_type}`,
    provision: declared === undefined ? null : country(declared.country_of_provision),
    rest: union([primary, backups]),
    processing: union([primary, declared?.countries_of_processing, support]),
  };
}

function arrangements(provider: Provider | null, lines: readonly ServiceLine[]): AnnexTable {
  const rows = lines.flatMap((line) =>
    line.rest.flatMap((rest) =>
      line.processing.map((processing) => [
        line.reference,
        provider?.identifier.value ?? null,
        identifierType(provider?.identifier),
        line.type,
        line.provision,
        // A database service stores data: the one column that follows from what the service is.
        'eba_BT:x28',
        rest,
        processing,
      ]),
    ),
  );
  return {
    template: 'B_02.02',
    title: 'Arrangements, specific: service, provision, storage and processing by country',
    columns: ['c0010', 'c0030', 'c0040', 'c0060', 'c0130', 'c0140', 'c0150', 'c0160'],
    rows: distinct(rows),
  };
}

function signing(provider: Provider | null, lines: readonly ServiceLine[]): AnnexTable {
  return {
    template: 'B_03.02',
    title: 'Providers that sign an arrangement',
    columns: ['c0010', 'c0020', 'c0030'],
    rows: distinct(
      lines.map((line) => [line.reference, provider?.identifier.value ?? null, identifierType(provider?.identifier)]),
    ),
  };
}

function providers(context: JudgeContext, provider: Provider | null): AnnexTable {
  // c0070 (legal or natural person) stays open: an identifier doesn't tell it. c0030 and c0040: no further one is kept.
  const operator: Row[] =
    provider === null
      ? []
      : [
          [
            provider.identifier.value,
            identifierType(provider.identifier),
            null,
            null,
            provider.legal_name,
            inLatin(provider.legal_name),
            null,
            country(provider.country),
            provider.parent?.value ?? null,
            identifierType(provider.parent),
          ],
        ];
  const suppliers = suppliersOf(context).map(({ data }): Row => {
    // Countries of a supplier are those of its service; where its head office is, nobody declared.
    const { name, identifier } = data;
    return [
      identifier?.value ?? null,
      identifierType(identifier),
      null,
      null,
      name,
      inLatin(name),
      null,
      null,
      null,
      null,
    ];
  });
  return {
    template: 'B_05.01',
    title: 'Providers: the operator and its declared suppliers',
    columns: ['c0010', 'c0020', 'c0030', 'c0040', 'c0050', 'c0060', 'c0070', 'c0080', 'c0110', 'c0120'],
    rows: distinct([...operator, ...suppliers]),
  };
}

function chain(context: JudgeContext, provider: Provider | null, lines: readonly ServiceLine[]): AnnexTable {
  const arranged = distinct(lines.map((line) => [line.reference, line.type]));
  const [reference = null, type = null] = arranged.length === 1 ? (arranged[0] ?? []) : [];
  const suppliers = suppliersOf(context).toSorted((a, b) => a.data.rank - b.data.rank);
  return {
    template: 'B_05.02',
    title: 'Supply chain: the operator (rank 1) and its declared suppliers',
    columns: ['c0010', 'c0020', 'c0030', 'c0040', 'c0050', 'c0060', 'c0070'],
    rows: distinct([
      ...arranged.map((key): Row => [
        ...key,
        provider?.identifier.value ?? null,
        identifierType(provider?.identifier),
        '1',
        null,
        null,
      ]),
      // A supplier is declared for the operator as a whole: with several arrangements, nothing says which it serves.
      ...suppliers.map(({ data: { identifier, rank } }): Row => {
        const recipient = rank === 2 ? provider?.identifier : undefined;
        return [
          reference,
          type,
          identifier?.value ?? null,
          identifierType(identifier),
          String(rank),
          recipient?.value ?? null,
          identifierType(recipient),
        ];
      }),
    ]),
  };
}

function suppliersOf({ evidence, head }: JudgeContext): readonly Supplier[] {
  return inForce(evidence, 'subservice_organization', head.period_end).filter(({ data }) => data.rank > 1);
}

const IDENTIFIER_TYPES: Readonly<Record<PartyIdentifier['type'], string>> = {
  LEI: 'eba_qCO:qx2000',
  EUID: 'eba_qCO:qx2002',
  company_register: 'eba_qCO:qx2003',
  VAT: 'eba_qCO:qx2004',
  other: 'eba_qCO:qx2001',
};

function identifierType(identifier: PartyIdentifier | null | undefined): string | null {
  return identifier === null || identifier === undefined ? null : IDENTIFIER_TYPES[identifier.type];
}

function country(code: string): string {
  return `eba_GA:${code}`;
}

function inLatin(name: string): string | null {
  return /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u.test(name) ? name : null;
}

/** A list that is absent leaves one null: there may be further countries. */
function union(lists: readonly (readonly string[] | undefined)[]): (string | null)[] {
  const known = [...new Set(lists.flatMap((list) => list ?? []))].sort(compareText).map(country);
  return known.length === 0 || lists.includes(undefined) ? [...known, null] : known;
}

/** Equal rows are one: a register refuses a key that appears twice. */
function distinct<T extends Row>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}
