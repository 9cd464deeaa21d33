import { ACTS_OF_PEOPLE, ACTS_OF_PROGRAMS, type Act } from './acts.ts';
import { PEOPLE, PROGRAMS, type DemoActor } from './cast.ts';
import { planIncidents } from './incidents.ts';
import { weighted, type Random } from './random.ts';
import { activityAt, spreadOverHours } from './rhythm.ts';
import { sentEvent, type SentEvent } from './sent-event.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Exactly `total` events between two times, hour by hour and in time order within each: however many there are, only
 * one hour of them is held.
 */
export function* planActivity(start: number, end: number, total: number, random: Random): Generator<SentEvent[]> {
  const incidents = planIncidents(start, end, total, random);
  const counts = spreadOverHours(start, end, total - incidents.length);
  const actOf = createActs();
  let told = 0;
  for (const [index, count] of counts.entries()) {
    const hour = start + index * HOUR;
    const length = Math.min(HOUR, end - hour);
    const events: SentEvent[] = [];
    for (let left = count; left > 0; left -= 1) {
      const at = hour + random.whole(0, length - 1);
      const { actor, act } = actOf(random, at, { start, end });
      events.push(sentEvent(random, actor, at, act.action, act.resourceType, act.describe(random, actor)));
    }
    for (; incidents[told] !== undefined && incidents[told]!.at < hour + length; told += 1)
      events.push(incidents[told]!);
    yield events.sort((one, other) => one.at - other.at);
  }
}

type Choose = (random: Random, at: number, time: { start: number; end: number }) => { actor: DemoActor; act: Act };

function createActs(): Choose {
  const people = weighted(Object.values(PEOPLE));
  const programs = weighted(Object.values(PROGRAMS));
  const actsOfPeople = weighted(ACTS_OF_PEOPLE);
  const actsOfPrograms = new Map(Object.entries(ACTS_OF_PROGRAMS).map(([id, acts]) => [id, weighted(acts)]));
  return (random, at, { start, end }) => {
    const rates = activityAt(at - (at % HOUR), start, end);
    if (random.next() * (rates.people + rates.programs) < rates.people) {
      let actor = people(random);
      while (!isThere(actor, at, end)) actor = people(random);
      return { actor, act: actsOfPeople(random) };
    }
    const actor = programs(random);
    const act = actsOfPrograms.get(actor.id)?.(random);
    if (act === undefined) throw new RangeError(`${actor.id} does nothing`);
    return { actor, act };
  };
}

function isThere(actor: DemoActor, at: number, end: number): boolean {
  const daysAgo = (end - at) / DAY;
  return daysAgo <= actor.joinedDaysAgo && daysAgo > actor.leftDaysAgo;
}
