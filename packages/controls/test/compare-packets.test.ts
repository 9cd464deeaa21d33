import { describe, expect, test } from 'vitest';

import { assess, comparePackets, type ControlFinding, type Packet } from '../src/index.ts';
import { END, emptyEvidence, headOf, soundService, span, timeIn, type Draft } from './support/evidence.ts';

function packetOf(change: (evidence: Draft) => void = () => undefined): Packet {
  const evidence = emptyEvidence();
  evidence.services = [soundService('s1')];
  change(evidence);
  const head = headOf('soc2');
  return { ...head, ...assess(head, evidence), evidence: evidence };
}

/** The same packet with other statuses. */
function withStatuses(packet: Packet, statuses: Readonly<Record<string, ControlFinding['status']>>): Packet {
  const controls = packet.controls.map((control) => ({
    ...control,
    status: statuses[control.control_id] ?? control.status,
  }));
  return { ...packet, controls };
}

describe('comparing two packets', () => {
  test('a packet differs in nothing from itself', () => {
    expect(comparePackets(packetOf(), packetOf())).toMatchObject({
      statuses: [],
      counts: [],
      exceptions: { opened: [], closed: [], vanished: [] },
      services: { added: [], ended: [], changed: [] },
      catalogue_changed: false,
    });
  });

  test('an exception that nothing can be said of any more has vanished and is not closed', () => {
    const packet = packetOf();
    const ids = packet.controls.map((control) => control.control_id).slice(0, 5) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const status = (...of: ControlFinding['status'][]) =>
      withStatuses(packet, Object.fromEntries(ids.map((id, index) => [id, of[index]!])));
    const before = status('exception', 'exception', 'exception', 'exception', 'attested');
    const after = status('attested', 'insufficient_evidence', 'not_applicable', 'exception', 'exception');
    const { exceptions, statuses } = comparePackets(before, after);
    expect(exceptions).toEqual({
      opened: [ids[4]],
      closed: [ids[0]],
      vanished: [ids[1], ids[2]],
      standing: expect.arrayContaining([ids[3]]) as string[],
    });
    expect(statuses).toContainEqual({ control_id: ids[1], before: 'exception', after: 'insufficient_evidence' });
  });

  test('a control that only one catalogue has is named with null', () => {
    const packet = packetOf();
    const [first, ...rest] = packet.controls;
    const older = { ...packet, controls: rest, catalogue: { ...packet.catalogue, digest: 'other' } };
    const { statuses, catalogue_changed: changed } = comparePackets(older, packet);
    expect(statuses).toEqual([{ control_id: first?.control_id, before: null, after: first?.status }]);
    expect(changed).toBe(true);
  });

  test('a fact that was not read up to the end of the period is unknown then', () => {
    const lapsed = packetOf((evidence) => {
      evidence.services = [soundService('s1', { tls_required: [span(true, { to: timeIn(86_400) })] })];
    });
    expect(comparePackets(packetOf(), lapsed).services.changed).toEqual([
      { service_id: 's1', name: 'orders-s1', facts: [{ fact: 'tls_required', before: true, after: null }] },
    ]);
  });

  test('a service that ended is told, with its facts as they last were', () => {
    const ended = packetOf((evidence) => {
      evidence.services = [soundService('s1', { ended_at: END })];
    });
    const gone = packetOf((evidence) => {
      evidence.services = [soundService('s2')];
    });
    expect(comparePackets(packetOf(), ended).services).toMatchObject({ ended: [{ service_id: 's1' }], changed: [] });
    expect(comparePackets(packetOf(), gone).services).toMatchObject({
      added: [{ service_id: 's2' }],
      ended: [{ service_id: 's1' }],
    });
    expect(comparePackets(ended, gone).services.ended).toEqual([]);
  });
});
