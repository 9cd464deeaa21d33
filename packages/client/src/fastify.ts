import {
  NOT_RECORDED,
  recordAfterwards,
  recordBefore,
  type Exchange,
  type RequestAuditOptions,
} from './request-audit.ts';

/** What is needed of Fastify 5's request. */
export interface FastifyRequestLike {
  readonly method: string;
  readonly ip: string;
  readonly params: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly routeOptions: { readonly url?: string | undefined };
}

interface FastifyReplyLike {
  readonly statusCode: number;
  readonly elapsedTime: number;
  readonly raw: { readonly writableFinished: boolean; once(event: 'close', listener: () => void): unknown };
  code(status: number): unknown;
  removeHeader(name: string): unknown;
  header(name: string, value: string): unknown;
}

interface FastifyLike<Request> {
  addHook(name: 'onRequest', hook: (request: Request, reply: FastifyReplyLike) => Promise<void>): unknown;
  addHook(name: 'onResponse', hook: (request: Request, reply: FastifyReplyLike) => Promise<void>): unknown;
  addHook(
    name: 'onSend',
    hook: (request: Request, reply: FastifyReplyLike, payload: unknown) => Promise<unknown>,
  ): unknown;
}

/**
 * Records the requests of a Fastify 5 application: `await app.register(auditRequests, { client, actor })`, before the
 * routes. It holds for the whole instance that it is registered on, not for a scope of its own.
 */
export async function auditRequests<Request extends FastifyRequestLike>(
  app: FastifyLike<Request>,
  options: RequestAuditOptions<Request>,
): Promise<void> {
  if (options.strict !== true) {
    recordAfterResponses(app, options);
    return;
  }
  app.addHook('onSend', async (request, reply, payload) => {
    if (isUnknown(request)) return payload;
    try {
      await recordBefore(options, () => exchangeOf(request, reply, undefined));
      return payload;
    } catch (error) {
      options.onFailure?.(error);
      discard(payload);
      for (const name of ['content-length', 'content-encoding', 'etag']) reply.removeHeader(name);
      reply.code(NOT_RECORDED.status);
      reply.header('content-type', 'application/problem+json');
      reply.header('retry-after', '1');
      return JSON.stringify(NOT_RECORDED);
    }
  });
}

// What fastify-plugin does: without it the hooks would end with the plugin's own scope.
Object.assign(auditRequests, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@veritrail/client',
});

export default auditRequests;

/** Fastify tells of no response that its caller didn't wait for, though what was asked may be done. */
function recordAfterResponses<Request extends FastifyRequestLike>(
  app: FastifyLike<Request>,
  options: RequestAuditOptions<Request>,
): void {
  const recorded = new WeakSet<Request>();
  const record = async (request: Request, reply: FastifyReplyLike, completed: boolean): Promise<void> => {
    if (isUnknown(request) || recorded.has(request)) return;
    recorded.add(request);
    await recordAfterwards(options, () => exchangeOf(request, reply, completed));
  };
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) void record(request, reply, false);
    });
  });
  app.addHook('onResponse', (request, reply) => record(request, reply, true));
}

/** The 404 of an unknown address has no route and did nothing. */
function isUnknown(request: FastifyRequestLike): boolean {
  return request.routeOptions.url === undefined;
}

function exchangeOf<Request extends FastifyRequestLike>(
  request: Request,
  reply: FastifyReplyLike,
  completed: boolean | undefined,
): Exchange<Request> {
  const userAgent = request.headers['user-agent'];
  return {
    request,
    method: request.method,
    route: request.routeOptions.url ?? '',
    params: (request.params ?? {}) as Record<string, unknown>,
    status: reply.statusCode,
    ip: request.ip,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
    durationMs: reply.elapsedTime,
    completed,
  };
}

/** A stream that nobody reads keeps its file open. */
function discard(payload: unknown): void {
  const { destroy } = (payload ?? {}) as { destroy?: unknown };
  if (typeof destroy === 'function') destroy.call(payload);
}
