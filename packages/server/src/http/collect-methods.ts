import type { FastifyInstance, FastifyReply } from 'fastify';

import { HttpError } from './http-error.ts';

/** What clients send; each gets a route at every address, by which the router tells addresses apart. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

/**
 * Notes which methods each address has from here on; the answer makes all others 405 with an Allow header.
 *
 * Node reads some thirty methods, and routes for each would make the start wait. Those outside METHODS never have a
 * route, so they are found out before anything else happens to a request that none was found for.
 */
export function collectMethods(app: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', (route) => {
    const known = methodsOf.get(route.url) ?? new Set<string>();
    for (const method of [route.method].flat()) known.add(method);
    methodsOf.set(route.url, known);
  });
  let patterns: readonly (readonly [RegExp, string])[] | undefined;
  const common: readonly string[] = ['HEAD', ...METHODS];
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404 || common.includes(request.method)) {
      done();
      return;
    }
    const path = pathOf(request.url);
    patterns ??= [...allowOf].map(([url, allow]) => [patternOf(url), allow] as const);
    const allow = allowOf.get(path) ?? patterns.find(([pattern]) => pattern.test(path))?.[1];
    if (allow === undefined) throw new HttpError('not_found', 'There is nothing at this address; see /docs.');
    refuse(reply, allow);
  });
  const allowOf = new Map<string, string>();
  return () => {
    for (const [url, known] of [...methodsOf]) {
      const allow = [...known].join(', ');
      allowOf.set(url, allow);
      const method = METHODS.filter((one) => !known.has(one));
      if (method.length === 0) continue;
      const handler = async (_request: unknown, reply: FastifyReply) => refuse(reply, allow);
      app.route({ method, url, config: { access: 'public' }, schema: { hide: true }, onRequest: handler, handler });
    }
  };
}

function refuse(reply: FastifyReply, allow: string): never {
  void reply.header('allow', allow);
  throw new HttpError('method_not_allowed', `This address takes ${allow}.`);
}

/** As the router reads it: it refuses by itself what it can't read. */
function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split(/(:\w+|\*)/)
    .map((part) => (part.startsWith(':') ? '[^/]*' : part === '*' ? '.*' : part.replaceAll(/[^\w/]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`);
}
