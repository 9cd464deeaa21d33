import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { StorageError } from '../storage-error.ts';
import { isAlive, isPostmasterOf, PID_FILE, readPidFile } from './pid-file.ts';
import type { Diagnostics } from './postgres-log.ts';
import { SOCKET_FOLDER } from './postgres-settings.ts';

/** PostgreSQL checkpoints before it ends; after SIGQUIT it doesn't, and recovers at the next start. */
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const EMPTY_FILE_MS = 100;

/**
 * Ends a postmaster that outlived its server, and removes lock files that would keep PostgreSQL from starting though
 * they speak of nobody. The caller holds the data directory, so no other server wants that postmaster.
 *
 * @throws {StorageError} `data_directory_in_use` if one stays.
 */
export async function clearOrphan(cluster: string, diagnostics: Diagnostics): Promise<void> {
  await clearPidFile(cluster, diagnostics);
  // The socket's lock file names a process too, and would be believed as readily.
  const sockets = join(cluster, SOCKET_FOLDER);
  for (const name of await readdir(sockets)) await rm(join(sockets, name), { force: true });
}

async function clearPidFile(cluster: string, diagnostics: Diagnostics): Promise<void> {
  const file = await readPidFile(cluster);
  if (!file.exists) return;
  if (file.pid === undefined) {
    // It may be in the middle of being written.
    await sleep(EMPTY_FILE_MS);
    const later = await readPidFile(cluster);
    if (later.pid !== undefined) return clearPidFile(cluster, diagnostics);
    return removePidFile(cluster, diagnostics, 'is empty');
  }
  // Of a dead one PostgreSQL itself checks whether processes of it still live, and replaces the file.
  if (!isAlive(file.pid)) return;

  const orphan = await isPostmasterOf(cluster, file.pid);
  if (orphan === false) {
    return removePidFile(cluster, diagnostics, `names process ${file.pid}, which is not a PostgreSQL of this cluster`);
  }
  if (orphan === undefined) throw stillRunning(cluster, file.pid);
  diagnostics.warn(`PostgreSQL (process ${file.pid}) outlived the server that started it; stopping it`);
  if (!(await endPostmaster(cluster, file.pid))) throw stillRunning(cluster, file.pid);
}

/**
 * Fast shutdown, then an immediate one. Each signal goes out only after another look at whose process it is.
 *
 * @returns whether it ended.
 */
export async function endPostmaster(cluster: string, pid: number): Promise<boolean> {
  for (const [signal, limit] of [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
  ] as const) {
    const until = Date.now() + limit;
    if (!(await signalPostmaster(cluster, pid, signal))) return true;
    while (Date.now() < until) {
      await sleep(10);
      if (!(await isPostmasterOf(cluster, pid))) return true;
    }
  }
  return false;
}

async function signalPostmaster(cluster: string, pid: number, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isPostmasterOf(cluster, pid))) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

async function removePidFile(cluster: string, diagnostics: Diagnostics, why: string): Promise<void> {
  diagnostics.warn(`Removing a stale ${PID_FILE}: it ${why}`);
  await rm(join(cluster, PID_FILE), { force: true });
}

function stillRunning(cluster: string, pid: number): StorageError {
  return new StorageError(
    'data_directory_in_use',
    `Process ${pid} is a PostgreSQL that runs on ${cluster} and does not end. Stop it (kill -QUIT ${pid}) and start again.`,
  );
}
