import type { Socket } from 'node:net';

const sockets = new WeakSet<Socket>();

/** A body of any length can't arrive within the time of a request; whoever calls this watches its pace instead. */
export function keepOwnTime(socket: Socket): void {
  sockets.add(socket);
}

export function endOwnTime(socket: Socket): void {
  sockets.delete(socket);
}

export function keepsOwnTime(socket: Socket): boolean {
  return sockets.has(socket);
}

interface Wait {
  readonly from: number;
  to: number | undefined;
}

const waits = new WeakMap<Socket, Wait>();

/**
 * What passes while `work` is under way is our time, not that of the request whose socket it is: its body isn't read
 * until it is known who sends it, and a database that is slow to say so must not make the sender slow.
 */
export async function onOurTime<T>(socket: Socket, work: () => Promise<T>): Promise<T> {
  const wait: Wait = { from: performance.now(), to: undefined };
  waits.set(socket, wait);
  try {
    return await work();
  } finally {
    wait.to = performance.now();
  }
}

/** Milliseconds of the latest request on that socket that were ours. */
export function ourTimeOf(socket: Socket): number {
  const wait = waits.get(socket);
  return wait === undefined ? 0 : (wait.to ?? performance.now()) - wait.from;
}
