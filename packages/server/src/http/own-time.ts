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
