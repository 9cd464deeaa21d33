import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RelayedSocket } from '../../src/storage/relayed-socket.ts';

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let socketPath: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vt-relay-'));
  socketPath = path.join(folder, 's');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function listening(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onConnection);
  server.listen(socketPath);
  await once(server, 'listening');
  return server;
}

describe('what is written', () => {
  it('arrives whole and in order, small pieces and large ones', async () => {
    const received: Buffer[] = [];
    const server = await listening((socket) => {
      socket.on('data', (piece) => received.push(piece));
      socket.on('end', () => socket.end('thanks'));
    });
    const socket = new RelayedSocket().connect(socketPath);
    await once(socket, 'connect');
    const pieces = [3, 40_000, 0, 1, 700_000, 32 * 1024, 17, 2_000_000].map((length) =>
      Buffer.from(randomBytes(length)),
    );
    const sent = digest(Buffer.concat(pieces));
    socket.cork();
    for (const piece of pieces.slice(0, 5)) socket.write(piece);
    socket.uncork();
    for (const piece of pieces.slice(5)) socket.write(piece);
    const answer = once(socket, 'data');
    socket.end();
    expect(String((await answer)[0])).toBe('thanks');
    await once(socket, 'close');
    expect(digest(Buffer.concat(received))).toBe(sent);
    server.close();
  });

  it('goes on arriving while this thread is busy', async () => {
    const bytes = 8 * 1024 * 1024;
    // A reader in a thread of its own, which tells how much it has through shared memory.
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const reader = new Worker(
      `const { createServer } = require('node:net'); const { parentPort, workerData } = require('node:worker_threads');
       createServer((socket) => socket.on('data', (piece) => Atomics.add(workerData.counter, 0, piece.length)))
         .listen(workerData.socketPath, () => parentPort.postMessage('listening'));`,
      { eval: true, workerData: { counter, socketPath } },
    );
    await once(reader, 'message');
    const socket = new RelayedSocket().connect(socketPath);
    await once(socket, 'connect');
    socket.write(Buffer.from(randomBytes(bytes)));
    const end = performance.now() + 20_000;
    while (Atomics.load(counter, 0) < bytes && performance.now() < end);
    expect(Atomics.load(counter, 0)).toBe(bytes);
    socket.destroy();
    await reader.terminate();
  });
});

describe('the end', () => {
  it('of a connection that never was is told with its code', async () => {
    const socket = new RelayedSocket().connect(socketPath);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ENOENT');
  });

  it('that the other side makes comes through, behind what it sent', async () => {
    const server = await listening((socket) => {
      socket.write('last words');
      setTimeout(() => socket.destroy(), 20);
    });
    const socket = new RelayedSocket().connect(socketPath);
    const words: string[] = [];
    socket.on('data', (piece: Buffer) => words.push(String(piece)));
    await once(socket, 'close');
    expect(words.join('')).toBe('last words');
    server.close();
  });

  it('that this side makes closes the other', async () => {
    let closed: Promise<unknown> | undefined;
    const server = await listening((socket) => (closed = once(socket, 'close')));
    const socket = new RelayedSocket().connect(socketPath);
    await once(socket, 'connect');
    socket.destroy();
    await expect.poll(() => closed !== undefined).toBe(true);
    await closed;
    server.close();
  });
});
