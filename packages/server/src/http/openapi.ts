import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** The document is drawn from the schemas that validate, so the two can't part ways. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Veritrail',
        version: '0.1.0',
        description:
          'Records of services and of what happens in them, and documents about them that a stranger can check. ' +
          'Times are RFC 3339 in UTC. Refusals are RFC 9457 problem details.',
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
}
