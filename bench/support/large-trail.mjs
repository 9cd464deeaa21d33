import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { connectTo, organizationNoOf } from './database.mjs';
import { call, startBenchServer } from './server.mjs';

const { BENCH_FOLDER = path.join(tmpdir(), 'veritrail-bench-10m') } = process.env;
export const LARGE = 10_000_000;
export const SMALL = 10_000;
const A_PART = 500_000;

/**
 * A server with one organization of ten million events and one of ten thousand, over the same 400 days. Filling it takes
 * some ten minutes, so it is kept (BENCH_FOLDER, or the system's folder for temporary files; about 12 GB) and the benches
 * that need it share it.
 */
export async function startLargeServer(tell) {
  await mkdir(BENCH_FOLDER, { recursive: true });
  const server = await startBenchServer({}, BENCH_FOLDER);
  try {
    return { server, ...(await provideTrails(server, tell)) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function provideTrails(server, tell) {
  const file = path.join(BENCH_FOLDER, 'bench.json');
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const facts = before === undefined ? await createOrganizations(server) : JSON.parse(before);
  if (before === undefined) await writeFile(file, JSON.stringify(facts));
  const { large, small, until, filled } = facts;
  if (!filled) {
    for (const trail of [small, large]) await fillTrail(server, tell, trail, until);
    await writeFile(file, JSON.stringify({ ...facts, filled: true }));
  }
  // What autovacuum does sooner or later; in the middle of a measurement it would be noise.
  const client = await connectTo(server.owner);
  await client.query('VACUUM (ANALYZE)');
  await client.end();
  return { large, small, until };
}

async function createOrganizations(server) {
  const large = await createOrganization(server, 'Large', LARGE);
  return { large, small: await createOrganization(server, 'Small', SMALL), until: Date.now() };
}

/** With a key of its own: the owner's login would be a different path through the server. */
async function createOrganization(server, name, events) {
  const owner = server.ownerAuthorization;
  const { id } = await call(server, 'POST', '/organizations', { name, billing_email: 'a@example.com' }, owner);
  const key = await call(server, 'POST', `/organizations/${id}/api-keys`, { name: 'bench', role: 'owner' }, owner);
  const client = await connectTo(server.owner);
  const no = await organizationNoOf(client, id);
  await client.end();
  return { id, no, events, authorization: `Bearer ${key.key}.${key.secret}` };
}

async function fillTrail(server, tell, { no, events }, until) {
  for (let through = Math.min(A_PART, events); through <= events; through += A_PART) {
    await server.ask('fill', { organizationNo: no, events, until, through });
    tell(`${through} of ${events} events`);
  }
  tell('counting, flagging and checking them');
  await server.ask('settle', { organizationNo: no });
}

/** One more organization beside the two, with a trail over the same days; made where the kept database has none yet. */
export async function provideTrail(server, tell, name, events, until) {
  const file = path.join(BENCH_FOLDER, `bench-${name.toLowerCase()}.json`);
  const before = await readFile(file, 'utf8').catch(() => undefined);
  const facts = before === undefined ? await createOrganization(server, name, events) : JSON.parse(before);
  if (before === undefined) await writeFile(file, JSON.stringify(facts));
  if (!facts.filled) await fillTrail(server, tell, facts, until);
  await writeFile(file, JSON.stringify({ ...facts, filled: true }));
  return facts;
}
