import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { HttpError, type HttpErrorCode } from './http-error.ts';
import { keepsOwnTime, ourTimeOf } from './own-time.ts';
import { PROBLEMS } from './problem-codes.ts';
import { PROBLEM_TYPE, typeOf } from './problems.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

export const MAX_HEADER_BYTES = 32 * 1024;

/** For who asked to be connected and doesn't hang up. */
const HANG_UP_MS = 2000;

const newest = new WeakMap<Socket, ServerResponse>();

/** The answer to the newest request of a connection, out or not; undefined before the first. */
export function newestResponse(socket: Socket): ServerResponse | undefined {
  return newest.get(socket);
}

/** What Node would refuse with an empty answer or none at all becomes a problem here. */
export function refuseAsNode(app: FastifyInstance): void {
  const { server } = app;
  server.on('request', ({ socket }, response) => void newest.set(socket, response));
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket: Socket) => {
    // Node has let go of it: nobody else would end it.
    socket.on('error', () => undefined).setTimeout(HANG_UP_MS, () => socket.destroy());
    answerByHand(socket, 'request_malformed', 'Send requests to this server itself; it is no proxy.');
  });
  app.addHook('onRequest', (request, _reply, done) => done(refusalByHeaders(request)));
}

function refusalByHeaders({ raw, headers }: FastifyRequest): HttpError | undefined {
  // RFC 9112, section 3.2. Of two, a proxy before us may have gone by the other one.
  const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length;
  if (hosts > 1 || (hosts === 0 && raw.httpVersion === '1.1')) {
    return new HttpError('request_malformed', 'Send one Host header.');
  }
  if (headers.expect !== undefined && !/^100-continue$/i.test(headers.expect)) {
    return new HttpError('expectation_failed', 'Leave the Expect header out, or expect 100-continue.');
  }
  return undefined;
}

/**
 * What isn't HTTP, or took too long to arrive, never becomes a request; it gets an answer by hand.
 *
 * @param mostOfOurs milliseconds of a request that ran out of its time: if so much of it was ours, it isn't its sender who
 *   was slow
 */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket, mostOfOurs: number): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const open = (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage;
  const last = newest.get(socket);
  // What is written now would be taken for the answer to the request before, which is still being worked on; or it is
  // about the body of a request that has its answer, and nobody asks for a second one.
  const answered = last?.headersSent === true && !last.req.complete;
  if (open?.headersSent === true || open?.req.complete === true || answered) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    if (keepsOwnTime(socket)) return;
    if (ourTimeOf(socket) < mostOfOurs) answerByHand(socket, 'request_timeout', 'Send the whole request faster.');
    else answerByHand(socket, 'overloaded', PASSED_BEFORE, { 'retry-after': '1' });
  } else if (error.code === 'HPE_HEADER_OVERFLOW') {
    answerByHand(socket, 'headers_too_large', `Send at most ${MAX_HEADER_BYTES} bytes of address and headers.`);
  } else {
    answerByHand(socket, 'request_malformed', 'Send a well-formed HTTP/1.1 request.');
  }
}

const PASSED_BEFORE = 'Most of the time of this request passed before it could be read; send it again in a moment.';

function answerByHand(
  socket: Socket,
  code: HttpErrorCode,
  detail: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const { status, title } = PROBLEMS[code];
  const body = JSON.stringify({ type: typeOf(code), title, status, detail });
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
    ...more,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
