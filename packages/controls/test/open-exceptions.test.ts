import { expect, test } from 'vitest';

import { openExceptions } from '../src/index.ts';

const control = (
  control_id: string,
  status: 'attested' | 'exception' | 'insufficient_evidence' | 'not_applicable',
) => ({
  control_id,
  status,
});

test('an exception stays open until a packet shows that it was closed', () => {
  const previous = { exceptions: ['CC6.1', 'CC6.2', 'CC6.3', 'CC6.4', 'gone'] };
  const controls = [
    control('CC6.1', 'insufficient_evidence'),
    control('CC6.2', 'attested'),
    control('CC6.3', 'exception'),
    control('CC6.4', 'not_applicable'),
    control('CC6.5', 'insufficient_evidence'),
    control('CC6.6', 'exception'),
  ];
  expect(openExceptions(controls, previous)).toEqual(['CC6.3', 'CC6.6', 'CC6.1']);
  expect(openExceptions(controls, undefined)).toEqual(['CC6.3', 'CC6.6']);
});
