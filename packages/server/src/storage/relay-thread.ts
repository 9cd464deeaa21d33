import { connect, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';

export type ToRelay =
  | { readonly id: number; readonly type: 'connect'; readonly path: string }
  | { readonly id: number; readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'end' | 'destroy' };

export type FromRelay =
  | { readonly id: number; readonly type: 'connect' | 'end' | 'close' }
  | { readonly id: number; readonly type: 'data'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'error'; readonly message: string; readonly code: string | undefined };

/**
 * Keeps sockets fed while the main thread is busy: what can't be sent at once waits here, and goes as soon as there is
 * room. The kernel takes some two hundred kilobytes for a Unix socket, a third of a large batch.
 */
const port = parentPort;
if (port === null) throw new Error('this file is the body of a thread');
const sockets = new Map<number, Socket>();

port.on('message', (message: ToRelay) => {
  const { id } = message;
  if (message.type === 'connect') open(id, message.path);
  else if (message.type === 'write') sockets.get(id)?.write(message.bytes);
  else if (message.type === 'end') sockets.get(id)?.end();
  else sockets.get(id)?.destroy();
});

function open(id: number, path: string): void {
  const tell = (message: FromRelay): void => port?.postMessage(message);
  const socket = connect(path);
  sockets.set(id, socket);
  socket.on('connect', () => tell({ id, type: 'connect' }));
  socket.on('data', (bytes) => tell({ id, type: 'data', bytes }));
  socket.on('end', () => tell({ id, type: 'end' }));
  socket.on('error', ({ message, code }: NodeJS.ErrnoException) => tell({ id, type: 'error', message, code }));
  socket.on('close', () => {
    sockets.delete(id);
    tell({ id, type: 'close' });
  });
}
