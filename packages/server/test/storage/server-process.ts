import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { DatabaseLogin } from '../../src/storage/embedded/start-embedded-postgres.ts';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** The first line it prints, parsed; rejects with its stderr if it ends before. */
  readonly report: Promise<Report>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface Report {
  readonly pid: number;
  readonly uid: number;
  readonly owner?: DatabaseLogin;
  readonly postmasterPid?: number;
}

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** Another process that claims the data directory and, unless it is to do no more, runs the database in it. */
export function startServerProcess(
  dataDirectory: string,
  task: 'claim' | 'run' = 'run',
  options: SpawnOptions = {},
): ServerProcess {
  const script = fileURLToPath(new URL('server-process-main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDirectory, task], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  let stderr = '';
  child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'exit');
  const report = new Promise<Report>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(stderr)));
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line) as Report));
  });
  report.catch(() => undefined);
  return {
    child,
    report,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
