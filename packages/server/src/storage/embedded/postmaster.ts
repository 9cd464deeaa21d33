import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { StorageError } from '../storage-error.ts';
import type { Cluster } from './cluster.ts';
import { readPidFile } from './pid-file.ts';
import { forwardPostgresLog } from './postgres-log.ts';
import type { Diagnostics, PostgresLog } from './postgres-log.ts';
import { openEntrance, spawnFailure, spawnProgram } from './run-program.ts';

/**
 * Runs the postmaster and stops it, as a clean shutdown, when fd 4 closes: because we let go of it, or because our
 * process ended in whatever way. Its pid goes to fd 3.
 *
 * The signal is repeated because a postmaster that has only just started still ignores it, as background jobs of a
 * shell do. A shell gives background jobs /dev/null for stdin, hence fd 4. The cluster may be on fd 5.
 */
const WATCHDOG = `
trap '' INT TERM HUP
"$@" 3>&- 4<&- &
postmaster=$!
exec 2>/dev/null 5<&-
echo $postmaster >&3
exec 3>&-
(
  while read -r _ <&4; do :; done
  while kill -INT $postmaster && sleep 1; do :; done
) &
watcher=$!
exec 4<&-
wait $postmaster
status=$?
kill -9 $watcher
exit $status
`;

const READY_POLL_MS = 5;
const WAITING_NOTICE_MS = 15_000;

export interface Postmaster {
  /** Known as soon as it has been started. */
  readonly pid: () => number | undefined;
  /** Settles, never rejects, when the watchdog has ended: the postmaster with it, unless somebody killed the watchdog. */
  readonly ended: Promise<{ readonly ending: string; readonly failure?: StorageError }>;
  readonly log: PostgresLog;
  /** Begins a fast shutdown: running transactions are aborted, what is committed is checkpointed. */
  shutDown(): void;
}

/** In a session of its own: Ctrl-C goes to the server, which first lets its requests finish. */
export async function launchPostmaster(
  cluster: Cluster,
  settings: readonly string[],
  diagnostics: Diagnostics,
): Promise<Postmaster> {
  const entrance = await openEntrance(cluster, 5);
  const command = [cluster.binaries.postgres, '-D', entrance.directory, ...settings];
  const child = spawnProgram(cluster, '/bin/sh', ['-c', WATCHDOG, 'veritrail-watchdog', ...command], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', entrance.descriptor],
  });
  const [, , stderr, announcement, lifeline] = child.stdio as [null, null, Readable, Readable, Writable];
  const log = forwardPostgresLog(stderr, diagnostics);
  let pid: number | undefined;
  announcement.on('error', () => undefined);
  createInterface({ input: announcement }).on('line', (line) => {
    pid = Number(line);
  });
  lifeline.on('error', () => undefined);

  const ended = new Promise<{ ending: string; failure?: StorageError }>((resolve) => {
    child.on('error', (error) => {
      resolve({ ending: 'no start', failure: spawnFailure(error, '/bin/sh', cluster.account) });
    });
    // Its last words arrive with `close`, which a process that inherited stderr may put off.
    child.on('exit', (code, signal) => {
      // Lets go of the watcher too, should only its shell have been killed.
      lifeline.destroy();
      const ending = signal ?? `code ${code}`;
      const concluded = (): void => resolve({ ending });
      child.on('close', concluded);
      setTimeout(concluded, 250);
    });
  });
  await entrance.close();
  return { pid: () => pid, ended, log, shutDown: () => lifeline.destroy() };
}

/**
 * Waits until it accepts connections, however long recovery takes.
 *
 * @returns false if it ended before that.
 */
export async function untilReady(postmaster: Postmaster, cluster: Cluster, diagnostics: Diagnostics): Promise<boolean> {
  const ended = postmaster.ended.then(() => true);
  let noticeAt = Date.now() + WAITING_NOTICE_MS;
  for (;;) {
    const { pid, status } = await readPidFile(cluster.folder);
    if (status === 'ready' && pid === postmaster.pid()) return true;
    if (Date.now() > noticeAt) {
      noticeAt += WAITING_NOTICE_MS;
      diagnostics.warn(`PostgreSQL is still recovering after a crash (its state: ${status ?? 'not started'})`);
    }
    if (await Promise.race([ended, sleep(READY_POLL_MS, false)])) return false;
  }
}
