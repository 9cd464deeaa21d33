import type { IncomingHttpHeaders } from 'node:http';

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import type { Door } from './door.ts';
import { HttpError } from './http-error.ts';

/** Belong to one connection, or are counted anew by the server that passes the answer on. */
const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

/**
 * `/openapi.json` and `/docs`. What draws them is loaded, and the routes are described, when somebody asks first: a start
 * doesn't wait for it. They come from a second instance that has the same routes, never listens and never runs them.
 */
export function describeApi(app: FastifyInstance, routes: (door: Door) => void): void {
  let reference: Promise<FastifyInstance> | undefined;
  const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reference ??= buildReference(routes);
    const { url } = request;
    const answer = await (
      await reference
    )
      // For HEAD too, which is GET without the body, and only the server that sends it leaves that out.
      .inject({ method: 'GET', url, headers: conditionsOf(request.headers) });
    if (answer.statusCode >= 400) throw new HttpError('not_found', 'There is nothing at this address; see /docs.');
    for (const [name, value] of Object.entries(answer.headers)) {
      if (value !== undefined && !OF_THE_CONNECTION.has(name)) reply.header(name, value);
    }
    return reply.code(answer.statusCode).send(answer.rawPayload);
  };
  for (const url of ['/openapi.json', '/docs', '/docs/', '/docs/*']) {
    app.get(url, { config: { access: 'public' }, schema: { hide: true } }, show);
  }
  app.addHook('onClose', async () => (await reference)?.close());
}

function conditionsOf(headers: IncomingHttpHeaders): Record<string, string> {
  const { 'if-none-match': tag, 'if-modified-since': since, range } = headers;
  return Object.fromEntries(Object.entries({ 'if-none-match': tag, 'if-modified-since': since, range }).filter(isSet));
}

function isSet(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

/** The document is drawn from the schemas that validate, so the two can't part ways. */
async function buildReference(routes: (door: Door) => void): Promise<FastifyInstance> {
  const [{ default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  const app = fastify();
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Veritrail',
        version: '0.1.0',
        description:
          'Records of services and of what happens in them, and documents about them that a stranger can check. ' +
          'Times are RFC 3339 in UTC; those that you send may have any offset, lie from 1970 to 9999 and are no leap second. Refusals are RFC 9457 problem details.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          basic: { type: 'http', scheme: 'basic', description: 'API key and secret, or e-mail and password' },
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'key.secret, the token of a login, or an OIDC access token',
          },
        },
      },
      security: [{ basic: [] }, { bearer: [] }],
    },
    // @fastify/swagger leaves the security of public routes as it is unless they say so.
    transform: ({ schema, url, route }) => {
      const access = route.config?.access;
      const described = { ...(schema as Record<string, unknown>) };
      if (access === 'public') described['security'] = [];
      if (typeof access === 'object') {
        const role = access.recorder === true ? `${access.role} or recorder` : access.role;
        const header =
          access.organization === 'implied'
            ? ' A user who belongs to several organizations names one in the header X-Organization-Id.'
            : '';
        described['description'] = [described['description'], `Role: ${role}.${header}`].filter(Boolean).join('\n\n');
      }
      return { schema: described, url };
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      persistAuthorization: false,
      validatorUrl: null,
      tryItOutEnabled: false,
    },
    theme: { title: 'Veritrail API' },
  });
  routes(app);
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}
