import { isIP } from 'node:net';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Database } from '../storage/database.ts';
import type { Authenticate, Origin } from '../tenancy/authenticate.ts';
import type { Caller } from '../tenancy/ground.ts';
import { listMemberships } from '../tenancy/organization-store.ts';
import type { Actor, Principal, UserPrincipal } from '../tenancy/principal.ts';
import { includesRole, type MemberRole, type Role } from '../tenancy/roles.ts';
import { HttpError } from './http-error.ts';
import { onOurTime } from './own-time.ts';

/**
 * Who may call a route. Each route states it; one without is refused at the start.
 *
 * - `public`: anyone
 * - `any`: any valid credential
 * - `user`: a person, not an API key
 * - `path`: at least `role` in the organization that the path names
 * - `implied`: at least `role` in the organization of the API key, or that X-Organization-Id names, or the only one
 */
export type Access =
  | 'public'
  | 'any'
  | 'user'
  | { readonly organization: 'path' | 'implied'; readonly role: MemberRole; readonly recorder?: true };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    exactMember?: string;
    /** Gets the bytes of a JSON body as they came, for who checks a signature over them. */
    rawBody?: true;
    /** Takes application/x-ndjson too, as the stream that it is. */
    uploads?: true;
  }
  interface FastifyRequest {
    principal: Principal | undefined;
    organizationCaller: OrganizationCaller | undefined;
    bodyRelease: (() => void) | undefined;
    origin: Origin | undefined;
  }
}

export type OrganizationCaller = Caller & { readonly role: Role; readonly organizationName: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Runs before the body is read, so that strangers can't make the server read one. */
export function controlAccess(app: FastifyInstance, parts: { db: Database; authenticate: Authenticate }): void {
  app.decorateRequest('principal', undefined);
  app.decorateRequest('organizationCaller', undefined);
  app.decorateRequest('bodyRelease', undefined);
  app.decorateRequest('origin', undefined);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${String(route.method)} ${route.url} states no access`);
  });
  app.addHook('onRequest', (request) => onOurTime(request.raw.socket, () => admit(request)));

  async function admit(request: FastifyRequest): Promise<void> {
    // The address is gone once the connection is.
    originOf(request);
    const { access } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;
    const principal = await authenticateRequest(parts.authenticate, request);
    request.principal = principal;
    if (access === 'any') return;
    if (access === 'user') {
      if (principal.kind !== 'user')
        throw new HttpError('user_required', 'Sign in as a user; an API key can not do this.');
      return;
    }
    const named = access.organization === 'path' ? namedByPath(request) : namedByHeader(request);
    const held = await roleIn(parts.db, principal, named);
    const allowed = includesRole(held.role, access.role) || (access.recorder === true && held.role === 'recorder');
    if (!allowed)
      throw new HttpError('role_too_low', `This takes the role ${access.role}; yours here is ${held.role}.`);
    request.organizationCaller = { ...held, actor: actorOf(request, principal) };
  }
}

/** @throws {HttpError} `credentials_missing` @throws {TenancyError} as `authenticate` does */
export function authenticateRequest(authenticate: Authenticate, request: FastifyRequest): Promise<Principal> {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    throw new HttpError('credentials_missing', 'Send an API key or a login, as HTTP Basic or Bearer.');
  }
  return authenticate(authorization, originOf(request));
}

/** The caller's place in one organization. @throws {HttpError} `not_found`, `organization_unclear` */
async function roleIn(
  db: Database,
  principal: Principal,
  named: string | undefined,
): Promise<Omit<OrganizationCaller, 'actor'>> {
  if (principal.kind === 'api_key') {
    const { organization, role } = principal;
    if (named !== undefined && named !== organization.id) throw noOrganization();
    return { organization, role, organizationName: organization.name };
  }
  const memberships = await listMemberships(db.direct, principal.userId, named);
  if (named === undefined && memberships.length > 1) {
    throw new HttpError('organization_unclear', 'You belong to several organizations: name one in X-Organization-Id.');
  }
  const [membership] = memberships;
  if (membership === undefined) throw noOrganization();
  const { organization, role } = membership;
  return { organization, role, organizationName: organization.name };
}

/** The same for one that isn't and for one that the caller is no member of. */
export function noOrganization(): HttpError {
  return new HttpError('not_found', 'Name an organization that you are a member of.');
}

function namedByPath(request: FastifyRequest): string {
  const { orgId } = request.params as { readonly orgId?: string };
  if (orgId === undefined || !UUID.test(orgId)) throw noOrganization();
  return orgId.toLowerCase();
}

/** @throws {HttpError} `not_found` for what can be no organization's id */
export function namedByHeader(request: FastifyRequest): string | undefined {
  const header = request.headers['x-organization-id'];
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !UUID.test(header)) throw noOrganization();
  return header.toLowerCase();
}

export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error('the route is public');
  return request.principal;
}

export function userOf(request: FastifyRequest): UserPrincipal {
  const principal = principalOf(request);
  if (principal.kind !== 'user') throw new HttpError('user_required', 'Sign in as a user; an API key can not do this.');
  return principal;
}

export function callerOf(request: FastifyRequest): OrganizationCaller {
  if (request.organizationCaller === undefined) throw new Error('the route has no organization');
  return request.organizationCaller;
}

/** As it was when the request came in: a connection that has broken since has no address any longer. */
export function originOf(request: FastifyRequest): Origin {
  request.origin ??= { ipAddress: addressOf(request), userAgent: userAgentOf(request) };
  return request.origin;
}

/** What a trusted proxy passes on may be any text, or an address with a port; what is no address is never recorded as one. */
function addressOf(request: FastifyRequest): string {
  const { ip } = request;
  const passedOn = isIP(ip) === 0 ? [/^\[?(.*?)\]?:\d+$/s.exec(ip)?.[1], request.socket.remoteAddress] : [ip];
  const found = passedOn.find((address) => address !== undefined && isIP(address) !== 0) ?? '0.0.0.0';
  // A v4 address on a v6 socket is a v4 one.
  return found.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Header values are Latin-1 without NUL; an event keeps the first kilobyte. */
function userAgentOf(request: FastifyRequest): string | null {
  return request.headers['user-agent']?.slice(0, 1024) ?? null;
}

export function actorOf(request: FastifyRequest, principal: Principal): Actor {
  const origin = originOf(request);
  return principal.kind === 'user'
    ? { id: principal.userId, username: principal.email, ...origin }
    : { id: principal.apiKey, username: principal.name, ...origin };
}
