import type { FastifyReply, FastifyRequest } from 'fastify';

/** Nothing is loaded from elsewhere, nothing inline runs, nobody frames us. */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-permitted-cross-domain-policies': 'none',
  'cache-control': 'no-store',
} as const;

const ONE_YEAR_SECONDS = 31_536_000;

export type SecureReply = (request: FastifyRequest, reply: FastifyReply) => void;

export function createSecureReply(settings: { readonly https: boolean }): SecureReply {
  return (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    reply.header('x-request-id', request.id);
    if (settings.https) reply.header('strict-transport-security', `max-age=${ONE_YEAR_SECONDS}`);
  };
}
