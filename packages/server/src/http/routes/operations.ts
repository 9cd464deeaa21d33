import type { Metrics } from '../../metrics.ts';
import type { Readiness } from '../../readiness.ts';
import { answers, type Door } from '../door.ts';
import { Type } from '../type.ts';

const METRICS = {
  description: 'Prometheus text exposition format',
  content: { 'text/plain': { schema: { type: 'string' } } },
};

/** For whoever runs the server: is the process alive, may traffic come, how is it doing. */
export function operationsRoutes(door: Door, parts: { metrics: Metrics; readiness: () => Promise<Readiness> }): void {
  door.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'health',
        tags: ['Operations'],
        summary: 'Whether the process answers',
        security: [],
        response: answers({ 200: Type.Object({ status: Type.Literal('ok') }) }),
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  const Ready = Type.Object({
    status: Type.Enum(['ready', 'not_ready']),
    checks: Type.Record(Type.String(), Type.Enum(['ok', 'failed'])),
  });
  door.get(
    '/readyz',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readiness',
        tags: ['Operations'],
        summary: 'Whether the server can do its work: database, migrations, keys',
        security: [],
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const { ready, checks } = await parts.readiness();
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? ('ready' as const) : ('not_ready' as const), checks });
    },
  );

  door.get(
    '/metrics',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'metrics',
        tags: ['Operations'],
        summary: 'Prometheus metrics',
        security: [],
        response: { 200: METRICS },
      },
    },
    async (_request, reply) => reply.type(parts.metrics.contentType).send((await parts.metrics.render()) as never),
  );
}
