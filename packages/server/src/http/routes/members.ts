import type { Ground } from '../../tenancy/ground.ts';
import { addMember, changeMemberRole, removeMember } from '../../tenancy/manage-members.ts';
import { listMembers } from '../../tenancy/membership-store.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import {
  AccountEmail,
  closed,
  items,
  Member,
  MemberPath,
  MemberRoleName,
  Name,
  NewPassword,
  nullable,
  OrganizationPath,
  Time,
} from '../schemas.ts';
import { Type } from '../type.ts';

const AddedMember = Type.Object({
  ...Member.properties,
  invitation_url: nullable(Type.String({ description: 'Shown this once; works once, until invitation_expires_at.' })),
  invitation_expires_at: nullable(Time),
});

export function memberRoutes(door: Door, parts: { ground: Ground; publicUrl: () => string }): void {
  const { ground } = parts;

  door.get(
    '/organizations/:orgId/members',
    {
      config: { access: { organization: 'path', role: 'member' } },
      schema: {
        operationId: 'listMembers',
        tags: ['Organizations'],
        summary: 'Members and their roles',
        params: OrganizationPath,
        response: answers({ 200: items(Member) }, 401, 403, 404),
      },
    },
    async (request) => ({ items: await listMembers(ground.db.direct, callerOf(request).organization.no) }),
  );

  door.post(
    '/organizations/:orgId/members',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'addMember',
        tags: ['Organizations'],
        summary: 'Add a member; without a password, an invitation link',
        params: OrganizationPath,
        body: closed({ email: AccountEmail, name: Name, role: MemberRoleName, password: Type.Optional(NewPassword) }),
        response: answers({ 201: AddedMember }, 401, 403, 404, 409, 422, 503),
      },
    },
    async (request, reply) => {
      const { password, ...person } = request.body;
      const member = await addMember(ground, callerOf(request), {
        ...person,
        ...(password !== undefined && { password }),
      });
      const { invitation, ...shown } = member;
      return reply.code(201).send({
        ...shown,
        // After the # so that the token stays out of logs and Referer headers.
        invitation_url: invitation === undefined ? null : `${parts.publicUrl()}/invitation#${invitation.token}`,
        invitation_expires_at: invitation?.expiresAt.toISOString() ?? null,
      });
    },
  );

  door.patch(
    '/organizations/:orgId/members/:userId',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'changeMember',
        tags: ['Organizations'],
        summary: 'Change the role of a member',
        params: MemberPath,
        body: closed({ role: MemberRoleName }),
        response: answers({ 200: Member }, 401, 403, 404, 409, 422, 503),
      },
    },
    async (request) =>
      changeMemberRole(ground, callerOf(request), request.params.userId.toLowerCase(), request.body.role),
  );

  door.delete(
    '/organizations/:orgId/members/:userId',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'removeMember',
        tags: ['Organizations'],
        summary: 'Remove a member',
        params: MemberPath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 409, 503),
      },
    },
    async (request, reply) => {
      await removeMember(ground, callerOf(request), request.params.userId.toLowerCase());
      return reply.code(204).send(null);
    },
  );
}
