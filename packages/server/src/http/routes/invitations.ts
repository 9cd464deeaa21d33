import type { Ground } from '../../tenancy/ground.ts';
import { listInvitations } from '../../tenancy/invitation-store.ts';
import { revokeInvitation } from '../../tenancy/revoke-invitation.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { items, MemberPath, MemberRoleName, OrganizationPath, Time, Uuid } from '../schemas.ts';
import { Type } from '../type.ts';

const Invitation = Type.Object({
  user_id: Uuid,
  email: Type.String(),
  role: MemberRoleName,
  created_at: Time,
  expires_at: Time,
  is_member: Type.Boolean({ description: 'Whether they are a member already, and the link only sets their password.' }),
});

export function invitationRoutes(door: Door, parts: { ground: Ground }): void {
  const { ground } = parts;

  door.get(
    '/organizations/:orgId/invitations',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'listInvitations',
        tags: ['Organizations'],
        summary: 'Invitations that can still be accepted, newest first; never their links',
        params: OrganizationPath,
        response: answers({ 200: items(Invitation) }, 401, 403, 404),
      },
    },
    async (request) => ({
      items: await listInvitations(ground.db.direct, callerOf(request).organization.no, ground.clock()),
    }),
  );

  door.delete(
    '/organizations/:orgId/invitations/:userId',
    {
      config: { access: { organization: 'path', role: 'admin' } },
      schema: {
        operationId: 'revokeInvitation',
        tags: ['Organizations'],
        summary: 'Revoke an invitation: its link no longer works',
        params: MemberPath,
        response: answers({ 204: Type.Null() }, 401, 403, 404, 503),
      },
    },
    async (request, reply) => {
      await revokeInvitation(ground, callerOf(request), request.params.userId.toLowerCase());
      return reply.code(204).send(null);
    },
  );
}
