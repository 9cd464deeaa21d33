/**
 * Countries by ISO 3166-1 alpha-2, for rules that ask where data is. "Europe" is no class: Switzerland and the United
 * Kingdom are in neither list. As of November 2026.
 */
export const EU: readonly string[] = (
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'
).split(' ');

/** In the European Economic Area and not in the EU: the GDPR applies there. */
export const EEA_EFTA: readonly string[] = ['IS', 'LI', 'NO'];

export const EEA: readonly string[] = [...EU, ...EEA_EFTA].toSorted();

/** With an adequacy decision (Art. 45 GDPR) for the whole country; the last day where it is limited. */
export const ADEQUATE: readonly { readonly code: string; readonly until: string | null }[] = [
  ...'AD AR BR CH FO GG IL IM JE KR NZ UY'.split(' ').map((code) => ({ code, until: null })),
  { code: 'GB', until: '2031-12-27' },
];

/** With a decision that covers some recipients only, so that the country alone says nothing. */
export const ADEQUATE_IN_PART: readonly { readonly code: string; readonly scope: string }[] = [
  { code: 'CA', scope: 'commercial organizations under the federal private-sector act' },
  { code: 'JP', scope: 'the private sector' },
  { code: 'US', scope: 'organizations certified under the Data Privacy Framework' },
];
