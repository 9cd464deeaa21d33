import { expect, test } from 'vitest';

import { assess, type PacketHead } from '../src/index.ts';
import { headOf, soundEvidence, type Draft } from './support/evidence.ts';

type Case = [
  framework: PacketHead['framework'],
  id: string,
  change: (evidence: Draft) => void,
  reason: string,
  bases: string[],
];

test.each<Case>([
  [
    'soc2',
    'A1.1',
    (e) => {
      for (const { data } of e.declarations.scope_categories) data.categories = ['security'];
    },
    'scoped_out',
    ['declared'],
  ],
  [
    'gdpr_ropa',
    '30(2)(c)',
    (e) => {
      for (const { data } of e.declarations.support_access) data.countries = ['SE'];
    },
    'excluded_by_records',
    ['declared', 'derived'],
  ],
  [
    'dora',
    '28(3)',
    (e) => {
      for (const { data } of e.declarations.dora_role) data.role = 'neither';
    },
    'excluded_by_records',
    ['declared'],
  ],
  [
    'eu_ai_act',
    'Art. 18(1)',
    (e) => {
      for (const { data } of e.declarations.ai_role) data.role = 'deployer';
    },
    'excluded_by_records',
    ['declared'],
  ],
  [
    'eu_ai_act',
    'Art. 10',
    (e) => {
      for (const { data } of e.declarations.ai_system) data.high_risk = 'no';
    },
    'excluded_by_records',
    ['declared'],
  ],
])('%s %s says by its reason whether somebody decided it', (framework, id, change, reason, bases) => {
  const evidence = soundEvidence();
  change(evidence);
  const found = assess(headOf(framework), evidence).controls.find(({ control_id }) => control_id === id);
  expect(found).toMatchObject({ status: 'not_applicable', bases });
  expect(found?.reasons.filter((one) => one !== 'not_yet_in_application')).toEqual([reason]);
});
