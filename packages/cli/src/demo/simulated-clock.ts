/** The time at which the demo's deeds happen. Moved by hand, and only forward. */
export interface SimulatedClock {
  now(): Date;
  /** @param at milliseconds since the Unix epoch; an earlier time than the clock's changes nothing */
  moveTo(at: number): void;
}

export function createSimulatedClock(start: number): SimulatedClock {
  let time = start;
  return {
    now: () => new Date(time),
    moveTo: (at) => {
      time = Math.max(time, at);
    },
  };
}
