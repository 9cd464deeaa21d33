import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { pino } from 'pino';
import type { TestProject } from 'vitest/node';

import { startEmbeddedPostgres } from '../../src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../storage/scratch.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser on a PostgreSQL that all test files share; each server in a test has a database of its own in it. */
    outsidePostgres: string;
  }
}

/** Nothing here survives a power failure, which no test of the doors is about; the storage tests keep theirs durable. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_connections: '400' };

/** Plays the PostgreSQL that DATABASE_URL names. Vitest runs this once, before the first test file and after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const scratch = makeScratchFolder();
  try {
    const postgres = await startEmbeddedPostgres({
      dataDirectory: scratch.path,
      diagnostics: pino({ level: 'silent' }),
      loopbackPort: await freePort(),
      settings: SETTINGS,
    });
    const { user, password, port, database } = postgres.owner;
    project.provide(
      'outsidePostgres',
      `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    );
    return async () => {
      await postgres.stop();
      scratch.remove();
    };
  } catch (error) {
    scratch.remove();
    throw error;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
