import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import { claimDataDirectory } from '../../src/storage/data-directory.ts';
import type { DataDirectory } from '../../src/storage/data-directory.ts';
import { makeScratchFolder } from './scratch.ts';
import { startServerProcess } from './server-process.ts';

const scratch = makeScratchFolder();
afterAll(() => scratch.remove());

const isRoot = process.getuid?.() === 0;

function claimsIn(path: string): string[] {
  return readdirSync(path).filter((name) => name.includes('.sock'));
}

test('a directory that is missing is made, for its owner alone to read', async () => {
  const path = join(scratch.path, 'deep', 'er', 'data');
  const claimed = await claimDataDirectory(path);
  expect(claimed.path).toBe(path);
  expect(statSync(path).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
  await claimed.release();
  expect(claimsIn(path)).toEqual([]);
});

test('a directory that was there keeps its mode', async () => {
  const path = join(scratch.path, 'kept');
  mkdirSync(path);
  chmodSync(path, 0o750);
  await (await claimDataDirectory(path)).release();
  expect(statSync(path).mode & 0o777).toBe(0o750);
});

test('a second server is refused with a sentence, until the first is killed', async () => {
  const path = join(scratch.path, 'shared');
  const first = startServerProcess(path, 'claim');
  const { pid } = await first.report;

  await expect(claimDataDirectory(path)).rejects.toMatchObject({
    code: 'data_directory_in_use',
    message:
      `The data directory ${path} is in use by another Veritrail server (process ${pid}). ` +
      'Stop that server first, or set DATA_DIR to another folder.',
  });

  await first.kill('SIGKILL');
  const second = await claimDataDirectory(path);
  expect(claimsIn(path)).toHaveLength(1);
  await second.release();
});

test('a server that is stopped in its tracks still holds its directory', async () => {
  const path = join(scratch.path, 'frozen');
  const first = startServerProcess(path, 'claim');
  await first.report;
  first.child.kill('SIGSTOP');
  await expect(claimDataDirectory(path)).rejects.toMatchObject({ code: 'data_directory_in_use' });
  await first.kill('SIGKILL');
});

test('of many that come at once one gets the directory, and the dead do not count', async () => {
  const path = join(scratch.path, 'rush');
  const dead = startServerProcess(path, 'claim');
  await dead.report;
  await dead.kill('SIGKILL');

  const results = await Promise.allSettled(Array.from({ length: 6 }, () => claimDataDirectory(path)));
  const winners = results.filter((result): result is PromiseFulfilledResult<DataDirectory> => {
    return result.status === 'fulfilled';
  });
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'data_directory_in_use' });
  }
  expect(winners).toHaveLength(1);
  await winners[0]?.value.release();
  await winners[0]?.value.release();
  await (await claimDataDirectory(path)).release();
});

test('a path too long for a socket is claimed like any other', async () => {
  const path = join(scratch.path, 'x'.repeat(120), 'it\'s, "here"');
  const claimed = await claimDataDirectory(path);
  await expect(claimDataDirectory(path)).rejects.toMatchObject({ code: 'data_directory_in_use' });
  await claimed.release();
});

test('what is not a folder, or can not be made, is refused with a sentence', async () => {
  const path = join(scratch.path, 'file');
  writeFileSync(path, '');
  for (const wrong of [path, join(path, 'below'), '/proc/veritrail']) {
    await expect(claimDataDirectory(wrong)).rejects.toMatchObject({
      code: 'data_directory_unusable',
      message: expect.stringContaining(`The data directory ${wrong} can't be used`) as string,
    });
  }
});
