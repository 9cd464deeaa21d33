import { expect, test } from 'vitest';

import { iso27001, iso27001Aliases, ISO27001_ACTIVITY, soc2, SOC2_ACTIVITY } from '../src/index.ts';

test('the catalogues have every identifier of their edition once', () => {
  const count = (prefix: string) => soc2.controls.filter((control) => control.id.startsWith(prefix)).length;
  expect([count('CC'), count('A'), count('C1'), count('PI'), count('P') - count('PI')]).toEqual([33, 3, 2, 5, 18]);
  expect(new Set(soc2.controls.map((control) => control.id)).size).toBe(61);
  const themes = ['A.5.', 'A.6.', 'A.7.', 'A.8.'].map(
    (theme) => iso27001.controls.filter((control) => control.id.startsWith(theme)).length,
  );
  expect(themes).toEqual([37, 8, 14, 34]);
  expect(new Set(iso27001.controls.map((control) => control.id)).size).toBe(93);
});

test('what no platform record can speak to says why', () => {
  for (const control of [...soc2.controls, ...iso27001.controls]) {
    expect(control.role !== 'not_covered' || (control.why ?? '').length > 10, control.id).toBe(true);
  }
});

test('each of the 114 old identifiers leads to current ones, and all current ones but the eleven new have an origin', () => {
  expect(Object.keys(iso27001Aliases)).toHaveLength(114);
  const current = new Set(iso27001.controls.map((control) => control.id));
  const reached = new Set(Object.values(iso27001Aliases).flat());
  expect([...reached].filter((id) => !current.has(id))).toEqual([]);
  expect(current.size - reached.size).toBe(11);
});

test('a control of an activity report is in its catalogue, and an old identifier is an alias of the one it shows', () => {
  const known = new Set([...soc2.controls, ...iso27001.controls].map((control) => control.id));
  for (const control of [...SOC2_ACTIVITY, ...ISO27001_ACTIVITY]) {
    expect(known.has(control.catalogueId), control.controlId).toBe(true);
  }
  for (const { controlId, catalogueId } of ISO27001_ACTIVITY) {
    expect(controlId === catalogueId || iso27001Aliases[controlId]?.includes(catalogueId), controlId).toBe(true);
  }
});
