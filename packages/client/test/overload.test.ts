import { afterAll, beforeAll, expect, it } from 'vitest';

import { asOwner, startTestServer, type TestServer } from '../../server/test/support/test-server.ts';
import { makeWorld, recordEvent } from '../../server/test/support/world.ts';
import { closeClients, event, openClient, things } from './support/scene.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await closeClients();
  // Each 503 is in the diagnostics, as it should be.
  server.complaints.splice(0);
  await server.stop();
});

const WRITERS = 16;
const EVENTS_EACH = 70;
const DETAILS_BYTES = 60_000;
/** What the server lets wait, and a request that came last. */
const MOST_WAITING_BYTES = 48 * 1024 * 1024;

it(
  'a database that stands still pushes back, holds a bounded amount, and loses nothing of what was accepted',
  { timeout: 180_000 },
  async () => {
    const world = await makeWorld(server);
    await recordEvent(server, world);
    const statuses: number[] = [];
    const retryAfter: (string | null)[] = [];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await globalThis.fetch(input, init);
      statuses.push(response.status);
      if (response.status === 503) retryAfter.push(response.headers.get('retry-after'));
      return response;
    };
    const scenes = await Promise.all(
      Array.from({ length: WRITERS }, () => openClient(server, world, { fetch, flushMs: 200 })),
    );
    const { groupCommit } = server.running.house;

    const recorded = await asOwner(server.databaseUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT * FROM trail_heads FOR UPDATE');
      const details = { fill: 'x'.repeat(DETAILS_BYTES) };
      const sent = scenes.flatMap((scene, writer) =>
        Array.from({ length: EVENTS_EACH }, (_, index) =>
          scene.client.record(event(index, { resource_id: `w-${writer}-${index}`, details })),
        ),
      );
      let most = 0;
      await expect
        .poll(
          () => {
            most = Math.max(most, groupCommit.waiting);
            return statuses.filter((status) => status === 503).length;
          },
          { timeout: 60_000, interval: 20 },
        )
        .toBeGreaterThanOrEqual(3);
      expect(most).toBeGreaterThan(EVENTS_EACH);
      expect(most * DETAILS_BYTES).toBeLessThanOrEqual(MOST_WAITING_BYTES);
      // Nothing was promised while nothing could be stored.
      expect(new Set(statuses)).toEqual(new Set([503]));
      await client.query('ROLLBACK');
      return sent;
    });
    await Promise.all(recorded);

    expect(retryAfter.every((value) => Number(value) >= 1)).toBe(true);
    const stored = (await things(server, world)).map(({ resource_id: id }) => id);
    expect(stored).toHaveLength(WRITERS * EVENTS_EACH);
    for (let writer = 0; writer < WRITERS; writer += 1) {
      const own = stored.filter((id) => id.startsWith(`w-${writer}-`));
      expect(own).toEqual(Array.from({ length: EVENTS_EACH }, (_, index) => `w-${writer}-${index}`));
    }
    expect(groupCommit.waiting).toBe(0);
    expect(scenes.flatMap(({ problems }) => problems.filter(({ kind }) => kind !== 'unreachable'))).toEqual([]);
  },
);

it('a database that is gone for a while is ridden out too', async () => {
  const world = await makeWorld(server);
  const { client } = await openClient(server, world, { batchEvents: 10 });
  const recorded = asOwner(server.databaseUrl, async (owner) => {
    const sent: Promise<unknown>[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 40; index += 1) sent.push(client.record(event(sent.length)));
      await owner.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return sent;
  });
  await Promise.all(await recorded);
  await client.flush();
  const stored = (await things(server, world)).map(({ resource_id: id }) => id);
  expect(stored).toEqual(Array.from({ length: 200 }, (_, index) => `t-${index}`));
});
