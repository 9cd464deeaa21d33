import type { Database } from '../../storage/database.ts';
import { acceptInvitation } from '../../tenancy/accept-invitation.ts';
import type { Authenticate } from '../../tenancy/authenticate.ts';
import { changePassword } from '../../tenancy/change-password.ts';
import { endSession } from '../../tenancy/end-session.ts';
import type { Ground } from '../../tenancy/ground.ts';
import { listMemberships } from '../../tenancy/organization-store.ts';
import type { NewSession } from '../../tenancy/open-session.ts';
import type { PasswordSignIn } from '../../tenancy/password-sign-in.ts';
import type { Principal, UserPrincipal } from '../../tenancy/principal.ts';
import { findUser } from '../../tenancy/user-store.ts';
import type { VerifiedPasswordCache } from '../../tenancy/verified-password-cache.ts';
import { authenticateRequest, namedByHeader, noOrganization, originOf, principalOf, userOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { AnyRole, closed, Code, Email, NewPassword, nullable, Password, Uuid } from '../schemas.ts';
import { Type } from '../type.ts';

const OrganizationRole = Type.Object({ id: Uuid, name: Type.String(), role: AnyRole });

export const LoginAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds' }),
  organizations: Type.Array(OrganizationRole),
});

export async function loginAnswer(ground: Ground, { user, token, expiresAt }: NewSession) {
  return {
    access_token: token,
    token_type: 'Bearer' as const,
    expires_in: Math.floor((expiresAt.getTime() - ground.clock().getTime()) / 1000),
    organizations: await organizationsOf(ground.db, user.user_id),
  };
}

export function authenticationRoutes(
  door: Door,
  parts: { ground: Ground; authenticate: Authenticate; passwords: PasswordSignIn; verified: VerifiedPasswordCache },
): void {
  const { ground, authenticate, passwords, verified } = parts;

  door.post(
    '/api/v1/auth/login',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'login',
        tags: ['Who'],
        summary: 'Sign in with e-mail and password',
        description:
          'Who has two-factor sign-in on sends `code` too; without it the refusal is `second_factor_required`.',
        body: closed({ email: Email, password: Password, code: Type.Optional(Code) }),
        response: answers({ 200: LoginAnswer }, 401, 422, 429, 503),
      },
    },
    async (request) => loginAnswer(ground, await passwords.login(request.body, originOf(request))),
  );

  door.post(
    '/api/v1/auth/logout',
    {
      config: { access: 'any' },
      schema: {
        operationId: 'logout',
        tags: ['Who'],
        summary: 'End the session of the token that is sent',
        response: answers({ 204: Type.Null() }, 401, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      if (principal.kind !== 'user' || principal.sessionHash === undefined) {
        throw new HttpError(
          'request_invalid',
          'Send the token that login gave as Bearer; there is no other session to end.',
        );
      }
      await endSession(ground, principal, originOf(request));
      return reply.code(204).send(null);
    },
  );

  door.get(
    '/api/v1/auth/me',
    {
      config: { access: 'any' },
      schema: {
        operationId: 'whoAmI',
        tags: ['Who'],
        summary: 'Who this credential is, in which organizations, with which role',
        description:
          '`organization` and `role` are those of the organization that X-Organization-Id names, or of the only one; null where there are several and none is named.',
        response: answers(
          {
            200: Type.Object({
              kind: Type.Enum(['user', 'api_key']),
              id: Type.String(),
              name: Type.String(),
              email: nullable(Type.String()),
              organization: nullable(Type.Object({ id: Uuid, name: Type.String() })),
              role: nullable(AnyRole),
              password: Type.Boolean({
                description: 'Whether there is a password to sign in with; false for an API key',
              }),
              two_factor: Type.Boolean({ description: 'Whether signing in takes a code; false for an API key' }),
              organizations: Type.Array(OrganizationRole),
            }),
          },
          401,
          404,
        ),
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const named = namedByHeader(request);
      if (principal.kind === 'api_key') {
        const { id, name } = principal.organization;
        if (named !== undefined && named !== id) throw noOrganization();
        const own = { id, name, role: principal.role };
        return {
          kind: 'api_key' as const,
          id: principal.apiKey,
          name: principal.name,
          email: null,
          organization: { id, name },
          role: principal.role,
          password: false,
          two_factor: false,
          organizations: [own],
        };
      }
      const organizations = await organizationsOf(ground.db, principal.userId);
      const current =
        named === undefined
          ? organizations.length === 1
            ? organizations[0]
            : undefined
          : organizations.find((organization) => organization.id === named);
      if (named !== undefined && current === undefined) throw noOrganization();
      const user = await findUser(ground.db.direct, principal.userId);
      return {
        kind: 'user' as const,
        id: principal.userId,
        name: principal.name,
        email: principal.email,
        organization: current === undefined ? null : { id: current.id, name: current.name },
        role: current?.role ?? null,
        password: typeof user?.password_hash === 'string',
        two_factor: user?.two_factor === true,
        organizations,
      };
    },
  );

  door.post(
    '/api/v1/auth/password',
    {
      config: { access: 'user' },
      schema: {
        operationId: 'changePassword',
        tags: ['Who'],
        summary: 'Change your password, or set a first one; ends all your sessions',
        description:
          'Who has no password, and so signed in at the identity provider, leaves `current_password` out; it is not looked at then.',
        body: closed({ current_password: Type.Optional(Password), new_password: NewPassword }),
        response: answers({ 204: Type.Null() }, 401, 422, 429, 503),
      },
    },
    async (request, reply) => {
      const input = { current: request.body.current_password, next: request.body.new_password };
      await changePassword(
        ground,
        passwords,
        verified,
        userOf(request) satisfies UserPrincipal,
        input,
        originOf(request),
      );
      return reply.code(204).send(null);
    },
  );

  door.post(
    '/api/v1/auth/invitations',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'acceptInvitation',
        tags: ['Who'],
        summary: 'Accept an invitation: set a password, or join with the account that you have',
        description:
          'Who has an account sends its password, or leaves `password` out and shows in the Authorization header who they are, as in any other request; who signs in at an identity provider has only that.',
        body: closed({
          token: Type.String({ minLength: 1, maxLength: 200 }),
          password: Type.Optional(Password),
          code: Type.Optional(Code),
        }),
        response: answers({ 204: Type.Null() }, 401, 422, 429, 503),
      },
    },
    async (request, reply) => {
      const signedIn = async (): Promise<Principal> => {
        if (request.headers.authorization === undefined) {
          throw new HttpError('credentials_missing', 'Send a password, or a login in the Authorization header.');
        }
        return authenticateRequest(authenticate, request);
      };
      await acceptInvitation(ground, passwords, request.body, signedIn, originOf(request));
      return reply.code(204).send(null);
    },
  );
}

async function organizationsOf(db: Database, userId: string) {
  const memberships = await listMemberships(db.direct, userId);
  return memberships.map(({ organization, role }) => ({ id: organization.id, name: organization.name, role }));
}
