import { connect } from 'node:net';

import { answerOf, checkAnswer, type Answer } from './answer.ts';

/** What a client of bytes got to see before the server hung up. */
export interface Exchange {
  readonly answers: readonly Answer[];
  /** What came that is no whole response. */
  readonly rest: string;
}

export interface ExchangeOptions {
  /** Stops sending, and hangs up, once this many responses are there; the server's hanging up otherwise ends it. */
  readonly enough?: number;
  /** Hangs up when all is sent, without listening. */
  readonly abandon?: true;
}

const PATIENCE_MS = 30_000;

/**
 * Sends bytes as they are and reads until the server hangs up. What is sent may be endless: it is pulled piece by piece
 * as the server takes it. Each response is checked like any other.
 */
export function exchange(
  port: number,
  sent: string | Buffer | AsyncIterable<string | Buffer> | Iterable<string | Buffer>,
  options: ExchangeOptions = {},
): Promise<Exchange> {
  const { enough = Infinity } = options;
  const pieces = typeof sent === 'string' || Buffer.isBuffer(sent) ? [sent] : sent;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const received: Buffer[] = [];
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      socket.destroy();
      reject(new Error(`no end after ${PATIENCE_MS} ms; so far ${Buffer.concat(received).toString('latin1')}`));
    }, PATIENCE_MS);
    const conclude = (): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      socket.destroy();
      read(resolve);
    };
    const read = (use: (seen: Exchange) => void): void => {
      try {
        use(readResponses(Buffer.concat(received)));
      } catch (error) {
        over = true;
        clearTimeout(timer);
        socket.destroy();
        reject(error);
      }
    };
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      if (enough < Infinity) read(({ answers }) => answers.length >= enough && conclude());
    });
    // A reset is one way of hanging up; what came before it counts.
    socket.on('error', () => undefined);
    socket.on('close', conclude);
    socket.on('end', conclude);
    void (async () => {
      for await (const piece of pieces) {
        if (over || socket.destroyed) return;
        if (!socket.write(piece, 'latin1'))
          await new Promise((drained) => socket.once('drain', drained).once('close', drained));
      }
      if (options.abandon === true) conclude();
    })();
  });
}

function readResponses(bytes: Buffer): Exchange {
  const answers: Answer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end === -1) break;
    const [statusLine = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) break;
    const headers = Object.fromEntries(lines.map((line) => line.split(/:\s*(.*)/s).slice(0, 2) as [string, string]));
    const lowered = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const length = Number(lowered['content-length'] ?? 0);
    if (bytes.length < end + 4 + length) break;
    const answer = answerOf(status, lowered, bytes.subarray(end + 4, end + 4 + length));
    at = end + 4 + length;
    if (status === 100) continue;
    checkAnswer('a client of bytes', '', answer);
    answers.push(answer);
  }
  return { answers, rest: bytes.toString('latin1', at) };
}

/** A request as it goes over the wire. */
export function requestText(line: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const all = { Host: 'localhost', ...headers };
  return `${line}\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;
}
