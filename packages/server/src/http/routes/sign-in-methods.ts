import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Ground } from '../../tenancy/ground.ts';
import { PENDING_SECONDS, takeUpSession, type OidcBrowserSignIn } from '../../tenancy/oidc-browser-sign-in.ts';
import { TenancyError } from '../../tenancy/tenancy-error.ts';
import { originOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { closed, nullable } from '../schemas.ts';
import { LoginAnswer, loginAnswer } from './authentication.ts';
import { Type } from '../type.ts';

export interface OidcDoor {
  /** What the button says. */
  readonly name: string;
  readonly signIn: OidcBrowserSignIn;
}

const COOKIE = 'veritrail_sign_in';
const PATH = '/api/v1/auth/oidc';
/** 256 random bits, so that nobody finds it. */
const Binding = Type.String({
  pattern: '^[A-Za-z0-9_-]*$',
  minLength: 43,
  maxLength: 128,
  description: 'Made up by the page that signs in, and kept by it: 256 random bits in base64url',
});

/** How people can sign in, and the way through an outside identity provider. */
export function signInMethodRoutes(
  door: Door,
  parts: { ground: Ground; oidc: OidcDoor | undefined; sessionHours: number; publicUrl: () => string },
): void {
  const { ground, oidc, publicUrl } = parts;
  const redirectUri = (): string => `${publicUrl()}${PATH}/callback`;

  /** `kept` undefined takes the cookie away. Lax, since the way back from the issuer comes from another site. */
  function setCookie(reply: FastifyReply, kept: string | undefined): void {
    const secure = publicUrl().startsWith('https:') ? '; Secure' : '';
    const age = kept === undefined ? 0 : PENDING_SECONDS;
    reply.header(
      'set-cookie',
      `${COOKIE}=${kept ?? ''}; Path=${PATH}; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`,
    );
  }

  /** Who sits before a browser is told by the sign-in page; the code of the refusal is all that it needs. */
  async function orTell(request: FastifyRequest, reply: FastifyReply, work: (oidc: OidcDoor) => Promise<string>) {
    try {
      if (oidc === undefined) throw new TenancyError('sign_in_not_offered', 'Sign in with your password.');
      return reply.redirect(await work(oidc), 302);
    } catch (error) {
      if (!(error instanceof TenancyError)) throw error;
      const { error: told, code: reason } = (error.cause ?? {}) as { error?: unknown; code?: unknown };
      request.log.info({ code: error.code, told, reason }, 'a sign-in at the identity provider failed');
      return reply.redirect(`/sign-in#problem=${error.code}`, 302);
    }
  }

  door.get(
    '/api/v1/auth/methods',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'readSignInMethods',
        tags: ['Who'],
        summary: 'How people can sign in here',
        response: {
          200: Type.Object({
            password: Type.Boolean(),
            oidc: nullable(Type.Object({ name: Type.String({ description: 'Host of the identity provider' }) })),
          }),
        },
      },
    },
    async () => ({ password: true, oidc: oidc === undefined ? null : { name: oidc.name } }),
  );

  door.get(
    `${PATH}/start`,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'beginOidcSignIn',
        tags: ['Who'],
        summary: 'Open this in a browser to sign in at the identity provider',
        querystring: closed({ binding: Binding }),
        response: answers({ 302: Type.Null({ description: 'To the identity provider, or back with a problem' }) }, 422),
      },
    },
    async (request, reply) =>
      orTell(request, reply, async ({ signIn }) => {
        const { url, kept } = await signIn.begin(request.query.binding, redirectUri());
        setCookie(reply, kept);
        return url;
      }),
  );

  door.get(
    `${PATH}/callback`,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'returnFromOidcSignIn',
        tags: ['Who'],
        summary: 'Where the identity provider sends the browser back to',
        description: 'Goes on to `/sign-in#oidc=<code>`, or to `/sign-in#problem=<code of the refusal>`.',
        response: answers({ 302: Type.Null({ description: 'To the sign-in page' }) }),
      },
    },
    async (request, reply) => {
      setCookie(reply, undefined);
      return orTell(request, reply, async ({ signIn }) => {
        const answered = new URL(redirectUri());
        answered.search = /\?.*/s.exec(request.raw.url ?? '')?.[0] ?? '';
        const { code } = await signIn.finish(answered, cookieOf(request), originOf(request));
        return `/sign-in#oidc=${code}`;
      });
    },
  );

  door.post(
    `${PATH}/session`,
    {
      config: { access: 'public' },
      schema: {
        operationId: 'takeUpOidcSession',
        tags: ['Who'],
        summary: 'Make the session of a sign-in at the identity provider',
        body: closed({ code: Type.String({ minLength: 1, maxLength: 200 }), binding: Binding }),
        response: answers({ 200: LoginAnswer }, 401, 422),
      },
    },
    async (request) =>
      loginAnswer(ground, await takeUpSession(ground, parts.sessionHours, request.body, originOf(request))),
  );
}

/** The first of that name; browsers send those of longer paths first. */
function cookieOf(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}
