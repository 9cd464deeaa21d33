import { once } from 'node:events';
import { request } from 'node:http';

import { call, startBenchServer, startLoad } from './support/server.mjs';
import { connectTo, organizationNoOf, postgresVersion } from './support/database.mjs';
import { LARGE, provideTrail, SMALL, startLargeServer } from './support/large-trail.mjs';
import { interleaved, median, ratios, spread } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';
import { recordPosture } from './support/posture-records.mjs';
import { sampleEvents } from './support/sample-events.mjs';

export const title = 'Evidence packets of 500 services over a year';

const SERVICES = 500;
const MEDIUM = 1_000_000;
const DAY_MS = 86_400_000;
const PERIOD_DAYS = 365;
const ROUNDS = 5;
const AT_ONCE = 50;
const CONNECTIONS = 64;
const CALM_SECONDS = 6;
const WINDOW_SECONDS = 5;

export async function run(tell) {
  const trails = await measureTrails(tell);
  const burst = await measureBurst(tell);
  return {
    postgres: trails.postgres,
    figures: [...trails.figures, ...burst.figures],
    scale: [...trails.scale, ...burst.scale],
    notes: [
      `SOC 2. Every service has a backup a day and nine facts that a collector read, one of them anew each day; of the trail, what is about a packet's making is in the packet's time: its check up to the end, and its event.`,
      'The PDF is rendered in a process of its own, whose memory is not the server’s.',
      `Ingestion beside ${AT_ONCE} packets: single events from ${CONNECTIONS} connections into the same trail, against the same before and after; of an organization of its own on a new server.`,
    ],
  };
}

export async function measureTrails(tell) {
  const { server, large, small, until } = await startLargeServer(tell);
  try {
    const medium = await provideTrail(server, tell, 'Medium', MEDIUM, until);
    const organizations = { large, medium, small };
    tell(`recording ${SERVICES} services over ${PERIOD_DAYS} days in each of three organizations`);
    for (const organization of Object.values(organizations)) await furnish(server, organization, until);
    const period = { period_start: second(until - PERIOD_DAYS * DAY_MS), period_end: second(until) };
    await server.ask('longestBlock');
    tell(`${ROUNDS} packets and PDFs of each`);
    const rounds = await interleaved(Object.keys(organizations), { rounds: ROUNDS, warmUp: 2 }, async (name) => {
      const { id, authorization } = organizations[name];
      const ask = { server, authorization, path: `/organizations/${id}/compliance-reports` };
      const packet = await timed(() => post(ask, period));
      const block = await server.ask('longestBlock');
      const reportId = /"report_id":"([^"]+)"/.exec(packet.bytes.subarray(0, 100).toString())[1];
      const pdf = await timed(() => fetchBytes(server, `${ask.path}/${reportId}/pdf`, { authorization }));
      return { packet: packet.ms, pdf: pdf.ms, block, bytes: packet.bytes.length, pdfBytes: pdf.bytes.length };
    });
    const times = (name, what) => rounds[name].map((round) => round[what]);
    const renderer = await server.ask('rendererMemory');
    return {
      postgres: await postgresVersion(server.owner),
      figures: [
        {
          figure: `time of a packet at ${LARGE} events over that at ${MEDIUM}`,
          ...ratios(times('large', 'packet'), times('medium', 'packet')),
          atMost: 1.3,
        },
        {
          figure: `the same over that at ${SMALL}, whose lists are shorter`,
          ...ratios(times('large', 'packet'), times('small', 'packet')),
        },
        {
          figure: 'time of its PDF over its own',
          ...ratios(times('large', 'pdf'), times('large', 'packet')),
          atMost: 5,
        },
        { figure: 'the longest that a packet kept the event loop', ...spread(times('large', 'block')), unit: 'ms' },
        await memoryFigure(server, `${LARGE} events`),
        ...(renderer === undefined
          ? []
          : [{ figure: 'memory of the process that renders PDFs at its peak', value: renderer, unit: 'MB' }]),
      ],
      scale: Object.keys(organizations).map((name) => ({
        trail: name,
        ...Object.fromEntries(
          ['packet', 'pdf', 'block', 'bytes', 'pdfBytes'].map((what) => [what, Math.round(median(times(name, what)))]),
        ),
      })),
    };
  } finally {
    await server.stop();
  }
}

export async function measureBurst(tell) {
  const server = await startBenchServer();
  const load = await startLoad();
  try {
    const { organizationId: id, authorization } = server;
    const client = await connectTo(server.owner);
    const no = await organizationNoOf(client, id);
    await client.end();
    const until = Date.now();
    await furnish(server, { id, no, authorization }, until);
    const path = '/api/v1/compliance/audit-events';
    const requests = sampleEvents(1024).map((body) => ({ method: 'POST', path, authorization, body }));
    await load.ask('prepare', { port: server.port, requests });
    const ingest = (seconds) => load.ask('run', { connections: CONNECTIONS, seconds });
    await ingest(CALM_SECONDS);
    const ask = { server, authorization, path: `/organizations/${id}/compliance-reports` };
    const period = { period_start: second(until - PERIOD_DAYS * DAY_MS), period_end: second(until) };
    const before = await ingest(CALM_SECONDS);
    tell(`${AT_ONCE} packets at once, beside ingestion`);
    await server.ask('longestBlock');
    const begun = performance.now();
    const burst = { made: undefined };
    const making = Promise.all(Array.from({ length: AT_ONCE }, () => post(ask, period))).then(() => {
      burst.made = performance.now() - begun;
    });
    // Only what lies within the burst as a whole counts.
    const beside = [];
    while (burst.made === undefined) {
      const window = await ingest(WINDOW_SECONDS);
      if (burst.made === undefined) beside.push(window.perSecond);
    }
    await making;
    const block = await server.ask('longestBlock');
    const after = await ingest(CALM_SECONDS);
    const alone = (before.perSecond + after.perSecond) / 2;
    return {
      figures: [
        {
          figure: `ingestion beside ${AT_ONCE} packets that are asked for at once, of ingestion alone`,
          ...spread(beside.map((one) => one / alone)),
          atLeast: 0.5,
        },
        { figure: 'the longest that the event loop was kept meanwhile', value: block, unit: 'ms' },
        { figure: `until the last of ${AT_ONCE} was there`, value: burst.made / 1000, unit: 's' },
        await memoryFigure(server, `${AT_ONCE} packets at once`),
      ],
      scale: [{ burst: AT_ONCE, alone: Math.round(alone), beside: Math.round(median(beside)) }],
    };
  } finally {
    await load.end();
    await server.stop();
  }
}

/** Its records, past the door; its subscription, and what that adds to the trail, counted and checked. */
async function furnish(server, { id, no, authorization }, until) {
  const client = await connectTo(server.owner);
  try {
    await client.query('SET search_path = veritrail');
    await recordPosture(client, no, { services: SERVICES, until });
  } finally {
    await client.end();
  }
  await call(server, 'PUT', `/organizations/${id}/compliance-subscriptions/soc2`, undefined, authorization);
  await server.ask('settle', { organizationNo: no });
}

async function post({ server, path, authorization }, period) {
  return fetchBytes(server, path, {
    method: 'POST',
    authorization,
    body: JSON.stringify({ framework: 'soc2', ...period }),
  });
}

/** By Node's own client: fetch gives up after five minutes, and the last of many packets may take longer. */
async function fetchBytes(server, path, { method = 'GET', authorization, body }) {
  const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const asking = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false });
  asking.end(body);
  const [answer] = await once(asking, 'response');
  const bytes = Buffer.concat(await answer.toArray());
  if (answer.statusCode !== 200 && answer.statusCode !== 201) {
    throw new Error(`${method} ${path} answered ${answer.statusCode}: ${bytes.toString('utf8', 0, 300)}`);
  }
  return bytes;
}

async function timed(work) {
  const begun = performance.now();
  const bytes = await work();
  return { bytes, ms: performance.now() - begun };
}

function second(ms) {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
