import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { claimDataDirectory } from '../../../src/storage/data-directory.ts';
import { canReach } from '../../../src/storage/embedded/postgres-account.ts';
import { startEmbeddedPostgres } from '../../../src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../scratch.ts';
import { startServerProcess } from '../server-process.ts';
import { query, recordDiagnostics, untilNoProcessIn } from './embedded-scene.ts';

const isRoot = process.getuid?.() === 0;
const onLinux = process.platform === 'linux';
/** Somebody with an entry in every passwd file. */
const ORDINARY = { uid: 65534, gid: 65534 };

const scratch = makeScratchFolder();
const open = join(scratch.path, 'open');
const closed = join(scratch.path, 'open', 'closed');
/** Installed where install scripts may not run: without the links to the libraries. */
const bare = join(open, 'native');

beforeAll(() => {
  chmodSync(scratch.path, 0o711);
  mkdirSync(open);
  mkdirSync(closed, { mode: 0o700 });
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(
    dirname(createRequire(join(import.meta.dirname, '../../../src/x.js')).resolve(name)),
    '..',
    'native',
  );
  cpSync(native, bare, { recursive: true, filter: (path) => !isLink(path) && !path.endsWith('.a') });
});
afterAll(() => scratch.remove());

async function startsTwice(options: Omit<Parameters<typeof startEmbeddedPostgres>[0], 'diagnostics'>): Promise<void> {
  const claimed = await claimDataDirectory(options.dataDirectory);
  const { lines, diagnostics } = recordDiagnostics();
  try {
    const first = await startEmbeddedPostgres({ diagnostics, ...options });
    await query(first.owner, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    const second = await startEmbeddedPostgres({ diagnostics, ...options });
    expect(await query(second.owner, 'TABLE kept')).toEqual([{ one: 1 }]);
    await second.stop();
  } catch (error) {
    throw new Error(JSON.stringify(lines, undefined, 1), { cause: error });
  }
  await claimed.release();
  if (onLinux) await untilNoProcessIn(options.dataDirectory);
}

test.runIf(isRoot && onLinux)('root may keep the data where the user of the database can not get to', async () => {
  const dataDirectory = join(closed, 'data');
  await startsTwice({ dataDirectory });
  expect(statSync(join(dataDirectory, 'postgres')).uid).not.toBe(0);
  expect(statSync(closed).mode & 0o777).toBe(0o700);
});

test.runIf(isRoot && onLinux)('root may keep the programs there too: they are copied to where it can', async () => {
  const native = join(closed, 'native');
  cpSync(bare, native, { recursive: true });
  const copies = [join(scratch.path, 'copies')];
  await startsTwice({ dataDirectory: join(closed, 'data-too'), binaries: native, binaryCopies: copies });

  const [copy = '', ...others] = readdirSync(copies[0] ?? '');
  expect([copy, others]).toEqual([expect.stringMatching(/^postgresql-18-[0-9a-f]{16}$/), []]);
  for (const name of readdirSync(join(copies[0] ?? '', copy), { recursive: true, encoding: 'utf8' })) {
    const { uid, mode } = statSync(join(copies[0] ?? '', copy, name));
    expect([name, uid, mode & 0o022]).toEqual([name, 0, 0]);
  }
});

test.runIf(isRoot && onLinux)('a place for copies that others may write to is not used', async () => {
  const writable = join(scratch.path, 'writable');
  mkdirSync(writable);
  chmodSync(writable, 0o777);
  const foreign = join(scratch.path, 'foreign');
  mkdirSync(foreign);
  chownSync(foreign, ORDINARY.uid, ORDINARY.gid);

  const native = join(closed, 'native');
  if (!existsSync(native)) cpSync(bare, native, { recursive: true });
  const dataDirectory = join(closed, 'data-none');
  mkdirSync(dataDirectory);
  await expect(
    startEmbeddedPostgres({
      dataDirectory,
      binaries: native,
      binaryCopies: [writable, foreign],
      diagnostics: recordDiagnostics().diagnostics,
    }),
  ).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining(`can't reach ${native}. Open the folders above it`) as string,
  });
  expect([readdirSync(writable), readdirSync(foreign), readdirSync(dataDirectory)]).toEqual([[], [], []]);
});

test.runIf(isRoot)('a cluster that root restored from a backup is given back to the user of the database', async () => {
  const original = join(open, 'original');
  await startsTwice({ dataDirectory: original });
  const restored = join(open, 'restored');
  await (await claimDataDirectory(restored)).release();
  cpSync(join(original, 'postgres'), join(restored, 'postgres'), { recursive: true });
  expect(statSync(join(restored, 'postgres')).uid).toBe(0);

  const postgres = await startEmbeddedPostgres({
    dataDirectory: restored,
    diagnostics: recordDiagnostics().diagnostics,
  });
  expect(await query(postgres.owner, 'TABLE kept')).toEqual([{ one: 1 }]);
  await postgres.stop();
});

test.runIf(onLinux)('the links that an install script did not make are made, and not in the package', async () => {
  const dataDirectory = join(open, 'data');
  await startsTwice({ dataDirectory, binaries: bare });
  expect(existsSync(join(dataDirectory, 'postgres-libraries', 'libicui18n.so.60'))).toBe(true);
  expect(existsSync(join(bare, 'lib', 'libicui18n.so.60'))).toBe(false);
});

test('neither the length nor the characters of a path matter', async () => {
  await startsTwice({ dataDirectory: join(open, 'x'.repeat(100), `it's, "here" $HOME; 100 %`) });
});

/** As root these run as somebody else, who can't read a repository that root keeps to itself. */
const ordinaryCanRun = !isRoot || (await canReach({ ...ORDINARY, foreign: true }, import.meta.dirname));

describe.runIf(ordinaryCanRun)('an ordinary user', () => {
  const asOrdinary = isRoot ? { ...ORDINARY, env: { PATH: process.env['PATH'] } } : {};
  const home = join(scratch.path, 'home');
  beforeAll(() => {
    mkdirSync(home);
    if (isRoot) chownSync(home, ORDINARY.uid, ORDINARY.gid);
  });

  test('starts it as itself, in a folder that only it can read', async () => {
    const dataDirectory = join(home, 'data');
    const server = startServerProcess(dataDirectory, 'run', asOrdinary);
    const { uid, owner } = await server.report;
    if (isRoot) expect(uid).toBe(ORDINARY.uid);
    expect(statSync(dataDirectory)).toMatchObject({ uid });
    expect(statSync(dataDirectory).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDirectory, 'postgres'))).toMatchObject({ uid });
    expect(await query(owner!, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    await server.kill('SIGKILL');
    if (onLinux) await untilNoProcessIn(dataDirectory);
    // Root runs it as that user from then on.
    if (isRoot) await startsTwice({ dataDirectory });
    expect(statSync(join(dataDirectory, 'postgres'))).toMatchObject({ uid });
  });

  test.runIf(isRoot)("is refused another user's cluster with a sentence", async () => {
    const dataDirectory = join(home, 'foreign');
    await startsTwice({ dataDirectory });
    chownSync(dataDirectory, ORDINARY.uid, ORDINARY.gid);
    const { uid } = statSync(join(dataDirectory, 'postgres'));
    const server = startServerProcess(dataDirectory, 'run', asOrdinary);
    await expect(server.report).rejects.toThrow(
      `belongs to the user with id ${uid} and this server runs as ${ORDINARY.uid}. Start it as that user`,
    );
  });
});

function isLink(path: string): boolean {
  try {
    return readlinkSync(path) !== '';
  } catch {
    return false;
  }
}
