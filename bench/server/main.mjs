import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

import { answerParent } from '../support/child.mjs';
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
