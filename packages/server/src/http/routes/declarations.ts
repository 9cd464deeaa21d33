import { ACCEPTED_TIMES, formatTimestamp, parseTimestamp } from '@veritrail/formats';
import type { Static, TSchema } from 'typebox';

import type { Plain } from '../../posture/canonical-text.ts';
import { listDeclarations, listDeclarationVersions, type DeclarationVersion } from '../../posture/declaration-store.ts';
import { declare, noDeclaration, withdrawDeclaration } from '../../posture/declare.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { callerOf } from '../access.ts';
import {
  DECLARATION_DATA,
  DECLARATION_KIND_NAMES,
  servicesNamedIn,
  type DeclarationKindName,
} from '../declaration-schemas.ts';
import { answers, type Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { closed, Name, OrganizationPath, paged, pageOf, Paging, Time, Uuid } from '../schemas.ts';
import { memberCheck, validatorCompiler } from '../validation.ts';
import { Type } from '../type.ts';

const Kind = Type.Enum([...DECLARATION_KIND_NAMES]);
/** Dots alone would be steps in a path. */
const RecordId = Type.String({ pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}$' });
const RecordPath = Type.Object({ orgId: Uuid, kind: Kind, recordId: RecordId });

const body = <T extends TSchema>(data: T) =>
  closed({
    owner: Name,
    valid_until: Type.Optional(Time),
    data,
  });
/** What is checked first, whatever the kind is; then comes the data. */
const SentBody = body(Type.Object({}, { additionalProperties: true }));
/** The same with the form of each kind's data, for readers. */
const DescribedBody = body(
  Type.Union(DECLARATION_KIND_NAMES.map((kind): TSchema => ({ ...DECLARATION_DATA[kind], title: kind }))),
);

const checkData = Object.fromEntries(
  DECLARATION_KIND_NAMES.map((kind) => [kind, memberCheck(DECLARATION_DATA[kind])]),
) as Record<DeclarationKindName, ReturnType<typeof memberCheck>>;

const Declaration = Type.Object({
  kind: Kind,
  record_id: Type.String(),
  version: Type.Integer({ minimum: 1 }),
  owner: Type.String({ description: 'Who answers for it, as they named themselves' }),
  declared_by: Type.String({ description: 'Id of the user or key that stored it' }),
  declared_at: Time,
  valid_until: Time,
  withdrawn: Type.Boolean(),
  data: Type.Object({}, { additionalProperties: true }),
});

export function declarationRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;
  const reading = { access: { organization: 'path', role: 'member' } } as const;
  const changing = { access: { organization: 'path', role: 'admin' } } as const;

  door.put(
    '/organizations/:orgId/declarations/:kind/:recordId',
    {
      config: changing,
      validatorCompiler: (part) => validatorCompiler(part.httpPart === 'body' ? { ...part, schema: SentBody } : part),
      schema: {
        operationId: 'declare',
        tags: ['Records'],
        summary: 'Declare what only people can say, or declare it anew; what was declared before stays readable',
        description:
          'The form of `data` is that of the kind in the path. It holds until `valid_until`, which is in a year unless an earlier time is given. ' +
          'The same again changes nothing. What it says happened may not lie more than five minutes ahead.',
        params: RecordPath,
        body: DescribedBody,
        response: answers({ 200: Declaration, 201: Declaration }, 401, 403, 404, 409, 422, 503),
      },
    },
    async (request, reply) => {
      const { kind, recordId } = request.params;
      const { owner, valid_until: until, data } = request.body as unknown as Static<typeof SentBody>;
      checkData[kind](data, 'data');
      const { declaration, created } = await declare(
        ground,
        callerOf(request),
        { kind, recordId },
        { owner, validUntil: timeOf(until), data: data as Plain, serviceIds: servicesNamedIn({ ...data }) },
      );
      return reply.code(created ? 201 : 200).send(shown(declaration));
    },
  );

  door.delete(
    '/organizations/:orgId/declarations/:kind/:recordId',
    {
      config: changing,
      schema: {
        operationId: 'withdrawDeclaration',
        tags: ['Records'],
        summary: 'Withdraw a declaration; what was declared stays readable',
        params: RecordPath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      await withdrawDeclaration(ground, callerOf(request), request.params);
      return reply.code(204).send(null);
    },
  );

  door.get(
    '/organizations/:orgId/declarations',
    {
      config: reading,
      schema: {
        operationId: 'listDeclarations',
        tags: ['Records'],
        summary: 'Declarations that were not withdrawn, those past their `valid_until` too; by kind and id',
        params: OrganizationPath,
        querystring: Type.Object({ kind: Type.Optional(Kind), ...Paging.properties }, { additionalProperties: false }),
        response: answers({ 200: paged(Declaration) }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { limit, offset, page } = pageOf(request.query);
      const { declarations, total } = await ground.db.scoped(organization.no, (tx) =>
        listDeclarations(tx, organization.no, request.query.kind ?? null, { limit, offset }),
      );
      return { items: declarations.map(shown), total, page, page_size: limit };
    },
  );

  door.get(
    '/organizations/:orgId/declarations/:kind/:recordId',
    {
      config: reading,
      schema: {
        operationId: 'readDeclaration',
        tags: ['Records'],
        summary: 'A declaration and what it replaced, newest first; withdrawn ones too',
        params: RecordPath,
        querystring: Paging,
        response: answers({ 200: paged(Declaration) }, 401, 403, 404, 422),
      },
    },
    async (request) => {
      const { organization } = callerOf(request);
      const { kind, recordId } = request.params;
      const { limit, offset, page } = pageOf(request.query);
      const { versions, total } = await ground.db.scoped(organization.no, (tx) =>
        listDeclarationVersions(tx, organization.no, kind, recordId, { limit, offset }),
      );
      if (total === 0) throw noDeclaration();
      return { items: versions.map(shown), total, page, page_size: limit };
    },
  );
}

/** Cut to the second, as it is shown everywhere. */
function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const instant = parseTimestamp(text);
  if (instant === undefined) {
    throw new HttpError('request_invalid', `\`valid_until\` must be ${ACCEPTED_TIMES}, such as 2027-06-07T00:00:00Z.`);
  }
  return new Date(formatTimestamp({ seconds: instant.seconds, micros: 0 }));
}

function shown({ data, ...version }: DeclarationVersion): Omit<DeclarationVersion, 'data' | 'kind'> & {
  kind: DeclarationKindName;
  data: object;
} {
  return { ...version, kind: version.kind as DeclarationKindName, data: JSON.parse(data) as object };
}
