import path from 'node:path';

import { openDiagnostics, readConfiguration, startServer, type RunningServer } from '@veritrail/server';
import type { TestProject } from 'vitest/node';

import { provideDemo } from '../../../cli/src/demo/provide-demo.ts';
import { startEmbeddedPostgres } from '../../../server/src/storage/embedded/start-embedded-postgres.ts';
import { freePort } from '../../../server/test/support/outside-postgres.ts';
import { makeScratchFolder } from '../../../server/test/storage/scratch.ts';
import { openBrowser } from './open-browser.ts';

/** What every test of the dashboard stands on: one server, filled, and one browser. */
export interface Scene {
  readonly baseUrl: string;
  readonly browser: string;
  readonly organizationId: string;
  readonly ownerEmail: string;
  readonly ownerPassword: string;
  readonly auditSecret: string;
  /** Where pictures go; whoever wants to look at them sets DASHBOARD_PICTURES. */
  readonly pictures: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    scene: Scene;
  }
}

const EVENTS = 3000;
const AUDIT_SECRET = 'audit-secret-of-the-dashboard-tests';
const OWNER = { email: 'olga.owner@nordlicht.example', password: 'the password of the owner' };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = makeScratchFolder();
  const folder = scratch.path;
  const closing: (() => Promise<unknown> | void)[] = [() => scratch.remove()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const opening = await Promise.allSettled([
      startFilledServer(folder, closing),
      openBrowser(path.join(folder, 'chromium')).then((opened) => {
        closing.push(() => opened.close());
        return opened;
      }),
    ]);
    const [server, browser] = [valueOf(opening[0]), valueOf(opening[1])];
    project.provide('scene', {
      baseUrl: server.baseUrl,
      browser: browser.wsEndpoint(),
      organizationId: server.organizationId,
      ownerEmail: OWNER.email,
      ownerPassword: OWNER.password,
      auditSecret: AUDIT_SECRET,
      pictures: process.env['DASHBOARD_PICTURES'] ?? path.join(folder, 'pictures'),
    });
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

async function startFilledServer(
  folder: string,
  closing: (() => Promise<unknown> | void)[],
): Promise<{ baseUrl: string; organizationId: string }> {
  // Nothing here has to survive a power failure, and filling is several times as fast without waiting for the disk.
  const ground = makeScratchFolder();
  closing.push(() => ground.remove());
  const postgres = await startEmbeddedPostgres({
    dataDirectory: ground.path,
    diagnostics: openDiagnostics('silent'),
    loopbackPort: await freePort(),
    settings: { fsync: 'off', full_page_writes: 'off' },
  });
  closing.push(() => postgres.stop());
  const { user, password, port, database } = postgres.owner;
  const environment = {
    PORT: '0',
    DATA_DIR: path.join(folder, 'data'),
    DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    AUDIT_HMAC_SECRET: AUDIT_SECRET,
    FIRST_OWNER_EMAIL: OWNER.email,
    FIRST_OWNER_PASSWORD: OWNER.password,
    FIRST_ORGANIZATION_NAME: 'Nordlicht Retail',
    LOG_LEVEL: 'silent',
  };
  const running: RunningServer = await startServer(readConfiguration(environment, folder), openDiagnostics('silent'));
  closing.push(() => running.stop());
  const { organizationId } = await provideDemo(running.house, { events: EVENTS, seed: 'of the dashboard' });
  return { baseUrl: running.baseUrl, organizationId };
}
