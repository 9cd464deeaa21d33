import type { Framework } from '@veritrail/formats';
import { expect, test } from 'vitest';

import { assess, PACKET_CATALOGUES } from '../src/index.ts';
import { emptyEvidence, headOf, soundEvidence } from './support/evidence.ts';

/** What records can't show, however good they are: the sound evidence leaves these open. */
const NEVER_ATTESTED: Partial<Record<Framework, readonly string[]>> = {
  gdpr_ropa: ['30(4)', '32(4)', '28(3)(h)'],
  dora: ['2025/532', 'RTS 12(2)(e)'],
  eu_ai_act: ['Art. 18(1)', 'Art. 21(2)'],
};

test.each(['gdpr_ropa', 'dora', 'eu_ai_act'] as const)(
  '%s: where everything is known and fine, what records can show is attested',
  (framework) => {
    const { controls } = assess(headOf(framework), soundEvidence());
    const others = controls.filter(({ status }) => status !== 'attested');
    const shown = others.map(({ control_id: id, status, assertion }) => `${id}: ${status}: ${assertion}`);
    expect(
      others.map(({ control_id: id }) => id),
      shown.join('\n'),
    ).toEqual(NEVER_ATTESTED[framework]);
  },
);

test.each(['gdpr_ropa', 'dora', 'eu_ai_act'] as const)(
  '%s: an organization that declared nothing gets at least five entries, and none is attested',
  (framework) => {
    const { controls } = assess(headOf(framework), emptyEvidence());
    expect(controls.length).toBeGreaterThanOrEqual(5);
    // The trail is kept without a limit, and no reason is recorded: that much is known.
    const known = framework === 'gdpr_ropa' ? ['5(1)(e)'] : [];
    const unlike = controls.filter(({ status }) => status !== 'insufficient_evidence');
    expect(
      unlike.map(({ control_id: id }) => id),
      unlike.map(({ assertion }) => assertion).join('\n'),
    ).toEqual(known);
  },
);

const IDS: Partial<Record<Framework, readonly string[]>> = {
  gdpr_ropa: [
    ...['30(5)', '30(1)(a)', '30(1)(b)', '30(1)(c)', '30(1)(d)', '30(1)(e)', '30(1)(f)', '30(1)(g)'],
    ...['30(2)(a)', '30(2)(b)', '30(2)(c)', '30(2)(d)', '30(3)', '30(4)'],
    ...['32(1)(a)', '32(1)(b)', '32(1)(c)', '32(1)(d)', '32(4)'],
    ...['28(2), 28(4)', '28(3)(g)', '28(3)(h)', '33(2)', '33(5)', '5(1)(e)'],
  ],
  dora: [
    ...['5, 6', '8(1), 8(4), 8(6)', '9(2), 9(3)', '9(4)(c), (d)', '9(4)(e)', '10(1), 10(2), 10(3)', '11(4), 11(6)'],
    ...['11(8)', '12(1)', '12(2)', '12(3)', '12(4), 12(6)', '12(7)', '14', '17(2), 17(3)', '18', '19', '24, 25'],
    ...['28(3)', '28(8), 29', '30(2)(a)', '30(2)(b)', '30(2)(c), (d), 30(3)(e)', '31'],
    ...['RTS 6', 'RTS 7', 'RTS 8', 'RTS 10', 'RTS 12(2)(a)', 'RTS 12(2)(c)', 'RTS 12(2)(d)', 'RTS 12(2)(e)'],
    ...['RTS 12(2)(f)', 'RTS 13(1)(e), 14', 'RTS 17', 'RTS 20', 'RTS 21(e)', 'RTS 21(f)', 'RTS 22', '2025/532'],
  ],
  eu_ai_act: [
    ...['Art. 6, 6(4)', 'Art. 9', 'Art. 10', 'Art. 11, Annex IV 1(c), 1(e), 2(c), 2(d), 2(g), 6', 'Art. 12(1), 12(2)'],
    ...['Art. 12(3)', 'Art. 13(3)(f)', 'Art. 14', 'Art. 15(1), 15(4)', 'Art. 15(5)', 'Art. 16(e), 19(1)'],
    ...['Art. 17(1)(f), 17(1)(k)', 'Art. 18(1)', 'Art. 21(2)', 'Art. 26(1), 26(5)', 'Art. 26(6)', 'Art. 27', 'Art. 72'],
    'Art. 73',
  ],
};

test.each(Object.entries(IDS))(
  '%s: each entry of the edition is judged, or not covered with why, once',
  (name, ids) => {
    const { controls, notCovered } = PACKET_CATALOGUES[name as Framework];
    expect([...controls, ...notCovered].map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const { why } of notCovered) expect(why.length).toBeGreaterThan(8);
  },
);
