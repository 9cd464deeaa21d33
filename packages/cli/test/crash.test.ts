import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parentOf, processesIn, untilNoProcessIn } from '../../server/test/storage/embedded/embedded-scene.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { checkProblem } from '../../server/test/support/answer.ts';
import { asBasic, asFirstKey, call, EVENTS } from './support/calls.ts';
import { expectKept } from './support/check-ledger.ts';
import { addServices, openLedger, startLoad, type LoadOptions } from './support/load.ts';
import { endServers, launch, readFirstRun, type FirstRun, type ServerProcess } from './support/server-process.ts';
import { expectSound, readTrail } from './support/trail.ts';

/** For a soak: SOAK_ROUNDS=100 npx vitest run --project cli packages/cli/test/crash.test.ts */
const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 6);

/** Who is killed. The server outlives a backend and a postmaster, unless it is killed while that one comes back. */
const VICTIMS = [
  'server',
  'postmaster',
  'server and postmaster',
  'backend',
  'postmaster, then server',
  'postmaster',
] as const;

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const pidFile = join(dataDirectory, 'postgres', 'postmaster.pid');
const ledger = openLedger();

let server: ServerProcess;
let baseUrl: string;
let facts: FirstRun;

async function start(): Promise<void> {
  server = launch({ DATA_DIR: dataDirectory, LOG_LEVEL: 'info' });
  baseUrl = (await server.address).replace('localhost', '127.0.0.1');
}

function postmasterPid(): number {
  return Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
}

function backendPid(): number {
  const isBackend = (pid: number): boolean =>
    /^postgres: .*veritrail_server/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  return processesIn(dataDirectory).find(isBackend) ?? 0;
}

/** 0 would be everybody in our process group. */
function killNow(pid: number): void {
  if (pid > 1) process.kill(pid, 'SIGKILL');
  else throw new Error(`There is no process ${pid} to kill.`);
}

function kill(victims: (typeof VICTIMS)[number]): void {
  if (victims === 'backend') killNow(backendPid());
  if (victims.startsWith('server')) killNow(server.pid);
  if (victims.includes('postmaster')) killNow(postmasterPid());
}

function load(): LoadOptions {
  const organization = `/organizations/${facts.organization_id}`;
  const [service] = ledger.services;
  return {
    baseUrl,
    auth: asFirstKey(facts),
    ledger,
    others: [
      { method: 'GET', path: `${EVENTS}?page_size=20` },
      { method: 'GET', path: `${organization}/compliance-report` },
      { method: 'GET', path: `${organization}/compliance-report/verification-key` },
      { method: 'GET', path: `${organization}/services/${service?.serviceId}/history` },
      { method: 'POST', path: `${organization}/services/${service?.serviceId}/backups`, body: BACKUP },
      { method: 'GET', path: organization, auth: asBasic(facts.email, facts.password) },
      { method: 'POST', path: '/api/v1/auth/login', body: { email: facts.email, password: facts.password } },
      { method: 'GET', path: '/metrics' },
    ],
  };
}
const BACKUP = { completed_at: '2026-06-07T02:00:14Z', type: 'automated', status: 'completed' };

async function expectAllKept(): Promise<void> {
  const { audit_hmac_secret: secret, organization_id: organization } = facts;
  await expectKept({ baseUrl, auth: asFirstKey(facts), secret, organization }, ledger);
}

/** Whoever calls while the database is away is told to come again, and never that the server is at fault. */
function expectOnlyAway(): void {
  for (const refusal of ledger.refusals.splice(0)) {
    expect(refusal.status, refusal.text).toBe(503);
    expect(Number(refusal.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    checkProblem(refusal, refusal.text);
  }
}

async function untilAcknowledgedAgain(): Promise<void> {
  const first = ledger.postings.length;
  for (let attempt = 1; ; attempt += 1) {
    if (ledger.postings.slice(first).filter(({ acknowledged }) => acknowledged !== undefined).length > 20) return;
    if (attempt === 1500) throw new Error(`Nothing is acknowledged any more.\n${server.stderr()}`);
    await sleep(20);
  }
}

afterAll(async () => {
  await endServers();
  scratch.remove();
});

// Whose processes they are is told from /proc.
describe.runIf(process.platform === 'linux')('after a kill -9 under load', () => {
  beforeAll(async () => {
    await start();
    facts = readFirstRun(dataDirectory);
    await addServices(load(), facts.organization_id, 2);
  });
  test.each(
    Array.from({ length: ROUNDS }, (_, round) => [round + 1, VICTIMS[round % VICTIMS.length] ?? 'server'] as const),
  )(
    'round %i, of the %s: what was acknowledged is there, once, and nothing is half there',
    async (_round, victims) => {
      const writers = startLoad(load(), facts.organization_id);
      await untilAcknowledgedAgain();
      await sleep(Math.random() * 300);
      const [old, postmaster] = [processesIn(dataDirectory), postmasterPid()];
      expect(old).toContain(postmaster);
      kill(victims);

      if (victims === 'postmaster' || victims === 'backend') {
        await untilAcknowledgedAgain();
        await writers.stop();
        expect(ledger.broken, 'connections that the server broke').toEqual([]);
        // Its readiness is back too.
        expect(await call(baseUrl, 'GET', '/readyz')).toMatchObject({ status: 200 });
      } else {
        if (victims === 'postmaster, then server') {
          await sleep(Math.random() * 300);
          killNow(server.pid);
        }
        await server.ended;
        await writers.stop();
        // Without a database every answer is quick, and all callers may have been between two requests.
        if (victims !== 'postmaster, then server') expect(ledger.broken).not.toEqual([]);
        ledger.broken.length = 0;
        await start();
      }
      if (victims !== 'backend') {
        expect(
          processesIn(dataDirectory).filter((pid) => old.includes(pid)),
          'of the old database',
        ).toEqual([]);
      }
      expect(parentOf(parentOf(postmasterPid())), 'above the watchdog of the database').toBe(server.pid);
      expectOnlyAway();
      await expectAllKept();
    },
    120_000,
  );

  test('a stop is as clean as ever', async () => {
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    await untilNoProcessIn(dataDirectory);
    expect(existsSync(pidFile)).toBe(false);
    expect(readdirSync(dataDirectory).sort()).toEqual([
      'audit-hmac-secret',
      'first-run.json',
      'keyring-secret',
      'postgres',
    ]);
  });
});

test('a first start that is killed again and again as it writes its files is made good by the next', async () => {
  const folder = join(scratch.path, 'killed');
  for (const name of ['keyring-secret', 'first-run.json']) {
    const killed = launch({ DATA_DIR: folder });
    while (!existsSync(join(folder, name))) await sleep(1);
    killNow(killed.pid);
    await killed.ended;
  }

  server = launch({ DATA_DIR: folder });
  baseUrl = (await server.address).replace('localhost', '127.0.0.1');
  const made = readFirstRun(folder);
  for (const auth of [asFirstKey(made), asBasic(made.email, made.password)]) {
    const { json } = await call(baseUrl, 'GET', '/organizations', { auth });
    expect(json).toMatchObject({ items: [{ id: made.organization_id }] });
    expect((json as { items: unknown[] }).items).toHaveLength(1);
  }
  expectSound(await readTrail(baseUrl, asFirstKey(made)), made.audit_hmac_secret);
  await server.kill('SIGTERM');
});
