import { canonicalJson, parseExactJson } from '../packages/formats/dist/index.js';
import { interleaved, ratios } from './support/measure.mjs';
import { sampleEvents } from './support/sample-events.mjs';

export const title = 'Exact JSON: reading bodies as strictly as signatures need';

const ROUNDS = 15;
const REPEATS = 20;

export async function run(tell) {
  const events = sampleEvents(1000);
  const batch = JSON.stringify({ events });
  const details = JSON.stringify(events.map((event) => event.details));
  const single = JSON.stringify(events[0]);
  const options = { exactMember: 'details' };
  const repeated = (work) => () => {
    for (let repeat = 0; repeat < REPEATS; repeat += 1) work();
  };
  const works = {
    'batch exact': repeated(() => parseExactJson(batch, options)),
    'batch JSON.parse': repeated(() => JSON.parse(batch)),
    'single exact': repeated(() => {
      for (let event = 0; event < 1000; event += 1) parseExactJson(single, options);
    }),
    'single JSON.parse': repeated(() => {
      for (let event = 0; event < 1000; event += 1) JSON.parse(single);
    }),
    'canonical exact': repeated(() => canonicalJson(details)),
    'canonical JSON': repeated(() => JSON.stringify(JSON.parse(details))),
  };
  tell(`${ROUNDS} rounds`);
  const times = await interleaved(Object.keys(works), { rounds: ROUNDS, warmUp: 3 }, async (name) => {
    const start = performance.now();
    works[name]();
    return performance.now() - start;
  });
  const scale = Object.entries(times).map(([name, rounds]) => ({
    name,
    microsecondsAnEvent: Number(((Math.min(...rounds) / REPEATS / 1000) * 1000).toPrecision(3)),
  }));
  return {
    figures: [
      { figure: 'a batch of 1,000 events: time, of JSON.parse', ...ratios(times['batch exact'], times['batch JSON.parse']) },
      { figure: 'a single event: time, of JSON.parse', ...ratios(times['single exact'], times['single JSON.parse']) },
      {
        figure: 'canonical text of 1,000 details: time, of JSON.stringify(JSON.parse(…))',
        ...ratios(times['canonical exact'], times['canonical JSON']),
      },
    ],
    scale,
    notes: [],
  };
}
