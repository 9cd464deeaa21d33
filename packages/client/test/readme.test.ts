import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startTestServer, type TestServer } from '../../server/test/support/test-server.ts';
import { makeWorld, readTrail } from '../../server/test/support/world.ts';
import { credentialOf } from './support/scene.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
// In the package, so that its own name leads to what was built.
const FOLDER = join(PACKAGE, 'dist', `readme-test-${process.pid}`);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  mkdirSync(FOLDER, { recursive: true });
});
afterAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  await server.stop();
});

it('the example runs and does what it says', async () => {
  const example = /```js\n([^]*?)```/.exec(readFileSync(join(PACKAGE, 'README.md'), 'utf8'))?.[1] ?? '';
  const file = join(FOLDER, 'example.mjs');
  writeFileSync(file, example);
  const world = await makeWorld(server);
  const { apiKey, apiSecret } = credentialOf(world.keys.recorder.bearer);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], {
    cwd: dirname(file),
    env: {
      PATH: process.env['PATH'],
      VERITRAIL_URL: server.baseUrl,
      VERITRAIL_API_KEY: apiKey,
      VERITRAIL_API_SECRET: apiSecret,
    },
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^event \d+ in \d+ bytes, sha256=[0-9a-f]{64}\n\{ unsent: 0 \}\n$/);
  const trail = await readTrail(server, world);
  expect(trail.slice(-2).map(({ action, resource_id: id }) => [action, id])).toEqual([
    ['UPDATE', 'exp-1'],
    ['DELETE', 'exp-2'],
  ]);
});
