import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const CLI = path.join(import.meta.dirname, '../../packages/cli/dist/main.js');
const POLL_MS = 2;
const PATIENCE_MS = 60_000;
const ANSWER_MS = 5000;

/** `veritrail serve`, as users run it. */
export function spawnServer(folder, port) {
  const { PATH, HOME } = process.env;
  const child = fork(CLI, ['serve'], {
    env: { PATH, HOME, DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { child, exit: once(child, 'exit') };
}

/** Milliseconds from `since` to the first 200. */
export async function firstAnswer(port, url, since) {
  while (performance.now() - since < PATIENCE_MS) {
    if (await answers(port, url)) return performance.now() - since;
    await sleep(POLL_MS);
  }
  throw new Error(`no answer to ${url} in ${PATIENCE_MS / 1000} s`);
}

function answers(port, url) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (chunk) => {
      resolve(chunk.toString('latin1', 0, 12) === 'HTTP/1.1 200');
      socket.destroy();
    });
    // Not ended: Node takes a half-closed connection for a client that has gone.
    socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  });
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
