import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes of `sun_path` without its final NUL: 108 on Linux, 104 on the BSDs and macOS. */
const LONGEST_ADDRESS = process.platform === 'linux' ? 107 : 103;

/** A way to a folder that is short enough for the sockets in it. */
export interface SocketFolder {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * @param socketName the longest name of a socket in the folder.
 * @returns the folder itself where that fits. Otherwise an alias, good in this process only, that ends with `close()`:
 *   an open descriptor under /proc, which no cleaner of temp folders can take away, or else a link in the temp folder.
 */
export async function openSocketFolder(folder: string, socketName: string): Promise<SocketFolder> {
  if (Buffer.byteLength(join(folder, socketName)) <= LONGEST_ADDRESS) {
    return { path: folder, close: () => Promise.resolve() };
  }
  if (existsSync('/proc/self/fd')) {
    const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    let open = true;
    return {
      path: `/proc/self/fd/${descriptor}`,
      close: () => {
        if (open) closeSync(descriptor);
        open = false;
        return Promise.resolve();
      },
    };
  }
  const parent = await mkdtemp(join(tmpdir(), 'veritrail-'));
  const path = join(parent, 's');
  await symlink(folder, path);
  return { path, close: () => rm(parent, { recursive: true, force: true }) };
}
