import type { Packet } from '@veritrail/controls';
import { describe, expect, it } from 'vitest';

import { viewPacket, type SignedPacket } from '../../../src/evidence/pdf/packet-view.ts';
import { samplePacket, signSample } from '../../support/sample-packet.ts';

const plain = { print: (text: string) => text, families: 0 };

function view(packet: Packet) {
  const { bytes, key } = signSample(packet);
  return viewPacket(JSON.parse(bytes.toString()) as SignedPacket, key, plain);
}

describe('what of a packet is set', () => {
  it('counts are those that were signed', () => {
    const packet = samplePacket();
    const shown = Object.fromEntries(view(packet).statuses.map(({ status, count }) => [status, count]));
    expect(shown).toEqual(packet.summary.statuses);
  });

  it('every control is there with its own sentence, and failing items that are not listed are counted', () => {
    const packet = samplePacket({ failingListed: 3, failingMore: 12 });
    const { controls } = view(packet);
    expect(controls.map(({ id, assertion }) => [id, assertion])).toEqual(
      packet.controls.map(({ control_id, assertion }) => [control_id, assertion]),
    );
    for (const { status, failing_left } of controls) expect(failing_left).toBe(status === 'exception' ? 12 : 0);
  });

  it('a place that is not known says so, and moves are told in order', () => {
    const packet = samplePacket();
    const [first, second, moved] = packet.evidence.services;
    const services = [
      { ...first!, zones: [], countries: [], unknown_zones: [] },
      { ...second!, countries: [], unknown_zones: ['zz-lab1'] },
      moved!,
    ];
    const shown = view({ ...packet, evidence: { ...packet.evidence, services } }).services;
    expect(shown.map(({ zones, countries }) => [zones, countries])).toEqual([
      ['unknown', 'unknown'],
      ['de-fra1, se-sto1', 'zone not in the catalogue: zz-lab1'],
      ['se-sto1, uk-lon1, then se-sto1', 'SE, GB, then SE'],
    ]);
  });

  it('a field of the annex that nobody filled reads open, and wide templates go on in parts', () => {
    const rows = [Array.from({ length: 18 }, (_, i) => (i === 4 ? null : `v${i}`))];
    const columns = rows[0]!.map((_, i) => `c${i}`);
    const [table] = view(
      samplePacket({ framework: 'dora', annex: [{ template: 'B', title: 'T', columns, rows }] }),
    ).annex;
    expect(table).toMatchObject({ rows: 1, open: 1 });
    expect(table!.parts.flatMap((part) => part.columns)).toEqual(columns);
    expect(table!.parts.flatMap(({ rows: [row] }) => row!.slice(1))).toEqual(rows[0]!.map((cell) => cell ?? 'open'));
    expect(table!.parts.map(({ rows: [row] }) => row![0])).toEqual(['1', '1', '1']);
  });

  it('a trail that was not checked or does not match says so', () => {
    const packet = samplePacket();
    const { integrity } = packet.evidence.audit_log;
    const check = (change: Partial<typeof integrity>): string =>
      view({
        ...packet,
        evidence: {
          ...packet.evidence,
          audit_log: { ...packet.evidence.audit_log, integrity: { ...integrity, ...change } },
        },
      }).records.trail.find(([label]) => label === 'Check of the entries')![1]!;
    expect(check({ result: 'unchecked', from_sequence: null, unchecked: 9 })).toBe('not checked (9 entries)');
    expect(check({ result: 'diverged', finding: 'mac' })).toContain('DOES NOT MATCH what was recorded: mac');
  });

  it('days without a sample are drawn, described and listed', () => {
    const { samples } = view(samplePacket({ days: 40, missing: [0, 1, 2, 20] }));
    expect(samples).toMatchObject({ expected: 40, taken: 36, missing: 4 });
    expect(samples.missing_days).toBe('2026-05-13 to 2026-05-15, 2026-06-02');
    expect(samples.months.map(({ alt }) => alt)).toEqual([
      'May 2026: 16 of 19 days sampled; missing: 13, 14, 15.',
      'June 2026: 20 of 21 days sampled; missing: 2.',
    ]);
  });

  it('a kind of declared record is bounded, and says how many it leaves to the file', () => {
    const { declared } = view(samplePacket({ services: 60 })).records;
    const restores = declared.find(({ title }) => title === 'Restore test')!;
    expect([restores.records.length, restores.left]).toEqual([40, 20]);
  });
});
