import { describe, expect, it } from 'vitest';

import { cutWindow, roundUp, type Span } from '../../src/trail/time-window.ts';
import { Random } from '../../../formats/test/support/random.ts';

const HOUR = 3600;
const at = (hours: number, micros = 0) => ({ seconds: Math.round(hours * HOUR), micros });

/** How often an instant is counted by what a window was cut into. */
function counted(instant: number, { days, hours, edges, beyond }: ReturnType<typeof roundUp>): number {
  const holds = ({ from, to }: Span): boolean =>
    (from === undefined || from.seconds * 1e6 + from.micros <= instant) &&
    (to === undefined || to.seconds * 1e6 + to.micros > instant);
  return [...days, ...hours, ...edges].filter(holds).length - beyond.filter(holds).length;
}

describe('a window in days and what they have too much', () => {
  it('takes a day for an edge that is more than half of it', () => {
    expect(roundUp(cutWindow({ from: at(1), to: at(24 * 3 + 8) }, false))).toEqual({
      days: [{ from: at(0), to: at(24 * 3) }],
      hours: [],
      edges: [{ from: at(24 * 3), to: at(24 * 3 + 8) }],
      beyond: [{ from: at(0), to: at(1) }],
    });
  });

  it('leaves open ends open', () => {
    expect(roundUp(cutWindow({ from: at(1), to: undefined }, false)).days).toEqual([{ from: at(0), to: undefined }]);
    expect(roundUp(cutWindow({ from: undefined, to: at(47) }, false)).days).toEqual([{ from: undefined, to: at(48) }]);
  });

  it('counts each instant of the window once and no other', () => {
    const random = new Random(5);
    const instant = () => ({ seconds: random.below(5 * 24 * HOUR), micros: random.pick([0, 1, 999_999]) });
    for (let round = 0; round < 3000; round += 1) {
      const [one, other] = [instant(), instant()].sort((a, b) => a.seconds - b.seconds || a.micros - b.micros);
      const window = { from: random.chance(0.8) ? one : undefined, to: random.chance(0.8) ? other : undefined };
      const cut = roundUp(cutWindow(window, false));
      for (let probe = 0; probe < 20; probe += 1) {
        const { seconds, micros } = probe < 2 ? ((probe === 0 ? one : other) ?? at(0)) : instant();
        const time = seconds * 1e6 + micros;
        const isInside =
          (window.from === undefined || window.from.seconds * 1e6 + window.from.micros <= time) &&
          (window.to === undefined || window.to.seconds * 1e6 + window.to.micros > time);
        if (counted(time, cut) !== Number(isInside)) expect.fail(JSON.stringify({ window, cut, time }));
      }
    }
  });
});
