import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import type { Diagnostics } from '../diagnostics.ts';
import type { Metrics } from '../metrics.ts';
import { TenancyError } from '../tenancy/tenancy-error.ts';
import { controlAccess } from './access.ts';
import type { Dashboard } from './dashboard-files.ts';
import type { Authenticate } from '../tenancy/authenticate.ts';
import type { Database } from '../storage/database.ts';
import type { Door } from './door.ts';
import { drainConnections } from './drain-connections.ts';
import { HttpError } from './http-error.ts';
import { acceptJsonBodies } from './json-body.ts';
import { describeApi } from './openapi.ts';
import { collectMethods } from './collect-methods.ts';
import { refusalOf, sendRefusal } from './problems.ts';
import { MAX_HEADER_BYTES, refuseAsNode, refuseMalformed } from './refuse-malformed.ts';
import { sendFile, visitorStatus } from './routes/dashboard.ts';
import { createSecureReply } from './security-headers.ts';
import { validatorCompiler } from './validation.ts';

export interface ServerParts {
  readonly db: Database;
  readonly authenticate: Authenticate;
  readonly diagnostics: Diagnostics;
  readonly metrics: Metrics;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly trustedProxies: readonly string[];
  readonly requestTimeoutSeconds: number;
  /** Shown to who comes with a browser to an address that is no route. */
  readonly dashboard: Dashboard | undefined;
  /** Adds the routes of every room. */
  readonly routes: (door: Door) => void;
}

/** Records are small; only the route that takes batches of events allows more. */
const BODY_LIMIT_BYTES = 1024 * 1024;

/** Of the time of a request that ran out of it. Less than this is no reason why its sender wasn't done. */
const OUR_SHARE = 1 / 6;

export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const timeout = parts.requestTimeoutSeconds * 1000;
  const server = {
    // A request that trickles in is cut off at the first look after its time is up.
    connectionsCheckingInterval: Math.min(2000, timeout),
    headersTimeout: Math.min(15_000, timeout),
    requestTimeout: timeout,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Node would answer with an empty 400; `refuseAsNode` gives a problem.
    requireHostHeader: false,
  };
  const secure = createSecureReply({ https: parts.tls !== undefined });
  const app = fastify({
    ...(parts.tls === undefined ? { http: server } : { https: { ...server, ...parts.tls } }),
    loggerInstance: parts.diagnostics,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: timeout,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    // Its answer is no problem, and what came in can still be done: see drainConnections.
    return503OnClosing: false,
    trustProxy: parts.trustedProxies.length === 0 ? false : [...parts.trustedProxies],
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) =>
      refuseMalformed(error, socket, timeout * OUR_SHARE),
    // No hook has run when these come.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      secure(request, reply);
      sendRefusal(reply, refusalOf(error, request));
    },
  } as never) as unknown as FastifyInstance;

  app.setValidatorCompiler(validatorCompiler);
  // Schemas describe answers and never change them: the default compiler would drop what they don't name.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler((error: unknown, request, reply) => {
    const refusal = refusalOf(error, request);
    if (error instanceof TenancyError && error.code === 'throttled') parts.metrics.loginsThrottled.inc();
    if (refusal.problem.status >= 500) request.log.error({ err: error }, 'request failed');
    // Fastify closes the connection after any body that it could not take; json-body.ts has seen to the rest of it.
    reply.removeHeader('connection');
    sendRefusal(reply, refusal);
  });
  // Hooks that wait for nothing call back: a promise for each would cost a request more than what most of them do.
  app.addHook('onRequest', (request, reply, done) => {
    secure(request, reply);
    done();
  });
  refuseAsNode(app);
  drainConnections(app, timeout);
  observe(app, parts.metrics);
  controlAccess(app, parts);
  acceptJsonBodies(app);
  const refuseOtherMethods = collectMethods(app);
  describeApi(app, parts.routes);
  parts.routes(app.withTypeProvider<TypeBoxTypeProvider>());
  refuseOtherMethods();
  app.setNotFoundHandler(async (request, reply) => {
    const status = visitorStatus(request);
    if (parts.dashboard !== undefined && status !== undefined) {
      return sendFile(request, reply.code(status), await parts.dashboard.page());
    }
    sendRefusal(reply, refusalOf(new HttpError('not_found', 'There is nothing at this address; see /docs.'), request));
    return reply;
  });
  await app.ready();
  return app;
}

function observe(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    metrics.requests.inc({ route, method, status: reply.statusCode });
    metrics.requestSeconds.observe({ route, method }, reply.elapsedTime / 1000);
    const line = { method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    if (reply.statusCode >= 400) request.log.info(line, 'request refused');
    else request.log.debug(line, 'request answered');
    done();
  });
}
