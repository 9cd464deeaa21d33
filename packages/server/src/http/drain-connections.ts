import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

const LOOK_EVERY_MS = 50;
/** Browsers open connections ahead of need; a request may be on its way on one. */
const SILENT_MS = 1000;
/** A request that hasn't arrived whole by then, or its time-out if that is shorter, is given up. */
const ARRIVAL_MS = 10_000;
/** Below the patience of whoever waits for the stop. An export to a slow reader breaks off then. */
const ANSWER_MS = 20_000;

interface Connection {
  readonly socket: Socket;
  request?: IncomingMessage | undefined;
}

/**
 * At a stop every request that came in is answered, and each connection ends with its answer. Node closes connections
 * at rest only once, when it stops listening, and enforces no time-outs from then on: it would wait for those that were
 * busy until their keep-alive time is over, and for silent or half-sent ones for ever.
 */
export function drainConnections(app: FastifyInstance, requestTimeoutMs: number): void {
  // By the caller's address: a connection under TLS is known as two sockets, one after the other.
  const connections = new Map<string, Connection>();
  const ofSocket = new WeakMap<Socket, Connection>();
  const opened = (socket: Socket): void => {
    const caller = `${socket.remoteAddress} ${socket.remotePort}`;
    const connection: Connection = { socket };
    connections.set(caller, connection);
    ofSocket.set(socket, connection);
    socket.once('close', () => {
      if (connections.get(caller) === connection) connections.delete(caller);
    });
  };
  app.server.on('connection', opened);
  app.server.on('secureConnection', opened);
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = ofSocket.get(request.socket);
    if (connection === undefined) return;
    connection.request = request;
    response.once('close', () => {
      if (connection.request === request) connection.request = undefined;
    });
  });

  let looking: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    const since = Date.now();
    const arrival = Math.max(SILENT_MS, Math.min(ARRIVAL_MS, requestTimeoutMs));
    looking = setInterval(() => {
      app.server.closeIdleConnections();
      const waited = Date.now() - since;
      for (const { socket, request } of connections.values()) {
        const limit = request === undefined ? SILENT_MS : request.complete ? ANSWER_MS : arrival;
        if (waited > limit) socket.destroy();
      }
    }, LOOK_EVERY_MS);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (looking !== undefined) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', async () => clearInterval(looking));
}
