import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { verifyPacket } from '@veritrail/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startEmbeddedPostgres } from '../../server/src/storage/embedded/start-embedded-postgres.ts';
import { query, recordDiagnostics } from '../../server/test/storage/embedded/embedded-scene.ts';
import { makeScratchFolder } from '../../server/test/storage/scratch.ts';
import { asFirstKey, call, EVENTS, type Answer } from './support/calls.ts';
import { addServices, openLedger } from './support/load.ts';
import { endServers, launch, readFirstRun, type FirstRun, type ServerProcess } from './support/server-process.ts';

const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 4);
/** So many that a packet takes long enough to be killed in the middle. */
const SERVICES = 250;
const AT_ONCE = 6;

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
/** What clients saw: the bytes of each 201. */
const seen = new Map<string, Buffer>();
/** Every packet that a list ever named. */
const ended = new Map<string, string>();

let server: ServerProcess;
let baseUrl: string;
let facts: FirstRun;

async function start(): Promise<void> {
  server = launch({ DATA_DIR: dataDirectory, LOG_LEVEL: 'error', OPERATOR_NAME: 'Example Cloud AB' });
  baseUrl = (await server.address).replace('localhost', '127.0.0.1');
}

function ask(method: string, path: string, body?: object): Promise<Answer> {
  return call(baseUrl, method, path, { auth: asFirstKey(facts), ...(body !== undefined && { body }) });
}

const packetsPath = (rest = ''): string => `/organizations/${facts.organization_id}/compliance-reports${rest}`;

interface Item {
  readonly report_id: string;
  readonly status: string;
  readonly failure: string | null;
}

async function listed(): Promise<Item[]> {
  return ((await ask('GET', packetsPath('?page_size=500'))).json as { items: Item[] }).items;
}

/** Asks for packets until the connection breaks. */
async function keepGenerating(framework: string): Promise<void> {
  for (;;) {
    try {
      const answer = await ask('POST', packetsPath(), { framework });
      expect(answer.status, answer.text.slice(0, 300)).toBe(201);
      seen.set((answer.json as Item).report_id, answer.bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return;
    }
  }
}

async function outcomesInTheTrail(): Promise<Map<string, string[]>> {
  const outcomes = new Map<string, string[]>();
  for (let page = 1; ; page += 1) {
    const path = `${EVENTS}?page_size=500&page=${page}&resource_type=evidence_packet&action=CREATE`;
    const { items, pages } = (await ask('GET', path)).json as {
      items: { resource_id: string; details: { outcome: string } }[];
      pages: number;
    };
    for (const { resource_id: id, details } of items) outcomes.set(id, [...(outcomes.get(id) ?? []), details.outcome]);
    if (page >= pages) return outcomes;
  }
}

beforeAll(async () => {
  await start();
  facts = readFirstRun(dataDirectory);
  const ledger = openLedger();
  await addServices({ baseUrl, auth: asFirstKey(facts), ledger }, facts.organization_id, SERVICES);
  for (const framework of ['soc2', 'dora']) {
    const path = `/organizations/${facts.organization_id}/compliance-subscriptions/${framework}`;
    const answer = await ask('PUT', path);
    if (answer.status !== 200) throw new Error(answer.text);
  }
}, 120_000);
afterAll(async () => {
  await endServers();
  scratch.remove();
});

test.each(Array.from({ length: ROUNDS }, (_, round) => [round + 1]))(
  'after a kill -9 while packets are made (%i), each is whole and verifies, or has failed, and the trail has it once',
  async () => {
    const before = seen.size;
    const clients = Array.from({ length: AT_ONCE }, (_, index) => keepGenerating(index % 2 === 0 ? 'soc2' : 'dora'));
    while (seen.size === before) await sleep(5);
    await sleep(Math.random() * 700);
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    await Promise.all(clients);
    await start();

    const items = await listed();
    const keysDocument = (await ask('GET', '/.well-known/compliance-signing-keys')).bytes;
    for (const { report_id: id, status, failure } of items) {
      if (ended.has(id)) continue;
      const read = await ask('GET', packetsPath(`/${id}`));
      if (status === 'failed') {
        expect([failure, read.status, seen.has(id)]).toEqual(['server_went_away', 409, false]);
        continue;
      }
      expect(read.status).toBe(200);
      const verdict = verifyPacket(read.bytes, { keysDocument });
      expect(verdict.checks.filter((check) => check.outcome === 'fail')).toEqual([]);
      expect(verdict.outcome).toBe('pass');
    }
    for (const { report_id: id, status } of items) {
      // What ended stays as it ended.
      expect(ended.get(id) ?? status).toBe(status);
      ended.set(id, status);
    }
    for (const [id, bytes] of seen) {
      expect((await ask('GET', packetsPath(`/${id}`))).bytes.equals(bytes), id).toBe(true);
    }
    const outcomes = await outcomesInTheTrail();
    const expected = items.map(({ report_id: id, status }) => [id, [status === 'complete' ? 'success' : 'failure']]);
    expect(outcomes).toEqual(new Map(expected as [string, string[]][]));
  },
  120_000,
);

test('some were killed in the middle, and nothing is half there', async () => {
  expect([...ended.values()]).toContain('failed');
  await server.kill('SIGTERM');
  const postgres = await startEmbeddedPostgres({ dataDirectory, diagnostics: recordDiagnostics().diagnostics });
  try {
    const half = `SELECT (SELECT count(*) FROM veritrail.packet_leases)::int AS leases,
      (SELECT count(*) FROM veritrail.packets WHERE status = 'started')::int AS started`;
    expect(await query(postgres.owner, half)).toEqual([{ leases: 0, started: 0 }]);
  } finally {
    await postgres.stop();
  }
});
