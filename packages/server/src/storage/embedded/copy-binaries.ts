import { createHash } from 'node:crypto';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { StorageError } from '../storage-error.ts';
import { sync } from '../sync.ts';
import { canReach } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';

/** Kept between starts; the first is also out of reach of what empties temp folders while the database runs. */
const PLACES: readonly string[] = ['/var/lib/veritrail', join(tmpdir(), 'veritrail-root')];

/** For compiling against PostgreSQL, not for running it. */
const NEEDLESS = /\.a$|^pkgconfig$|^include$/;

/**
 * Copies PostgreSQL to where an unprivileged account gets to it, for root whose installation lies in a folder of its
 * own: PostgreSQL resolves the path of its program, so there is no way around the folders above it.
 *
 * Root goes on to start what is there, at this start and later ones. So a copy is taken only from a place that nobody
 * else can have written to, and it appears under its name when it is whole and on disk.
 *
 * @throws {StorageError} `database_unavailable` if there is no such place.
 */
export async function copyBinaries(
  native: string,
  major: number,
  account: PostgresAccount,
  places = PLACES,
): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(join(native, 'bin', 'postgres')))
    .digest('hex');
  const name = `postgresql-${major}-${digest.slice(0, 16)}`;
  const failures: unknown[] = [];
  for (const place of places) {
    try {
      await mkdir(place, { mode: 0o755 }).catch(() => undefined);
      const copy = join(await realpath(place), name);
      if (!(await isOursAlone(dirname(copy)))) throw new Error(`Others may write to ${place}.`);
      if (!(await isOursAlone(copy))) await makeCopy(native, copy);
      if (await canReach(account, join(copy, 'bin', 'postgres'))) return copy;
      throw new Error(`The user with id ${account.uid} can't reach ${copy}.`);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new StorageError(
    'database_unavailable',
    `PostgreSQL can't run as root, and the user with id ${account.uid} can't reach ${native}. ` +
      `Open the folders above it (chmod o+x), let root write to ${places[0]}, or start this server as an ordinary user.`,
    { cause: new AggregateError(failures) },
  );
}

/** Whether only we could have made or changed this folder: true of every folder on the way to it, or sticky as /tmp. */
async function isOursAlone(folder: string): Promise<boolean> {
  const own = process.getuid?.();
  for (let path = folder, child = false; ; path = dirname(path), child = true) {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined || !found.isDirectory()) return false;
    const sticky = child && (found.mode & 0o1000) !== 0;
    if (found.uid !== own && found.uid !== 0) return false;
    if ((found.mode & 0o022) !== 0 && !sticky) return false;
    if (path === dirname(path)) return true;
  }
}

async function makeCopy(native: string, copy: string): Promise<void> {
  const unfinished = await mkdtemp(join(dirname(copy), '.unfinished-'));
  try {
    await copyFolder(native, unfinished);
    await rename(unfinished, copy).catch(async (error: unknown) => {
      // Another server was quicker.
      if (!(await isOursAlone(copy))) throw error;
    });
    await sync(dirname(copy));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Readable by everybody whatever the umask was when npm unpacked it. */
async function copyFolder(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (NEEDLESS.test(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await copyFolder(source, target);
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target);
    } else {
      await copyFile(source, target);
      await chmod(target, ((await lstat(source)).mode & 0o100) === 0 ? 0o644 : 0o755);
      await sync(target);
    }
  }
  await chmod(to, 0o755);
  await sync(to);
}
