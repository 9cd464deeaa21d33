import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { StorageError } from '../storage-error.ts';
import { sync } from '../sync.ts';
import { DATABASE, OWNER } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { giveTo } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';
import type { Diagnostics } from './postgres-log.ts';
import { HOST_BASED_AUTHENTICATION, singleUserSettings, SOCKET_FOLDER } from './postgres-settings.ts';
import { runProgram } from './run-program.ts';

/** Beside the cluster's own files, so that one can't be lost or restored without the other. */
const PASSWORD_FILE = 'veritrail-owner-password';
const UNFINISHED = 'postgres.unfinished-';

/**
 * Makes the cluster with its owner and database where there is none, and returns the owner's password.
 *
 * The rename is the commit point: a crash before it leaves a folder of another name, which the next start removes.
 *
 * @throws {StorageError} `data_directory_unusable` if there is something else in its place, or one of another major
 *   version; `database_unavailable` if PostgreSQL's programs fail.
 */
export async function openCluster(cluster: Cluster, diagnostics: Diagnostics): Promise<string> {
  const { folder, account } = cluster;
  await removeUnfinished(dirname(folder));
  if (!existsSync(folder)) return createCluster(cluster, diagnostics);
  await refuseOtherVersion(cluster);
  if (account.foreign && (await stat(folder)).uid !== account.uid) await giveTo(account, folder);
  try {
    await makeFolder(join(folder, SOCKET_FOLDER), account);
    return (await readFile(join(folder, PASSWORD_FILE), 'utf8')).trim();
  } catch (cause) {
    throw new StorageError(
      'data_directory_unusable',
      `${folder} is a PostgreSQL cluster, but ${PASSWORD_FILE} can't be read in it. ` +
        'Restore the whole folder, or set DATA_DIR to another one.',
      { cause },
    );
  }
}

async function refuseOtherVersion({ folder, binaries }: Cluster): Promise<void> {
  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '');
  if (version.trim() === String(binaries.major)) return;
  const made = version === '' ? 'is not a PostgreSQL cluster' : `was made by PostgreSQL ${version.trim()}`;
  throw new StorageError(
    'data_directory_unusable',
    `${folder} ${made}, and this server brings PostgreSQL ${binaries.major}. ` +
      'Start the version of the server that made it, or set DATA_DIR to another folder.',
  );
}

async function createCluster(cluster: Cluster, diagnostics: Diagnostics): Promise<string> {
  const { folder, account } = cluster;
  diagnostics.info(`Making the database in ${folder}`);
  const unfinished = await mkdtemp(join(dirname(folder), UNFINISHED));
  try {
    const password = randomBytes(24).toString('base64url');
    const made = { ...cluster, folder: join(unfinished, 'postgres') };
    await writeFile(join(unfinished, 'password'), password, { mode: 0o600, flag: 'wx' });
    await mkdir(made.folder, { mode: 0o700 });
    await giveTo(account, unfinished);
    await runInitdb(made, diagnostics);

    await keepFile(join(made.folder, PASSWORD_FILE), password, account);
    await rm(join(made.folder, 'pg_hba.conf'));
    await keepFile(join(made.folder, 'pg_hba.conf'), HOST_BASED_AUTHENTICATION, account);
    await makeFolder(join(made.folder, SOCKET_FOLDER), account);
    await createDatabase(made, diagnostics);

    await sync(made.folder);
    await rename(made.folder, folder);
    await sync(dirname(folder));
    return password;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Leaves what is still written to by an initdb that outlived its server: names differ, so it is in nobody's way. */
async function removeUnfinished(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(UNFINISHED)) continue;
    await rm(join(dataDirectory, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function makeFolder(path: string, account: PostgresAccount): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(path, { mode: 0o700 });
  await giveTo(account, path);
}

async function keepFile(path: string, content: string, account: PostgresAccount): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
  await giveTo(account, path);
  await sync(path);
}

async function runInitdb(cluster: Cluster, diagnostics: Diagnostics): Promise<void> {
  const { ending, stderr } = await runProgram(cluster, cluster.binaries.initdb, (directory) => [
    ...['-D', directory, '-U', OWNER, '--pwfile', `${directory}/../password`],
    ...['-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '-k'],
    // It would try /dev/shm, which is too small in many containers. PostgreSQL 15 knows no such option.
    ...(cluster.binaries.major >= 16 ? ['-c', 'dynamic_shared_memory_type=mmap'] : []),
  ]);
  if (ending === 'code 0') return;
  diagnostics.error({ stderr }, `initdb ended with ${ending}`);
  const noName = /could not look up effective user ID (\d+)/.exec(stderr)?.[1];
  const reason = /(?:error|FATAL): +(.*)/.exec(stderr)?.[1] ?? `initdb ended with ${ending}`;
  throw new StorageError(
    'database_unavailable',
    noName === undefined
      ? `PostgreSQL could not make its files for ${DATABASE}: ${reason}.`
      : `PostgreSQL makes its files only for a user with a name, and the user id ${noName} has none. ` +
          'Give it a line in /etc/passwd, or start this server as another user.',
  );
}

/** In single-user mode, so that the cluster is complete before it gets its name. */
async function createDatabase(cluster: Cluster, diagnostics: Diagnostics): Promise<void> {
  const { ending, stderr } = await runProgram(
    cluster,
    cluster.binaries.postgres,
    (directory) => ['--single', '-D', directory, ...singleUserSettings(), 'postgres'],
    `CREATE DATABASE ${DATABASE}\n`,
  );
  // Its exit code is 0 after a failed statement too.
  if (ending === 'code 0' && !/\|(ERROR|FATAL|PANIC):/.test(stderr)) return;
  diagnostics.error({ stderr }, `postgres --single ended with ${ending}`);
  throw new StorageError('database_unavailable', `PostgreSQL could not create the database ${DATABASE} (${ending}).`);
}
