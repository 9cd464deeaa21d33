import { PostureError } from '../../posture/posture-error.ts';
import { listSamples, readSamples } from '../../posture/sample-store.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { Day, nullable, OrganizationPath, paged, pageOf, Paging, Time, Uuid } from '../schemas.ts';
import { Type } from '../type.ts';

const SampleHead = Type.Object({
  day: Day,
  sampled_at: Time,
  service_count: Type.Integer(),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: "Of the content's bytes, in hex" }),
});

const Query = Type.Object(
  { from: Type.Optional(Day), to: Type.Optional(Day), ...Paging.properties },
  { additionalProperties: false },
);

export function sampleRoutes(door: Door, parts: { ground: Ground }): void {
  const { db } = parts.ground;
  const reading = { access: { organization: 'path', role: 'member' } } as const;

  door.get(
    '/organizations/:orgId/samples',
    {
      config: reading,
      schema: {
        operationId: 'listSamples',
        tags: ['Records'],
        summary: 'Daily looks at all services, oldest first; a day that is not there was missed',
        description: '`from` and `to` are days in UTC, both included.',
        params: OrganizationPath,
        querystring: Query,
        response: answers({ 200: paged(SampleHead) }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { limit, offset, page } = pageOf(request.query);
      const { from = '0001-01-01', to = '9999-12-31' } = request.query;
      const { samples, total } = await db.scoped(organization.no, (tx) =>
        listSamples(tx, organization.no, { from, to }, { limit, offset }),
      );
      return { items: samples, total, page, page_size: limit };
    },
  );

  door.get(
    '/organizations/:orgId/samples/:day',
    {
      config: reading,
      schema: {
        operationId: 'readSample',
        tags: ['Records'],
        summary: 'What one daily look saw',
        description: 'The digest is over the exact bytes of `content`, from its `[` to its `]`.',
        params: Type.Object({ orgId: Uuid, day: Day }),
        response: answers(
          {
            200: Type.Object({
              ...SampleHead.properties,
              content: Type.Array(Type.Object({ service_id: Uuid, valid_from: Time, last_backup_at: nullable(Time) })),
            }),
          },
          401,
          403,
          404,
        ),
      },
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const { day } = request.params;
      const [sample] = await db.scoped(organization.no, (tx) =>
        readSamples(tx, organization.no, { from: day, to: day }),
      );
      if (sample === undefined)
        throw new PostureError('sample_not_found', 'Name a day that the list of samples shows.');
      const { content, ...head } = sample;
      // As stored, since it is what the digest is over.
      return reply
        .type('application/json; charset=utf-8')
        .send(`${JSON.stringify(head).slice(0, -1)},"content":${content}}`);
    },
  );
}
