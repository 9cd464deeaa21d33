import {
  NOT_RECORDED,
  recordAfterwards,
  recordBefore,
  type Exchange,
  type RequestAuditOptions,
} from './request-audit.ts';

/** What is needed of Express 5's request. */
export interface ExpressRequestLike {
  readonly method: string;
  readonly ip?: string | undefined;
  /** Not there any more when an error has left every router. */
  readonly baseUrl?: string | undefined;
  readonly params: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of the route that answered; set once it is known. */
  readonly route?: unknown;
}

const NO_ROUTE = '(none)';

type End = (...given: unknown[]) => unknown;

interface ExpressResponseLike {
  statusCode: number;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  // Node declares several forms of it.
  end: (...given: never[]) => unknown;
  once(event: 'close', listener: () => void): unknown;
  getHeaderNames(): string[];
  removeHeader(name: string): void;
  setHeader(name: string, value: string): unknown;
  destroy(): unknown;
}

/** Records the requests of an Express 5 application: `app.use(auditRequests({ client, actor }))`, before the routes. */
export function auditRequests<Request extends ExpressRequestLike>(
  options: RequestAuditOptions<Request>,
): (request: Request, response: ExpressResponseLike, next: () => void) => void {
  return (request, response, next) => {
    const startedAt = performance.now();
    const exchange = (completed: boolean | undefined) =>
      exchangeOf(request, response, performance.now() - startedAt, completed);
    if (options.strict === true) {
      holdBackEnd(response, async () => {
        if (isUnknown(request, response)) return;
        await recordBefore(options, () => exchange(undefined)).catch((error: unknown) => {
          options.onFailure?.(error);
          throw error;
        });
      });
    } else {
      response.once('close', () => {
        if (isUnknown(request, response)) return;
        void recordAfterwards(options, () => exchange(response.writableFinished));
      });
    }
    next();
  };
}

export default auditRequests;

/** `end` waits for `ready`. What was written before is out already, but without its end nobody takes it for whole. */
function holdBackEnd(response: ExpressResponseLike, ready: () => Promise<void>): void {
  const end = response.end.bind(response) as End;
  let held = false;
  response.end = ((...given: unknown[]) => {
    if (held) return response;
    held = true;
    ready().then(
      () => end(...given),
      () => {
        if (response.headersSent) {
          response.destroy();
          return;
        }
        for (const name of response.getHeaderNames()) {
          if (/^(content-|etag|last-modified)/.test(name)) response.removeHeader(name);
        }
        response.statusCode = NOT_RECORDED.status;
        response.setHeader('content-type', 'application/problem+json');
        response.setHeader('retry-after', '1');
        end(JSON.stringify(NOT_RECORDED));
      },
    );
    return response;
  }) satisfies End;
}

function exchangeOf<Request extends ExpressRequestLike>(
  request: Request,
  response: ExpressResponseLike,
  durationMs: number,
  completed: boolean | undefined,
): Exchange<Request> {
  const userAgent = request.headers['user-agent'];
  return {
    request,
    method: request.method,
    route: routeOf(request) ?? mountOf(request),
    params: (request.params ?? {}) as Record<string, unknown>,
    status: response.statusCode,
    ip: request.ip,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
    durationMs,
    completed,
  };
}

/** The 404 of an unknown address has no route and did nothing. Any other answer came from a middleware that did or refused something. */
function isUnknown(request: ExpressRequestLike, response: ExpressResponseLike): boolean {
  return routeOf(request) === undefined && response.statusCode === 404;
}

/**
 * Where the middleware is mounted that answered before any route was known, such as one that asks for credentials. What
 * is the value of a parameter there gets its name back: it is an id, not what things are called.
 */
function mountOf(request: ExpressRequestLike): string {
  const { baseUrl = '' } = request;
  if (baseUrl === '') return NO_ROUTE;
  const params = Object.entries(request.params ?? {});
  const named = baseUrl.split('/').map((segment) => {
    const found = params.find(([, value]) => value === segment || encodeURIComponent(String(value)) === segment);
    return found === undefined ? segment : `:${found[0]}`;
  });
  return named.join('/');
}

/** A router's mount path comes with its values filled in; Express keeps no pattern of it. */
function routeOf(request: ExpressRequestLike): string | undefined {
  const { path } = (request.route ?? {}) as { path?: unknown };
  if (path === undefined) return undefined;
  // A string, a RegExp, or a list of both.
  return `${request.baseUrl ?? ''}${[path].flat().map(String).join('|')}`;
}
