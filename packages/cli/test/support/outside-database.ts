import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import {
  startEmbeddedPostgres,
  type DatabaseLogin,
} from '../../../server/src/storage/embedded/start-embedded-postgres.ts';
import { query, recordDiagnostics } from '../../../server/test/storage/embedded/embedded-scene.ts';
import { freePort } from '../../../server/test/support/outside-postgres.ts';

/** A PostgreSQL that an operator runs, as far as the program can tell. */
export interface OutsideDatabase {
  /** Runs SQL as its superuser. */
  sql(statement: string, database?: string): Promise<Record<string, unknown>[]>;
  /** Makes a role with a password, and answers a login to that database. */
  role(name: string, attributes: string, database: string): Promise<DatabaseLogin>;
  readonly superuser: DatabaseLogin;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The programs of the other supported version at its oldest, where there are some for this platform. */
export function oldestSupportedPrograms(): string | undefined {
  const resolve = createRequire(import.meta.url).resolve;
  try {
    const native = join(dirname(resolve('postgres-15-linux-x64')), '..', 'native');
    return process.platform === 'linux' && process.arch === 'x64' && existsSync(native) ? native : undefined;
  } catch {
    return undefined;
  }
}

export async function startOutsideDatabase(dataDirectory: string, binaries?: string): Promise<OutsideDatabase> {
  const loopbackPort = await freePort();
  const start = () =>
    startEmbeddedPostgres({
      dataDirectory,
      diagnostics: recordDiagnostics().diagnostics,
      loopbackPort,
      ...(binaries !== undefined && { binaries }),
    });
  let postgres = await start();
  const superuser = { ...postgres.owner, host: '127.0.0.1' };
  const sql: OutsideDatabase['sql'] = (statement, database = superuser.database) =>
    query({ ...superuser, database }, statement);
  return {
    superuser,
    sql,
    async role(name, attributes, database) {
      const password = `${name}-p@ss:word/#1`;
      await sql(`CREATE ROLE ${name} LOGIN ${attributes} PASSWORD '${password}'`);
      return { ...superuser, user: name, password, database };
    },
    async restart() {
      await postgres.stop();
      postgres = await start();
    },
    stop: () => postgres.stop(),
  };
}

/** What DATABASE_URL says. */
export function urlOf({ user, password, host, port, database }: DatabaseLogin): string {
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}
