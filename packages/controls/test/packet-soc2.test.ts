import { expect, test } from 'vitest';

import { assess } from '../src/index.ts';
import { emptyEvidence, headOf, soundEvidence } from './support/evidence.ts';

const HEAD = headOf('soc2');

test('where everything is known and fine, each criterion that records can show is attested', () => {
  const { controls } = assess(HEAD, soundEvidence());
  const others = controls.filter((control) => control.status !== 'attested');
  expect(others.map((control) => `${control.control_id} ${control.status} ${control.reasons.join()}`)).toEqual([
    // They ask for more than records, however good those are.
    'CC9.1 insufficient_evidence outside_platform',
    'CC2.1 insufficient_evidence outside_platform',
  ]);
});

test('where nothing is known, nothing is attested', () => {
  for (const control of assess(HEAD, emptyEvidence()).controls) {
    expect(control.status, control.assertion).toBe('insufficient_evidence');
  }
});
