import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import type { DatabaseLogin, EmbeddedPostgresOptions } from '../../../src/storage/embedded/start-embedded-postgres.ts';

interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** Keeps what the server says. */
export function recordDiagnostics(): { lines: Line[]; diagnostics: EmbeddedPostgresOptions['diagnostics'] } {
  const lines: Line[] = [];
  const at =
    (level: Line['level']) =>
    (...said: unknown[]): void => {
      lines.push({
        level,
        text: said.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '),
      });
    };
  return { lines, diagnostics: { info: at('info'), warn: at('warn'), error: at('error') } };
}

/** Runs one statement on a connection of its own. */
export async function query(login: DatabaseLogin, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...login, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The same, again and again while the database is away. */
export async function queryWhenBack(login: DatabaseLogin, sql: string): Promise<Record<string, unknown>[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await query(login, sql);
    } catch (error) {
      if (attempt === 400) throw error;
      await sleep(25);
    }
  }
}

/**
 * The processes of PostgreSQL, which all work in the cluster's folder, and whatever has that path in its arguments, as
 * the watchdog. Linux only.
 */
export function processesIn(dataDirectory: string): number[] {
  const cluster = realpathSync(join(dataDirectory, 'postgres'));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          realpathSync(`/proc/${pid}/cwd`) === cluster ||
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

export async function untilNoProcessIn(dataDirectory: string): Promise<void> {
  for (let attempt = 1; processesIn(dataDirectory).length > 0; attempt += 1) {
    if (attempt === 400) throw new Error(`left over: ${processesIn(dataDirectory).join(' ')}`);
    await sleep(25);
  }
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Which of a process's sockets listen on TCP, by its own table of the network. */
export function tcpListenersOf(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  const listening = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === '0A'),
  );
  return listening.filter((columns) => sockets.includes(`socket:[${columns[9]}]`)).map((columns) => columns[1] ?? '');
}
