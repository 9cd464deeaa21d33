import { lchown, lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { StorageError } from '../storage-error.ts';

/** Whom the database runs as. */
export interface PostgresAccount {
  readonly uid: number;
  readonly gid: number;
  /** Whether that is another user than this process, which is root then: PostgreSQL refuses to run as root. */
  readonly foreign: boolean;
}

/** In this order; both are there on nearly every system, and initdb needs a user that has an entry. */
const UNPRIVILEGED_USERS = ['postgres', 'nobody'];

/**
 * @param cluster the cluster's folder, which need not exist.
 * @throws {StorageError} `data_directory_unusable` if the cluster belongs to somebody whom this process can't become.
 */
export async function choosePostgresAccount(cluster: string): Promise<PostgresAccount> {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (uid === undefined || gid === undefined) {
    throw new StorageError(
      'database_unavailable',
      `The embedded PostgreSQL does not run on ${process.platform}; set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const owner = await stat(cluster).catch(() => undefined);
  if (uid !== 0) {
    if (owner !== undefined && owner.uid !== uid) {
      throw new StorageError(
        'data_directory_unusable',
        `${cluster} belongs to the user with id ${owner.uid} and this server runs as ${uid}. ` +
          `Start it as that user, or give it the folder: chown -R ${uid}:${gid} '${cluster}'.`,
      );
    }
    return { uid, gid, foreign: false };
  }
  // A cluster that root owns was copied or restored by root.
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, foreign: true };
  return unprivilegedAccount();
}

async function unprivilegedAccount(): Promise<PostgresAccount> {
  const entries = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const user of UNPRIVILEGED_USERS) {
    const [, , uid, gid] = entries.find(([name]) => name === user) ?? [];
    if (Number(uid) !== 0 && Number.isInteger(Number(uid)) && Number.isInteger(Number(gid))) {
      return { uid: Number(uid), gid: Number(gid), foreign: true };
    }
  }
  throw new StorageError(
    'database_unavailable',
    'PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as. ' +
      'Start this server as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** As in a container without CAP_SETUID and CAP_CHOWN, or one whose users end at 0. */
export const MAY_NOT_CHANGE_USER =
  'This server is root but may not act for another user, and PostgreSQL refuses to run as root. ' +
  'Start the server as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.';

/**
 * Hands over a file, or a folder with everything in it.
 *
 * @throws {StorageError} `database_unavailable` if even root may not.
 */
export async function giveTo(account: PostgresAccount, path: string): Promise<void> {
  if (!account.foreign) return;
  try {
    await lchown(path, account.uid, account.gid);
    if (!(await lstat(path)).isDirectory()) return;
    for (const name of await readdir(path, { recursive: true })) {
      await lchown(join(path, name), account.uid, account.gid);
    }
  } catch (cause) {
    throw new StorageError('database_unavailable', MAY_NOT_CHANGE_USER, { cause });
  }
}

/**
 * Whether the account may read or run the file at `path`, or pass through the folder. Judged by owner and mode of it and
 * of every folder above it.
 */
export async function canReach(account: PostgresAccount, path: string): Promise<boolean> {
  if (!account.foreign) return true;
  try {
    const real = await realpath(path);
    const target = await lstat(real);
    const needed = target.isDirectory() ? 0o1 : (target.mode & 0o111) === 0 ? 0o4 : 0o5;
    if (!permits(target, account, needed)) return false;
    for (let folder = dirname(real); ; folder = dirname(folder)) {
      if (!permits(await lstat(folder), account, 0o1)) return false;
      if (folder === dirname(folder)) return true;
    }
  } catch {
    return false;
  }
}

function permits(found: { mode: number; uid: number; gid: number }, account: PostgresAccount, needed: number): boolean {
  const shift = found.uid === account.uid ? 6 : found.gid === account.gid ? 3 : 0;
  return ((found.mode >> shift) & needed) === needed;
}
