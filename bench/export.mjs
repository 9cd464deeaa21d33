import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

import { startBenchServer, startLoad, temporaryFolder } from './support/server.mjs';
import { connectTo, copyStreams, organizationNoOf, postgresVersion } from './support/database.mjs';
import { interleaved, median, ratios } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';
import { sampleEvents } from './support/sample-events.mjs';

export const title = 'Export of 1 million events, against psql \\copy of the same columns';

const EVENTS = 1_000_000;
const ROUNDS = 5;
const FORMATS = ['json', 'ndjson', 'csv'];
const INGEST_SECONDS = 6;
const INGEST_CONNECTIONS = 64;
/** What an entry shows; the key's id stands for its number. */
const COLUMNS =
  'id, action, resource_type, resource_id, actor_id, actor_username, occurred_at, ip_address, user_agent, details, ' +
  'signature, recorded_at, sequence, signature_key_no';
const runProgram = promisify(execFile);

export async function run(tell) {
  const folder = await temporaryFolder();
  const load = await startLoad();
  const writers = await startLoad();
  let server = await startBenchServer({}, folder);
  try {
    tell(`recording ${EVENTS} events`);
    const client = await connectTo(server.owner);
    const organizationNo = await organizationNoOf(client, server.organizationId);
    await server.ask('fill', { organizationNo, events: EVENTS, until: Date.now() });
    await server.ask('settle', { organizationNo });
    await client.query('VACUUM (ANALYZE)');
    await client.end();
    // Anew, so that its memory is that of exporting.
    await server.stop();
    server = await startBenchServer({}, folder);

    const { authorization } = server;
    const download = (format) =>
      load.ask('download', { port: server.port, path: `/api/v1/compliance/export?format=${format}`, authorization });
    const copy = await copyCommand(server, organizationNo);
    tell(`${ROUNDS} rounds of ${copy.said} and of each format`);
    const variants = {
      copy: () => copy.run('ORDER BY occurred_at, sequence'),
      'copy, unordered': () => copy.run(''),
      ...Object.fromEntries(FORMATS.map((format) => [format, () => download(format)])),
    };
    const results = await interleaved(Object.keys(variants), { rounds: ROUNDS, warmUp: 1 }, async (variant) => {
      const before = await server.ask('cpu');
      const { seconds, bytes } = await variants[variant]();
      const after = await server.ask('cpu');
      const cpu = { server: after.server - before.server, postgres: after.postgres - before.postgres };
      return { perSecond: EVENTS / seconds, bytes, ...cpu };
    });
    const memory = await memoryFigure(server);

    tell('ingest beside exports');
    const requests = sampleEvents(1024).map((body) => ({
      ...{ method: 'POST', path: '/api/v1/compliance/audit-events', authorization, body },
    }));
    await writers.ask('prepare', { port: server.port, requests });
    const beside = await measureBeside(writers, download);

    const perSecond = (variant) => results[variant].map((result) => result.perSecond);
    return {
      postgres: await postgresVersion(server.owner),
      figures: [
        ...FORMATS.map((format) => ({
          figure: `${format}: rows a second, of ${copy.said} in the same order`,
          ...ratios(perSecond(format), perSecond('copy')),
          atLeast: 0.8,
        })),
        ...FORMATS.map((format) => ({
          figure: `${format}: rows a second, of ${copy.said} in no order`,
          ...ratios(perSecond(format), perSecond('copy, unordered')),
        })),
        {
          figure: `single events from ${INGEST_CONNECTIONS} connections beside an export as JSON, of their rate alone`,
          ...ratios(beside.during, beside.alone),
          atLeast: 0.5,
        },
        memory,
      ],
      scale: [
        ...Object.entries(results).map(([variant, rounds]) => ({
          variant,
          perSecond: Math.round(median(rounds.map((one) => one.perSecond))),
          bytes: rounds[0].bytes,
          serverCpuSeconds: Number(median(rounds.map((one) => one.server)).toPrecision(3)),
          postgresCpuSeconds: Number(median(rounds.map((one) => one.postgres)).toPrecision(3)),
        })),
        { beside },
      ],
      notes: [
        'Each export is read to its end over HTTP by a process that counts the bytes; its trailer is there. The rows of psql go to /dev/null.',
      ],
    };
  } finally {
    await load.end();
    await writers.end();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Requests a second alone and while exports run, in turn. */
async function measureBeside(writers, download) {
  const ingest = async () =>
    (await writers.ask('run', { connections: INGEST_CONNECTIONS, seconds: INGEST_SECONDS })).perSecond;
  const beside = { alone: [], during: [] };
  for (let round = 0; round < 3; round += 1) {
    beside.alone.push(Math.round(await ingest()));
    const stopping = new AbortController();
    const exporting = (async () => {
      while (!stopping.signal.aborted) await download('json');
    })();
    beside.during.push(Math.round(await ingest()));
    stopping.abort();
    await exporting;
  }
  return beside;
}

/** psql where there is one; else the same COPY over the wire, its rows dropped as they come. */
async function copyCommand(server, organizationNo) {
  const { host, port, user, password, database } = server.owner;
  const query = (order) =>
    `SELECT ${COLUMNS} FROM veritrail.audit_events WHERE organization_no = ${organizationNo} ${order}`;
  const hasPsql = await runProgram('psql', ['--version']).then(
    () => true,
    () => false,
  );
  if (hasPsql) {
    const env = { ...process.env, PGPASSWORD: password };
    return {
      said: 'psql \\copy as CSV',
      async run(order) {
        const command = `\\copy (${query(order)}) TO '/dev/null' CSV`;
        const begun = performance.now();
        await runProgram(
          'psql',
          ['-h', host, '-p', String(port), '-U', user, '-d', database, '-X', '-q', '-c', command],
          { env },
        );
        return { seconds: (performance.now() - begun) / 1000, bytes: undefined };
      },
    };
  }
  return {
    said: 'COPY to a client that drops the rows (no psql here)',
    async run(order) {
      const client = await connectTo(server.owner);
      const begun = performance.now();
      let bytes = 0;
      for await (const chunk of client.query(copyStreams.to(`COPY (${query(order)}) TO STDOUT CSV`)))
        bytes += chunk.length;
      const seconds = (performance.now() - begun) / 1000;
      await client.end();
      return { seconds, bytes };
    },
  };
}
