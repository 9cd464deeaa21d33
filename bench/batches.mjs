import { createHash } from 'node:crypto';
import { once } from 'node:events';

import { encodeRows, EVENT_COLUMNS } from '../packages/server/dist/trail/copy-rows.js';
import { prepareEvent } from '../packages/server/dist/trail/prepare-event.js';
import { readEventDraft } from '../packages/server/dist/trail/event-draft.js';
import { parseExactJson } from '../packages/formats/dist/index.js';
import { startBenchServer, startLoad } from './support/server.mjs';
import { connectTo, copyStreams, organizationNoOf, postgresVersion } from './support/database.mjs';
import { interleaved, median, ratios } from './support/measure.mjs';
import { memoryFigure } from './support/memory.mjs';
import { sampleEvents } from './support/sample-events.mjs';

export const title = 'Batches: 1,000 events a request from 4 connections, signed and durable';

const BATCH = 1000;
const CONNECTIONS = 4;
/** Filling and draining four connections is a tenth of a second, which a short round would mostly measure. */
const BATCHES_A_ROUND = 96;
const ROUNDS = 7;
const COPY = `COPY veritrail.audit_events_shared (${EVENT_COLUMNS}) FROM STDIN (FORMAT binary)`;
/** No organization's: the rows of the bare COPY lie beside the server's in the same table and the same indexes. */
const COPY_ORGANIZATION = 1_000_000;

export async function run(tell) {
  const server = await startBenchServer();
  const load = await startLoad();
  try {
    const client = await connectTo(server.owner);
    const organizationNo = await organizationNoOf(client, server.organizationId);
    const events = sampleEvents(BATCH);
    const path = '/api/v1/compliance/audit-events';
    const { authorization } = server;
    const requests = Array.from({ length: CONNECTIONS * 2 }, () => ({
      method: 'POST',
      path,
      authorization,
      body: { events },
    }));
    await load.ask('prepare', { port: server.port, requests });
    tell(`${ROUNDS} rounds of ${BATCHES_A_ROUND} batches each way`);

    let sequence = 0;
    const copy = async (encodeBefore) => {
      const rows = Array.from({ length: BATCHES_A_ROUND }, () => rowsOf(events, (sequence += BATCH) - BATCH));
      const encode = (batch) =>
        encodeRows({ organizationNo: COPY_ORGANIZATION, keyNo: 1, recordedAt: Date.now() }, batch);
      const ready = encodeBefore ? rows.map(encode) : rows;
      const start = performance.now();
      for (const batch of ready) await copyBatch(client, encodeBefore ? batch : encode(batch));
      return { perSecond: (BATCHES_A_ROUND * BATCH * 1000) / (performance.now() - start) };
    };
    const http = async (how) => {
      await server.ask('record', { how, organizationNo });
      const result = await load.ask('run', { connections: CONNECTIONS, count: BATCHES_A_ROUND });
      return { ...result, perSecond: result.perSecond * BATCH };
    };
    const variants = {
      'bare COPY': () => copy(true),
      'COPY with encoding': () => copy(false),
      grouped: () => http('grouped'),
      nothing: () => http('nothing'),
    };
    const results = await interleaved(Object.keys(variants), { rounds: ROUNDS }, async (variant) => {
      const before = await server.ask('cpu');
      const result = await variants[variant]();
      const after = await server.ask('cpu');
      const microseconds = (part) => ((after[part] - before[part]) * 1e6) / (BATCHES_A_ROUND * BATCH);
      return { ...result, serverMicroseconds: microseconds('server'), postgresMicroseconds: microseconds('postgres') };
    });
    await client.end();

    const memory = await memoryFigure(server);
    const perSecond = (variant) => results[variant].map((result) => result.perSecond);
    const generator = median(results.grouped.map((result) => result.generatorCores));
    return {
      postgres: await postgresVersion(server.owner),
      figures: [
        {
          figure: 'events a second, of a bare COPY of the same rows on one connection, encoded beforehand',
          ...ratios(perSecond('grouped'), perSecond('bare COPY')),
          atLeast: 0.7,
        },
        {
          figure: 'events a second, of that COPY with the rows encoded on the way',
          ...ratios(perSecond('grouped'), perSecond('COPY with encoding')),
        },
        {
          figure: 'events a second, of validating and answering without storing',
          ...ratios(perSecond('grouped'), perSecond('nothing')),
        },
        memory,
      ],
      scale: Object.entries(results).map(([variant, rounds]) => ({ variant, ...scaleOf(rounds) })),
      notes: [`The load generator took ${generator.toFixed(2)} of a core.`],
    };
  } finally {
    await load.end();
    await server.stop();
  }
}

/** As the server would have made them, with ids and times of their own. */
function rowsOf(events, firstSequence) {
  const now = new Date();
  const mac = (text) => createHash('sha256').update(text).digest('hex');
  const auditMac = { current: { keyNo: 1, mac } };
  return events.map((event, index) => {
    const text = JSON.stringify({
      ...event,
      timestamp: now.toISOString().replace('Z', `${String(index).padStart(3, '0')}Z`),
    });
    const draft = readEventDraft(parseExactJson(text, { exactMember: 'details' }), '', now);
    const { bytes, rowStart: start, entryStart: end } = prepareEvent(draft, auditMac, now);
    const leafHash = createHash('sha256').update(bytes.subarray(start, end)).digest('latin1');
    return { bytes, start, end, sequence: firstSequence + index, leafHash };
  });
}

async function copyBatch(client, bytes) {
  await client.query('BEGIN');
  const stream = client.query(copyStreams.from(COPY));
  stream.end(bytes);
  await once(stream, 'finish');
  await client.query('COMMIT');
}

function scaleOf(rounds) {
  const names = ['perSecond', 'p50', 'p99', 'generatorCores', 'serverMicroseconds', 'postgresMicroseconds'];
  return Object.fromEntries(
    names
      .filter((name) => rounds[0][name] !== undefined)
      .map((name) => [name, Number(median(rounds.map((one) => one[name])).toPrecision(4))]),
  );
}
