import { changeOrganization } from '../../tenancy/change-organization.ts';
import { createOrganization, type FurnishOrganization } from '../../tenancy/create-organization.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { listMemberships, readOrganization, type OrganizationRow } from '../../tenancy/organization-store.ts';
import { actorOf, callerOf, principalOf, userOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { closed, Email, items, Name, nullable, Organization, OrganizationPath, OwnOrganization } from '../schemas.ts';
import { Type } from '../type.ts';

const Body = closed({ name: Name, billing_email: Email });
const Change = Type.Partial(
  closed({
    name: Name,
    billing_email: Email,
    audit_retention_days: nullable(
      Type.Integer({ minimum: 1, maximum: 36_500, description: 'Days; null keeps events for ever.' }),
    ),
  }),
  { additionalProperties: false },
);

export function organizationRoutes(door: Door, parts: { ground: Ground; furnish: FurnishOrganization }): void {
  const { ground, furnish } = parts;

  door.post(
    '/organizations',
    {
      config: { access: 'user' },
      schema: {
        operationId: 'createOrganization',
        tags: ['Organizations'],
        summary: 'Create an organization and own it',
        body: Body,
        response: answers({ 201: Organization }, 401, 403, 422, 503),
      },
    },
    async (request, reply) => {
      const user = userOf(request);
      const row = await ground.db.unscoped((tx) =>
        createOrganization(ground, tx, furnish, actorOf(request, user), user.userId, request.body),
      );
      return reply.code(201).send(shown(row));
    },
  );

  door.get(
    '/organizations',
    {
      config: { access: 'any' },
      schema: {
        operationId: 'listOrganizations',
        tags: ['Organizations'],
        summary: 'The organizations that you are a member of',
        response: answers({ 200: items(OwnOrganization) }, 401, 403),
      },
    },
    async (request) => {
      const principal = principalOf(request);
      if (principal.kind === 'api_key') {
        // A recorder appends events and sees nothing.
        if (principal.role === 'recorder')
          throw new HttpError('role_too_low', 'This takes the role member; yours here is recorder.');
        const row = await readOrganization(ground.db.direct, principal.organization.no);
        return { items: [{ ...shown(row), role: principal.role }] };
      }
      const memberships = await listMemberships(ground.db.direct, principal.userId);
      return { items: memberships.map(({ row, role }) => ({ ...shown(row), role })) };
    },
  );

  door.get(
    '/organizations/:orgId',
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'readOrganization',
        tags: ['Organizations'],
        summary: 'One organization',
        params: OrganizationPath,
        response: answers({ 200: Organization }, 401, 403, 404),
      },
    },
    async (request) => shown(await readOrganization(ground.db.direct, callerOf(request).organization.no)),
  );

  door.patch(
    '/organizations/:orgId',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'changeOrganization',
        tags: ['Organizations'],
        summary: 'Change name, billing e-mail or audit retention',
        params: OrganizationPath,
        body: Change,
        response: answers({ 200: Organization }, 401, 403, 404, 422, 503),
      },
    },
    async (request) => shown(await changeOrganization(ground, callerOf(request), request.body)),
  );
}

function shown(row: OrganizationRow) {
  const { organization_id: id, name, billing_email, audit_retention_days, created_at } = row;
  return { id, name, billing_email, audit_retention_days, created_at };
}
