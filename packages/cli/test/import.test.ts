import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { asFirstKey } from './support/calls.ts';
import { endServers, launch, PROGRAM, readFirstRun, type FirstRun } from './support/server-process.ts';
import { readTrail } from './support/trail.ts';

const folder = mkdtempSync(join(tmpdir(), 'veritrail-import-'));
let baseUrl: string;
let firstRun: FirstRun;

beforeAll(async () => {
  const dataDirectory = join(folder, 'data');
  baseUrl = await launch({ DATA_DIR: dataDirectory, LOG_LEVEL: 'error' }).address;
  firstRun = readFirstRun(dataDirectory);
});
afterAll(async () => {
  await endServers();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runImport(file: string, input?: string, environment?: Record<string, string>): Promise<Run> {
  const credential = { VERITRAIL_API_KEY: firstRun.api_key, VERITRAIL_API_SECRET: firstRun.api_secret };
  const child = spawn(process.execPath, [PROGRAM, 'import', file, '--url', baseUrl], {
    env: { PATH: process.env['PATH'], ...(environment ?? credential) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input ?? '');
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

function line(number: number, change: object = {}): string {
  const event = { id: randomUUID(), action: 'READ', resource_type: 'file', resource_id: `f-${number}`, actor_id: 'u' };
  return `${JSON.stringify({ ...event, ...change })}\n`;
}

async function imported(): Promise<string[]> {
  const trail = await readTrail(baseUrl, asFirstKey(firstRun));
  return trail.filter(({ resource_type: type }) => type === 'file').map(({ resource_id: id }) => id);
}

it('import records a file once, however often it is run, and names its first bad line', async () => {
  const file = join(folder, 'events.ndjson');
  const lines = Array.from({ length: 1500 }, (_, index) => line(index));
  writeFileSync(file, [...lines, line(1500, { action: 'SHOUT' })].join(''));
  const broken = await runImport(file);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('Line 1501: action must be one of');
  expect(broken.stderr).toContain('The 1500 lines before it are recorded, 1500 of them by this import.');

  writeFileSync(file, [...lines, line(1500)].join(''));
  expect(await runImport(file)).toMatchObject({
    code: 0,
    stdout: '1501 lines: 1 events recorded, and 1500 that the trail had already.\n',
  });
  expect(await imported()).toEqual(Array.from({ length: 1501 }, (_, index) => `f-${index}`));
});

it('import reads standard input', async () => {
  const run = await runImport('-', line(9000));
  expect(run).toMatchObject({ code: 0, stdout: '1 lines: 1 events recorded.\n', stderr: '' });
});

it.each([
  ['no credential', 'x', {}, 'Set VERITRAIL_API_KEY and VERITRAIL_API_SECRET'],
  ['no file', 'nowhere.ndjson', undefined, 'There is no file nowhere.ndjson.'],
  ['a wrong credential', '-', { VERITRAIL_API_KEY: 'a', VERITRAIL_API_SECRET: 'b' }, 'The server answered 401'],
])('import says what is wrong: %s', async (_, file, environment, says) => {
  const run = await runImport(file, line(1), environment);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain(says);
});
