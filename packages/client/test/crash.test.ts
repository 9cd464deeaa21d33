import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { asFirstKey, call } from '../../cli/test/support/calls.ts';
import {
  endServers,
  launch,
  readFirstRun,
  type FirstRun,
  type ServerProcess,
} from '../../cli/test/support/server-process.ts';
import { expectSound, readTrail } from '../../cli/test/support/trail.ts';
import { freePort } from '../../server/test/support/outside-postgres.ts';
import { createDatabase } from '../../server/test/support/test-server.ts';
import { createAuditClient, type AuditClientOptions } from '../src/index.ts';
import { endRecordings, startRecording } from './support/recording-process.ts';
import { event, range, removeSpools, spoolFolder } from './support/scene.ts';

afterEach(removeSpools);
afterAll(async () => {
  endRecordings();
  await endServers();
});

/** A server that can be killed and started again on the same data and port. */
async function launchServer() {
  const folder = join(spoolFolder(), '..', 'data');
  const port = await freePort();
  const settings = { DATABASE_URL: await createDatabase(), DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'error' };
  const start = async (): Promise<ServerProcess> => {
    const server = launch(settings);
    await server.address;
    return server;
  };
  const server = await start();
  const baseUrl = `http://127.0.0.1:${port}`;
  return { server, start, baseUrl, firstRun: readFirstRun(folder) };
}

function optionsFor(baseUrl: string, firstRun: FirstRun, more: Partial<AuditClientOptions> = {}): AuditClientOptions {
  return { baseUrl, apiKey: firstRun.api_key, apiSecret: firstRun.api_secret, flushMs: 2, ...more };
}

async function thingsOf(baseUrl: string, firstRun: FirstRun): Promise<string[]> {
  const trail = await readTrail(baseUrl, asFirstKey(firstRun));
  expectSound(trail, firstRun.audit_hmac_secret);
  return trail.filter(({ resource_type: type }) => type === 'thing').map(({ resource_id: id }) => id);
}

describe('a server that is killed while it is sent events', () => {
  it.each([
    ['with a spool', true],
    ['in memory', false],
  ])('has each of them once and in order when it is back: %s', { timeout: 120_000 }, async (_, spooled) => {
    const { server, start, baseUrl, firstRun } = await launchServer();
    const place = spooled ? { spoolDirectory: spoolFolder() } : {};
    const client = await createAuditClient(optionsFor(baseUrl, firstRun, { ...place, batchEvents: 20 }));
    const count = 1500;
    const recorded: Promise<unknown>[] = [];
    const send = async (until: number): Promise<void> => {
      while (recorded.length < until) {
        for (let index = 0; index < 10; index += 1) recorded.push(client.record(event(recorded.length)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await send(count / 3);
    await expect.poll(() => client.stats.recorded, { timeout: 20_000 }).toBeGreaterThan(50);
    await server.kill('SIGKILL');
    await send((count * 2) / 3);
    await expect.poll(() => client.stats.retries, { timeout: 20_000 }).toBeGreaterThan(0);
    const next = await start();
    await send(count);
    await client.close({ timeoutMs: 60_000 });
    await Promise.all(recorded);
    expect(await thingsOf(baseUrl, firstRun)).toEqual(range(count));
    await next.kill('SIGTERM');
  });
});

describe('a client that is killed', () => {
  it('keeps what it promised, and the next one sends it once', { timeout: 120_000 }, async () => {
    const { server, baseUrl, firstRun } = await launchServer();
    const spoolDirectory = spoolFolder();
    const options = optionsFor(baseUrl, firstRun, { spoolDirectory, batchEvents: 50 });
    const recording = startRecording(options);
    await recording.ready;
    await expect.poll(() => recording.promised.length, { timeout: 20_000 }).toBeGreaterThan(300);
    // While it lives nobody else may have its spool.
    await expect(createAuditClient(options)).rejects.toMatchObject({ code: 'spool_in_use' });
    await recording.kill();

    const next = await createAuditClient(options);
    expect(await next.close({ timeoutMs: 60_000 })).toEqual({ unsent: 0 });
    const stored = await thingsOf(baseUrl, firstRun);
    expect(new Set(stored).size).toBe(stored.length);
    const missing = recording.promised.filter((number) => !stored.includes(`t-${number}`));
    expect(missing).toEqual([]);
    // At most the eight that were under way were never promised.
    expect(stored.length - recording.promised.length).toBeLessThanOrEqual(8);
    await server.kill('SIGTERM');
  });

  it('with the server away as well', { timeout: 120_000 }, async () => {
    const { server, start, baseUrl, firstRun } = await launchServer();
    const spoolDirectory = spoolFolder();
    const options = optionsFor(baseUrl, firstRun, { spoolDirectory });
    const recording = startRecording(options);
    await recording.ready;
    await expect.poll(() => recording.promised.length, { timeout: 20_000 }).toBeGreaterThan(100);
    await server.kill('SIGKILL');
    const { length } = recording.promised;
    await expect.poll(() => recording.promised.length, { timeout: 20_000 }).toBeGreaterThan(length + 200);
    await recording.kill();
    const again = await start();
    const next = await createAuditClient(options);
    expect(await next.close({ timeoutMs: 60_000 })).toEqual({ unsent: 0 });
    const stored = await thingsOf(baseUrl, firstRun);
    expect(new Set(stored).size).toBe(stored.length);
    expect(recording.promised.filter((number) => !stored.includes(`t-${number}`))).toEqual([]);
    expect((await call(baseUrl, 'GET', '/healthz')).status).toBe(200);
    await again.kill('SIGTERM');
  });
});
