import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DECLARATION_KIND_NAMES } from '../../src/http/declaration-schemas.ts';
import { OBSERVED_FACT_NAMES, OBSERVED_FACTS } from '../../src/posture/observed-facts.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { insist, makeService, makeWorld, type World } from '../support/world.ts';

const PAGE = readFileSync(new URL('../../../../docs/operating/records.md', import.meta.url), 'utf8');

let server: TestServer;
let world: World;
const fakes: Server[] = [];

beforeAll(async () => {
  server = await startTestServer();
  world = await makeWorld(server);
});
afterAll(async () => {
  for (const fake of fakes) fake.close();
  await server.stop();
});

/** Answers a start-up message as PostgreSQL would, or not at all. */
async function database(answer: string | undefined): Promise<string> {
  const fake = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => (answer === undefined ? socket.destroy() : socket.end(answer)));
  });
  fakes.push(fake);
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(fake.address() as AddressInfo).port}`;
}

describe('the page about records', () => {
  it('names every fact with the days that it counts, and every kind of declaration', () => {
    const rows = PAGE.split('\n').filter((line) => line.startsWith('| `'));
    for (const fact of OBSERVED_FACT_NAMES) {
      const row = rows.find((line) => line.includes(`\`${fact}\``)) ?? '';
      expect([fact, Number(/(\d+) days? \|$/.exec(row)?.[1])]).toEqual([fact, OBSERVED_FACTS[fact].freshDays]);
    }
    for (const kind of DECLARATION_KIND_NAMES) expect(PAGE).toContain(`\`${kind}\``);
  });

  it('has a collector that tells what it saw, and nothing of what it could not see', async () => {
    const refusal = 'E\0\0\0\x50SFATAL\0C28000\0Mno pg_hba.conf entry for host "127.0.0.1", no encryption\0\0';
    const names = ['required', 'offered', 'silent', 'unheard of'] as const;
    const ids = await Promise.all(names.map((name) => makeService(server, world, { name })));
    const addresses = {
      required: await database(refusal),
      offered: await database('R\0\0\0\x08\0\0\0\x00'),
      silent: await database(undefined),
    };
    const program = /```python\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
    const secret = Buffer.from(world.keys.admin.basic.replace('Basic ', ''), 'base64').toString();
    await promisify(execFile)('python3', ['-c', program], {
      env: {
        ...process.env,
        VERITRAIL_URL: server.baseUrl,
        VERITRAIL_ORGANIZATION: world.id,
        VERITRAIL_KEY: secret,
        ADDRESSES: JSON.stringify(addresses),
      },
    });
    const { items } = (
      await insist(server.call)(200, 'GET', world.path('/observations'), { auth: world.keys.member.basic })
    ).json as { items: { service_id: string; value: unknown }[] };
    const seen = new Map(items.map(({ service_id: id, value }) => [id, value]));
    expect(ids.map((id) => seen.get(id))).toEqual([true, false, undefined, undefined]);
  });
});
