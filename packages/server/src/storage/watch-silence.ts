import type pg from 'pg';

import type { Answered } from './ask-database.ts';

export interface SilenceLimits {
  /** Milliseconds without a byte on a connection that somebody uses, after which the database is asked whether it is there. */
  readonly silentMs: number;
  /** Milliseconds that it has for the answer, on a connection of its own. */
  readonly answerMs: number;
}

/** Together well below the time of a request, so that its caller hears of it. A slow disk may well take seconds. */
export const SILENCE_LIMITS: SilenceLimits = { silentMs: 5000, answerMs: 10_000 };

/** What this uses of the driver's socket. */
interface Stream {
  readonly bytesRead: number;
  destroy(error: Error): void;
}

interface Watched {
  readonly stream: Stream;
  isUsed: boolean;
  /** When it was taken from the pool. */
  usedFrom: number;
  bytes: number;
  /** When a byte came, as far as anybody looked, or the database answered elsewhere. */
  heardAt: number;
}

/** Tells a database that is frozen or cut off, which breaks no connection, from one that has much to do. */
export interface SilenceWatch {
  /** Whether the database said nothing when it was asked last. It is asked again until it answers. */
  readonly isSilent: boolean;
  watch(pool: pg.Pool): void;
  /** Asks now: something took longer than it should. */
  suspect(): void;
  close(): void;
}

/**
 * A statement may take long, wait for a lock or be without any limit, and rows may wait for us, so no time of its own
 * says that a database is gone. That it answers nobody does: nothing came on a connection for a while, and a new one
 * gets no answer either. Then connections that heard nothing are broken off, with the error that a dead network gives,
 * and none of them goes back to the pool.
 */
export function watchSilence(
  ask: () => Promise<Answered>,
  { silentMs }: Pick<SilenceLimits, 'silentMs'>,
): SilenceWatch {
  const all = new Map<pg.ClientBase, Watched>();
  let used = 0;
  let isSilent = false;
  let isAsking = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const now = performance.now();
    let longest = 0;
    for (const one of all.values()) {
      if (!one.isUsed) continue;
      hear(one, now);
      const silence = now - Math.max(one.heardAt, one.usedFrom);
      longest = Math.max(longest, silence);
      if (isSilent && silence >= silentMs) breakOff(one);
    }
    if (isSilent || longest >= silentMs) void askOnce();
    else if (used === 0) stop();
  }

  function hear(one: Watched, now: number): void {
    const { bytesRead } = one.stream;
    if (bytesRead === one.bytes) return;
    one.bytes = bytesRead;
    one.heardAt = now;
  }

  async function askOnce(): Promise<void> {
    if (isAsking || isClosed) return;
    isAsking = true;
    const from = performance.now();
    for (const one of all.values()) hear(one, from);
    const answered = await ask();
    isAsking = false;
    const now = performance.now();
    for (const one of all.values()) hear(one, now);
    // Rows that came meanwhile are an answer too: then only new connections are slow.
    const isHeard = [...all.values()].some(({ heardAt }) => heardAt > from);
    isSilent = answered === 'silent' && !isHeard && !isClosed;
    for (const one of all.values()) {
      // Alive, and asked again after as long a silence.
      if (!isSilent) one.heardAt = now;
      else if (!one.isUsed) breakOff(one);
    }
    if (!isSilent) return;
    start();
    look();
  }

  function breakOff({ stream }: Watched): void {
    const error = new Error('the database answers nobody');
    stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }

  function start(): void {
    if (!isClosed) timer ??= setInterval(look, silentMs / 5).unref();
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    get isSilent() {
      return isSilent;
    },
    watch(pool) {
      pool.on('connect', (client) => {
        const { stream } = (client as unknown as { readonly connection: { readonly stream: Stream } }).connection;
        const now = performance.now();
        all.set(client, { stream, isUsed: false, usedFrom: now, bytes: stream.bytesRead, heardAt: now });
      });
      pool.on('acquire', (client) => {
        const one = all.get(client);
        if (one === undefined) return;
        one.isUsed = true;
        one.usedFrom = performance.now();
        used += 1;
        start();
      });
      pool.on('release', (_error, client) => {
        const one = all.get(client);
        if (one?.isUsed !== true) return;
        one.isUsed = false;
        used -= 1;
      });
      pool.on('remove', (client) => all.delete(client));
    },
    suspect: () => void askOnce(),
    close() {
      isClosed = true;
      stop();
    },
  };
}
