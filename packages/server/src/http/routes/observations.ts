import { ACCEPTED_TIMES, formatTimestamp, parseTimestamp } from '@veritrail/formats';
import type { Static } from 'typebox';

import type { Plain } from '../../posture/canonical-text.ts';
import {
  listCurrentSpans,
  listSpansOfFact,
  ORGANIZATION_ITSELF,
  type ListedSpan,
} from '../../posture/observation-store.ts';
import { OBSERVED_FACT_NAMES, OBSERVED_FACTS, type ObservedFact } from '../../posture/observed-facts.ts';
import { MAX_OBSERVATIONS_A_REQUEST, recordObservations, type Reading } from '../../posture/record-observations.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { OBSERVED_VALUES, text } from '../observation-schemas.ts';
import { closed, nullable, OrganizationPath, paged, pageOf, Paging, Time, Uuid } from '../schemas.ts';
import { memberCheck, validatorCompiler } from '../validation.ts';
import { Type } from '../type.ts';

const Fact = Type.Enum([...OBSERVED_FACT_NAMES]);
const Collector = closed({ id: text(100), version: text(100) });

const body = <T extends Parameters<typeof Type.Array>[0]>(observation: T) =>
  closed({
    collector: Collector,
    observations: Type.Array(observation, { minItems: 1, maxItems: MAX_OBSERVATIONS_A_REQUEST }),
  });

/** What is checked first, whatever the fact is; then comes each value. */
const Sent = closed({
  service_id: Type.Optional(Uuid),
  fact: Fact,
  value: Type.Unknown(),
  collected_at: Type.Optional(Time),
});
const SentBody = body(Sent);
/** The same with the form of each value, for readers. */
const DescribedBody = body(
  Type.Union(
    OBSERVED_FACT_NAMES.map((fact) =>
      closed({
        ...(OBSERVED_FACTS[fact].of === 'service' && { service_id: Uuid }),
        fact: Type.Literal(fact),
        value: OBSERVED_VALUES[fact],
        collected_at: Type.Optional(Time),
      }),
    ),
  ),
);

const checkValue = Object.fromEntries(
  OBSERVED_FACT_NAMES.map((fact) => [fact, memberCheck(OBSERVED_VALUES[fact])]),
) as Record<ObservedFact, ReturnType<typeof memberCheck>>;

const Observation = Type.Object({
  service_id: nullable(Uuid),
  fact: Fact,
  value: Type.Unknown(),
  collector: Type.Object({ id: Type.String(), version: Type.String() }),
  first_at: Time,
  last_at: Time,
  fresh_until: Time,
});

const Query = Type.Object(
  { service_id: Type.Optional(Uuid), fact: Type.Optional(Fact), ...Paging.properties },
  { additionalProperties: false },
);

export function observationRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;

  door.post(
    '/organizations/:orgId/observations',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      validatorCompiler: (part) => validatorCompiler(part.httpPart === 'body' ? { ...part, schema: SentBody } : part),
      schema: {
        operationId: 'recordObservations',
        tags: ['Records'],
        summary: 'Record what a collector read of services and of the organization; all or nothing',
        description:
          'A fact is known from its first reading until its last one stops to count; without a newer reading it is unknown from then on. ' +
          'A reading may not be older than the newest one of its fact. The same readings again change nothing.',
        params: OrganizationPath,
        body: DescribedBody,
        response: answers(
          { 201: Type.Object({ recorded: Type.Integer(), spans_opened: Type.Integer() }) },
          401,
          403,
          404,
          422,
          503,
        ),
      },
    },
    async (request, reply) => {
      const { collector, observations } = request.body as unknown as Static<typeof SentBody>;
      const readings = observations.map(readingOf);
      return reply.code(201).send(await recordObservations(ground, callerOf(request), collector, readings));
    },
  );

  door.get(
    '/organizations/:orgId/observations',
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'listObservations',
        tags: ['Records'],
        summary: 'The newest value of every observed fact; with `fact` the history of that fact, newest first',
        description:
          'A value held from `first_at` to `last_at` as far as anybody looked, and counts until `fresh_until`. ' +
          'Facts of the organization itself have no `service_id`.',
        params: OrganizationPath,
        querystring: Query,
        response: answers({ 200: paged(Observation) }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { limit, offset, page } = pageOf(request.query);
      const { service_id: service, fact } = request.query;
      const serviceId = service?.toLowerCase() ?? null;
      const { spans, total } = await ground.db.scoped(organization.no, (tx) =>
        fact === undefined
          ? listCurrentSpans(tx, organization.no, serviceId, { limit, offset })
          : listSpansOfFact(tx, organization.no, { serviceId, fact }, { limit, offset }),
      );
      return { items: spans.map(observationOf), total, page, page_size: limit };
    },
  );
}

function readingOf(sent: Static<typeof Sent>, index: number): Reading {
  const place = `observations.${index}`;
  const { fact } = sent;
  checkValue[fact](sent.value, `${place}.value`);
  const of = sent.service_id === undefined ? 'organization' : 'service';
  if (OBSERVED_FACTS[fact].of !== of) {
    const ask = of === 'service' ? 'leave out `service_id`: it is a fact of the organization' : 'give a `service_id`';
    throw new HttpError('request_invalid', `\`${place}\` says ${fact}; ${ask}.`);
  }
  const collected = sent.collected_at === undefined ? undefined : parseTimestamp(sent.collected_at);
  if (sent.collected_at !== undefined && collected === undefined) {
    throw new HttpError(
      'request_invalid',
      `\`${place}.collected_at\` must be ${ACCEPTED_TIMES}, such as 2026-06-07T02:00:14Z.`,
    );
  }
  return {
    serviceId: sent.service_id?.toLowerCase() ?? ORGANIZATION_ITSELF,
    fact,
    value: sent.value as Plain,
    collectedAt: collected && formatTimestamp(collected),
  };
}

function observationOf(span: ListedSpan): Static<typeof Observation> {
  return {
    service_id: OBSERVED_FACTS[span.fact].of === 'organization' ? null : span.service_id,
    fact: span.fact,
    value: JSON.parse(span.value) as unknown,
    collector: { id: span.collector_id, version: span.collector_version },
    first_at: span.first_at,
    last_at: span.last_at,
    fresh_until: span.fresh_until,
  };
}
