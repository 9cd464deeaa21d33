import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

import { newestResponse } from './refuse-malformed.ts';

const LOOK_EVERY_MS = 50;
/** Browsers open connections ahead of need; a request may be on its way on one. */
const SILENT_MS = 1000;
/** A request that hasn't arrived whole by then, or its time-out if that is shorter, is given up. */
const ARRIVAL_MS = 10_000;
/** Below the patience of whoever waits for the stop. An export to a slow reader breaks off then. */
const ANSWER_MS = 20_000;

/**
 * At a stop every request that came in is answered, and each connection ends with its answer. Node closes connections
 * at rest only once, when it stops listening, and enforces no time-outs from then on: it would wait for those that were
 * busy until their keep-alive time is over, and for silent or half-sent ones for ever.
 */
export function drainConnections(app: FastifyInstance, requestTimeoutMs: number): void {
  // By the caller's address: a connection under TLS is known as two sockets, one after the other.
  const connections = new Map<string, Socket>();
  const opened = (socket: Socket): void => {
    const caller = `${socket.remoteAddress} ${socket.remotePort}`;
    connections.set(caller, socket);
    socket.once('close', () => {
      if (connections.get(caller) === socket) connections.delete(caller);
    });
  };
  app.server.on('connection', opened);
  app.server.on('secureConnection', opened);

  let looking: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    const since = Date.now();
    const arrival = Math.max(SILENT_MS, Math.min(ARRIVAL_MS, requestTimeoutMs));
    const patienceWith = (response: ServerResponse | undefined): number => {
      if (response === undefined || response.closed) return SILENT_MS;
      return response.req.complete ? ANSWER_MS : arrival;
    };
    looking = setInterval(() => {
      app.server.closeIdleConnections();
      const waited = Date.now() - since;
      for (const socket of connections.values()) {
        if (waited > patienceWith(newestResponse(socket))) socket.destroy();
      }
    }, LOOK_EVERY_MS);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (looking !== undefined) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', async () => clearInterval(looking));
}
