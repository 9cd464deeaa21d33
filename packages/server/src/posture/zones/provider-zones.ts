/** `europe` is geography, not law: London, Zurich and Oslo carry it too. A zone that nobody knows is `unknown`. */
export const regionLabels = [
  'africa',
  'asia',
  'europe',
  'middle-east',
  'north-america',
  'oceania',
  'south-america',
] as const;

export type RegionLabel = (typeof regionLabels)[number];

export interface ShippedZone {
  /** The id exactly as the provider writes it, capitals included. */
  readonly zone: string;
  /** Where the provider names no city: the area that it names. */
  readonly city: string;
  /** ISO 3166-1 alpha-2 of the data centre, not of the company that runs it. */
  readonly country: string;
  readonly region: RegionLabel;
  /** In place of the provider's `suffixes`; an empty list for a region without availability zones. */
  readonly suffixes?: readonly string[];
}

export interface ProviderZones {
  readonly provider: string;
  /** The provider's own public list, to compare with. */
  readonly source: string;
  /** Date of the copy that ids and countries were read in, or of the reading where the copy bears none. */
  readonly asOf: string;
  /** `stored`: ids and countries were read in a stored public page; `general_knowledge`: they were not. */
  readonly confirmed: 'stored' | 'general_knowledge';
  /** What is put after a region's id to name the availability zones in it; each becomes a zone of its own. */
  readonly suffixes: readonly string[];
  readonly zones: readonly ShippedZone[];
}
