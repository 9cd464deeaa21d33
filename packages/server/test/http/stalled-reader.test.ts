import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, expect, test } from 'vitest';

import { breakOffStalled } from '../../src/http/stalled-reader.ts';

const PATIENCE_MS = 400;
/** More than kernels take for a reader that waits. */
const [PIECES, PIECE] = [64, Buffer.alloc(256 * 1024)];

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function answerOf(body: () => AsyncIterable<Buffer>): Promise<{ answer: IncomingMessage; ended: Promise<void> }> {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const server = createServer((_request, response) => {
    const made = Readable.from(body(), { objectMode: false });
    breakOffStalled(response, () => made.readableLength + response.writableLength, PATIENCE_MS);
    response.once('close', () => {
      made.destroy();
      end();
    });
    made.pipe(response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  asked.on('error', () => undefined);
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { answer, ended };
}

async function* much(): AsyncGenerator<Buffer> {
  for (let made = 0; made < PIECES; made += 1) yield PIECE;
}

test('a reader that takes nothing is broken off', async () => {
  const { answer, ended } = await answerOf(much);
  answer.pause();
  const from = performance.now();
  await ended;
  expect(performance.now() - from).toBeGreaterThan(PATIENCE_MS / 2);
  await expect(answer.toArray()).rejects.toThrow('aborted');
});

test('a slow reader is not, nor one whose body is slow to be made', async () => {
  const slow = await answerOf(much);
  let bytes = 0;
  for await (const piece of slow.answer as AsyncIterable<Buffer>) {
    const before = Math.floor(bytes / (4 * PIECE.length));
    bytes += piece.length;
    if (Math.floor(bytes / (4 * PIECE.length)) > before) await sleep(PATIENCE_MS / 4);
  }
  expect(bytes).toBe(PIECES * PIECE.length);

  const late = await answerOf(async function* () {
    yield PIECE;
    await sleep(2 * PATIENCE_MS);
    yield PIECE;
  });
  expect(Buffer.concat((await late.answer.toArray()) as Buffer[])).toHaveLength(2 * PIECE.length);
});
