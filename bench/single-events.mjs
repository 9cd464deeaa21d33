import { startLoad, startBenchServer } from './support/server.mjs';
import { connectTo, organizationNoOf, postgresVersion } from './support/database.mjs';
import { interleaved, median, ratios, spread } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';
import { sampleEvents } from './support/sample-events.mjs';
import { slowFlushBinaries } from './support/slow-flush.mjs';

export const title = 'Single events: POST /audit-events, one event a request';

const CONNECTIONS = [64, 512];
const SECONDS = 1.5;
const ROUNDS = 11;
const SLOW_FLUSH_MS = 4;
const FLUSHES = 100;
const SAID = {
  autocommit: 'an INSERT that commits itself, a request, over a pool of 32',
  'insert-commit': 'BEGIN, INSERT, COMMIT a request over a pool of 32',
  'in-order': 'the same with the lock on the head, so without gaps',
  nothing: 'validating and answering without storing',
};
/** The least that is promised, by connections: of one INSERT and COMMIT a request, and of not storing at all. */
const PROMISED = {
  64: { 'insert-commit': 2, nothing: 0.5 },
  512: { 'insert-commit': 3, nothing: 0.5 },
};
const VARIANTS = ['grouped', ...Object.keys(SAID)];

export async function run(tell) {
  const fast = await measureDisk(tell, 'this disk', CONNECTIONS);
  const binaries = await slowFlushBinaries(SLOW_FLUSH_MS);
  if (binaries === undefined) {
    const missing = `A disk that flushes ${SLOW_FLUSH_MS} ms slower was not measured: it takes Linux and a C compiler.`;
    return { ...fast, notes: [...fast.notes, missing] };
  }
  try {
    const environment = { POSTGRES_BINARIES: binaries.folder };
    const slow = await measureDisk(tell, `a disk that flushes ${SLOW_FLUSH_MS} ms slower`, CONNECTIONS, environment);
    return {
      postgres: fast.postgres,
      figures: [...fast.figures, ...slow.figures],
      scale: [...fast.scale, ...slow.scale],
      notes: [...fast.notes, ...slow.notes],
    };
  } finally {
    await binaries.remove();
  }
}

async function measureDisk(tell, disk, connectionCounts, environment = {}) {
  const server = await startBenchServer(environment);
  const load = await startLoad();
  try {
    const client = await connectTo(server.owner);
    const organizationNo = await organizationNoOf(client, server.organizationId);
    const flushSeconds = await timeFlush(client);
    await client.end();
    const path = '/api/v1/compliance/audit-events';
    const requests = sampleEvents(1024).map((body) => ({
      ...{ method: 'POST', path, authorization: server.authorization, body },
    }));
    await load.ask('prepare', { port: server.port, requests });

    const figures = [];
    const scale = [];
    for (const connections of connectionCounts) {
      tell(`${connections} connections, ${disk}`);
      const results = await interleaved(VARIANTS, { rounds: ROUNDS, warmUp: 2 }, async (how) => {
        await server.ask('record', { how, organizationNo });
        const before = await server.ask('cpu');
        const result = await load.ask('run', { connections, seconds: SECONDS });
        const after = await server.ask('cpu');
        return {
          ...result,
          serverMicroseconds: ((after.server - before.server) / result.requests) * 1e6,
          postgresMicroseconds: ((after.postgres - before.postgres) / result.requests) * 1e6,
        };
      });
      figures.push(...figuresOf(results, connections, disk));
      if (flushSeconds > SLOW_FLUSH_MS / 1000) figures.push(ceilingOf(results, connections, disk, flushSeconds));
      scale.push({ disk, connections, variants: scaleOf(results) });
    }
    await server.ask('record', { how: 'grouped', organizationNo });
    figures.push(await memoryFigure(server, disk));
    return { postgres: await postgresVersion(server.owner), figures, scale, notes: notesOf(scale) };
  } finally {
    await load.end();
    await server.stop();
  }
}

function figuresOf(results, connections, disk) {
  const perSecond = (variant) => results[variant].map((result) => result.perSecond);
  return Object.entries(SAID).map(([variant, said]) => ({
    figure: `${connections} connections, ${disk}: requests a second, of ${said}`,
    ...ratios(perSecond('grouped'), perSecond(variant)),
    atLeast: PROMISED[connections]?.[variant],
  }));
}

/** Seconds that one flush takes, of a connection that does nothing else: one after the other, the median. */
async function timeFlush(client) {
  const seconds = [];
  for (let flush = 0; flush < FLUSHES; flush += 1) {
    const begun = performance.now();
    await client.query("SELECT pg_logical_emit_message(true, 'bench', '')");
    seconds.push((performance.now() - begun) / 1000);
  }
  return median(seconds);
}

/**
 * One write-ahead log has one flush at a time. Whoever asks while one is under way, as everybody does who was answered by the
 * one before, waits for its end and for the whole of the next.
 */
function ceilingOf(results, connections, disk, flushSeconds) {
  const most = connections / (2 * flushSeconds);
  return {
    figure: `${connections} connections, ${disk}: requests a second, of as many callers who wait for two flushes each and for nothing else`,
    ...spread(results.grouped.map((result) => result.perSecond / most)),
  };
}

function scaleOf(results) {
  const names = ['perSecond', 'p50', 'p99', 'generatorCores', 'serverMicroseconds', 'postgresMicroseconds'];
  const medians = (rounds) =>
    names.map((name) => [name, Number(median(rounds.map((one) => one[name])).toPrecision(4))]);
  return Object.fromEntries(
    Object.entries(results).map(([variant, rounds]) => [variant, Object.fromEntries(medians(rounds))]),
  );
}

function notesOf(scale) {
  return scale
    .filter(({ connections }) => connections === 64)
    .map(({ disk, variants }) => {
      const busiest = Math.max(...Object.values(variants).map((variant) => variant.generatorCores));
      return `The load generator took at most ${busiest.toFixed(2)} of a core at 64 connections, ${disk}.`;
    });
}
