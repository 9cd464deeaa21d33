import { expect, test } from 'vitest';

import { assess, type ControlFinding } from '../src/index.ts';
import { headOf } from './support/evidence.ts';
import { storyEvidence } from './support/framework-story.ts';

function findings(framework: 'gdpr_ropa' | 'dora' | 'eu_ai_act'): (id: string) => ControlFinding {
  const { controls } = assess(headOf(framework), storyEvidence());
  return (id) => {
    const found = controls.find(({ control_id }) => control_id === id);
    if (found === undefined) throw new Error(id);
    return found;
  };
}

test('GDPR: a reader understands from the sentence what holds, what does not, and what nobody knows', () => {
  const of = findings('gdpr_ropa');
  expect(of('30(2)(a)')).toMatchObject({
    status: 'attested',
    assertion: 'TBD',
  });
});
