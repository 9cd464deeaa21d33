import { startLoad, call } from './support/server.mjs';
import { connectTo, postgresVersion } from './support/database.mjs';
import { LARGE, SMALL, startLargeServer } from './support/large-trail.mjs';
import { median } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';

export const title = 'Lists: 10 million events against 10 thousand, any filters, first, middle and last page';

const ROUNDS = 25;
const PAGE_SIZE = 50;
const DAY_MS = 86_400_000;
const PATH = '/api/v1/compliance/audit-events';

export async function run(tell) {
  const { server, large, small } = await startLargeServer(tell);
  const load = await startLoad();
  try {
    const combinations = combinationsOf(await actorsOf(server, large));
    tell(`${combinations.length} combinations of filters: how many events each selects`);
    const kinds = [];
    for (const filter of combinations) kinds.push(...(await pagesOf(server, large, small, filter)));
    tell(`${ROUNDS} rounds of ${kinds.length} pages of each trail`);
    const requests = kinds.flatMap(({ paths }) =>
      [large, small].map(({ authorization }, which) => ({ method: 'GET', path: paths[which], authorization })),
    );
    await load.ask('prepare', { port: server.port, requests });
    const latencies = await load.ask('alternate', { rounds: ROUNDS, warmUp: 2 });
    const measured = kinds.map(({ name }, index) => {
      const [slow, fast] = [latencies[2 * index], latencies[2 * index + 1]].map(median);
      return { name, large: slow, small: fast, ratio: slow / fast };
    });
    measured.sort((a, b) => b.ratio - a.ratio);
    const all = (which) => median(measured.map((one) => one[which]));
    return {
      postgres: await postgresVersion(server.owner),
      figures: [
        {
          figure: `latency of a page at ${LARGE} events over that at ${SMALL}, the worst of ${measured.length} kinds of page`,
          value: measured[0].ratio,
          atMost: 2,
        },
        { figure: 'the same, median over the kinds of page', value: median(measured.map(({ ratio }) => ratio)) },
        { figure: `median latency of a page at ${LARGE} events`, value: all('large'), unit: 'ms' },
        {
          figure: `the slowest kind of page at ${LARGE} events`,
          value: Math.max(...measured.map((one) => one.large)),
          unit: 'ms',
        },
        await memoryFigure(server),
      ],
      scale: measured.map(({ name, ...numbers }) => ({ name, ...rounded(numbers) })),
      notes: [
        `Total and number of pages are in each answer. Both trails lie over the same 400 days in one database; pages hold the same number of events in both, at most ${PAGE_SIZE}.`,
        `The worst: ${measured
          .slice(0, 3)
          .map((one) => `${one.name} ${one.large.toFixed(1)} ms over ${one.small.toFixed(1)} ms`)
          .join('; ')}.`,
      ],
    };
  } finally {
    await load.end();
    await server.stop();
  }
}

/** One who does most; one with as many events as an actor without counts by day can have; one with few. */
async function actorsOf(server, { no }) {
  const client = await connectTo(server.owner);
  const one = async (order) => {
    const { rows } = await client.query(
      `SELECT actor_id FROM veritrail.trail_actors WHERE organization_no = $1 AND ${order} LIMIT 1`,
      [no],
    );
    return rows[0].actor_id;
  };
  const actors = {
    busiest: await one('by_day ORDER BY events DESC'),
    'uncounted by day': await one('NOT by_day ORDER BY events DESC'),
    rare: await one('events <= 60 ORDER BY events DESC'),
  };
  await client.end();
  return actors;
}

function combinationsOf(actors) {
  const from = Date.now() - 210.4 * DAY_MS;
  const window = (days) => ({
    start_date: new Date(from).toISOString(),
    end_date: new Date(from + days * DAY_MS).toISOString(),
  });
  const choices = [
    { '': {}, action: { action: 'UPDATE' } },
    { '': {}, type: { resource_type: 'document' } },
    { '': {}, ...Object.fromEntries(Object.entries(actors).map(([name, id]) => [`${name} actor`, { actor_id: id }])) },
    { '': {}, '90 days': window(90.3), 'an hour': window(1.1 / 24) },
  ];
  return choices.reduce(
    (known, choice) =>
      known.flatMap((before) =>
        Object.entries(choice).map(([name, members]) => ({
          name: [before.name, name].filter(Boolean).join(' + '),
          members: { ...before.members, ...members },
        })),
      ),
    [{ name: '', members: {} }],
  );
}

async function pagesOf(server, large, small, { name, members }) {
  const totals = [];
  for (const { authorization } of [large, small]) {
    const query = new URLSearchParams({ ...members, page_size: '1' });
    totals.push((await call(server, 'GET', `${PATH}?${query}`, undefined, authorization)).total);
  }
  const size = Math.min(PAGE_SIZE, Math.max(1, totals[1]));
  const pages = totals.map((total) => Math.max(1, Math.ceil(total / size)));
  const wanted = { first: () => 1, middle: (last) => Math.ceil(last / 2), last: (last) => last };
  return Object.entries(wanted)
    .slice(0, Math.min(3, pages[0]))
    .map(([place, pageOf]) => ({
      name: `${name || 'no filter'}, ${place} page`,
      paths: pages.map((last) => {
        const query = new URLSearchParams({ ...members, page_size: String(size), page: String(pageOf(last)) });
        return `${PATH}?${query}`;
      }),
    }));
}

function rounded(numbers) {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value.toPrecision(3))]));
}
