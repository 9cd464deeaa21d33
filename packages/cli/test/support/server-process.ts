import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
export const PROGRAM = join(REPOSITORY, 'packages/cli/dist/main.js');

/** Environment variables, as an operator would set them. */
export type Settings = Readonly<Record<string, string>>;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The program as a process of its own: `veritrail serve`. */
export interface ServerProcess {
  readonly pid: number;
  /** Where it says that it answers; rejects with all that it said if it ends before. */
  readonly address: Promise<string>;
  readonly ended: Promise<Ending>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): Promise<Ending>;
}

export interface ServerOptions {
  readonly uid?: number;
  readonly gid?: number;
  /** In a process group of its own, to be signalled as by Ctrl-C in a terminal. */
  readonly detached?: boolean;
}

const living = new Set<ChildProcess>();
const spoken: { readonly stdout: () => string; readonly stderr: () => string }[] = [];

export function launch(settings: Settings, options: ServerOptions = {}): ServerProcess {
  if (!existsSync(PROGRAM)) throw new Error('Build first: npx tsc -b packages/cli');
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    ...options,
    cwd: REPOSITORY,
    // Nothing of the settings of whoever runs the tests.
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'trace', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  spoken.push({ stdout, stderr });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      living.delete(child);
      resolve({ code, signal });
    });
  });
  const address = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /Veritrail answers at (\S+)\n/.exec(stdout())?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(
      ({ code, signal }) => reject(new Error(`It ended (${signal ?? code}) and said:\n${stdout()}${stderr()}`)),
      reject,
    );
  });
  address.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    address,
    ended,
    stdout,
    stderr,
    kill: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** A start that must not succeed: its exit code, and what it says to its operator, without the diagnostics before. */
export async function refusedStart(
  settings: Settings,
  options?: ServerOptions,
): Promise<{ code: number | null; said: string }> {
  const server = launch(settings, options);
  const outcome = await Promise.race([server.ended, server.address]);
  if (typeof outcome === 'string') {
    await server.kill('SIGKILL');
    throw new Error('It started.');
  }
  const said = server
    .stderr()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{"level":'));
  return { code: outcome.code, said: said.join('\n') };
}

/** For the end of a test file, whatever happened in it. */
export async function endServers(): Promise<void> {
  const endings = [...living].map(
    (child) =>
      new Promise((ended) => {
        child.once('close', ended);
        child.kill('SIGKILL');
      }),
  );
  await Promise.all(endings);
}

/** Everything that the programs of this test file said: the greeting and its like, and the diagnostics. */
export function allSaid(): { readonly stdout: string; readonly stderr: string } {
  return { stdout: spoken.map((one) => one.stdout()).join(''), stderr: spoken.map((one) => one.stderr()).join('') };
}

export interface FirstRun {
  readonly base_url: string;
  readonly organization_id: string;
  readonly email: string;
  readonly password: string;
  readonly api_key: string;
  readonly api_secret: string;
  readonly audit_hmac_secret: string;
}

export function readFirstRun(dataDirectory: string): FirstRun {
  return JSON.parse(readFileSync(join(dataDirectory, 'first-run.json'), 'utf8')) as FirstRun;
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return () => stripVTControlCharacters(text);
}
