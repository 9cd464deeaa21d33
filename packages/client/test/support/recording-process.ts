import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BUILT = new URL('../../dist/index.js', import.meta.url);

/** Records `t-0`, `t-1` … as fast as it can, and prints the number of each event that `record` promised. */
const PROGRAM = `
  const { createAuditClient } = await import(process.env.CLIENT);
  const client = await createAuditClient(JSON.parse(process.env.OPTIONS));
  process.stdout.write('ready\\n');
  let next = 0;
  const work = async () => {
    for (;;) {
      const number = next++;
      await client.record({ action: 'UPDATE', resource_type: 'thing', resource_id: 't-' + number, actor_id: 'u' });
      process.stdout.write(number + '\\n');
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
`;

export interface RecordingProcess {
  /** Numbers of the events that were promised. */
  readonly promised: readonly number[];
  readonly ready: Promise<void>;
  readonly stderr: () => string;
  kill(): Promise<void>;
}

const living = new Set<ChildProcess>();

export function startRecording(options: object): RecordingProcess {
  if (!existsSync(BUILT)) throw new Error('Build first: npx tsc -b packages/client');
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: { PATH: process.env['PATH'], CLIENT: fileURLToPath(BUILT), OPTIONS: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  living.add(child);
  const promised: number[] = [];
  let rest = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      living.delete(child);
      resolve();
    });
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'ready') resolve();
        else promised.push(Number(line));
      }
    });
    void ended.then(() => reject(new Error(`it ended and said: ${errors}`)));
  });
  return {
    promised,
    ready,
    stderr: () => errors,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export function endRecordings(): void {
  for (const child of living) child.kill('SIGKILL');
}
