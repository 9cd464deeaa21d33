import { Agent } from 'node:http';

import { expect } from 'vitest';

import { call, EVENTS } from './calls.ts';
import { acknowledge, type Ledger, type Posting } from './load.ts';
import { expectSound, readTrail, type TrailEvent } from './trail.ts';

/** How many of the newest postings are also read one by one. */
const READ_SINGLY = 60;
const AT_ONCE = 16;

interface Server {
  readonly baseUrl: string;
  readonly auth: string;
  readonly secret: string;
  readonly organization: string;
}

/**
 * Reads everything back through the public doors and holds it against what callers were told, then sends again what
 * they were told nothing about.
 *
 * @returns how many of those had been stored all the same.
 */
export async function expectKept(
  server: Server,
  ledger: Ledger,
): Promise<{ events: number; storedUnanswered: number }> {
  const { baseUrl, auth } = server;
  const before = await readTrail(baseUrl, auth);
  expectSound(before, server.secret);
  const stored = new Map(before.map(({ id, text }) => [id, text]));
  expectAcknowledged(stored, ledger);
  expectWhole(stored, ledger);
  const agent = new Agent({ keepAlive: true });
  for (const posting of ledger.postings.slice(-READ_SINGLY)) {
    const [id, text] = [posting.ids[0] ?? '', posting.acknowledged?.[0]];
    if (text === undefined) continue;
    expect(await call(baseUrl, 'GET', `${EVENTS}/${id}`, { auth, agent })).toMatchObject({ status: 200, text });
  }

  let [storedUnanswered, added] = [0, 0];
  const sendAgain = async (posting: Posting): Promise<void> => {
    const known = posting.ids.map((id) => stored.get(id)).filter((text) => text !== undefined);
    const answer = await call(baseUrl, 'POST', EVENTS, { auth, agent, body: posting.body });
    expect(answer.status, answer.text).toBe(known.length > 0 ? 200 : 201);
    acknowledge(posting, answer);
    if (known.length > 0) expect(posting.acknowledged).toEqual(known);
    if (known.length > 0) storedUnanswered += 1;
    else added += posting.ids.length;
  };
  const unanswered = ledger.postings.filter(({ acknowledged }) => acknowledged === undefined);
  while (unanswered.length > 0) await Promise.all(unanswered.splice(0, AT_ONCE).map(sendAgain));
  agent.destroy();
  const after = await readTrail(baseUrl, auth);
  expect(after).toHaveLength(before.length + added);
  expect(after.slice(0, before.length)).toEqual(before);
  expectAcknowledged(new Map(after.map(({ id, text }) => [id, text])), ledger);
  await expectHistories(server, ledger, after);
  return { events: after.length, storedUnanswered };
}

/** Every acknowledged event is there with the acknowledged bytes. */
function expectAcknowledged(stored: ReadonlyMap<string, string>, ledger: Ledger): void {
  for (const { ids, acknowledged } of ledger.postings) {
    if (acknowledged === undefined) continue;
    expect(acknowledged).toEqual(ids.map((id) => stored.get(id)));
  }
}

/** Of a batch that nobody was told about, all events are there or none. */
function expectWhole(stored: ReadonlyMap<string, string>, ledger: Ledger): void {
  for (const { ids } of ledger.postings) {
    expect([0, ids.length]).toContain(ids.filter((id) => stored.has(id)).length);
  }
}

interface Version {
  readonly name: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
}

/** No moment without a version or with two; a version for each acknowledged change, an event for each version. */
async function expectHistories(server: Server, ledger: Ledger, trail: readonly TrailEvent[]): Promise<void> {
  for (const { serviceId, sent, acknowledged } of ledger.services) {
    const path = `/organizations/${server.organization}/services/${serviceId}`;
    const versions: Version[] = [];
    for (let page = 1; ; page += 1) {
      const answer = await call(server.baseUrl, 'GET', `${path}/history?page=${page}`, { auth: server.auth });
      expect(answer.status, answer.text).toBe(200);
      const { items, total } = answer.json as { items: Version[]; total: number };
      versions.push(...items);
      if (versions.length === total) break;
    }
    expect(versions.map(({ valid_to: to }) => to)).toEqual([
      ...versions.slice(1).map(({ valid_from: from }) => from),
      null,
    ]);
    for (const { valid_from: from, valid_to: to } of versions)
      expect(to === null || micros(from) < micros(to), `${from} to ${to}`).toBe(true);
    const names = versions.map(({ name }) => name);
    // Each at most once, in the order in which they were sent, and none that was acknowledged is missing.
    expect(names).toEqual(sent.filter((name) => names.includes(name)));
    expect(names).toEqual(expect.arrayContaining(acknowledged));
    const deeds = trail.filter((event) => event.resource_type === 'service' && event.resource_id === serviceId);
    expect(deeds.map(({ action }) => action)).toEqual(versions.map((_, index) => (index === 0 ? 'CREATE' : 'UPDATE')));
    const now = await call(server.baseUrl, 'GET', path, { auth: server.auth });
    expect(now.json).toMatchObject({ name: names.at(-1) });
  }
}

/** PostgreSQL keeps microseconds and prints no zeros at the end. */
function micros(time: string): bigint {
  const [, fraction = ''] = /\.(\d+)Z$/.exec(time) ?? [];
  return BigInt(Date.parse(`${time.slice(0, 19)}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}
