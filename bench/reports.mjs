import { startLoad } from './support/server.mjs';
import { connectTo, postgresVersion } from './support/database.mjs';
import { LARGE, startLargeServer } from './support/large-trail.mjs';
import { median, ratios } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';

export const title = 'Activity reports at 10 million events, against aggregating the raw rows';

const ROUNDS = 5;
const REPORTS_A_ROUND = 20;
const DAYS = { soc2: 365, iso27001: 730 };

export async function run(tell) {
  const { server, large, small } = await startLargeServer(tell);
  const load = await startLoad();
  const client = await connectTo(server.owner);
  try {
    await client.query('SET search_path = veritrail');
    const times = {};
    for (const [name, days] of Object.entries(DAYS)) {
      tell(`${name}: ${ROUNDS} rounds`);
      const requests = [large, small].map(({ authorization }) => ({
        ...{ method: 'GET', path: `/api/v1/compliance/reports/${name}`, authorization },
      }));
      await load.ask('prepare', { port: server.port, requests });
      times[name] = { raw: [], large: [], small: [] };
      for (let round = -1; round < ROUNDS; round += 1) {
        const raw = await aggregate(client, large.no, days);
        const reports = await load.ask('alternate', { rounds: REPORTS_A_ROUND, warmUp: 2 });
        if (round < 0) continue;
        times[name].raw.push(raw);
        times[name].large.push(median(reports[0]));
        times[name].small.push(median(reports[1]));
      }
    }
    return {
      postgres: await postgresVersion(server.owner),
      figures: [
        ...Object.entries(times).map(([name, time]) => ({
          figure: `${name} over HTTP at ${LARGE} events: how many times faster than aggregating the raw rows`,
          ...ratios(time.raw, time.large),
          atLeast: 100,
        })),
        ...Object.entries(times).map(([name, time]) => ({
          figure: `${name}: its time at ${LARGE} events over that at ten thousand`,
          ...ratios(time.large, time.small),
        })),
        await memoryFigure(server),
      ],
      scale: Object.entries(times).map(([name, time]) => ({
        name,
        milliseconds: Object.fromEntries(
          Object.entries(time).map(([what, ms]) => [what, Number(median(ms).toPrecision(3))]),
        ),
      })),
      notes: [
        'The raw rows are aggregated in SQL: events and failed logins by action, and the number of actors; the report gives that, flags and what was checked, is signed, and its reading is recorded.',
      ],
    };
  } finally {
    await client.end();
    await load.end();
    await server.stop();
  }
}

/** Milliseconds. As PostgreSQL likes best to do it, with parallel workers. */
async function aggregate(client, organizationNo, days) {
  const where = `organization_no = ${organizationNo} AND occurred_at >= now() - interval '${days} days' AND occurred_at <= now()`;
  const begun = performance.now();
  await client.query(
    `SELECT action, count(*), count(*) FILTER (WHERE login_failed) FROM audit_events WHERE ${where} GROUP BY action`,
  );
  await client.query(`SELECT count(*) FROM (SELECT DISTINCT actor_id FROM audit_events WHERE ${where}) AS actor`);
  return performance.now() - begun;
}
