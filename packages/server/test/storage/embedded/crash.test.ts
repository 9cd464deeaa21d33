import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { claimDataDirectory } from '../../../src/storage/data-directory.ts';
import { startEmbeddedPostgres } from '../../../src/storage/embedded/start-embedded-postgres.ts';
import { makeScratchFolder } from '../scratch.ts';
import { startServerProcess } from '../server-process.ts';
import { parentOf, processesIn, query, queryWhenBack, recordDiagnostics, untilNoProcessIn } from './embedded-scene.ts';

const scratch = makeScratchFolder();
const dataDirectory = join(scratch.path, 'data');
const pidFile = join(dataDirectory, 'postgres', 'postmaster.pid');
afterAll(() => scratch.remove());

// Who is left over is told from /proc.
describe.runIf(process.platform === 'linux')('the embedded PostgreSQL', () => {
  let written = 0;

  beforeAll(async () => {
    // With the path in their arguments, left-overs can be told by it.
    chmodSync(scratch.path, 0o711);
    mkdirSync(dataDirectory);
    const postgres = await start();
    await query(postgres.owner, 'CREATE TABLE numbers (n int PRIMARY KEY)');
    await postgres.stop();
  });

  async function start(): Promise<Awaited<ReturnType<typeof startEmbeddedPostgres>> & { said: () => string }> {
    const { lines, diagnostics } = recordDiagnostics();
    const postgres = await startEmbeddedPostgres({ dataDirectory, diagnostics });
    return { ...postgres, said: () => lines.map(({ text }) => text).join('\n') };
  }

  async function write(owner: Parameters<typeof query>[0]): Promise<void> {
    await query(owner, `INSERT INTO numbers VALUES (${written + 1})`);
    written += 1;
  }

  async function expectAllWritten(owner: Parameters<typeof query>[0]): Promise<void> {
    expect(await query(owner, 'SELECT count(*)::int, max(n) FROM numbers')).toEqual([{ count: written, max: written }]);
  }

  test('stops by itself when its server is killed, with all that was committed', async () => {
    const server = startServerProcess(dataDirectory);
    const { owner, postmasterPid } = await server.report;
    await write(owner!);
    expect(processesIn(dataDirectory)).toContain(postmasterPid);
    await server.kill('SIGKILL');
    await untilNoProcessIn(dataDirectory);
    // A clean end, not a crash to recover from.
    expect(existsSync(pidFile)).toBe(false);

    const postgres = await start();
    await expectAllWritten(postgres.owner);
    await postgres.stop();
  });

  test('is there again for a server that comes at once after the kill', async () => {
    const server = startServerProcess(dataDirectory);
    const { owner, postmasterPid } = await server.report;
    await write(owner!);
    await server.kill('SIGKILL');

    const claimed = await claimDataDirectory(dataDirectory);
    const postgres = await start();
    await expectAllWritten(postgres.owner);
    expect(processesIn(dataDirectory)).not.toContain(postmasterPid);
    await postgres.stop();
    await claimed.release();
    await untilNoProcessIn(dataDirectory);
  });

  test('is stopped and started anew if it outlived its server and its watchdog', async () => {
    const server = startServerProcess(dataDirectory);
    const { owner, postmasterPid = 0 } = await server.report;
    await write(owner!);
    // So that it does not see its watchdog end.
    server.child.kill('SIGSTOP');
    const watchdog = parentOf(postmasterPid);
    const watchers = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isChild(Number(pid), watchdog));
    for (const pid of [...watchers.map(Number).filter((pid) => pid !== postmasterPid), watchdog]) {
      process.kill(pid, 'SIGKILL');
    }
    await server.kill('SIGKILL');
    await sleep(100);
    expect(processesIn(dataDirectory)).toContain(postmasterPid);

    const postgres = await start();
    expect(postgres.said()).toContain(`PostgreSQL (process ${postmasterPid}) outlived the server that started it`);
    expect(postgres.postmasterPid()).not.toBe(postmasterPid);
    await expectAllWritten(postgres.owner);
    await postgres.stop();
    await untilNoProcessIn(dataDirectory);
  });

  test('outlives Ctrl-C, so that the server can finish its requests', async () => {
    const server = startServerProcess(dataDirectory, 'run', { detached: true });
    const { owner, pid } = await server.report;
    process.kill(-pid, 'SIGINT');
    await sleep(100);
    await write(owner!);
    await server.kill('SIGKILL');
    await untilNoProcessIn(dataDirectory);
  });

  test('comes back under the same login when it is killed, with all that was committed', async () => {
    const postgres = await start();
    for (let round = 1; round <= 3; round += 1) {
      await write(postgres.owner);
      const before = postgres.postmasterPid()!;
      process.kill(before, 'SIGKILL');
      await queryWhenBack(postgres.owner, 'SELECT 1');
      await expectAllWritten(postgres.owner);
      expect(postgres.postmasterPid()).not.toBe(before);
    }
    expect(postgres.said()).toMatch(/PostgreSQL ended unexpectedly \(code 137\)/);
    await postgres.stop();
    await untilNoProcessIn(dataDirectory);
  });

  test('comes back when its watchdog is killed', async () => {
    const postgres = await start();
    await write(postgres.owner);
    const before = postgres.postmasterPid()!;
    process.kill(parentOf(before), 'SIGKILL');
    while (postgres.postmasterPid() === before || postgres.postmasterPid() === undefined) await sleep(10);
    await queryWhenBack(postgres.owner, 'SELECT 1');
    await expectAllWritten(postgres.owner);
    await postgres.stop();
    await untilNoProcessIn(dataDirectory);
  });

  test('stays away when it is stopped while it comes back', async () => {
    for (const wait of [0, 5, 20, 60]) {
      const postgres = await start();
      process.kill(postgres.postmasterPid()!, 'SIGKILL');
      await sleep(wait);
      await postgres.stop();
      await untilNoProcessIn(dataDirectory);
      expect(postgres.postmasterPid()).toBeUndefined();
    }
  });

  test('is not kept from starting by a lock file that names a stranger, and lets the stranger live', async () => {
    const cluster = statSync(join(dataDirectory, 'postgres'));
    const account = { uid: cluster.uid, gid: cluster.gid };
    const strangers = [
      spawn('sleep', ['60'], { ...account, cwd: '/' }),
      // Only its name is that of a postmaster, or only its folder.
      spawn('sleep', ['60'], { ...account, cwd: '/', argv0: 'postgres' }),
      spawn('sleep', ['60'], { ...account, cwd: join(dataDirectory, 'postgres') }),
    ];
    await Promise.all(strangers.map((stranger) => once(stranger, 'spawn')));
    try {
      for (const stranger of strangers) {
        const lock = `${stranger.pid}\n${join(dataDirectory, 'postgres')}\n1700000000\n5432\nsocket\n\n  1 1\nready   \n`;
        writeFileSync(pidFile, lock);
        chownSync(pidFile, account.uid, account.gid);
        writeFileSync(join(dataDirectory, 'postgres', 'socket', '.s.PGSQL.5432.lock'), lock);
        chownSync(join(dataDirectory, 'postgres', 'socket', '.s.PGSQL.5432.lock'), account.uid, account.gid);

        const postgres = await start();
        await expectAllWritten(postgres.owner);
        expect(postgres.said()).toContain(`names process ${stranger.pid}, which is not a PostgreSQL of this cluster`);
        await postgres.stop();
        expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
      }
    } finally {
      for (const stranger of strangers) await end(stranger);
    }
  });

  test('is not kept from starting by an empty lock file', async () => {
    writeFileSync(pidFile, '');
    const postgres = await start();
    await expectAllWritten(postgres.owner);
    await postgres.stop();
  });

  test('can be made after a server was killed while it made it', async () => {
    const path = join(scratch.path, 'half-made');
    const server = startServerProcess(path);
    server.report.catch(() => undefined);
    const begun = (): boolean =>
      existsSync(path) &&
      readdirSync(path).some((name) => existsSync(join(path, name, 'postgres', 'global', 'pg_control')));
    while (!begun()) await sleep(5);
    await server.kill('SIGKILL');

    const claimed = await claimDataDirectory(path);
    const postgres = await startEmbeddedPostgres({ dataDirectory: path, diagnostics: recordDiagnostics().diagnostics });
    expect(await query(postgres.owner, 'SELECT current_database()')).toEqual([{ current_database: 'veritrail' }]);
    await postgres.stop();
    await claimed.release();
    await untilNoProcessIn(path);
  });
});

function isChild(pid: number, parent: number): boolean {
  try {
    return parentOf(pid) === parent;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
