import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

/**
 * - `answered`: the database said something, be it that it has no connection left
 * - `silent`: it said nothing in time, or no way leads there
 * - `failed`: something closer said no, such as a kernel whose database is gone
 */
export type Answered = 'answered' | 'silent' | 'failed';

/** Asks the database for a sign of life, on a connection of its own. Never rejects. */
export async function askDatabase(login: pg.ClientConfig, answerMs: number): Promise<Answered> {
  const socket = new Socket();
  // A backend that hangs may never let go of a connection that is ended properly.
  const client = new pg.Client({ ...login, stream: () => socket });
  client.on('error', () => undefined);
  const over = new AbortController();
  let isLate = false;
  const late = async (): Promise<void> => {
    // In two halves: if this thread was held up for one of them, what came meanwhile is read before the other is over.
    for (const half of [answerMs / 2, answerMs / 2]) await sleep(half, undefined, { signal: over.signal, ref: false });
    isLate = true;
    socket.destroy();
  };
  late().catch(() => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return 'answered';
  } catch (error) {
    if (error instanceof pg.DatabaseError) return 'answered';
    const { code = '' } = error as NodeJS.ErrnoException;
    return isLate || /^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code) ? 'silent' : 'failed';
  } finally {
    over.abort();
    socket.destroy();
  }
}
