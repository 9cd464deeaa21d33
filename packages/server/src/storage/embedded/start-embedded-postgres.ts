import { join, resolve } from 'node:path';

import { openSocketFolder } from '../socket-folder.ts';
import { StorageError } from '../storage-error.ts';
import { DATABASE, OWNER } from './cluster.ts';
import { openCluster } from './open-cluster.ts';
import { choosePostgresAccount } from './postgres-account.ts';
import { prepareBinaries } from './postgres-binaries.ts';
import type { Diagnostics } from './postgres-log.ts';
import { DEFAULT_PORT, postmasterSettings, SOCKET_FOLDER } from './postgres-settings.ts';
import { supervisePostmaster } from './supervise-postmaster.ts';

export interface DatabaseLogin {
  /** The folder of a Unix socket, absolute; good in this process. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedPostgresOptions {
  /** Absolute, and claimed by the caller. The cluster goes to `postgres` in it. */
  readonly dataDirectory: string;
  readonly diagnostics: Diagnostics;
  /** A folder with bin, lib and share to use instead of the installed platform package. */
  readonly binaries?: string;
  /** Where root puts copies of programs that the database's user can't reach. */
  readonly binaryCopies?: readonly string[];
  /** For tests: listens on 127.0.0.1 too, to play a PostgreSQL outside. */
  readonly loopbackPort?: number;
  /** More of PostgreSQL's settings; they win over ours. */
  readonly settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** The superuser, good until `stop()` whatever happens to the postmaster in between. */
  readonly owner: DatabaseLogin;
  readonly postmasterPid: () => number | undefined;
  /** Idempotent. A fast shutdown; past a limit an immediate one, from which the next start recovers. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own, made at the first start: fsync and checksums on, reachable only through a socket in
 * a folder that nobody else may enter, and only with a random password. It is restarted when it dies, and it stops
 * when this process ends, however that happens.
 *
 * @throws {StorageError} with a sentence that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { diagnostics, loopbackPort } = options;
  const dataDirectory = resolve(options.dataDirectory);
  const folder = join(dataDirectory, 'postgres');
  const account = await choosePostgresAccount(folder);
  const binaries = await prepareBinaries(account, dataDirectory, options.binaries, options.binaryCopies);
  const cluster = { folder, account, binaries };
  const password = await openCluster(cluster, diagnostics).catch((cause: unknown) => {
    if (cause instanceof StorageError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError('data_directory_unusable', `There can be no database in ${folder}: ${reason}.`, { cause });
  });

  const port = loopbackPort ?? DEFAULT_PORT;
  const sockets = await openSocketFolder(join(folder, SOCKET_FOLDER), `.s.PGSQL.${port}`);
  try {
    const settings = postmasterSettings(loopbackPort, options.settings);
    const supervisor = await supervisePostmaster(cluster, settings, diagnostics);
    return {
      owner: { host: sockets.path, port, user: OWNER, password, database: DATABASE },
      postmasterPid: () => supervisor.pid(),
      stop: async () => {
        await supervisor.stop();
        await sockets.close();
      },
    };
  } catch (error) {
    await sockets.close();
    throw error;
  }
}
