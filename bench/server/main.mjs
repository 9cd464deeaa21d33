import { readFile, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { answerParent } from '../support/child.mjs';
import { peakOf } from '../support/memory.mjs';
import { cpuOfPostgres } from './postgres-cpu.mjs';
import { replaceParts } from './replace-parts.mjs';

replaceParts();
const { openDiagnostics, readConfiguration, startServer } = await import('../../packages/server/dist/main.js');
const { ground } = await import('./ground.mjs');
const { recorder } = await import('./recorders.mjs');
const { fillTrail, settleTrail } = await import('./fill-trail.mjs');

const configuration = readConfiguration(process.env, process.cwd());
const server = await startServer(configuration, openDiagnostics(configuration.logLevel));
let profiler;
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();

answerParent(
  {
    facts: () => ({
      port: server.app.server.address().port,
      firstRun: server.firstRun,
      login: ground.login,
      owner: ground.owner,
    }),
    /** Fills a trail to that many events, a part at a time so that the caller can tell how far it is. */
    fill: (values) => fillTrail(server.house, values),
    settle: ({ organizationNo }) => settleTrail(server.house, organizationNo),
    /** Resident, in MB: now, and the most there ever was. */
    memory: () => ({ now: process.memoryUsage.rss() / 2 ** 20, peak: process.resourceUsage().maxRSS / 1024 }),
    /** Of the process that renders PDFs, the most it had in MB; undefined where /proc doesn't tell or there is none. */
    rendererMemory: () => rendererPeak().catch(() => undefined),
    /** The longest that the event loop was kept, in ms, since this was last asked. */
    longestBlock: () => {
      const longest = delays.max / 1e6;
      delays.reset();
      return longest;
    },
    /** Takes effect for requests that come after the answer. */
    record: ({ how, organizationNo }) => recorder.switchTo(how, organizationNo),
    /** Seconds of CPU so far: of this process, and of all of PostgreSQL where /proc tells. */
    cpu: async () => {
      const { user, system } = process.cpuUsage();
      return { server: (user + system) / 1e6, postgres: await cpuOfPostgres(ground.postmasterPid()) };
    },
    async profile() {
      profiler = new Session();
      profiler.connect();
      await profiler.post('Profiler.enable');
      await profiler.post('Profiler.setSamplingInterval', { interval: 200 });
      await profiler.post('Profiler.start');
    },
    async keepProfile({ file }) {
      const { profile } = await profiler.post('Profiler.stop');
      profiler.disconnect();
      await writeFile(file, JSON.stringify(profile));
    },
  },
  () => server.stop(),
);

async function rendererPeak() {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  for (const id of children.trim().split(' ')) {
    const command = await readFile(`/proc/${id}/cmdline`, 'latin1');
    if (!command.includes('render-child')) continue;
    return peakOf(id);
  }
  return undefined;
}
