import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

import { Secret } from '../secret.ts';
import { KeyringError } from './keyring-error.ts';

/**
 * A secret that the first start makes and later starts read: one line of 43 base64url characters (256 bits), mode 0600.
 * It is on disk before anything is sealed under it, so a crash in between loses nothing.
 *
 * @param options.make whether a missing one is made. Where something bears witness that there was one, it must not be:
 *   another would look like the right one, and be backed up as such.
 * @returns undefined if it is missing and was not made.
 * @throws {KeyringError} `secret_file_unusable` if the file is there and holds something else.
 */
export async function secretFromFile(file: string, options: { make: boolean }): Promise<Secret | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    if (!/^[A-Za-z0-9_-]{43}$/.test(text)) {
      throw new KeyringError(
        'secret_file_unusable',
        `${file} does not hold a generated secret; restore it from backup.`,
      );
    }
    return new Secret(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw readable(file, error);
  }
  if (!options.make) return undefined;
  const text = randomBytes(32).toString('base64url');
  await writeDurably(file, `${text}\n`);
  return new Secret(text);
}

function readable(file: string, error: unknown): unknown {
  if (error instanceof KeyringError) return error;
  return new KeyringError('secret_file_unusable', `${file} can not be read; give this user access to it.`, {
    cause: error,
  });
}

/** Whole or not at all, also through power loss: temporary file, fsync, rename, fsync of the folder. Mode 0600. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
