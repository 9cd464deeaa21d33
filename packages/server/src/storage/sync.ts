import { open } from 'node:fs/promises';

/** Brings a file's bytes, or a folder's entries, to the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
