import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';

import { StorageError } from '../storage-error.ts';
import type { Cluster } from './cluster.ts';
import { canReach, MAY_NOT_CHANGE_USER } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';

const LONGEST_STDERR = 16_000;

interface ProgramResult {
  /** Such as "code 0" or "SIGKILL". */
  readonly ending: string;
  readonly stderr: string;
}

/** Runs a program of PostgreSQL to its end, with arguments made from the path by which it gets to its cluster. */
export async function runProgram(
  cluster: Cluster,
  program: string,
  programArguments: (directory: string) => string[],
  input = '',
): Promise<ProgramResult> {
  const entrance = await openEntrance(cluster, 3);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawnProgram(cluster, program, programArguments(entrance.directory), {
        stdio: ['pipe', 'ignore', 'pipe', entrance.descriptor],
      });
      let stderr = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-LONGEST_STDERR);
      });
      // A program that ends without reading its input says why on stderr.
      child.stdin?.on('error', () => undefined).end(input);
      child.on('error', (error) => reject(spawnFailure(error, program, cluster.account)));
      child.on('close', (code, signal) => resolve({ ending: signal ?? `code ${code}`, stderr }));
    });
  } finally {
    await entrance.close();
  }
}

/** Starts a program under the cluster's account; it learns nothing of our environment. */
export function spawnProgram(
  { account, binaries }: Cluster,
  program: string,
  programArguments: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  const identity = account.foreign ? { uid: account.uid, gid: account.gid } : {};
  try {
    return spawn(program, programArguments, { ...options, ...identity, cwd: '/', env: binaries.environment });
  } catch (error) {
    throw spawnFailure(error as Error, program, account);
  }
}

/** How a program gets to its cluster. */
interface Entrance {
  readonly directory: string;
  /** What the program is to be given at the number asked for. */
  readonly descriptor: number | 'ignore';
  close(): Promise<void>;
}

/**
 * An unprivileged account may be barred by a folder above its cluster, such as root's home. It gets the cluster's folder
 * opened by root then: Linux lets a process through a descriptor of its own without asking the folders on the way.
 *
 * @throws {StorageError} `data_directory_unusable` where that is not possible.
 */
export async function openEntrance({ folder, account }: Cluster, number: number): Promise<Entrance> {
  if (await canReach(account, folder)) {
    return { directory: folder, descriptor: 'ignore', close: () => Promise.resolve() };
  }
  if (!existsSync('/proc/self/fd')) {
    throw new StorageError(
      'data_directory_unusable',
      `The user with id ${account.uid}, whom the database runs as, can't reach ${folder}. ` +
        'Open the folders above it (chmod o+x), or set DATA_DIR to another folder.',
    );
  }
  const handle = await open(folder);
  return { directory: `/proc/self/fd/${number}`, descriptor: handle.fd, close: () => handle.close() };
}

export function spawnFailure(cause: Error, program: string, account: PostgresAccount): StorageError {
  const advice =
    account.foreign && /EPERM|EINVAL/.test(cause.message)
      ? MAY_NOT_CHANGE_USER
      : 'Its folder may be mounted so that nothing in it runs (noexec), or this system lacks the GNU C library.';
  return new StorageError('database_unavailable', `${program} could not be started. ${advice}`, { cause });
}
