import { expect, test } from 'vitest';

import { assess } from '../src/index.ts';
import { headOf } from './support/evidence.ts';
import { storyEvidence } from './support/framework-story.ts';

const SENTENCES = {
  gdpr_ropa: [
    [
      '28(2), 28(4)',
      'attested',
      'Example Cloud Ltd states that service and countries are on a dated list of the whole chain for all 2 suppliers as of 2026-05-31 00:00:00 UTC.',
    ],
    [
      '30(2)(b)',
      'exception',
      'Example Cloud Ltd states that for 1 of 3 services and stray lines it does not hold that the record has a line with category and purposes, and every line has a service: service “ledger” (b): in use without a line in the record from 2026-01-01 00:00:00 UTC.',
    ],
    [
      '32(1)(a)',
      'insufficient_evidence',
      'The records do not show whether storage and backups were encrypted and plaintext connections were refused: a needed fact was not collected. Needed: whether plaintext connections are refused (for service “scores” (c)).',
    ],
  ],
  dora: [
    [
      '28(3)',
      'attested',
      "Example Cloud Ltd states that the provider's columns are filled and agree with the recorded countries for all 3 services as of 2026-05-31 00:00:00 UTC.",
    ],
    [
      '30(2)(b)',
      'exception',
      'Example Cloud Ltd states that for 1 of 4 services it does not hold that each country of storage, backups and support access was on the declared list of agreed countries: service “ledger” (b): storage in GB, agreed: SE, FI and CH from 2026-05-11 00:00:00 UTC to 2026-05-13 00:00:00 UTC.',
    ],
    [
      '12(2)',
      'insufficient_evidence',
      'The records do not show whether encrypted backups ran by their schedule, and a restore test within twelve months succeeded: a needed fact was not collected. Needed: a restore test that succeeded within 12 months (for service “ledger” (b)).',
    ],
  ],
  eu_ai_act: [
    [
      'Art. 72',
      'attested',
      'Example Cloud Ltd states that the store of monitoring data is named, was encrypted and was not open to every address for all 4 AI systems and stores between 2026-05-01 00:00:00 UTC and 2026-05-31 00:00:00 UTC, with 29 daily samples. This is not yet in application (from 2027-12-02): it is readiness, no duty met or broken.',
    ],
    [
      'Art. 26(6)',
      'exception',
      "Example Cloud Ltd states that for 1 of 4 AI systems and stores it does not hold that the declared retention of the system's own logs is at least six calendar months, and the named store's records reach back over the declared span or to the start of use: service “orders” (a) of AI system “Credit scoring” (ai_system-1): its oldest log is of 2026-03-01 00:00:00 UTC, to be kept were those since 2025-05-31 00:00:00 UTC from 2026-05-01 00:00:00 UTC to 2026-05-31 00:00:00 UTC. Further 1 unknown. This is not yet in application (from 2027-12-02): it is readiness, no duty met or broken.",
    ],
    [
      'Art. 12(1), 12(2)',
      'insufficient_evidence',
      "The records do not show whether the store of the system's own logs is named, was there, protected and backed up, and received records: a needed fact was not collected. Needed: its oldest and newest record through the period (for service “ledger” (b) of AI system “Credit scoring” (ai_system-1)). This is not yet in application (from 2027-12-02): it is readiness, no duty met or broken.",
    ],
  ],
} as const;

test.each(Object.entries(SENTENCES))('%s: a reader understands from the sentence alone', (framework, expected) => {
  const { controls } = assess(headOf(framework as keyof typeof SENTENCES), storyEvidence());
  for (const [id, status, assertion] of expected) {
    expect(controls.find(({ control_id }) => control_id === id)).toMatchObject({ status, assertion });
  }
});

test('a record with open fields is titled a draft, and says how many', () => {
  expect(assess(headOf('gdpr_ropa'), storyEvidence()).title).toBe(
    "Draft processor's record of processing (Art. 30(2) GDPR), 3 fields open",
  );
});
