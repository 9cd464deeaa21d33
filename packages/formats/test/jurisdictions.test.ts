import { expect, test } from 'vitest';

import { adequacyOf, isThirdCountry, JURISDICTIONS, residencyOf } from '../src/jurisdictions.ts';

test('there are 27 member states, and no country is in two lists', () => {
  expect(JURISDICTIONS.eu.size).toBe(27);
  const adequate = JURISDICTIONS.adequate.map(({ country }) => country);
  const all = [...JURISDICTIONS.eu, ...JURISDICTIONS.eeaEfta, ...adequate];
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((code) => !/^[A-Z]{2}$/.test(code))).toEqual([]);
});

test.each<[readonly string[], ReturnType<typeof residencyOf>]>([
  [['FI', 'SE'], 'eu'],
  [['FI', 'NO'], 'eea'],
  [['NO', 'CH', 'FI'], 'adequate'],
  [['FI', 'GB', 'RS'], 'other'],
  [['RE'], 'other'],
  [['UK'], 'other'],
  [[], undefined],
])('the worst placed country decides: %j is %s', (countries, expected) => {
  expect(residencyOf(countries, '2026-11-24')).toBe(expected);
});

test.each(['CA', 'JP', 'US'])('a decision of partial scope does not make %s adequate', (country) => {
  expect(adequacyOf(country, '2026-11-24')?.scope).toBe('partial');
  expect(residencyOf([country], '2026-11-24')).toBe('other');
});

test('a decision counts from its first day to its last, both included', () => {
  expect(['2026-01-27', '2026-01-28'].map((day) => residencyOf(['BR'], day))).toEqual(['other', 'adequate']);
  expect(['2031-12-27T23:59:59Z', '2031-12-28'].map((day) => residencyOf(['GB'], day))).toEqual(['adequate', 'other']);
});

test('a third country is one outside the EEA, adequate or not', () => {
  expect(['FI', 'IS', 'CH', 'US', 'BR'].filter(isThirdCountry)).toEqual(['CH', 'US', 'BR']);
});
