import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';

import { interleaved, median, spread } from './support/measure.mjs';
import { highestPeak, peakOf } from './support/memory.mjs';
import { firstAnswer, freePort, spawnServer } from './support/processes.mjs';
import { temporaryFolder } from './support/server.mjs';

export const title = 'Start: an existing data directory, to the first answers';

const ROUNDS = 9;
const own = (file) => path.join(import.meta.dirname, 'server', file);

export async function run(tell) {
  const folder = await temporaryFolder();
  try {
    tell('making the data directory');
    await startServer(folder);
    tell(`${ROUNDS} starts of each kind`);
    const kinds = {
      server: () => startServer(folder),
      postgres: () => report(own('start-postgres.mjs'), folder),
      parts: () => report(own('start-parts.mjs'), folder),
    };
    const results = await interleaved(Object.keys(kinds), { rounds: ROUNDS }, (kind) => kinds[kind]());
    const of = (kind, name) => results[kind].map((result) => result[name]);
    const difference = (one, other) => spread(one.map((value, round) => (value - other[round]) / 1000));
    // Without the Node process around it, and so without what the server has to do anyway before it can begin.
    const bare = results.postgres.map(({ begun, answered }) => answered - begun);
    return {
      figures: [
        {
          figure: 'to the first /readyz, over PostgreSQL alone to the first SELECT (timed inside a running Node)',
          ...difference(of('server', 'ready'), bare),
          unit: 's',
          atMost: 1,
        },
        { figure: 'to the first /healthz, over the same', ...difference(of('server', 'healthy'), bare), unit: 's' },
        {
          figure: 'to the first /readyz, over a Node script that does nothing but start PostgreSQL',
          ...difference(of('server', 'ready'), of('postgres', 'answered')),
          unit: 's',
        },
        ...highestPeak(of('server', 'memory')),
      ],
      scale: [{ milliseconds: partsOf(results) }],
      notes: [
        `Where the time goes, in ms: ${Object.entries(partsOf(results))
          .map(([part, ms]) => `${part} ${ms}`)
          .join(', ')}.`,
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function partsOf({ server, parts }) {
  const marks = ['begun', 'imported', 'claimed', 'started', 'migrated', 'opened'];
  const names = ['Node', 'imports', 'claim of the directory', 'PostgreSQL', 'log-in and migrations', 'keyring'];
  const at = marks.map((mark) => median(parts.map((part) => part[mark])));
  const ready = median(server.map((one) => one.ready));
  const entries = names.map((name, index) => [name, Math.round(at[index] - (at[index - 1] ?? 0))]);
  return {
    ...Object.fromEntries(entries),
    'CLI, HTTP server and first answers': Math.round(ready - at.at(-1)),
    all: Math.round(ready),
  };
}

/** Milliseconds from the spawn; then stopped cleanly. */
async function startServer(folder) {
  const port = await freePort();
  const spawned = performance.now();
  const { child, exit } = spawnServer(folder, port);
  try {
    const healthy = await firstAnswer(port, '/healthz', spawned);
    const ready = await firstAnswer(port, '/readyz', spawned);
    return { healthy, ready, memory: await peakOf(child.pid) };
  } finally {
    child.kill('SIGTERM');
    await exit;
  }
}

/** Runs a script that sends its times, and turns them into milliseconds from the spawn. */
async function report(file, folder) {
  const spawned = performance.timeOrigin + performance.now();
  const child = fork(file, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: folder },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    exit.then(() => Promise.reject(new Error(`${file} failed`))),
  ]);
  await exit;
  const { origin, ...marks } = message;
  return Object.fromEntries(Object.entries(marks).map(([mark, ms]) => [mark, ms + origin - spawned]));
}
