/**
 * Which law a country's data centre lies under, by ISO 3166-1 alpha-2. Packets print `asOf`; any change of the data
 * moves it.
 *
 * Left out of `eu` on purpose: territories with a code of their own, also where EU law reaches some of them (AX, GF, GP,
 * MF, MQ, RE, YT). A doubtful place shows `other`, never `eu`.
 */
export const JURISDICTIONS = {
  asOf: '2026-11',
  /** The 27 member states. */
  eu: new Set(
    'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
  ) as ReadonlySet<string>,
  /** In the European Economic Area through EFTA: the GDPR applies there, EU membership doesn't. */
  eeaEfta: new Set(['IS', 'LI', 'NO']) as ReadonlySet<string>,
  /** Third countries with a decision of the Commission by Article 45 of the GDPR, and what of them it covers. */
  adequate: [
    { country: 'AD', scope: 'full' },
    { country: 'AR', scope: 'full' },
    // Implementing Decision (EU) 2026/179 of 26 January 2026; counted from its publication.
    { country: 'BR', scope: 'full', from: '2026-01-28' },
    { country: 'CA', scope: 'partial', covers: 'commercial organisations under the federal private-sector act' },
    { country: 'CH', scope: 'full' },
    { country: 'FO', scope: 'full' },
    // Renewed on 19 December 2025.
    { country: 'GB', scope: 'full', until: '2031-12-27' },
    { country: 'GG', scope: 'full' },
    { country: 'IL', scope: 'full' },
    { country: 'IM', scope: 'full' },
    { country: 'JE', scope: 'full' },
    { country: 'JP', scope: 'partial', covers: 'the private sector' },
    { country: 'KR', scope: 'full' },
    { country: 'NZ', scope: 'full' },
    {
      country: 'US',
      scope: 'partial',
      covers: 'organisations certified under the Data Privacy Framework',
      // Implementing Decision (EU) 2023/1795.
      from: '2023-07-10',
    },
    { country: 'UY', scope: 'full' },
  ] as readonly AdequacyDecision[],
} as const;

export interface AdequacyDecision {
  readonly country: string;
  /** `partial`: whether it holds depends on who receives the data, which no country code tells. */
  readonly scope: 'full' | 'partial';
  /** For `partial`: whom it covers. */
  readonly covers?: string;
  /** First and last day in force, YYYY-MM-DD; without `from`, since before any packet; without `until`, no end is set. */
  readonly from?: string;
  readonly until?: string;
}

export type ResidencyClass = 'eu' | 'eea' | 'adequate' | 'other';

const WORST_LAST: readonly ResidencyClass[] = ['eu', 'eea', 'adequate', 'other'];

/**
 * The class of the worst placed of these countries. A decision of partial scope counts as `other`: a country alone
 * doesn't show that it holds.
 *
 * @param onDate a day or a time that begins with one, YYYY-MM-DD
 * @returns undefined for no country at all: nothing was shown
 */
export function residencyOf(countries: readonly string[], onDate: string): ResidencyClass | undefined {
  let worst = -1;
  for (const country of countries) worst = Math.max(worst, WORST_LAST.indexOf(classOf(country, onDate)));
  return WORST_LAST[worst];
}

function classOf(country: string, onDate: string): ResidencyClass {
  if (JURISDICTIONS.eu.has(country)) return 'eu';
  if (JURISDICTIONS.eeaEfta.has(country)) return 'eea';
  return adequacyOf(country, onDate)?.scope === 'full' ? 'adequate' : 'other';
}

/** The decision that was in force for a country on that day. */
export function adequacyOf(country: string, onDate: string): AdequacyDecision | undefined {
  const day = onDate.slice(0, 10);
  return JURISDICTIONS.adequate.find(
    (decision) =>
      decision.country === country &&
      (decision.from === undefined || decision.from <= day) &&
      (decision.until === undefined || day <= decision.until),
  );
}

/** Whether data there is in a third country in the sense of the GDPR's chapter V. */
export function isThirdCountry(country: string): boolean {
  return !JURISDICTIONS.eu.has(country) && !JURISDICTIONS.eeaEfta.has(country);
}
