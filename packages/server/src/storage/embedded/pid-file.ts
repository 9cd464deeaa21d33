import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

/** The file by which PostgreSQL marks a cluster as taken. */
export const PID_FILE = 'postmaster.pid';

interface PidFile {
  /** undefined if there is no such file, or nothing in it: PostgreSQL was killed while it wrote it. */
  readonly pid: number | undefined;
  /** Such as starting, ready, stopping. */
  readonly status: string | undefined;
  readonly exists: boolean;
}

export async function readPidFile(cluster: string): Promise<PidFile> {
  const text = await readFile(join(cluster, PID_FILE), 'utf8').catch(() => undefined);
  const lines = (text ?? '').split('\n');
  const pid = Number(lines[0]?.trim());
  return {
    exists: text !== undefined,
    pid: Number.isSafeInteger(pid) && pid > 0 ? pid : undefined,
    status: lines[7]?.trim() || undefined,
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Whether that process is a postmaster of this cluster, and not one that got the number after a crash or a restarted
 * container. A postmaster's working directory is its cluster, which also holds for one started by another path.
 *
 * @returns undefined if there is no telling.
 */
export async function isPostmasterOf(cluster: string, pid: number): Promise<boolean | undefined> {
  if (!isAlive(pid)) return false;
  if (existsSync('/proc/self/cwd')) {
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (basename(commandLine.split('\0')[0] ?? '') !== 'postgres') return false;
    // Not to be read means another user's: a cluster and its postmaster have the same user.
    const found = await stat(`/proc/${pid}/cwd`).catch(() => undefined);
    const own = await stat(cluster);
    return found !== undefined && found.dev === own.dev && found.ino === own.ino;
  }
  try {
    const { stdout } = await promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return stdout.includes('postgres') && stdout.includes(`-D ${cluster}`);
  } catch {
    return undefined;
  }
}
